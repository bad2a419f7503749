"""/digest, its form and its buttons, over real HTTP: what is kept, what is answered, what is refused.

Every message and every view is checked against Slack's limits as it arrives.
"""

import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.digests.delivery.digest_repository import open_digest_repository
from bot.digests.delivery.runner import DigestRunner
from bot.digests.model import Digest, DigestState, WhenNothing
from bot.digests.service import UpdateSource
from bot.server.server import BOT
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from briefings.model import Article, Topic
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.scenarios.conftest import Slack, find_button, run_bot
from tests.stand_ins.slack import shown

FLOOD = Article(
    "flood",
    "The river Tarn burst its banks at Milldon on Monday and flooded the lower town.\n\n"
    "Rescuers brought 1,400 residents to the school on the hill before nightfall.\n\n"
    '"We saw the water come over the wall within minutes," said Ada Morley, the mayor of Milldon.',
    "The Harbour Post",
    date(2031, 3, 3),
    "https://paper.example/flood",
)
TOPICS = (Topic("milldon-flood", "The Milldon flood", ("Milldon",)),)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/bot.db", RateLimit(60), time.time)) as store:
        yield store


@pytest.fixture
def news(tmp_path: Path) -> Iterator[BriefingService]:
    with closing(
        open_repository(f"sqlite:///{tmp_path}/record.db", lambda: datetime(2031, 3, 3, tzinfo=UTC))
    ) as repository:
        service = BriefingService(repository, TOPICS)
        service.add([FLOOD])
        yield service


@pytest.fixture
async def slack(news: BriefingService, store: Store) -> AsyncIterator[Slack]:
    async with run_bot(news, store, admins=("U7",)) as slack:
        yield slack


async def send_digest_command(slack: Slack, text: str, **more: str) -> dict[str, Any]:
    """The answer to /digest and that text."""
    count = len(slack.stand_in.answers) + 1
    response = await slack.post(slack.command("/digest", text, **more))
    assert (response.status, await response.text()) == (200, "")
    return await slack.stand_in.wait_for_answer(count)


async def list_digests(store: Store) -> tuple[Digest, ...]:
    return await open_digest_repository(store).list_digests("T1", include_stopped=True)


async def test_a_digest_is_scheduled_in_words_by_the_askers_clock(slack: Slack, store: Store) -> None:
    """The confirmation states topic, channel, words, zone and the next three runs; who did it is noted."""
    answer = await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    (digest,) = await list_digests(store)
    assert digest.config.schedule.stored_text == "0,1,2,3,4 08:30"
    assert (digest.config.query, digest.config.zone, digest.config.owner) == ("milldon-flood", "Europe/London", "U1")
    text = shown(answer)
    assert "Digest 1, *The Milldon flood*, comes to <#C1> weekdays at 08:30, Europe/London time" in text
    assert text.count("at 08:30") == 4
    assert "(Europe/London)" in text
    (line,) = await store.audit_log.list_entries("T1")
    assert (line.action.person, line.action.action) == ("U1", "scheduled")


async def test_a_zone_that_is_named_wins(slack: Slack, store: Store) -> None:
    """And Slack is not asked for the asker's own."""
    await send_digest_command(slack, "milldon-flood every Monday and Thursday 17:00 America/New_York")
    (digest,) = await list_digests(store)
    assert digest.config.zone == "America/New_York"
    assert "users.info" not in slack.stand_in.calls


async def test_free_words_work_too(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "“burst its banks” daily at noon")
    (digest,) = await list_digests(store)
    assert (digest.config.query, str(digest.config.schedule)) == ("burst its banks", "every day at 12:00")


@pytest.mark.parametrize(
    ("text", "expected", "example"),
    [
        ("milldon-flood at 25:99", "25:99", "weekdays at 8:30"),
        ("milldon-flood weekdays at 8:30 Mars/Phobos", "Mars/Phobos", "Europe/London"),
        ("milldon-flod weekdays at 8:30", "Did you mean: milldon-flood?", "/digest milldon-flood weekdays at 8:30"),
        ("qqq weekdays at 8:30", "is about “qqq”", "weekdays at 8:30"),
        ("milldon-flood every minute", "once an hour at most", "hourly 9 to 18 on weekdays"),
        ("pause 1", "has no digest", "/digest labour-crisis weekdays at 8:30"),
        ("x" * 1001, "1,001 characters", "weekdays at 8:30"),
        ("qqq", "is about “qqq”", "weekdays at 8:30"),
    ],
)
async def test_what_cannot_be_scheduled_is_one_sentence_with_an_example(
    slack: Slack, store: Store, text: str, expected: str, example: str
) -> None:
    """Nothing is stored."""
    answer = await send_digest_command(slack, text)
    assert expected in shown(answer)
    assert example in answer["text"]
    assert await list_digests(store) == ()
    assert await store.audit_log.list_entries("T1") == ()


async def test_a_channel_the_bot_is_not_in(slack: Slack, store: Store) -> None:
    slack.stand_in.member = False
    answer = await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    assert "/invite @On the Record" in shown(answer)
    assert "/digest milldon-flood weekdays at 08:30" in shown(answer)
    assert await list_digests(store) == ()


async def test_nobodys_clock_is_guessed(slack: Slack, store: Store) -> None:
    """When Slack does not say the zone, it is asked for."""
    slack.stand_in.zone = None
    answer = await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    assert "weekdays at 8:30 Europe/London" in shown(answer)
    assert await list_digests(store) == ()


async def test_the_form_schedules_a_digest(slack: Slack, store: Store) -> None:
    """/digest alone opens it, with the asker's zone and the channel filled in."""
    await slack.post(slack.command("/digest", ""))
    view = await slack.stand_in.wait_for_view()
    blocks = {block["block_id"]: block.get("element", {}) for block in view["blocks"] if block["type"] == "input"}
    assert blocks["zone"]["initial_value"] == "Europe/London"
    assert blocks["channel"]["initial_conversation"] == "C1"
    values = {"topic": "milldon-flood", "days": "every day", "time": "noon", "zone": "Asia/Kolkata"}
    response = await slack.post(slack.submit(view, **values, channel="C2", nothing="one line"))
    reply = json.loads(await response.text())
    assert reply["response_action"] == "update"
    assert "comes to <#C2> every day at 12:00, Asia/Kolkata time" in shown(reply["view"])
    (digest,) = await list_digests(store)
    assert digest.config.when_nothing is WhenNothing.ONE_LINE


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"time": "25:99"}, "time"),
        ({"zone": "Mars/Phobos"}, "zone"),
        ({"topic": "", "words": ""}, "words"),
        ({"topic": "", "words": "qqq"}, "words"),
        ({"channel": ""}, "channel"),
    ],
)
async def test_what_the_form_lacks_is_said_beside_its_field(
    slack: Slack, store: Store, changed: dict[str, str], field: str
) -> None:
    await slack.post(slack.command("/digest", "milldon-flood"))
    view = await slack.stand_in.wait_for_view()
    values = {"topic": "milldon-flood", "days": "weekdays", "time": "8:30", "zone": "Europe/London"}
    values |= {"channel": "C1", "nothing": "silent"}
    response = await slack.post(slack.submit(view, **(values | changed)))
    reply = json.loads(await response.text())
    assert reply["response_action"] == "errors"
    assert list(reply["errors"]) == [field]
    assert await list_digests(store) == ()


async def test_a_topic_without_a_time_opens_the_form_for_it(slack: Slack) -> None:
    await slack.post(slack.command("/digest", "milldon-flood"))
    view = await slack.stand_in.wait_for_view()
    topic = next(block for block in view["blocks"] if block.get("block_id") == "topic")
    assert topic["element"]["initial_option"]["value"] == "milldon-flood"


@pytest.mark.parametrize("which", ["1", "milldon-flood", "Milldon flood", "#1", ""])
async def test_a_digest_is_paused_resumed_and_stopped_by_number_or_topic(
    slack: Slack, store: Store, which: str
) -> None:
    """Each with its sentence and its line in the audit log."""
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    texts = [(await send_digest_command(slack, f"{verb} {which}"))["text"] for verb in ("pause", "resume", "stop")]
    assert "is paused: `/digest resume 1`" in texts[0]
    assert "runs again. Next:" in texts[1]
    assert "is stopped" in texts[2]
    (digest,) = await list_digests(store)
    assert digest.state is DigestState.STOPPED
    actions = [line.action.action for line in await store.audit_log.list_entries("T1")]
    assert actions == ["stopped", "resumed", "paused", "scheduled"]


async def test_only_the_owner_and_admins_may_change_a_digest(slack: Slack, store: Store) -> None:
    """Others are told so, and may preview it."""
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    refused = await send_digest_command(slack, "stop 1", user_id="U2")
    assert "Only whoever scheduled a digest" in refused["text"]
    assert "The Milldon flood" in (await send_digest_command(slack, "preview 1", user_id="U2"))["text"]
    (digest,) = await list_digests(store)
    assert digest.is_active
    assert "is stopped" in (await send_digest_command(slack, "stop 1", user_id="U7"))["text"]


async def test_a_preview_is_for_the_asker_alone_and_nothing_is_remembered(slack: Slack, store: Store) -> None:
    """Lines and links as they would be posted; asked again, the same."""
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    first = await send_digest_command(slack, "preview")
    assert "A preview, for you alone." in shown(first)
    assert "burst its banks" in shown(first)
    assert "https://paper.example/flood#:~:text=" in shown(first)
    assert slack.stand_in.posts == []
    assert await open_digest_repository(store).list_history("T1", "C1") == ()
    assert shown(await send_digest_command(slack, "preview")) == shown(first)


async def test_now_asks_for_a_run(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    assert "is sent to <#C1> now" in (await send_digest_command(slack, "now 1"))["text"]
    (digest,) = await list_digests(store)
    assert len(await open_digest_repository(store).list_runs(digest)) == 1


async def test_the_list_has_buttons_that_work(slack: Slack, store: Store) -> None:
    """A press replaces the list by what it is then."""
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    digest_list = await send_digest_command(slack, "list")
    assert "*1. milldon-flood* in <#C1>, weekdays at 08:30, Europe/London time, by <@U1>" in shown(digest_list)
    button = find_button(digest_list, "Pause")
    await slack.post(slack.press(button["action_id"], button["value"]))
    after = await slack.stand_in.wait_for_answer(3)
    assert after["replace_original"] is True
    assert "is paused" in shown(after)
    assert find_button(after, "Resume")
    (digest,) = await list_digests(store)
    assert digest.state is DigestState.PAUSED


async def test_the_app_home_has_ones_own_digests_and_their_buttons(slack: Slack, store: Store) -> None:
    """A press there shows the Home as it is then; another person's Home has none of it."""
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    await slack.post(slack.event(type="app_home_opened", tab="home", user="U1", channel="D1"))
    home = await slack.stand_in.wait_for(slack.stand_in.homes)
    assert "*1. milldon-flood* in <#C1>" in shown(home)
    await slack.post(slack.press_in(home, find_button(home, "Stop")))
    after = await slack.stand_in.wait_for(slack.stand_in.homes, 2)
    assert "is stopped" in shown(after)
    assert "None yet" in shown(after)
    (digest,) = await list_digests(store)
    assert digest.state is DigestState.STOPPED
    await slack.post(slack.press_in(after, find_button(after, "New digest")))
    assert (await slack.stand_in.wait_for_view())["callback_id"] == "digest-form"


@pytest.mark.parametrize("value", ["", "stop", "stop C1 1", "stop C1 x", "rm C1 1", "stop C1 " + "9" * 30, "a b c d e"])
async def test_a_forged_button_changes_nothing(slack: Slack, store: Store, value: str) -> None:
    """Somebody who may not, or a value that is none: one sentence."""
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    await slack.post(slack.press("digest:stop:1", value, user={"id": "U2", "team_id": "T1"}))
    answer = await slack.stand_in.wait_for_answer(2)
    assert "schedule" in answer["text"]
    (digest,) = await list_digests(store)
    assert digest.is_active


async def test_help_names_every_way(slack: Slack) -> None:
    text = (await send_digest_command(slack, "help"))["text"]
    for word in ("list", "now", "preview", "pause", "resume", "stop", "weekdays at 8:30"):
        assert word in text


async def test_without_a_database_it_says_so(news: BriefingService) -> None:
    async with run_bot(news) as slack:
        assert "need a database" in (await send_digest_command(slack, "milldon-flood weekdays at 8:30"))["text"]


async def test_a_digest_is_posted_and_the_next_one_holds_what_is_new(
    slack: Slack, store: Store, news: BriefingService
) -> None:
    """By passes of the runner: message and thread, then silence, then what is new since, and the correction."""
    bot, minutes = slack.bot.app[BOT], count(1)

    async def get_client(_team: str) -> AsyncWebClient:
        return bot.bolt.client

    async def send_now() -> None:
        """What somebody asks to have now."""
        moment = datetime.now(UTC) + timedelta(minutes=next(minutes))
        await send_digest_command(slack, "now")
        source = UpdateSource(bot.executor, open_digest_repository(store))
        await DigestRunner(store, source, bot.poster, get_client, lambda: moment).run_due()

    await send_digest_command(slack, f"milldon-flood daily at {(datetime.now(UTC).hour + 6) % 24}:30 UTC")
    await send_now()
    await send_now()
    (first,) = slack.stand_in.posts
    assert first["channel"] == "C1"
    assert "Where it stands: 2 new facts, 1 new quote" in shown(first)
    later = "Rescuers at Milldon have now brought 2,100 residents to the school on the hill."
    news.add([replace(FLOOD, id="more", text=later, published=date(2031, 3, 4))])
    await send_now()
    message, thread = slack.stand_in.posts[1:]
    assert "*Changed figure*\n>Rescuers at Milldon have now brought 2,100 residents" in shown(message)
    assert thread["thread_ts"] == message["ts"]
    assert "Told here on" in shown(thread)
    news.add([replace(FLOOD, text=FLOOD.text.replace("burst its banks", "rose"))])
    await send_now()
    assert "*Corrected*\nTold here on" in shown(slack.stand_in.posts[3])

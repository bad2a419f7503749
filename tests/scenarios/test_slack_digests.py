"""Tests of /digest, its form and its buttons over HTTP.

The stand-in checks every message and view against Slack's limits.
"""

import json
import re
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
from tests.stand_ins.slack import get_visible_text

FLOOD = Article(
    "flood",
    "The river Tarn burst its banks at Milldon on Monday and flooded the lower town.\n\n"
    "Rescuers brought 1,400 residents to the school on the hill before nightfall.\n\n"
    '"We saw the water come over the wall within minutes," said Ada Morley, the mayor of Milldon.',
    "The Harbour Post",
    date(2031, 3, 3),
    "https://paper.example/flood",
    "River Tarn floods Milldon, 1,400 residents brought to the school",
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
    """Send /digest with this text and return the answer."""
    count = len(slack.stand_in.answers) + 1
    response = await slack.post(slack.command("/digest", text, **more))
    assert (response.status, await response.text()) == (200, "")
    return await slack.stand_in.wait_for_answer(count)


async def list_digests(store: Store) -> tuple[Digest, ...]:
    return await open_digest_repository(store).list_digests("T1", include_stopped=True)


async def test_digest_is_scheduled_in_users_time_zone(slack: Slack, store: Store) -> None:
    """The confirmation has topic, channel, schedule, zone and three runs. The audit log names the user."""
    answer = await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    (digest,) = await list_digests(store)
    assert digest.config.schedule.stored_text == "0,1,2,3,4 08:30"
    assert (digest.config.query, digest.config.zone, digest.config.owner) == ("milldon-flood", "Europe/London", "U1")
    text = get_visible_text(answer)
    assert "I'll post a *The Milldon flood* digest in <#C1> every weekday at 08:30 (Europe/London)." in text
    assert text.count("at 08:30") == 4
    assert "(Europe/London)" in text
    (line,) = await store.audit_log.list_entries("T1")
    assert (line.action.person, line.action.action) == ("U1", "scheduled")


async def test_given_time_zone_is_used(slack: Slack, store: Store) -> None:
    """Slack is not asked for the user's time zone."""
    await send_digest_command(slack, "milldon-flood every Monday and Thursday 17:00 America/New_York")
    (digest,) = await list_digests(store)
    assert digest.config.zone == "America/New_York"
    assert "users.info" not in slack.stand_in.calls


async def test_digest_on_free_words_is_scheduled(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "“burst its banks” daily at noon")
    (digest,) = await list_digests(store)
    assert (digest.config.query, str(digest.config.schedule)) == ("burst its banks", "every day at 12:00")


@pytest.mark.parametrize(
    ("text", "expected", "example"),
    [
        ("milldon-flood at 25:99", "25:99", "weekdays at 8:30"),
        ("milldon-flood weekdays at 8:30 Mars/Phobos", "Mars/Phobos", "Europe/London"),
        ("milldon-flod weekdays at 8:30", "Did you mean: milldon-flood?", "/digest milldon-flood weekdays at 8:30"),
        ("qqq weekdays at 8:30", "No articles about “qqq” yet", "weekdays at 8:30"),
        ("milldon-flood every minute", "at most once an hour", "hourly 9 to 18 on weekdays"),
        ("pause 1", "has no digest", "/digest labour-crisis weekdays at 8:30"),
        ("x" * 1001, "1,001 characters", "weekdays at 8:30"),
        ("qqq", "No articles about “qqq” yet", "weekdays at 8:30"),
    ],
)
async def test_invalid_schedule_is_explained_with_an_example(
    slack: Slack, store: Store, text: str, expected: str, example: str
) -> None:
    """Nothing is stored or audited."""
    answer = await send_digest_command(slack, text)
    assert expected in get_visible_text(answer)
    assert example in answer["text"]
    assert await list_digests(store) == ()
    assert await store.audit_log.list_entries("T1") == ()


async def test_channel_without_bot_is_explained(slack: Slack, store: Store) -> None:
    slack.stand_in.member = False
    answer = await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    assert "/invite @On the Record" in get_visible_text(answer)
    assert "/digest milldon-flood weekdays at 08:30" in get_visible_text(answer)
    assert await list_digests(store) == ()


async def test_unknown_time_zone_is_asked_for(slack: Slack, store: Store) -> None:
    """The bot does not guess if Slack gives no time zone."""
    slack.stand_in.zone = None
    answer = await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    assert "weekdays at 8:30 Europe/London" in get_visible_text(answer)
    assert await list_digests(store) == ()


async def test_form_schedules_digest(slack: Slack, store: Store) -> None:
    """/digest without text opens the form, with the user's time zone and the channel filled in."""
    await slack.post(slack.command("/digest", ""))
    view = await slack.stand_in.wait_for_view()
    blocks = {block["block_id"]: block.get("element", {}) for block in view["blocks"] if block["type"] == "input"}
    assert blocks["zone"]["initial_value"] == "Europe/London"
    assert blocks["channel"]["initial_conversation"] == "C1"
    values = {"topic": "milldon-flood", "days": "every day", "time": "noon", "zone": "Asia/Kolkata"}
    response = await slack.post(slack.submit(view, **values, channel="C2", nothing="one line"))
    reply = json.loads(await response.text())
    assert reply["response_action"] == "update"
    assert "digest in <#C2> every day at 12:00 (Asia/Kolkata)." in get_visible_text(reply["view"])
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
async def test_form_errors_are_shown_at_their_field(
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


async def test_topic_without_time_opens_form_with_topic(slack: Slack) -> None:
    await slack.post(slack.command("/digest", "milldon-flood"))
    view = await slack.stand_in.wait_for_view()
    topic = next(block for block in view["blocks"] if block.get("block_id") == "topic")
    assert topic["element"]["initial_option"]["value"] == "milldon-flood"


@pytest.mark.parametrize("which", ["1", "milldon-flood", "Milldon flood", "#1", ""])
async def test_digest_is_paused_resumed_and_stopped(slack: Slack, store: Store, which: str) -> None:
    """Numbers, topics and titles select the digest. Each change has a reply and an audit entry."""
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    texts = [(await send_digest_command(slack, f"{verb} {which}"))["text"] for verb in ("pause", "resume", "stop")]
    assert "Paused digest 1" in texts[0]
    assert "To resume it, type `/digest resume 1`." in texts[0]
    assert "Resumed digest 1 (*milldon-flood*). Next:" in texts[1]
    assert "Stopped digest 1" in texts[2]
    (digest,) = await list_digests(store)
    assert digest.state is DigestState.STOPPED
    actions = [line.action.action for line in await store.audit_log.list_entries("T1")]
    assert actions == ["stopped", "resumed", "paused", "scheduled"]


async def test_only_owner_and_admins_can_change_digest(slack: Slack, store: Store) -> None:
    """Others get an explanation and can preview the digest."""
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    refusal = await send_digest_command(slack, "stop 1", user_id="U2")
    assert "Only the person who scheduled this digest" in refusal["text"]
    assert "The Milldon flood" in (await send_digest_command(slack, "preview 1", user_id="U2"))["text"]
    (digest,) = await list_digests(store)
    assert digest.is_active
    assert "Stopped digest 1" in (await send_digest_command(slack, "stop 1", user_id="U7"))["text"]


async def test_preview_is_private_and_repeatable(slack: Slack, store: Store) -> None:
    """The preview has the digest's lines and links. It marks nothing as sent."""
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    first = await send_digest_command(slack, "preview")
    assert "This is a preview. Only you can see it." in get_visible_text(first)
    assert "burst its banks" in get_visible_text(first)
    assert "https://paper.example/flood#:~:text=" in get_visible_text(first)
    assert slack.stand_in.posts == []
    assert await open_digest_repository(store).list_history("T1", "C1") == ()
    assert get_visible_text(await send_digest_command(slack, "preview")) == get_visible_text(first)


async def test_now_requests_a_run(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    assert "Sending digest 1 (*milldon-flood*) to <#C1> now." in (await send_digest_command(slack, "now 1"))["text"]
    (digest,) = await list_digests(store)
    assert len(await open_digest_repository(store).list_runs(digest)) == 1


async def test_button_in_digest_list_updates_the_list(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    digest_list = await send_digest_command(slack, "list")
    assert "*1. milldon-flood* in <#C1>, every weekday at 08:30 (Europe/London), by <@U1>" in get_visible_text(
        digest_list
    )
    button = find_button(digest_list, "Pause")
    await slack.post(slack.press(button["action_id"], button["value"]))
    after = await slack.stand_in.wait_for_answer(3)
    assert after["replace_original"] is True
    assert "Paused digest 1" in get_visible_text(after)
    assert find_button(after, "Resume")
    (digest,) = await list_digests(store)
    assert digest.state is DigestState.PAUSED


async def test_home_shows_own_digests_with_buttons(slack: Slack, store: Store) -> None:
    """A button press updates the Home. Stopped digests disappear from it."""
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    await slack.post(slack.event(type="app_home_opened", tab="home", user="U1", channel="D1"))
    home = await slack.stand_in.wait_for(slack.stand_in.homes)
    assert "*1. milldon-flood* in <#C1>" in get_visible_text(home)
    await slack.post(slack.press_in(home, find_button(home, "Stop")))
    after = await slack.stand_in.wait_for(slack.stand_in.homes, 2)
    assert "Stopped digest 1" in get_visible_text(after)
    assert "No digests yet" in get_visible_text(after)
    (digest,) = await list_digests(store)
    assert digest.state is DigestState.STOPPED
    await slack.post(slack.press_in(after, find_button(after, "New digest")))
    assert (await slack.stand_in.wait_for_view())["callback_id"] == "digest-form"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("stop C1 1", "Only the person who scheduled this digest"),
        ("", "Schedule a new one"),
        ("stop", "Schedule a new one"),
        ("stop C1 x", "Schedule a new one"),
        ("rm C1 1", "Schedule a new one"),
        ("stop C1 " + "9" * 30, "Schedule a new one"),
        ("a b c d e", "Schedule a new one"),
    ],
)
async def test_forged_button_changes_nothing(slack: Slack, store: Store, value: str, sentence: str) -> None:
    """Users without permission and invalid values get an explanation."""
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    await slack.post(slack.press("digest:stop:1", value, user={"id": "U2", "team_id": "T1"}))
    answer = await slack.stand_in.wait_for_answer(2)
    assert sentence in answer["text"]
    (digest,) = await list_digests(store)
    assert digest.is_active


async def test_help_lists_all_subcommands(slack: Slack) -> None:
    text = (await send_digest_command(slack, "help"))["text"]
    for word in ("list", "now", "preview", "pause", "resume", "stop", "weekdays at 8:30"):
        assert word in text


async def test_digest_without_database_is_explained(news: BriefingService) -> None:
    async with run_bot(news) as slack:
        assert "Digests need a database" in (await send_digest_command(slack, "milldon-flood weekdays at 8:30"))["text"]


async def test_each_digest_contains_only_news(slack: Slack, store: Store, news: BriefingService) -> None:
    """Runs post a first digest, then nothing, then a changed figure, then a correction."""
    bot, minutes = slack.bot.app[BOT], count(1)

    async def get_client(_team: str) -> AsyncWebClient:
        return bot.bolt.client

    async def send_now() -> None:
        """Request a run now and execute it."""
        moment = datetime.now(UTC) + timedelta(minutes=next(minutes))
        await send_digest_command(slack, "now")
        source = UpdateSource(bot.executor, open_digest_repository(store))
        await DigestRunner(store, source, bot.poster, get_client, lambda: moment).run_due()

    await send_digest_command(slack, f"milldon-flood daily at {(datetime.now(UTC).hour + 6) % 24}:30 UTC")
    await send_now()
    await send_now()
    (first,) = slack.stand_in.posts
    assert first["channel"] == "C1"
    assert re.search(r"Latest: \d+ new facts?, 1 new quote", get_visible_text(first))
    assert "burst its banks" in first["text"]
    assert "1,400 residents" in first["text"]
    later = "Rescuers at Milldon have now brought 2,100 residents to the school on the hill."
    title = "Rescuers at Milldon bring 2,100 residents to the school"
    news.add([replace(FLOOD, id="more", text=later, title=title, published=date(2031, 3, 4))])
    await send_now()
    message, thread = slack.stand_in.posts[1:]
    assert "*Changed figure*\n>Rescuers at Milldon have now brought 2,100 residents" in get_visible_text(message)
    assert thread["thread_ts"] == message["ts"]
    assert "Posted here on" in get_visible_text(thread)
    news.add([replace(FLOOD, text=FLOOD.text.replace("burst its banks", "rose"))])
    await send_now()
    assert "*Corrected*\nPosted here on" in get_visible_text(slack.stand_in.posts[3])


async def test_conversation_between_people_says_where_a_digest_can_be(slack: Slack) -> None:
    """Nobody can invite the bot there."""
    slack.stand_in.member = False
    answer = await send_digest_command(slack, "milldon-flood weekdays at 8:30", channel_id="D7")
    assert "Schedule the digest in a channel" in answer["text"]
    assert "/invite" not in answer["text"]


async def test_digest_in_a_direct_message_to_the_bot_names_no_channel(slack: Slack) -> None:
    answer = await send_digest_command(slack, "milldon-flood weekdays at 8:30", channel_id="D1")
    assert "in our direct messages" in answer["text"]
    assert "<#D" not in (await send_digest_command(slack, "list", channel_id="D1"))["text"]

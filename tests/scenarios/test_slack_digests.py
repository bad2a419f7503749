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
from sqlalchemy import update

from bot.digests.delivery.channel_settings import ChannelSettings, open_channel_settings
from bot.digests.delivery.digest_repository import open_digest_repository
from bot.digests.delivery.runner import DigestRunner
from bot.digests.model import DetailsPlace, Digest, DigestState, WhenNothing
from bot.digests.service import UpdateSource
from bot.server.server import BOT
from bot.storage.request_log import RateLimit
from bot.storage.schema import digests
from bot.storage.store import Store, open_store
from briefings.errors import DatabaseUnavailable
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
        ("milldon-flood every minute", "at most once an hour", "hourly 9 to 18 on weekdays"),
        ("pause 1", "has no digest", "/digest labour-crisis weekdays at 8:30"),
        ("x" * 1001, "1,001 characters", "weekdays at 8:30"),
        ("milldon-flood weekdays except holidays at 9", "“except holidays”", "every day except Friday at 8:30"),
        ("milldon-flood weekdays at 8:30 IST", "“IST” could be Asia/Kolkata", "weekdays at 8:30 Asia/Kolkata"),
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


@pytest.mark.parametrize(
    ("text", "stored_text", "answer_text"),
    [
        (
            "weekdays at 8:30 and weekends at 10",
            "0,1,2,3,4 08:30;5,6 10:00",
            "every weekday at 08:30 and on weekends at 10:00 (Europe/London)",
        ),
        ("Monday at 9 and Friday at 17", "0 09:00;4 17:00", "every Monday at 09:00 and every Friday at 17:00"),
        ("Mon/Wed/Fri at 9", "0,2,4 09:00", "every Monday, Wednesday and Friday at 09:00"),
        ("weekdays except Friday at 9", "0,1,2,3 09:00", "every Monday, Tuesday, Wednesday and Thursday at 09:00"),
        ("first of the month at 9", "0,1,2,3,4,5,6 09:00 dates:1", "on the 1st of the month at 09:00"),
        (
            "last Friday of the month at 9 ET",
            "4 09:00 nth:-1",
            "on the last Friday of the month at 09:00 (America/New York)",
        ),
        ("twice a day at 8:30 and 16:00 UTC+2", "0,1,2,3,4,5,6 08:30,16:00", "every day at 08:30 and 16:00 (UTC+2)"),
    ],
)
async def test_answer_reads_the_schedule_back(
    slack: Slack, store: Store, text: str, stored_text: str, answer_text: str
) -> None:
    """The answer has the schedule in words, with its time zone, and the next three runs."""
    answer = get_visible_text(await send_digest_command(slack, f"milldon-flood {text}"))
    (digest,) = await list_digests(store)
    assert digest.config.schedule.stored_text == stored_text
    assert answer_text in answer
    next_runs = answer.split("Next: ")[1].split("(")[0]
    assert next_runs.count(" at ") == 3


async def test_every_other_week_counts_from_the_next_day(slack: Slack, store: Store) -> None:
    answer = get_visible_text(await send_digest_command(slack, "milldon-flood every other Monday at 9"))
    (digest,) = await list_digests(store)
    (rule,) = digest.config.schedule.rules
    assert rule.start is not None
    assert rule.start.weekday() == 0
    first, second = digest.config.schedule.list_next_runs(digest.created_at, "Europe/London", 2)
    assert (first.date(), second.date()) == (rule.start, rule.start + timedelta(days=14))
    assert f"every other Monday at 09:00 starting {rule.start.day} {rule.start:%B %Y} (Europe/London)" in answer


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("qqq", "No article has this yet: I'll post when there is something."),
        ("milldon-flod", "Did you mean milldon-flood?"),
    ],
)
async def test_digest_can_wait_for_words_that_no_article_has(
    slack: Slack, store: Store, news: BriefingService, words: str, note: str
) -> None:
    """Nothing is posted, and nobody gets a notice, until an article has the words."""
    answer = await send_digest_command(slack, f"{words} weekdays at 8:30")
    assert note in get_visible_text(answer)
    (digest,) = await list_digests(store)
    assert (digest.config.query, digest.is_active) == (words, True)
    source = UpdateSource(slack.bot.app[BOT].executor, open_digest_repository(store))
    assert await source.fetch_content(digest, datetime.now(UTC)) is None
    assert "No article has this yet" in get_visible_text(await send_digest_command(slack, "preview 1"))
    news.add([replace(FLOOD, id="late", text=f"The {words} was seen in Milldon, officials said.\n\n" + FLOOD.text)])
    content = await source.fetch_content(digest, datetime.now(UTC))
    assert content is not None


async def test_schedule_is_edited_by_command(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    answer = await send_digest_command(slack, "edit 1 weekdays at 9 and weekends at 11")
    text = get_visible_text(answer)
    assert "Digest 1, *The Milldon flood*, now comes every weekday at 09:00 and on weekends at 11:00" in text
    assert text.count("(Europe/London)") == 2
    (digest,) = await list_digests(store)
    assert digest.config.schedule.stored_text == "0,1,2,3,4 09:00;5,6 11:00"
    assert digest.next_due is not None
    refusal = await send_digest_command(slack, "edit 1 daily at 9", user_id="U2")
    assert "Only the person who scheduled this digest" in refusal["text"]
    actions = [line.action.action for line in await store.audit_log.list_entries("T1")]
    assert actions == ["edited", "scheduled"]


async def test_edit_with_only_a_time_keeps_the_days(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    answer = await send_digest_command(slack, "edit 1 to 9:30")
    assert "now comes every weekday at 09:30" in get_visible_text(answer)
    (digest,) = await list_digests(store)
    assert digest.config.schedule.stored_text == "0,1,2,3,4 09:30"


async def test_edit_opens_the_filled_in_form(slack: Slack, store: Store) -> None:
    """What is saved replaces the digest's settings. The start of an interval stays."""
    await send_digest_command(slack, "milldon-flood every other Monday at 9")
    (before,) = await list_digests(store)
    await slack.post(slack.command("/digest", "edit 1"))
    view = await slack.stand_in.wait_for_view()
    elements = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert view["title"]["text"] == "Edit digest"
    assert elements["topic"]["initial_option"]["value"] == "milldon-flood"
    assert elements["repeat"]["initial_option"]["value"] == "other week"
    assert [option["value"] for option in elements["days"]["initial_options"]] == ["Monday"]
    assert elements["time"]["initial_time"] == "09:00"
    assert elements["zone"]["initial_option"]["value"] == "Europe/London"
    values: dict[str, Any] = {"topic": "milldon-flood", "repeat": "other week", "days": ["Monday"], "time": "10:15"}
    response = await slack.post(slack.submit(view, **values, zone="Europe/London", nothing="silent"))
    reply = json.loads(await response.text())
    assert "now comes every other Monday at 10:15" in get_visible_text(reply["view"])
    (after,) = await list_digests(store)
    assert after.config.schedule.rules[0].start == before.config.schedule.rules[0].start


async def test_schedule_with_several_rules_is_edited_in_words(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30 and weekends at 10")
    digest_list = await send_digest_command(slack, "list")
    button = find_button(digest_list, "Edit")
    await slack.post(slack.press(button["action_id"], button["value"]))
    view = await slack.stand_in.wait_for_view()
    elements = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert elements["schedule"]["initial_value"] == "weekdays at 08:30 and weekends at 10:00"
    assert "initial_options" not in elements["days"]
    values = {"words": "burst its banks", "schedule": "weekdays at 9 and Sundays at 11", "zone": "Asia/Kolkata"}
    await slack.post(slack.submit(view, **values, nothing="silent"))
    (digest,) = await list_digests(store)
    assert digest.config.schedule.stored_text == "0,1,2,3,4 09:00;6 11:00"
    assert (digest.config.query, digest.config.zone) == ("burst its banks", "Asia/Kolkata")


@pytest.mark.parametrize("text", ["edit 1", "edit 7", "edit"])
async def test_edit_without_such_a_digest_lists_the_others(slack: Slack, text: str) -> None:
    answer = await send_digest_command(slack, text)
    assert "This channel has no digests yet." in answer["text"]


async def test_form_of_another_owner_changes_nothing(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    refusal = await send_digest_command(slack, "edit 1", user_id="U2")
    assert "Only the person who scheduled this digest" in refusal["text"]
    await slack.post(slack.command("/digest", "edit 1"))
    view = await slack.stand_in.wait_for_view()
    values: dict[str, Any] = {"topic": "milldon-flood", "days": ["Monday"], "time": "09:00", "zone": "Europe/London"}
    for metadata in ("C1 7", "C9 1", "", "x" * 300, "C1 ٣"):
        response = await slack.post(slack.submit(view | {"private_metadata": metadata}, **values, nothing="silent"))
        reply = json.loads(await response.text())
        assert "This digest was stopped." in reply["errors"]["words"]
    (digest,) = await list_digests(store)
    assert digest.config.schedule.stored_text == "0,1,2,3,4 08:30"


@pytest.mark.parametrize("verb", ["delete 1", "cancel 1", "remove digest 1", "unsubscribe", "turn off 1"])
async def test_words_for_stopping_stop_the_digest(slack: Slack, store: Store, verb: str) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    assert "Stopped digest 1" in (await send_digest_command(slack, verb))["text"]
    (digest,) = await list_digests(store)
    assert digest.state is DigestState.STOPPED


async def test_admin_takes_a_digest_over(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    assert "Only the person" in (await send_digest_command(slack, "take 1", user_id="U2"))["text"]
    assert "You now own digest 1" in (await send_digest_command(slack, "take over 1", user_id="U7"))["text"]
    (digest,) = await list_digests(store)
    assert digest.config.owner == "U7"


async def test_list_survives_a_time_zone_that_is_gone(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    store.database.write(lambda db: db.execute(update(digests).values(zone="Asia/Atlantis")))
    text = (await send_digest_command(slack, "list"))["text"]
    assert "1. milldon-flood" in text
    assert "The time zone Asia/Atlantis no longer exists" in text
    assert "no longer exists" in (await send_digest_command(slack, "preview 1"))["text"]
    answer = await send_digest_command(slack, "edit 1 weekdays at 8:30 London")
    assert "now comes every weekday at 08:30 (Europe/London)" in get_visible_text(answer)


async def test_selects_of_the_form_are_searched(slack: Slack) -> None:
    """Zones are found by city, country and abbreviation, topics by a part of their title."""
    for field, typed_text, value in (
        ("zone", "delhi", "Asia/Kolkata"),
        ("zone", "uk", "Europe/London"),
        ("zone", "est", "America/New_York"),
        ("zone", "UTC+2", "Etc/GMT-2"),
        ("zone", "", "Europe/London"),
        ("topic", "flood", "milldon-flood"),
        ("topic", "", "milldon-flood"),
    ):
        for _ in range(2):
            reply = json.loads(await (await slack.post(slack.suggest(field, typed_text))).text())
            assert value in [option["value"] for option in reply["options"]]
            assert len(reply["options"]) <= 100
    for hostile_text in ("<!channel>", "\0", "x" * 5_000, "(((", "UTC+99"):
        reply = json.loads(await (await slack.post(slack.suggest("zone", hostile_text))).text())
        assert reply == {"options": []}


async def test_form_schedules_digest(slack: Slack, store: Store) -> None:
    """/digest without text opens the form, with the user's time zone and the channel filled in."""
    await slack.post(slack.command("/digest", ""))
    view = await slack.stand_in.wait_for_view()
    blocks = {block["block_id"]: block.get("element", {}) for block in view["blocks"] if block["type"] == "input"}
    assert blocks["zone"]["initial_option"]["value"] == "Europe/London"
    assert blocks["channel"]["initial_conversation"] == "C1"
    values: dict[str, Any] = {"topic": "milldon-flood", "days": ["Monday", "Friday"], "zone": "Asia/Kolkata"}
    values |= {"repeat": "week", "time": "12:00", "time2": "18:30"}
    response = await slack.post(slack.submit(view, **values, channel="C2", nothing="one line"))
    reply = json.loads(await response.text())
    assert reply["response_action"] == "update"
    assert "digest in <#C2> every Monday and Friday at 12:00 and 18:30 (Asia/Kolkata)." in get_visible_text(
        reply["view"]
    )
    (digest,) = await list_digests(store)
    assert digest.config.when_nothing is WhenNothing.ONE_LINE


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"time": "25:99"}, "time"),
        ({"time": ""}, "time"),
        ({"time2": "08:45"}, "time2"),
        ({"zone": "Mars/Phobos"}, "zone"),
        ({"topic": "", "words": ""}, "words"),
        ({"topic": "", "words": "***"}, "words"),
        ({"channel": ""}, "channel"),
        ({"days": []}, "days"),
        ({"repeat": "dates"}, "dates"),
        ({"dates": ["1"]}, "dates"),
        ({"schedule": "weekdays except holidays at 9"}, "schedule"),
    ],
)
async def test_form_errors_are_shown_at_their_field(
    slack: Slack, store: Store, changed: dict[str, Any], field: str
) -> None:
    await slack.post(slack.command("/digest", "milldon-flood"))
    view = await slack.stand_in.wait_for_view()
    values: dict[str, Any] = {"topic": "milldon-flood", "days": ["Monday"], "time": "08:30", "zone": "Europe/London"}
    values |= {"channel": "C1", "nothing": "silent", "repeat": "week"}
    response = await slack.post(slack.submit(view, **(values | changed)))
    reply = json.loads(await response.text())
    assert reply["response_action"] == "errors"
    assert list(reply["errors"]) == [field]
    assert await list_digests(store) == ()


@pytest.mark.parametrize(
    ("changed", "stored_text"),
    [
        ({"repeat": "first"}, "0 08:30 nth:1"),
        ({"repeat": "last", "days": ["Friday"]}, "4 08:30 nth:-1"),
        ({"repeat": "dates", "days": [], "dates": ["1", "15", "last"]}, "0,1,2,3,4,5,6 08:30 dates:1,15,-1"),
        ({"schedule": "weekdays at 8:30 and weekends at 10"}, "0,1,2,3,4 08:30;5,6 10:00"),
        ({"schedule": "M-F 9 UK time", "days": [], "time": ""}, "0,1,2,3,4 09:00"),
    ],
)
async def test_form_can_express_every_schedule(
    slack: Slack, store: Store, changed: dict[str, Any], stored_text: str
) -> None:
    """The schedule in words replaces the days and times."""
    await slack.post(slack.command("/digest", "qqq"))
    view = await slack.stand_in.wait_for_view()
    values: dict[str, Any] = {"words": "qqq", "days": ["Monday"], "time": "08:30", "zone": "Europe/London"}
    values |= {"channel": "C1", "nothing": "silent", "repeat": "week"}
    response = await slack.post(slack.submit(view, **(values | changed)))
    assert json.loads(await response.text())["response_action"] == "update"
    (digest,) = await list_digests(store)
    assert digest.config.schedule.stored_text == stored_text


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


async def test_channel_chooses_where_details_go(slack: Slack, store: Store, news: BriefingService) -> None:
    """Details go to the channel, or are left out, from the next digest on. Other words are quoted back."""
    bot, minutes = slack.bot.app[BOT], count(1)

    async def get_client(_team: str) -> AsyncWebClient:
        return bot.bolt.client

    async def send_now() -> None:
        """Request a run now and execute it."""
        moment = datetime.now(UTC) + timedelta(minutes=next(minutes))
        await send_digest_command(slack, "now")
        source = UpdateSource(bot.executor, open_digest_repository(store), open_channel_settings(store))
        await DigestRunner(store, source, bot.poster, get_client, lambda: moment).run_due()

    def change_figure(number: int) -> None:
        text = f"Rescuers at Milldon have now brought {number:,} residents to the school on the hill."
        title = f"Rescuers at Milldon bring {number:,} residents to the school"
        news.add([replace(FLOOD, id=f"n{number}", text=text, title=title, published=date(2031, 3, number // 700))])

    await send_digest_command(slack, f"milldon-flood daily at {(datetime.now(UTC).hour + 6) % 24}:30 UTC")
    await send_now()
    assert "go in each digest's thread" in (await send_digest_command(slack, "details"))["text"]
    assert "“sideways”" in (await send_digest_command(slack, "details sideways"))["text"]
    assert "go in the channel" in (await send_digest_command(slack, "details in the channel"))["text"]
    change_figure(2_800)
    await send_now()
    message, details = slack.stand_in.posts[1:]
    assert "Details follow." in get_visible_text(message)
    assert (details["channel"], details.get("thread_ts")) == ("C1", None)
    assert "*The Milldon flood*, details" in get_visible_text(details)
    assert "are left out" in (await send_digest_command(slack, "no details"))["text"]
    change_figure(3_500)
    await send_now()
    (message,) = slack.stand_in.posts[3:]
    assert "Open the full briefing for more." in get_visible_text(message)
    assert "go in the channel" in (await send_digest_command(slack, "details channel", user_id="U7"))["text"]


async def test_form_sets_where_details_go(slack: Slack) -> None:
    await send_digest_command(slack, "milldon-flood every Monday at 9")
    await slack.post(slack.command("/digest", "edit 1"))
    view = await slack.stand_in.wait_for_view()
    values: dict[str, Any] = {"topic": "milldon-flood", "repeat": "week", "days": ["Monday"], "time": "10:15"}
    values |= {"zone": "Europe/London", "nothing": "silent"}
    reply = json.loads(await (await slack.post(slack.submit(view, **values, details="none"))).text())
    assert "details of this channel's digests are left out" in get_visible_text(reply["view"])
    for untouched in ("keep", "sideways", "thread"):
        reply = json.loads(await (await slack.post(slack.submit(view, **values, details=untouched))).text())
        assert "details" not in get_visible_text(reply["view"])
    assert "are left out" in (await send_digest_command(slack, "details"))["text"]


def get_details_field(view: dict[str, Any]) -> tuple[str, list[str]]:
    """Return the chosen place of the details, and all choices."""
    (element,) = (block["element"] for block in view["blocks"] if block.get("block_id") == "details")
    return element["initial_option"]["value"], [option["value"] for option in element["options"]]


@pytest.mark.parametrize("command", ["edit 1", "new"])
async def test_form_shows_where_details_of_the_channel_go_now(slack: Slack, command: str) -> None:
    await send_digest_command(slack, "milldon-flood every Monday at 9")
    await send_digest_command(slack, "details channel")
    await slack.post(slack.command("/digest", command))
    view = await slack.stand_in.wait_for_view()
    assert get_details_field(view) == ("channel", ["thread", "channel", "none"])


async def test_new_digest_in_another_channel_keeps_its_details_and_says_where_they_go(
    slack: Slack, store: Store
) -> None:
    settings = open_channel_settings(store)
    await settings.set_details_place("T1", "C2", "U9", DetailsPlace.NONE)
    await slack.post(slack.command("/digest", "new"))
    view = await slack.stand_in.wait_for_view()
    values: dict[str, Any] = {"topic": "milldon-flood", "repeat": "week", "days": ["Monday"], "time": "10:15"}
    values |= {"zone": "Europe/London", "nothing": "silent", "channel": "C2", "details": "thread"}
    reply = json.loads(await (await slack.post(slack.submit(view, **values))).text())
    assert "Details of this channel's digests are left out." in get_visible_text(reply["view"])
    assert await settings.get_details_place("T1", "C2") is DetailsPlace.NONE


async def test_digest_is_saved_once_if_its_details_cannot_be_set(
    slack: Slack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_arguments: object) -> None:
        raise DatabaseUnavailable("The database can't be reached. Please try again in a minute.")

    monkeypatch.setattr(ChannelSettings, "set_details_place", fail)
    await slack.post(slack.command("/digest", "new"))
    view = await slack.stand_in.wait_for_view()
    values: dict[str, Any] = {"topic": "milldon-flood", "repeat": "week", "days": ["Monday"], "time": "10:15"}
    values |= {"zone": "Europe/London", "nothing": "silent", "channel": "C1", "details": "none"}
    reply = json.loads(await (await slack.post(slack.submit(view, **values))).text())
    assert "Where its details go couldn't be changed" in get_visible_text(reply["view"])
    assert len(await list_digests(store)) == 1


async def test_only_owners_of_digests_and_admins_change_where_details_go(slack: Slack, store: Store) -> None:
    settings = open_channel_settings(store)
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    refusal = (await send_digest_command(slack, "details none", user_id="U2"))["text"]
    assert "Only people who scheduled a digest in this channel" in refusal
    assert await settings.get_details_place("T1", "C1") is DetailsPlace.THREAD
    assert "go in each digest's thread" in (await send_digest_command(slack, "details", user_id="U2"))["text"]
    await send_digest_command(slack, "details none", user_id="U7")
    assert await settings.get_details_place("T1", "C1") is DetailsPlace.NONE


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


@pytest.mark.parametrize("place", [("D7", "directmessage"), ("C7", "mpdm-a--b-1"), ("G7", "mpdm-a--b--c-1")])
async def test_conversation_between_people_says_where_a_digest_can_be(slack: Slack, place: tuple[str, str]) -> None:
    """Nobody can invite the bot there."""
    slack.stand_in.member = False
    text = "milldon-flood weekdays at 8:30"
    answer = await send_digest_command(slack, text, channel_id=place[0], channel_name=place[1])
    assert "Schedule the digest in a channel" in answer["text"]
    assert "/invite" not in answer["text"]


async def test_private_channel_or_group_conversation_gets_both_sentences(slack: Slack) -> None:
    """Slack names them the same."""
    slack.stand_in.member = False
    text = "milldon-flood weekdays at 8:30"
    answer = await send_digest_command(slack, text, channel_id="G7", channel_name="privategroup")
    assert "In a channel, type /invite @On the Record" in answer["text"]
    assert "In a conversation between people it can't post." in answer["text"]


async def test_form_between_people_has_no_channel_chosen(slack: Slack) -> None:
    await slack.post(slack.command("/digest", "", channel_id="C7", channel_name="mpdm-a--b-1"))
    form = await slack.stand_in.wait_for_view()
    (channel_field,) = [block for block in form["blocks"] if block["block_id"] == "channel"]
    assert "initial_conversation" not in channel_field["element"]


async def test_button_of_another_version_is_not_about_a_stopped_digest(slack: Slack) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    await slack.post(slack.press("digest:gone", "archive C1 1"))
    text = (await slack.stand_in.wait_for_answer(2))["text"]
    assert text.startswith("This button belongs to an older list. Type /digest list")
    assert "stopped" not in text


async def test_digest_in_a_direct_message_to_the_bot_names_no_channel(slack: Slack) -> None:
    answer = await send_digest_command(slack, "milldon-flood weekdays at 8:30", channel_id="D1")
    assert "in our direct messages" in answer["text"]
    assert "<#D" not in (await send_digest_command(slack, "list", channel_id="D1"))["text"]

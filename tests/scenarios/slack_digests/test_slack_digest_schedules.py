"""/digest with a topic and a schedule, over HTTP: the schedule is stored and read back, or explained."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.digests.content_source import UpdateSource
from bot.digests.delivery.digest_repository import open_digest_repository
from bot.server.server import BOT
from bot.storage.store import Store
from briefings.service.service import BriefingService
from tests.scenarios.conftest import Slack, run_bot
from tests.scenarios.slack_digests.conftest import FLOOD, list_digests, send_digest_command
from tests.stand_ins.slack import get_visible_text


async def test_digest_is_scheduled_in_users_time_zone(slack: Slack, store: Store) -> None:
    """The confirmation has topic, channel, schedule, zone and three runs. The audit log names the user."""
    answer = await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    (digest,) = await list_digests(store)
    assert digest.config.schedule.stored_text == "0,1,2,3,4 08:30"
    assert (digest.config.query, digest.config.zone, digest.config.owner) == ("milldon-flood", "Europe/London", "U1")
    text = get_visible_text(answer)
    assert "I'll post a digest on *The Milldon flood* in <#C1> every weekday at 08:30 (Europe/London)." in text
    assert text.count("at 08:30") == 4
    assert "(Europe/London)" in text
    (line,) = await store.audit_log.list_entries("T1")
    assert (line.action.person, line.action.action) == ("U1", "scheduled")


async def test_given_time_zone_is_used(slack: Slack, store: Store) -> None:
    """The user's own time zone is not needed. Slack is asked once, whether the user may schedule."""
    slack.stand_in.zone = None
    await send_digest_command(slack, "milldon-flood every Monday and Thursday 17:00 America/New_York")
    (digest,) = await list_digests(store)
    assert digest.config.zone == "America/New_York"
    assert slack.stand_in.calls.count("users.info") == 1


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
    """Nothing is posted, and no one gets a notice, until an article has the words."""
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


async def test_digest_without_database_is_explained(news: BriefingService) -> None:
    async with run_bot(news) as slack:
        assert "Digests need a database" in (await send_digest_command(slack, "milldon-flood weekdays at 8:30"))["text"]


@pytest.mark.parametrize("place", [("D7", "directmessage"), ("C7", "mpdm-a--b-1"), ("G7", "mpdm-a--b--c-1")])
async def test_conversation_between_people_says_where_a_digest_can_be(slack: Slack, place: tuple[str, str]) -> None:
    """No one can invite the bot there."""
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


async def test_digest_in_a_direct_message_to_the_bot_names_no_channel(slack: Slack) -> None:
    answer = await send_digest_command(slack, "milldon-flood weekdays at 8:30", channel_id="D1")
    assert "in our direct messages" in answer["text"]
    assert "<#D" not in (await send_digest_command(slack, "list", channel_id="D1"))["text"]

"""Parsing of the text after /digest, and selection of a digest."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests import command_parser
from bot.digests.command_parser import (
    KEEP_ZONE,
    OWN_ZONE,
    AddCommand,
    DigestAction,
    EditCommand,
    FormCommand,
    ListCommand,
    ManageCommand,
)
from bot.digests.model import Digest, DigestConfig, DigestState
from bot.digests.schedule import build_weekly_schedule
from bot.digests.scheduling.rule import WEEKDAYS
from bot.queries.queries import HelpCommand, UsageMessage
from briefings.errors import BadQuestion


def make_digest(number: int, query: str) -> Digest:
    config = DigestConfig("T1", "C1", "U1", query, build_weekly_schedule(WEEKDAYS, (time(8, 30),)), "Europe/London")
    return Digest(number, number, config, DigestState.ACTIVE, None, datetime(2031, 3, 3, tzinfo=UTC), None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", FormCommand("")),
        ("new", FormCommand("")),
        ("new digest", FormCommand("")),
        ("labour-crisis", FormCommand("labour-crisis")),
        ("“labour-crisis”", FormCommand("labour-crisis")),
        ("new ferries", FormCommand("new ferries")),
        ("add a digest on ferry-strike", FormCommand("ferry-strike")),
        ("subscribe to ferry-strike", FormCommand("ferry-strike")),
        ("help", HelpCommand()),
        ("Help me", HelpCommand()),
        ("?", HelpCommand()),
        ("List", ListCommand()),
        ("list all", ListCommand()),
        ("show my digests", ListCommand()),
        ("list of demands", FormCommand("list of demands")),
        ("now", ManageCommand(DigestAction.NOW, "")),
        ("send 1", ManageCommand(DigestAction.NOW, "1")),
        ("post office inquiry", FormCommand("post office inquiry")),
        ("stop 2", ManageCommand(DigestAction.STOP, "2")),
        ("stop #2", ManageCommand(DigestAction.STOP, "2")),
        ("delete 1", ManageCommand(DigestAction.STOP, "1")),
        ("Delete digest 1", ManageCommand(DigestAction.STOP, "1")),
        ("cancel 1.", ManageCommand(DigestAction.STOP, "1")),
        ("remove the digest number 1", ManageCommand(DigestAction.STOP, "1")),
        ("unsubscribe", ManageCommand(DigestAction.STOP, "")),
        ("unsubscribe from labour-crisis", ManageCommand(DigestAction.STOP, "labour-crisis")),
        ("turn off 1", ManageCommand(DigestAction.STOP, "1")),
        ("pause labour-crisis", ManageCommand(DigestAction.PAUSE, "labour-crisis")),
        ("pause my digest", ManageCommand(DigestAction.PAUSE, "")),
        ("unpause 1", ManageCommand(DigestAction.RESUME, "1")),
        ("start 1", ManageCommand(DigestAction.RESUME, "1")),
        ("take over 3", ManageCommand(DigestAction.TAKE, "3")),
        ("preview “no-confidence vote”", ManageCommand(DigestAction.PREVIEW, "no-confidence vote")),
        ("edit", EditCommand("", None)),
        ("edit 1", EditCommand("1", None)),
        ("change digest 1", EditCommand("1", None)),
        ("edit labour-crisis", EditCommand("labour-crisis", None)),
    ],
)
def test_first_word_selects_the_command(text: str, expected: object) -> None:
    assert command_parser.parse_command(text) == expected


@pytest.mark.parametrize(
    ("text", "selector", "words", "zone"),
    [
        ("edit 1 daily at 9", "1", "every day at 09:00", KEEP_ZONE),
        ("edit 1 to daily at 9 UK time", "1", "every day at 09:00", "Europe/London"),
        (
            "change digest #1: weekdays at 8:30 and weekends at 10",
            "1",
            "weekdays at 08:30 and weekends at 10:00",
            KEEP_ZONE,
        ),
        (
            "reschedule ferry-strike to every other Monday at 9",
            "ferry-strike",
            "every other Monday at 09:00",
            KEEP_ZONE,
        ),
        ("edit “ferry-strike” daily at 9", "ferry-strike", "every day at 09:00", KEEP_ZONE),
        ("edit 1 daily at 9 my time", "1", "every day at 09:00", OWN_ZONE),
        ("edit weekdays at 9", "", "weekdays at 09:00", KEEP_ZONE),
    ],
)
def test_edit_with_a_schedule_changes_it(text: str, selector: str, words: str, zone: str) -> None:
    command = command_parser.parse_command(text)
    assert isinstance(command, EditCommand)
    assert command.request is not None
    assert (command.selector, str(command.request.schedule), command.request.zone) == (selector, words, zone)


@pytest.mark.parametrize(
    ("text", "selector", "names_days"),
    [
        ("edit 1 at 9:30", "1", False),
        ("move 1 to 10am", "1", False),
        ("edit #1, 9:30 and 17:00 UK time", "1", False),
        ("edit at 9:30", "", False),
        ("edit ferry-strike to 9:30", "ferry-strike", False),
        ("edit #1, every Friday at 17", "1", True),
        ("edit 1 daily at 9:30", "1", True),
        ("edit ferry-strike to weekdays at 9", "ferry-strike", True),
    ],
)
def test_edit_with_only_a_time_says_so(text: str, selector: str, names_days: bool) -> None:
    command = command_parser.parse_command(text)
    assert isinstance(command, EditCommand)
    assert command.request is not None
    assert (command.selector, command.request.names_days) == (selector, names_days)


@pytest.mark.parametrize(
    ("text", "query", "words"),
    [
        ("send me ferry-strike every weekday at 8:30", "ferry-strike", "weekdays at 08:30"),
        ("please schedule ferry-strike for weekdays at 9", "ferry-strike", "weekdays at 09:00"),
        ("We'd like a digest about ferry-strike daily at 9", "ferry-strike", "every day at 09:00"),
        ("*ferry-strike* weekdays at 9 :newspaper:", "ferry-strike", "weekdays at 09:00"),
        ("ferry-strike Tue &amp; Thu @ 9.30", "ferry-strike", "every Tuesday and Thursday at 09:30"),
        ("ferry-strike @9 daily", "ferry-strike", "every day at 09:00"),
        ("ferry-strike 7 days a week at 9", "ferry-strike", "every day at 09:00"),
        ("ferry-strike once every two weeks on Friday at 9", "ferry-strike", "every other Friday at 09:00"),
        (
            "ferry-strike first business day of the month at 9",
            "ferry-strike",
            "the first weekday of the month at 09:00",
        ),
        ("ferry-strike every 8h", "ferry-strike", "every day at 00:00, 08:00 and 16:00"),
        ("ferry-strike working days at 9", "ferry-strike", "weekdays at 09:00"),
        ("working days lost weekdays at 9", "working days lost", "weekdays at 09:00"),
    ],
)
def test_request_in_a_sentence_or_with_markup_is_read(text: str, query: str, words: str) -> None:
    command = command_parser.parse_command(text)
    assert isinstance(command, AddCommand)
    assert (command.request.query, str(command.request.schedule)) == (query, words)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("ferry-strike on 3 March at 9", "“on 3 March”"),
        ("ferry-strike second last Friday of the month at 9", "“second”"),
        ("ferry-strike third to last day of the month at 9", "“third to”"),
        ("ferry-strike every single day at 9", "“every single day”"),
        ("ferry-strike twice on Monday at 9 and 17", "“twice”"),
        ("ferry-strike nightly at 9", "“nightly”"),
        ("ferry-strike first Monday in January at 9", "“first Monday in January”"),
        ("ferry-strike end of the week at 17", "“end of the week”"),
        ("ferry-strike mid-month at 9", "“mid-month”"),
        ("ferry-strike weekdays at 9 except Friday at 10", "“except Friday at 10”"),
        ("ferry-strike every day at 9, but Fridays at 10", "“but Fridays at 10”"),
        ("ferry-strike odd weeks Monday at 9", "“odd weeks”"),
        ("ferry-strike every day at 9 except 25 December", "“except 25 December”"),
        ("ferry-strike every day at 9 except the first of the month", "“except the first of the month”"),
        ("Black Friday weekdays at 9", '/digest "Black Friday" weekdays at 09:00'),
        ("Super Tuesday every Monday at 9", '/digest "Super Tuesday" every Monday at 09:00'),
        ("ferry-strike weekdays at 9 general", "“general”"),
        ("ferry-strike weekdays at 9 <#C123|general>", "“#general”"),
        ("ferry-strike daily at 9 starting 9999-12-31", "“9999-12-31”"),
    ],
)
def test_part_of_a_schedule_is_never_taken_for_the_topic(text: str, quoted: str) -> None:
    command = command_parser.parse_command(text, date(2026, 3, 18))
    assert isinstance(command, UsageMessage)
    assert quoted in command.sentence


def test_request_to_send_now_is_no_topic() -> None:
    assert command_parser.parse_command("send it now") == ManageCommand(DigestAction.NOW, "")


def test_edit_with_a_schedule_that_is_not_understood_quotes_it() -> None:
    command = command_parser.parse_command("edit 1 weekdays except holidays at 9")
    assert isinstance(command, UsageMessage)
    assert "“except holidays”" in command.sentence
    assert command.sentence.endswith("type /digest edit 1")


@pytest.mark.parametrize(
    ("text", "topic"),
    [("stop and search weekdays at 8:30", "stop and search"), ("end of an era daily at 9", "end of an era")],
)
def test_topic_that_starts_with_an_action_needs_quotation_marks(text: str, topic: str) -> None:
    command = command_parser.parse_command(text)
    assert isinstance(command, UsageMessage)
    assert f'/digest "{topic}"' in command.sentence
    quoted_command = command_parser.parse_command(text.replace(topic, f"“{topic}”"))
    assert isinstance(quoted_command, AddCommand)
    assert quoted_command.request.query == topic


def test_topic_with_schedule_adds_a_digest() -> None:
    command = command_parser.parse_command("“stop and search” weekdays at 8:30")
    assert isinstance(command, AddCommand)
    assert (command.request.query, str(command.request.schedule), command.request.zone) == (
        "stop and search",
        "weekdays at 08:30",
        OWN_ZONE,
    )


@given(st.text(max_size=200))
def test_any_text_gives_a_command(text: str) -> None:
    command = command_parser.parse_command(text)
    assert isinstance(
        command, FormCommand | AddCommand | ListCommand | ManageCommand | EditCommand | HelpCommand | UsageMessage
    )


def test_digest_is_selected_by_number_topic_or_as_the_only_one() -> None:
    digests = (make_digest(1, "labour-crisis"), make_digest(2, "Steel works"))
    assert command_parser.select_digest("2", digests) is digests[1]
    assert command_parser.select_digest("labour crisis", digests) is digests[0]
    assert command_parser.select_digest("", digests[:1]) is digests[0]


@pytest.mark.parametrize("selector", ["", "3", "floods"])
def test_unclear_selector_lists_the_choices(selector: str) -> None:
    with pytest.raises(BadQuestion, match=r"1\. labour-crisis, 2\. Steel works\..*/digest pause 1"):
        command_parser.select_digest(
            selector, (make_digest(1, "labour-crisis"), make_digest(2, "Steel works")), DigestAction.PAUSE
        )


def test_topic_of_two_digests_asks_for_the_number() -> None:
    digests = (make_digest(1, "labour-crisis"), make_digest(2, "labour-crisis"))
    with pytest.raises(BadQuestion, match=r"Which number\?"):
        command_parser.select_digest("labour-crisis", digests)

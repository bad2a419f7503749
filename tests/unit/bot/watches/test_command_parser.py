"""Text after `/watch` is read as a command: an action on a watch, a setting, or what to watch for."""

from datetime import UTC, datetime, time

import pytest

from bot.listeners.watches.requests import find_watch_text
from bot.queries.queries import HelpCommand, UsageMessage
from bot.watches.command_parser import (
    ALL,
    AddCommand,
    EditCommand,
    FormCommand,
    ListCommand,
    ManageCommand,
    WatchAction,
    parse_command,
    select_watches,
)
from bot.watches.model import ChannelWatch, WatchConfig, WatchState
from bot.watches.quiet_hours import QuietHours
from bot.watches.settings_parser import LimitCommand, QuietCommand
from briefings import BadQuestion
from briefings.watches import WatchQuery

NIGHT = QuietHours(time(22), time(7))
WATCHES = [
    ChannelWatch(
        number,
        number,
        WatchConfig("T1", "C1", "U1", WatchQuery(f"harbour {number}")),
        WatchState.ACTIVE,
        None,
        datetime(2031, 3, 3, tzinfo=UTC),
    )
    for number in (1, 2, 3)
]


@pytest.mark.parametrize("text", ["help", "?", "Help me", "usage", "how does it work?"])
def test_help_is_recognised(text: str) -> None:
    assert parse_command(text) == HelpCommand()


@pytest.mark.parametrize(
    "text", ["list", "ls", "my watches", "show all", "all", "watches", "status", "what are we watching?", "LIST."]
)
def test_lists_are_recognised(text: str) -> None:
    assert parse_command(text) == ListCommand()


@pytest.mark.parametrize("text", ["", "  ", "new", "add a watch", "form", "create a new alert"])
def test_nothing_to_watch_opens_the_form(text: str) -> None:
    assert parse_command(text) == FormCommand()


@pytest.mark.parametrize(
    ("text", "action", "selector"),
    [
        ("pause 1", WatchAction.PAUSE, "1"),
        ("Pause watch #2", WatchAction.PAUSE, "2"),
        ("mute 1", WatchAction.PAUSE, "1"),
        ("resume 1", WatchAction.RESUME, "1"),
        ("start 1", WatchAction.RESUME, "1"),
        ("turn on 1", WatchAction.RESUME, "1"),
        ("turn off 1", WatchAction.STOP, "1"),
        ("stop 1.", WatchAction.STOP, "1"),
        ("delete my watch 1", WatchAction.STOP, "1"),
        ("cancel", WatchAction.STOP, ""),
        ("unsubscribe from 1", WatchAction.STOP, "1"),
        ("unwatch “lynch-mob”", WatchAction.STOP, "lynch-mob"),
        ("stop all", WatchAction.STOP, ALL),
        ("pause everything", WatchAction.PAUSE, ALL),
        ("show 1", WatchAction.PREVIEW, "1"),
        ("preview 1", WatchAction.PREVIEW, "1"),
        ("take over 2", WatchAction.TAKE, "2"),
    ],
)
def test_actions_and_their_synonyms_are_read(text: str, action: WatchAction, selector: str) -> None:
    command = parse_command(text)
    assert isinstance(command, ManageCommand)
    assert (command.action, command.selector) == (action, selector)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("edit 1", EditCommand("1", "")),
        ("change 1 to by:Roe", EditCommand("1", "by:Roe")),
        ('edit watch 2: "new words"', EditCommand("2", '"new words"')),
        ("edit", EditCommand("", "")),
    ],
)
def test_edits_are_read(text: str, command: EditCommand) -> None:
    assert parse_command(text) == command


@pytest.mark.parametrize(
    "text",
    [
        '"lynch-mob"',
        "by:Roe about:immigration",
        "start of the season",
        "change of leader",
        "show trial",
        "test match",
        "limit on immigration",
        "list of demands",
        "silent majority",
        "nothing to declare",
        "max planck",
        "up to the mark",
        "all quiet on the front",
    ],
)
def test_words_that_begin_like_a_command_are_watched(text: str) -> None:
    assert parse_command(text) == AddCommand(text)


@pytest.mark.parametrize(
    ("text", "hours", "zone"),
    [
        ("quiet 22:00-07:00", NIGHT, ""),
        ("quiet hours 10pm to 7am", NIGHT, ""),
        ("quiet from 22 until 7", NIGHT, ""),
        ("quiet between 22:00 and 7:00 my time", NIGHT, ""),
        ("quiet: 22.00 – 7.00 UK time", NIGHT, "Europe/London"),
        ("dnd 22-7 New York", NIGHT, "America/New_York"),
        ("no alerts between 10 pm and 7 am", NIGHT, ""),
        ("quiet noon to half past one", QuietHours(time(12), time(1, 30)), ""),
        ("quiet off", None, ""),
    ],
)
def test_quiet_hours_are_read(text: str, hours: QuietHours | None, zone: str) -> None:
    assert parse_command(text) == QuietCommand(hours, zone)


@pytest.mark.parametrize(
    ("text", "limit"), [("limit 10", 10), ("limit to 5 per hour", 5), ("at most three an hour", 3), ("limit off", None)]
)
def test_limits_are_read(text: str, limit: int | None) -> None:
    assert parse_command(text) == LimitCommand(limit)


@pytest.mark.parametrize("text", ["quiet", "quiet hours?", "limit"])
def test_settings_without_a_value_are_questions(text: str) -> None:
    command = parse_command(text)
    assert isinstance(command, QuietCommand | LimitCommand)
    assert command.is_question


UNREADABLE_TEXTS = [
    "quiet 25:00-7",
    "quiet 22:00",
    "quiet 22-22",
    "quiet banana",
    "quiet 22-7 Mars/Phobos",
    "limit 0",
    "limit 101",
    "limit lots",
    "limit -3",
]


@pytest.mark.parametrize("text", UNREADABLE_TEXTS)
def test_what_cannot_be_read_is_quoted_back_with_one_that_works(text: str) -> None:
    command = parse_command(text)
    assert isinstance(command, UsageMessage)
    assert "22:00" in command.sentence or "/watch limit 10" in command.sentence or "Europe/London" in command.sentence


@pytest.mark.parametrize(
    "text", ["x" * 9_000, "\0stop\0 1", "stop " * 3_000, "quiet " + "9" * 5_000, "limit " + "9" * 5_000, "‮pause 1"]
)
def test_hostile_text_gives_a_value(text: str) -> None:
    assert parse_command(text) is not None


@pytest.mark.parametrize("text", ["1", "#2", "3.", "12"])
def test_a_number_alone_is_no_watch_on_that_number(text: str) -> None:
    command = parse_command(text)
    assert isinstance(command, UsageMessage)
    assert f"/watch edit {text.strip('#.')}" in command.sentence


@pytest.mark.parametrize("text", ["pause 1, 3", "pause 1 and 3", "pause #1 #3", "pause watches 1 & 3", "pause 3, 1"])
def test_several_numbers_name_several_watches(text: str) -> None:
    command = parse_command(text)
    assert isinstance(command, ManageCommand)
    assert [watch.number for watch in select_watches(command, WATCHES)] == [1, 3]


@pytest.mark.parametrize("text", ["pause 1, 9", "preview 1, 3", "preview all"])
def test_nothing_is_chosen_if_one_of_the_numbers_is_unknown_or_only_one_watch_can_be_meant(text: str) -> None:
    command = parse_command(text)
    assert isinstance(command, ManageCommand)
    with pytest.raises(BadQuestion, match="Which number"):
        select_watches(command, WATCHES)


@pytest.mark.parametrize(
    ("text", "expected_text"),
    [
        ('stop watching "lynch-mob"', 'stop "lynch-mob"'),
        ("Stop alerting me about Easton any more.", "stop Easton"),
        ("don’t notify us about Easton", "stop Easton"),
        ("please stop watching", "stop"),
        ("stop the war", None),
    ],
)
def test_a_watch_can_be_stopped_in_plain_words(text: str, expected_text: str | None) -> None:
    assert find_watch_text(text) == expected_text

"""What was typed after /digest, as a value; and which digest is meant."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests import command_parser
from bot.digests.command_parser import OWN_ZONE, AddCommand, DigestAction, FormCommand, ListCommand, ManageCommand
from bot.digests.model import Digest, DigestConfig, DigestState
from bot.digests.schedule import WEEKDAYS, Schedule
from bot.queries.queries import HelpCommand, UsageMessage
from briefings.errors import BadQuestion


def digest(number: int, ask: str) -> Digest:
    wish = DigestConfig("T1", "C1", "U1", ask, Schedule(WEEKDAYS, (time(8, 30),)), "Europe/London")
    return Digest(number, number, wish, DigestState.ACTIVE, None, datetime(2031, 3, 3, tzinfo=UTC), None)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", FormCommand("")),
        ("labour-crisis", FormCommand("labour-crisis")),
        ("“labour-crisis”", FormCommand("labour-crisis")),
        ("help", HelpCommand()),
        ("List", ListCommand()),
        ("list of demands", FormCommand("list of demands")),
        ("now", ManageCommand(DigestAction.NOW, "")),
        ("stop 2", ManageCommand(DigestAction.STOP, "2")),
        ("stop #2", ManageCommand(DigestAction.STOP, "2")),
        ("pause labour-crisis", ManageCommand(DigestAction.PAUSE, "labour-crisis")),
        ("preview “no-confidence vote”", ManageCommand(DigestAction.PREVIEW, "no-confidence vote")),
    ],
)
def test_the_first_word_decides(typed: str, expected: object) -> None:
    assert command_parser.parse_command(typed) == expected


def test_a_topic_and_a_time() -> None:
    found = command_parser.parse_command("“stop and search” weekdays at 8:30")
    assert isinstance(found, AddCommand)
    assert (found.request.query, str(found.request.schedule), found.request.zone) == (
        "stop and search",
        "weekdays at 08:30",
        OWN_ZONE,
    )


@given(st.text(max_size=200))
def test_anything_typed_gives_a_value(typed: str) -> None:
    found = command_parser.parse_command(typed)
    assert isinstance(found, FormCommand | AddCommand | ListCommand | ManageCommand | HelpCommand | UsageMessage)


def test_which_one_is_meant() -> None:
    two = (digest(1, "labour-crisis"), digest(2, "Steel works"))
    assert command_parser.select_digest("2", two) is two[1]
    assert command_parser.select_digest("labour crisis", two) is two[0]
    assert command_parser.select_digest("", two[:1]) is two[0]


@pytest.mark.parametrize("which", ["", "3", "floods"])
def test_what_names_none_is_told_what_there_is(which: str) -> None:
    with pytest.raises(BadQuestion, match=r"1 \(labour-crisis\), 2 \(Steel works\).*/digest preview 1"):
        command_parser.select_digest(which, (digest(1, "labour-crisis"), digest(2, "Steel works")))


def test_two_digests_on_one_topic_are_told_apart_by_number() -> None:
    two = (digest(1, "labour-crisis"), digest(2, "labour-crisis"))
    with pytest.raises(BadQuestion, match="Name its number"):
        command_parser.select_digest("labour-crisis", two)

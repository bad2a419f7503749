"""Parsing of the text after /digest, and selection of a digest."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests import command_parser
from bot.digests.command_parser import OWN_ZONE, AddCommand, DigestAction, FormCommand, ListCommand, ManageCommand
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
def test_first_word_selects_the_command(text: str, expected: object) -> None:
    assert command_parser.parse_command(text) == expected


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
    assert isinstance(command, FormCommand | AddCommand | ListCommand | ManageCommand | HelpCommand | UsageMessage)


def test_digest_is_selected_by_number_topic_or_as_the_only_one() -> None:
    digests = (make_digest(1, "labour-crisis"), make_digest(2, "Steel works"))
    assert command_parser.select_digest("2", digests) is digests[1]
    assert command_parser.select_digest("labour crisis", digests) is digests[0]
    assert command_parser.select_digest("", digests[:1]) is digests[0]


@pytest.mark.parametrize("selector", ["", "3", "floods"])
def test_unclear_selector_lists_the_choices(selector: str) -> None:
    with pytest.raises(BadQuestion, match=r"1\. labour-crisis, 2\. Steel works\..*/digest preview 1"):
        command_parser.select_digest(selector, (make_digest(1, "labour-crisis"), make_digest(2, "Steel works")))


def test_topic_of_two_digests_asks_for_the_number() -> None:
    digests = (make_digest(1, "labour-crisis"), make_digest(2, "labour-crisis"))
    with pytest.raises(BadQuestion, match=r"Which number\?"):
        command_parser.select_digest("labour-crisis", digests)

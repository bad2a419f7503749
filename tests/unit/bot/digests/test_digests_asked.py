"""What was typed after /digest, as a value; and which digest is meant."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ask import HelpAsk, Usage
from bot.digests import asked
from bot.digests.asked import OWN, AddAsk, FormAsk, ListAsk, ManageAsk, Verb
from bot.digests.model import Digest, State, Wish
from bot.digests.schedule import WEEKDAYS, Schedule
from briefings.errors import BadQuestion


def digest(number: int, ask: str) -> Digest:
    wish = Wish("T1", "C1", "U1", ask, Schedule(WEEKDAYS, (time(8, 30),)), "Europe/London")
    return Digest(number, number, wish, State.ACTIVE, None, datetime(2031, 3, 3, tzinfo=UTC), None)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", FormAsk("")),
        ("labour-crisis", FormAsk("labour-crisis")),
        ("“labour-crisis”", FormAsk("labour-crisis")),
        ("help", HelpAsk()),
        ("List", ListAsk()),
        ("list of demands", FormAsk("list of demands")),
        ("now", ManageAsk(Verb.NOW, "")),
        ("stop 2", ManageAsk(Verb.STOP, "2")),
        ("stop #2", ManageAsk(Verb.STOP, "2")),
        ("pause labour-crisis", ManageAsk(Verb.PAUSE, "labour-crisis")),
        ("preview “no-confidence vote”", ManageAsk(Verb.PREVIEW, "no-confidence vote")),
    ],
)
def test_the_first_word_decides(typed: str, expected: object) -> None:
    assert asked.read(typed) == expected


def test_a_topic_and_a_time() -> None:
    found = asked.read("“stop and search” weekdays at 8:30")
    assert isinstance(found, AddAsk)
    assert (found.typed.ask, str(found.typed.schedule), found.typed.zone) == (
        "stop and search",
        "weekdays at 08:30",
        OWN,
    )


@given(st.text(max_size=200))
def test_anything_typed_gives_a_value(typed: str) -> None:
    found = asked.read(typed)
    assert isinstance(found, FormAsk | AddAsk | ListAsk | ManageAsk | HelpAsk | Usage)


def test_which_one_is_meant() -> None:
    two = (digest(1, "labour-crisis"), digest(2, "Steel works"))
    assert asked.chosen("2", two) is two[1]
    assert asked.chosen("labour crisis", two) is two[0]
    assert asked.chosen("", two[:1]) is two[0]


@pytest.mark.parametrize("which", ["", "3", "floods"])
def test_what_names_none_is_told_what_there_is(which: str) -> None:
    with pytest.raises(BadQuestion, match=r"1 \(labour-crisis\), 2 \(Steel works\).*/digest preview 1"):
        asked.chosen(which, (digest(1, "labour-crisis"), digest(2, "Steel works")))


def test_two_digests_on_one_topic_are_told_apart_by_number() -> None:
    two = (digest(1, "labour-crisis"), digest(2, "labour-crisis"))
    with pytest.raises(BadQuestion, match="Name its number"):
        asked.chosen("labour-crisis", two)

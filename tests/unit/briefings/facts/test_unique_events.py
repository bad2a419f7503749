"""Statements that a person did something only one person can have done: examples, exceptions and random text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.facts.unique_events import Uniqueness, find_unique_events
from briefings.model import Span

WORDS = st.sampled_from(
    [
        *("Jane", "Roe", "the", "The", "first", "to", "resign", "resigned", "was", "is", "told", "him", "tabled", "by"),
        *("motion", "leader", "of", "Example", "Party", ",", ".", "’s", "On", "Monday", "A" * 40, "said", "and"),
    ]
)


@given(st.one_of(st.text(), st.lists(WORDS).map(" ".join)))
def test_random_text_gives_actors_within_the_text(text: str) -> None:
    for event in find_unique_events(text, Span(0, len(text))):
        assert Span(0, len(text)).covers(event.actor_span)
        assert all(len(actor) and actor.end <= event.actor_span.end for actor in event.actors)
        assert event.verb


@pytest.mark.parametrize(
    ("text", "uniqueness", "actors", "verb", "object_text"),
    [
        ("Jane Roe was the first MP to go.", Uniqueness.RANK, ["Jane Roe"], "first", "MP go"),
        ("The motion was tabled by Jane Roe.", Uniqueness.EVENT, ["Jane Roe"], "tabled", "The motion"),
        (
            "On Monday, Jane Roe and John Doe tabled the motion.",
            Uniqueness.EVENT,
            ["Jane Roe", "John Doe"],
            "tabled",
            "the motion",
        ),
        ("Jane Roe is the leader of Labour.", Uniqueness.OFFICE, ["Jane Roe"], "is", "the leader of Labour"),
        ("Roe’s deputy John Doe told him to go.", Uniqueness.ORDER, ["John Doe"], "told him", "go"),
    ],
)
def test_unique_event_is_parsed(
    text: str, uniqueness: Uniqueness, actors: list[str], verb: str, object_text: str
) -> None:
    (event,) = find_unique_events(text, Span(0, len(text)))
    assert (event.uniqueness, [actor.of(text) for actor in event.actors]) == (uniqueness, actors)
    assert (event.verb, " ".join(event.object_text.split())) == (verb, object_text)


@pytest.mark.parametrize(
    "text",
    [
        "Jane Roe resigned on Monday.",
        "Jane Roe is expected to be the first to resign.",
        "Jane Roe called the bill a disgrace.",
        "A spokesman for Jane Roe tabled the motion.",
        "Jane Roe is the new leader of Labour.",
        "Jane Roe, who was the first to resign, left.",
    ],
)
def test_act_that_several_people_can_do_is_not_unique(text: str) -> None:
    assert list(find_unique_events(text, Span(0, len(text)))) == []

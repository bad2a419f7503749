"""Who is told to have done what only one can have done: any text at all, and what is no such deed."""

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
def test_any_text_gives_doers_within_it(text: str) -> None:
    for deed in find_unique_events(text, Span(0, len(text))):
        assert Span(0, len(text)).covers(deed.actor_span)
        assert all(len(doer) and doer.end <= deed.actor_span.end for doer in deed.actors)
        assert deed.verb


@pytest.mark.parametrize(
    ("text", "only", "doers", "verb", "thing"),
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
def test_a_deed_is_read(text: str, only: Uniqueness, doers: list[str], verb: str, thing: str) -> None:
    (deed,) = find_unique_events(text, Span(0, len(text)))
    assert (deed.uniqueness, [doer.of(text) for doer in deed.actors]) == (only, doers)
    assert (deed.verb, " ".join(deed.object_text.split())) == (verb, thing)


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
def test_what_others_can_have_done_too_is_none(text: str) -> None:
    assert list(find_unique_events(text, Span(0, len(text)))) == []

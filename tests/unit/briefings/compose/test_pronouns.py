"""An opening pronoun is answered when it is certain whom it means, and the sentence is left alone when it is not."""

import pytest

from briefings.compose import compose
from briefings.compose.compression import resolve_pronoun
from briefings.model import Slot, Span
from tests.support.articles import article, read_articles

PEOPLE = {"roe": "Jane Roe", "doe": "John Doe"}


@pytest.mark.parametrize(
    ("before", "person"),
    [
        ("Jane Roe has defended her party's campaign at length.", "Jane Roe"),
        ("Roe stayed in London.", "Jane Roe"),
        ("Jane Roe met John Doe at the hall.", None),
        ("Jane Roe met Richard Miles at the hall.", None),
        ("The hall was full when the vote was read out, and so was the square, where Roe stood.", None),
        ("Nobody was there.", None),
    ],
)
def test_one_known_subject_and_nobody_else_is_certain(before: str, person: str | None) -> None:
    assert resolve_pronoun(before, Span(0, len(before)), PEOPLE) == person


def test_nothing_before_leaves_it_open() -> None:
    assert resolve_pronoun("", None, PEOPLE) is None


def test_the_name_stands_beside_the_line_never_in_it() -> None:
    found = compose(
        "s",
        "S",
        read_articles(
            article(
                '"I will stay in my post for good," said Jane Roe of the party.\n'
                "Roe spoke to members in the hall.\nShe was accused of failing the party on Tuesday by an activist."
            )
        ),
        max_words=400,
    )
    lines = [line for line in found.lines if line.text.startswith("She was")]
    assert [line.note for line in lines] == ["She: Jane Roe"]
    assert all(line.slot in (Slot.STATUS, Slot.TIMELINE) for line in lines)

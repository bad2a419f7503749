"""An opening pronoun is resolved only when its meaning is certain."""

import pytest

from briefings.compose import compose
from briefings.compose.compression import resolve_pronoun
from briefings.model import Slot, Span
from tests.support.articles import analyse_articles, make_article

PEOPLE = {"roe": "Jane Roe", "doe": "John Doe"}


@pytest.mark.parametrize(
    ("previous_sentence", "person"),
    [
        ("Jane Roe has defended her party's campaign at length.", "Jane Roe"),
        ("Roe stayed in London.", "Jane Roe"),
        ("Jane Roe met John Doe at the hall.", None),
        ("Jane Roe met Richard Miles at the hall.", None),
        ("The hall was full when the vote was read out, and so was the square, where Roe stood.", None),
        ("Nobody was there.", None),
    ],
)
def test_pronoun_means_the_subject_if_no_other_person_is_named(previous_sentence: str, person: str | None) -> None:
    assert resolve_pronoun(previous_sentence, Span(0, len(previous_sentence)), PEOPLE) == person


def test_pronoun_without_a_previous_sentence_is_not_resolved() -> None:
    assert resolve_pronoun("", None, PEOPLE) is None


def test_name_is_in_the_note_and_not_in_the_line() -> None:
    briefing = compose(
        "s",
        "S",
        analyse_articles(
            make_article(
                '"I will stay in my post for good," said Jane Roe of the party.\n'
                "Roe spoke to members in the hall.\nShe was accused of failing the party on Tuesday by an activist."
            )
        ),
        max_words=400,
    )
    lines = [line for line in briefing.lines if line.text.startswith("She was")]
    assert [line.note for line in lines] == ["She: Jane Roe"]
    assert all(line.slot in (Slot.STATUS, Slot.TIMELINE) for line in lines)

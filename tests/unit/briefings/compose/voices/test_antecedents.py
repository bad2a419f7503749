"""A pronoun or description belongs to whoever spoke last; otherwise the speaker is doubtful."""

import pytest

from briefings.compose.voices.antecedents import is_doubtful_reference
from briefings.model import Article, Kind, Quote, Span, Speaker

WORDS = "We will keep the harbour open."


def is_doubtful(
    before: str, speaker: Speaker, mention: str = "he", inquit: str = "{} said.", cue: str = "said"
) -> bool:
    text = f"{before} “{WORDS}” {inquit.format(mention)}"
    start = text.index(WORDS)
    mention_start = text.index(mention, start + len(WORDS))
    cue_start = text.index(cue, mention_start)
    quote = Quote(
        (Span(start, start + len(WORDS)),),
        Span(mention_start, mention_start + len(mention)),
        Span(cue_start, cue_start + len(cue)),
        speaker,
        Kind.DIRECT,
        0.99,
        "named",
    )
    return is_doubtful_reference(Article("a", text), quote, text.replace(WORDS, " " * len(WORDS)))


@pytest.mark.parametrize(
    "before",
    [
        "Roe runs the port. John Doe, 27, who works at the harbour, said the ships were late.\n",
        "Roe runs the port. At noon, John Doe said the ships were late.\n",
        "Roe runs the port. “It is late,” said the harbour's spokesman John Doe.\n",
        "Roe runs the port. It is late, the former harbour master says.\n",
    ],
)
def test_pronoun_after_somebody_else_spoke_is_doubtful(before: str) -> None:
    assert is_doubtful(before, Speaker("Peter Roe"))


@pytest.mark.parametrize(
    "before",
    [
        "Peter Roe said the ships were late.\n",
        "John Doe said the ships were late. Roe disagreed with that.\n",
        "However, one of the captains, Peter Roe, said the ships were late.\n",
        "It was a long day in the old town.\n",
    ],
)
def test_pronoun_after_its_speaker_is_certain(before: str) -> None:
    assert not is_doubtful(before, Speaker("Peter Roe"))


def test_description_that_fits_many_people_is_doubtful() -> None:
    assert is_doubtful("Peter Roe came.", Speaker("Peter Roe", "mayor"), "the official")
    assert not is_doubtful("Peter Roe came.", Speaker("Peter Roe", "mayor"), "the mayor")


def test_surname_alone_is_not_surely_the_son() -> None:
    assert is_doubtful("It rained.", Speaker("John Roe Jr."), "Roe")
    assert not is_doubtful("It rained.", Speaker("John Roe"), "Roe")


def test_another_body_of_the_same_kind_is_doubtful() -> None:
    assert is_doubtful("It rained.", Speaker("Easton Harbour Office"), "The Justice Office")
    assert not is_doubtful("It rained.", Speaker("Easton Harbour Office"), "The Harbour Office")


def test_participle_after_another_persons_deed_is_doubtful() -> None:
    inquit = "{} says Doe invited him to the port, telling him so."
    assert is_doubtful("It rained.", Speaker("Peter Roe"), "Roe", inquit, "telling")

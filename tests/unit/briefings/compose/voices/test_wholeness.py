"""A quotation is weighed by how well a reader understands it alone."""

import pytest

from briefings.compose.voices.wholeness import (
    MIN_WHOLENESS,
    comes_to_the_point_later,
    keeps_manners,
    measure_wholeness,
)
from briefings.model import Article, Kind, Quote, Span, Speaker


def measure(words: str, quotation: str | None = None) -> float:
    quotation = quotation or words
    text = f"Jane Roe said: “{quotation}” Then she left."
    start, content_start = text.index(words), text.index(quotation)
    content = (Span(content_start, content_start + len(quotation)),)
    quote = Quote(content, None, None, Speaker("Jane Roe"), Kind.DIRECT, 0.99, "named")
    span = Span(start, start + len(words))
    return measure_wholeness(Article("a", text), quote, span, has_frame=False)


def test_whole_sentence_keeps_its_weight() -> None:
    assert measure("The council voted to close the harbour of Easton on Friday.") == 1.0


@pytest.mark.parametrize(
    "words",
    [
        "are aware of the unsuccessful launch of the ferry in Easton.",
        "return to the harbour to continue to watch the storm over Easton.",
        "the full powers of the harbour office of Easton.",
    ],
)
def test_words_without_their_subject_or_verb_are_not_shown(words: str) -> None:
    assert measure(words) < MIN_WHOLENESS


def test_clause_in_lower_case_is_shown() -> None:
    assert measure("the council has no plan for the old harbour of Easton.") > MIN_WHOLENESS


@pytest.mark.parametrize(
    ("words", "following"),
    [
        ("not all will vote for it.", "but the council can work."),
        ("what do i get?", "a new harbour."),
        ("we grieve for the captain.", "we grieve for the town."),
    ],
)
def test_next_sentence_can_have_the_point(words: str, following: str) -> None:
    assert comes_to_the_point_later(words, following)


def test_next_sentence_about_something_else_has_not_the_point() -> None:
    assert not comes_to_the_point_later("the harbour is shut.", "ships went to Weston.")


@pytest.mark.parametrize(
    "words",
    ["i am grateful to the mayor.", "no comment.", "thank you, easton.", "i am very angry.", "good luck to her."],
)
def test_courtesy_refusal_or_feeling_is_manners(words: str) -> None:
    assert keeps_manners(words)

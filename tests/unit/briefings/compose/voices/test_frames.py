"""A few quoted words are shown with the sentence around them, and whole sentences without."""

import pytest

from briefings.compose.candidates import Candidates
from briefings.compose.quote_slot import QuoteSelector
from briefings.compose.selection import WordBudget
from briefings.model import Article, Kind, Line, Quote, Span, Speaker


def select_lines(text: str, words: str, kind: Kind, budget_words: int = 100) -> list[Line]:
    start = text.index(words)
    quote = Quote((Span(start, start + len(words)),), None, None, Speaker("Jane Roe"), kind, 0.99, "named")
    candidates = Candidates([(Article("a", text, publisher="The Paper"), (quote,))])
    budget = WordBudget(budget_words)
    budget.release(budget_words)
    selector = QuoteSelector(candidates, budget)
    selector.select()
    return selector.to_lines()


FRAMED = "Calling the harbour inquiry a “five ring circus”, Roe left the hall."


def test_few_words_have_their_sentence_as_a_note() -> None:
    (line,) = select_lines(FRAMED, "five ring circus", Kind.MIXED)
    assert line.text == "five ring circus"
    assert line.note == f"in “{FRAMED}”"


def test_frame_counts_as_words_of_the_line() -> None:
    assert select_lines(FRAMED, "five ring circus", Kind.MIXED, budget_words=10) == []


def test_whole_sentence_needs_no_frame() -> None:
    words = "The harbour inquiry is a circus with five rings."
    (line,) = select_lines(f"Roe said: “{words}” She left the hall.", words, Kind.DIRECT)
    assert line.note is None


def test_one_utterance_is_shown_once() -> None:
    text = "Roe said: “It is all that I can do.” Later she said: “It is all that I can do.”"
    words = "It is all that I can do."
    spans = [Span(start, start + len(words)) for start in (text.index(words), text.rindex(words))]
    quotes = tuple(Quote((span,), None, None, Speaker("Jane Roe"), Kind.DIRECT, 0.99, "named") for span in spans)
    candidates = Candidates([(Article("a", text, publisher="The Paper"), quotes)])
    budget = WordBudget(100)
    budget.release(100)
    selector = QuoteSelector(candidates, budget)
    selector.select()
    assert [line.text for line in selector.to_lines()] in ([], [words])


def test_scrap_that_is_no_label_is_not_shown() -> None:
    assert (
        select_lines(
            "Roe said the new rules for the harbour “took effect immediately”.", "took effect immediately", Kind.MIXED
        )
        == []
    )


def test_frame_that_adds_nothing_is_not_shown() -> None:
    assert select_lines("Roe called it “a five ring circus”.", "a five ring circus", Kind.MIXED) == []


def test_frame_that_names_somebody_else_is_not_shown() -> None:
    text = "Calling the harbour inquiry a “five ring circus”, Doe left the hall."
    assert select_lines(text, "five ring circus", Kind.MIXED) == []


@pytest.mark.parametrize("words", ["The Harbour Today Show", "Harbour: A History of the Port"])
def test_title_of_a_book_or_programme_is_not_speech(words: str) -> None:
    assert select_lines(f"Roe spoke about the harbour on “{words}” in the evening.", words, Kind.MIXED) == []


def test_sentence_that_goes_on_after_the_inquit_is_not_cut() -> None:
    words = "For all the reasons that everybody in Easton knows"
    assert select_lines(f"“{words},” Roe said in a statement, “the harbour is shut.”", words, Kind.DIRECT) == []


def test_half_sentence_that_opens_with_a_relative_is_not_shown() -> None:
    words = "who have no ties to the harbour and its many owners in Easton"
    assert select_lines(f"Roe said she would help captains “{words}” this year.", words, Kind.MIXED) == []

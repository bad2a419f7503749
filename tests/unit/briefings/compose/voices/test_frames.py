"""A few quoted words are shown with the sentence around them, and whole sentences without."""

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

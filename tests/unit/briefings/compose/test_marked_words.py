"""Words between marks or under a label are never called the article's own."""

import pytest

from briefings.compose.marked_words import NOT_ATTRIBUTED, NOT_READ
from briefings.compose.who_said import answer_who_said
from briefings.model import Article, SearchTotals, WhoSaid


def ask(text: str, words: str) -> WhoSaid:
    """Ask about an article in which no quote was recognised."""
    return answer_who_said(words, [(Article("a", text), ())], SearchTotals(1, 0))


@pytest.mark.parametrize("marks", ["“”", '""', "„“", "»«", "‘’", "❝❞"])
def test_words_between_marks_are_a_hit_without_a_speaker(marks: str) -> None:
    answer = ask(f"The door had a sign: {marks[0]}We close at ten.{marks[1]}", "close at ten")
    assert [(hit.quote, hit.speaker, hit.reason) for hit in answer.hits] == [("We close at ten.", None, NOT_ATTRIBUTED)]
    assert answer.narration == ()


def test_words_in_a_paragraph_with_too_many_marks_are_a_hit() -> None:
    answer = ask("“Yes.” " * 700 + "“We close at ten.”", "close at ten")
    assert len(answer.hits) == 1


def test_words_under_a_label_are_a_hit() -> None:
    answer = ask("ROE: We close at ten.", "close at ten")
    assert [(hit.quote, hit.speaker) for hit in answer.hits] == [("We close at ten.", None)]


def test_words_over_wrapped_lines_are_a_hit() -> None:
    text = (
        "Jane Roe opened the harbour school on Monday and said to all of the\n"
        "guests in the hall that it was late. “We have waited for ten years\n"
        "and will not wait again,” it says above the door of the new school.\n"
    )
    assert len(ask(text, "ten years and will not wait").hits) == 1


def test_words_outside_marks_are_narration() -> None:
    answer = ask("The shop closes at ten. “Come in,” says the sign.", "closes at ten")
    assert (answer.hits, len(answer.narration)) == ((), 1)


def test_article_in_another_language_is_named_as_not_read() -> None:
    text = (
        "Der Rat hat das Haus nicht verkauft und wird es mit der Stadt behalten. „Wir bleiben hier“, sagte Jana Roth."
    )
    assert [hit.reason for hit in ask(text, "wir bleiben hier").hits] == [NOT_READ]
    assert (ask(text, "haus nicht verkauft").hits, ask(text, "haus nicht verkauft").narration) == ((), ())

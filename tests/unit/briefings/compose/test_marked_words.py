"""Words between marks or under a label are never called the article's own."""

from collections.abc import Sequence

import pytest

from briefings.compose.marked_words import NOT_ATTRIBUTED, NOT_READ, PARTLY_MARKED
from briefings.compose.who_said.search import answer_who_said
from briefings.model import Article, Kind, Quote, SearchTotals, Span, Speaker, WhoSaid


def ask(text: str, words: str) -> WhoSaid:
    """Ask about an article in which no quote was recognised."""
    return answer_who_said(words, [(Article("a", text), ())], SearchTotals(1, 0))


@pytest.mark.parametrize(
    "marks", ["“”", '""', "„“", "»«", "‘’", "❝❞", "‹›", "「」", "‚‘", "‟”", ("<<", ">>"), ("&quot;", "&quot;")]
)
def test_words_between_marks_are_a_hit_without_a_speaker(marks: Sequence[str]) -> None:
    answer = ask(f"The door had a sign: {marks[0]}We close at ten.{marks[1]}", "close at ten")
    assert [(hit.quote, hit.speaker, hit.reason) for hit in answer.hits] == [("We close at ten.", None, NOT_ATTRIBUTED)]
    assert answer.narration == ()


def test_words_in_a_paragraph_with_too_many_marks_are_a_hit() -> None:
    answer = ask("“Yes.” " * 700 + "“We close at ten.”", "close at ten")
    assert len(answer.hits) == 1


@pytest.mark.parametrize(
    "label", ["ROE:", "Roe:", "Jane Roe:", "**Jane Roe:**", "* Jane Roe:", "Jane Roe, mayor:", "A.", "A:", "[Roe]", ">"]
)
def test_words_under_a_label_are_a_hit(label: str) -> None:
    answer = ask(f"It was late.\n\n{label} We close at ten.\n\nThe hall was full.", "close at ten")
    assert [(hit.quote.strip("> "), hit.speaker) for hit in answer.hits] == [("We close at ten.", None)]
    assert answer.narration == ()


def test_words_on_the_next_line_of_a_turn_are_a_hit() -> None:
    text = "ROE: We close the hall\nat ten tonight.\nThe hall was full."
    assert len(ask(text, "close the hall at ten").hits) == 1
    assert len(ask(text, "at ten tonight").hits) == 1
    assert ask(text, "hall was full").hits == ()


def test_words_after_a_line_that_ends_in_a_colon_are_a_hit() -> None:
    assert len(ask("In her letter Roe wrote:\n\nWe close at ten.", "close at ten").hits) == 1


def test_heading_of_a_note_is_no_label() -> None:
    assert ask("Update: The shop closes at ten.", "closes at ten").hits == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The “brass lantern” will be repaired, he said.", "brass lantern will be repaired"),
        ("The brass “lantern will be” repaired, he said.", "brass lantern will be repaired"),
        ("The brass “lantern will be repaired”, he said.", "brass lantern"),
    ],
)
def test_words_that_are_partly_in_marks_are_a_hit_with_their_sentence(text: str, words: str) -> None:
    answer = ask(f"It was late. {text} The hall was full.", words)
    assert [(hit.quote, hit.speaker, hit.reason) for hit in answer.hits] == [(text, None, PARTLY_MARKED)]
    assert ask(f"It was late. {text} The hall was full.", "hall was full").hits == ()


def test_words_outside_the_marks_of_a_sentence_are_no_hit() -> None:
    assert ask("“We wait,” said Ann Lee, the mayor.", "said Ann Lee").hits == ()


def test_words_over_two_quotations_are_a_hit_of_their_common_speaker() -> None:
    text = "“The brass lantern,” he said, “will be repaired.”"
    spans = (Span(1, 18), Span(31, 47))
    for speakers, name in (("Roe", "Roe"), "Roe"), (("Roe", "Lee"), None):
        quotes = [
            Quote((span,), None, None, Speaker(speaker), Kind.DIRECT, 0.9, "named")
            for span, speaker in zip(spans, speakers, strict=True)
        ]
        answer = answer_who_said("brass lantern will be", [(Article("a", text), quotes)], SearchTotals(1, 2))
        assert [hit.speaker.name if hit.speaker else None for hit in answer.hits] == [name]


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

"""Folding, sentences, words and spans keep the offsets of every character."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.text.folding import fold
from briefings.text.sentences import split_paragraphs, split_sentences
from briefings.text.words import count_words, find_words

ANY_TEXT = st.text(st.characters())
PROSE = st.lists(
    st.sampled_from(["Mr. A", "said", '"No', 'way."', ". ", "? ", "“", "”", "\n", "U.S.", "3.5", "é", " "])
).map(" ".join)


@given(ANY_TEXT)
def test_folded_text_has_the_same_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("‘I’m’", "'i'm'"), ("“A–B”", '"a-b"'), ("İstanbul", "İstanbul"), ("a\u00a0b\tc", "a b c"), ("ẞ", "ß")],
)
def test_fold_normalises_marks_dashes_spaces_and_case(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.one_of(ANY_TEXT, PROSE))
def test_every_visible_character_is_in_exactly_one_sentence(text: str) -> None:
    spans = split_sentences(text)
    assert all(first.end <= second.start for first, second in pairwise(spans))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    outside = (
        "".join([text[: spans[0].start], *(text[a.end : b.start] for a, b in pairwise(spans)), text[spans[-1].end :]])
        if spans
        else text
    )
    assert not outside.strip()


@given(st.one_of(ANY_TEXT, PROSE))
def test_sentence_is_within_one_paragraph(text: str) -> None:
    lines = split_paragraphs(text)
    for span in split_sentences(text):
        assert any(line.covers(span) for line in lines)


@pytest.mark.parametrize("filler", [" ", "x", '"', "é", "a. ", "\ud800", "“No.” "])
def test_line_longer_than_a_window_loses_no_text(filler: str) -> None:
    text = f"He left. {filler * 9_000} She stayed."
    spans = split_sentences(text)
    assert "".join(span.of(text) for span in spans).replace(" ", "") == text.replace(" ", "")


def test_abbreviations_and_quotes_do_not_split_sentences() -> None:
    text = 'Mr. Watson left. "It is over," he said. "Is it?" U.S. officials did not say.'
    assert [span.of(text) for span in split_sentences(text)] == [
        "Mr. Watson left.",
        '"It is over," he said.',
        '"Is it?"',
        "U.S. officials did not say.",
    ]


@given(st.one_of(ANY_TEXT, PROSE))
def test_words_are_in_order_and_begin_and_end_with_a_letter_or_digit(text: str) -> None:
    spans = list(find_words(text))
    assert all(first.end <= second.start for first, second in pairwise(spans))
    assert all(span.of(text)[0].isalnum() and span.of(text)[-1].isalnum() for span in spans)


def test_marks_inside_a_word_are_part_of_it() -> None:
    text = "Labour’s half-hearted 150,000-strong “go-slow” -- (U.S.)"
    assert [span.of(text) for span in find_words(text)] == [
        "Labour’s",
        "half-hearted",
        "150,000-strong",
        "go-slow",
        "U.S",
    ]
    assert count_words(text) == 6


@pytest.mark.parametrize(
    "sentence",
    [
        "She told reporters that Ms. Roe had left.",
        "Sen. Jane Roe, R-Calif., voted with Cllr. John Doe.",
        "It begins at 6 p.m. Monday in the town hall.",
        "It was written by A.N. Other for the council.",
        "The talks on Jan. 5 were held in the U.S. Capitol.",
        "“Is it over?” she asked the council.",
        "Yahoo! said it had no comment.",
    ],
)
def test_abbreviation_or_small_letter_does_not_end_a_sentence(sentence: str) -> None:
    assert [span.of(sentence) for span in split_sentences(sentence)] == [sentence]


def test_abbreviation_before_a_word_that_opens_sentences_ends_one() -> None:
    text = "They flew to the U.S. The talks began at 6 p.m. Jane Roe led them."
    assert len(split_sentences(text)) == 3

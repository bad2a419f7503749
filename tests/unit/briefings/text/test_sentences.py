"""Folding, sentences, words and spans keep every character in its place."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.model import Span
from briefings.text.folding import fold
from briefings.text.sentences import find_containing_span, split_paragraphs, split_sentences
from briefings.text.spans import find_overlapping, merge_spans
from briefings.text.words import count_words, find_words

ANY_TEXT = st.text(st.characters())
PROSE = st.lists(
    st.sampled_from(["Mr. A", "said", '"No', 'way."', ". ", "? ", "“", "”", "\n", "U.S.", "3.5", "é", " "])
).map(" ".join)
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)).map(lambda pair: Span(pair[0], sum(pair))))


@given(ANY_TEXT)
def test_a_folded_text_is_as_long_as_it_was(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("‘I’m’", "'i'm'"), ("“A–B”", '"a-b"'), ("İstanbul", "İstanbul"), ("a\u00a0b\tc", "a b c"), ("ẞ", "ß")],
)
def test_marks_dashes_spaces_and_case_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.one_of(ANY_TEXT, PROSE))
def test_every_visible_character_lies_in_exactly_one_sentence(text: str) -> None:
    found = split_sentences(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(0 <= span.start < span.end <= len(text) for span in found)
    outside = (
        "".join([text[: found[0].start], *(text[a.end : b.start] for a, b in pairwise(found)), text[found[-1].end :]])
        if found
        else text
    )
    assert not outside.strip()


@given(st.one_of(ANY_TEXT, PROSE))
def test_a_sentence_lies_within_one_paragraph(text: str) -> None:
    lines = split_paragraphs(text)
    for span in split_sentences(text):
        line = find_containing_span(lines, span.start)
        assert line is not None
        assert line.covers(span)


@pytest.mark.parametrize("filler", [" ", "x", '"', "é", "a. ", "\ud800", "“No.” "])
def test_a_line_of_many_windows_loses_nothing(filler: str) -> None:
    text = f"He left. {filler * 9_000} She stayed."
    found = split_sentences(text)
    assert "".join(span.of(text) for span in found).replace(" ", "") == text.replace(" ", "")


def test_sentences_end_where_a_reader_ends_them() -> None:
    text = 'Mr. Watson left. "It is over," he said. "Is it?" U.S. officials did not say.'
    assert [span.of(text) for span in split_sentences(text)] == [
        "Mr. Watson left.",
        '"It is over," he said.',
        '"Is it?"',
        "U.S. officials did not say.",
    ]


@given(st.one_of(ANY_TEXT, PROSE))
def test_words_are_in_order_and_begin_and_end_with_a_letter_or_digit(text: str) -> None:
    found = list(find_words(text))
    assert all(one.end < other.start or one.end == other.start for one, other in pairwise(found))
    assert all(span.of(text)[0].isalnum() and span.of(text)[-1].isalnum() for span in found)


def test_marks_inside_a_word_belong_to_it() -> None:
    text = "Labour’s half-hearted 150,000-strong “go-slow” -- (U.S.)"
    assert [span.of(text) for span in find_words(text)] == [
        "Labour’s",
        "half-hearted",
        "150,000-strong",
        "go-slow",
        "U.S",
    ]
    assert count_words(text) == 6


@given(SPANS)
def test_merged_spans_cover_the_same_characters_and_do_not_meet(spans: list[Span]) -> None:
    found = merge_spans(spans)
    assert {at for span in found for at in range(span.start, span.end)} == {
        at for span in spans for at in range(span.start, span.end)
    }
    assert all(one.end < other.start for one, other in pairwise(found))


@given(SPANS, st.integers(0, 60), st.integers(0, 9))
def test_touching_finds_just_the_spans_that_overlap(spans: list[Span], start: int, length: int) -> None:
    found, span = merge_spans(spans), Span(start, start + length)
    assert list(find_overlapping(found, span)) == [other for other in found if length and other.overlaps(span)]

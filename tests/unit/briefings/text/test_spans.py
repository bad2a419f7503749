"""Operations on many spans give the same results as checking every span."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from briefings.model import Span
from briefings.text.spans import SpanIndex, find_overlapping, merge_spans, subtract_spans

SPANS = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 40), st.integers(0, 12))
SPAN_LISTS = st.lists(SPANS, max_size=12)


def list_characters(*spans: Span) -> set[int]:
    return {index for span in spans for index in range(span.start, span.end)}


@given(SPAN_LISTS)
def test_merged_spans_cover_the_same_characters_with_gaps_between_them(spans: list[Span]) -> None:
    merged_spans = merge_spans(spans)
    assert list_characters(*merged_spans) == list_characters(*spans)
    assert all(first.end < second.start for first, second in pairwise(merged_spans))


@given(SPAN_LISTS, SPANS)
def test_overlapping_spans_share_a_character(spans: list[Span], span: Span) -> None:
    merged_spans = merge_spans(spans)
    expected = [candidate for candidate in merged_spans if list_characters(candidate) & list_characters(span)]
    assert list(find_overlapping(merged_spans, span)) == expected


@given(SPAN_LISTS, SPANS)
def test_subtraction_leaves_every_other_character(spans: list[Span], span: Span) -> None:
    remaining_spans = subtract_spans(span, merge_spans(spans))
    assert list_characters(*remaining_spans) == list_characters(span) - list_characters(*spans)


@given(SPAN_LISTS, SPANS)
def test_index_finds_overlapping_spans_even_if_nested(spans: list[Span], span: Span) -> None:
    """Numbers are positions in the given list, in ascending order."""
    expected = [number for number, candidate in enumerate(spans) if list_characters(candidate) & list_characters(span)]
    assert SpanIndex(spans).find_overlapping_numbers(span) == expected

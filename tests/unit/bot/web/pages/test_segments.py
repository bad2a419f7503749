"""Tests of split_into_segments: overlapping and nested spans."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.web.pages.highlighting import split_into_segments
from briefings.model import Span

_offset = st.integers(0, 60)
spans = st.lists(st.tuples(_offset, _offset).map(lambda pair: Span(min(pair), max(pair))), max_size=12)


@given(st.text(max_size=50), spans)
def test_joined_segments_are_the_text(text: str, mark_spans: list[Span]) -> None:
    whole = Span(0, len(text))
    assert "".join(segment.span.of(text) for segment in split_into_segments(whole, mark_spans)) == text


@given(spans, _offset, _offset)
def test_each_segment_lists_exactly_the_spans_that_cover_it(mark_spans: list[Span], first: int, second: int) -> None:
    """No span starts or ends inside a segment, and the segments have no gaps."""
    whole = Span(*sorted((first, second)))
    segments = split_into_segments(whole, mark_spans)
    for segment in segments:
        assert len(segment.span)
        for index, span in enumerate(mark_spans):
            assert span.overlaps(segment.span) == span.covers(segment.span) == (index in segment.span_indexes)
    assert all(left.span.end == right.span.start for left, right in pairwise(segments))


def test_nested_and_crossing_spans() -> None:
    segments = split_into_segments(Span(0, 10), [Span(2, 6), Span(4, 8), Span(2, 6), Span(5, 5)])
    assert [(s.span.start, s.span.end, s.span_indexes) for s in segments] == [
        (0, 2, ()),
        (2, 4, (0, 2)),
        (4, 6, (0, 1, 2)),
        (6, 8, (1,)),
        (8, 10, ()),
    ]

"""Segments: spans that overlap and nest cut a text so that nothing is lost."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.web.pages.highlighting import split_into_segments
from briefings.model import Span

_offset = st.integers(0, 60)
spans = st.lists(st.tuples(_offset, _offset).map(lambda pair: Span(min(pair), max(pair))), max_size=12)


@given(st.text(max_size=50), spans)
def test_the_segments_joined_are_the_text(text: str, marked: list[Span]) -> None:
    whole = Span(0, len(text))
    assert "".join(segment.span.of(text) for segment in split_into_segments(whole, marked)) == text


@given(spans, _offset, _offset)
def test_each_segment_lies_under_what_covers_it_and_nothing_else(marked: list[Span], one: int, other: int) -> None:
    """No segment is cut by a span; those beside each other differ."""
    whole = Span(min(one, other), max(one, other))
    found = split_into_segments(whole, marked)
    for segment in found:
        assert len(segment.span)
        for at, span in enumerate(marked):
            assert span.overlaps(segment.span) == span.covers(segment.span) == (at in segment.span_indexes)
    assert all(left.span.end == right.span.start for left, right in pairwise(found))


def test_nested_and_crossing() -> None:
    found = split_into_segments(Span(0, 10), [Span(2, 6), Span(4, 8), Span(2, 6), Span(5, 5)])
    assert [(s.span.start, s.span.end, s.span_indexes) for s in found] == [
        (0, 2, ()),
        (2, 4, (0, 2)),
        (4, 6, (0, 1, 2)),
        (6, 8, (1,)),
        (8, 10, ()),
    ]

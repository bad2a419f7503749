"""Many spans at once give what looking at every one of them would."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from briefings.model import Span
from briefings.text.spans import SpanIndex, find_overlapping, merge_spans, subtract_spans

SPANS = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 40), st.integers(0, 12))
MANY = st.lists(SPANS, max_size=12)


def characters(*spans: Span) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}


@given(MANY)
def test_merged_spans_cover_the_same_and_lie_apart(spans: list[Span]) -> None:
    found = merge_spans(spans)
    assert characters(*found) == characters(*spans)
    assert all(one.end < other.start for one, other in pairwise(found))


@given(MANY, SPANS)
def test_touching_gives_those_that_share_a_character(spans: list[Span], span: Span) -> None:
    apart = merge_spans(spans)
    assert list(find_overlapping(apart, span)) == [other for other in apart if characters(other) & characters(span)]


@given(MANY, SPANS)
def test_without_leaves_every_other_character(spans: list[Span], span: Span) -> None:
    assert characters(*subtract_spans(span, merge_spans(spans))) == characters(span) - characters(*spans)


@given(MANY, SPANS)
def test_overlapping_spans_are_found_nested_or_not(spans: list[Span], span: Span) -> None:
    """In the order in which they were given, as a search through all of them would find them."""
    wanted = [at for at, other in enumerate(spans) if characters(other) & characters(span)]
    assert SpanIndex(spans).find_overlapping_numbers(span) == wanted

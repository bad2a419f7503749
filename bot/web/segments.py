"""A text cut wherever something begins or ends in it, so that spans which overlap can be drawn as flat HTML. Pure.

Rule: nothing is lost and nothing added: the segments, joined, are the text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

from briefings.model import Span


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of characters over which the same spans lie: their places in the order given, lowest first."""

    span: Span
    span_indexes: tuple[int, ...]


def split_into_segments(whole: Span, spans: Sequence[Span]) -> list[Segment]:
    """`whole` in order, without gaps, cut at both ends of each of `spans`; what lies outside it, and empty ones, aside.

    Two segments beside each other lie under different spans.
    """
    clipped_spans = [
        (max(whole.start, span.start), min(whole.end, span.end), index) for index, span in enumerate(spans)
    ]
    upcoming_spans = sorted(span for span in clipped_spans if span[0] < span[1])
    boundaries = sorted(
        {whole.start, whole.end, *(start for start, _, _ in upcoming_spans), *(end for _, end, _ in upcoming_spans)}
    )
    result: list[Segment] = []
    open_spans: list[tuple[int, int]] = []
    next_index = 0
    for start, end in pairwise(boundaries):
        while open_spans and open_spans[0][0] <= start:
            heappop(open_spans)
        while next_index < len(upcoming_spans) and upcoming_spans[next_index][0] == start:
            heappush(open_spans, (upcoming_spans[next_index][1], upcoming_spans[next_index][2]))
            next_index += 1
        result.append(Segment(Span(start, end), tuple(sorted(index for _, index in open_spans))))
    return result

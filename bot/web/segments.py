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
    under: tuple[int, ...]


def segments(whole: Span, spans: Sequence[Span]) -> list[Segment]:
    """`whole` in order, without gaps, cut at both ends of each of `spans`; what lies outside it, and empty ones, aside.

    Two segments beside each other lie under different spans.
    """
    clipped = [(max(whole.start, span.start), min(whole.end, span.end), at) for at, span in enumerate(spans)]
    coming = sorted(span for span in clipped if span[0] < span[1])
    cuts = sorted({whole.start, whole.end, *(start for start, _, _ in coming), *(end for _, end, _ in coming)})
    found: list[Segment] = []
    open_: list[tuple[int, int]] = []
    number = 0
    for start, end in pairwise(cuts):
        while open_ and open_[0][0] <= start:
            heappop(open_)
        while number < len(coming) and coming[number][0] == start:
            heappush(open_, (coming[number][1], coming[number][2]))
            number += 1
        found.append(Segment(Span(start, end), tuple(sorted(at for _, at in open_))))
    return found

"""Many spans at once: which of them touch another one, found without looking at them all."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from briefings.model import Span


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """`spans` in order, those that overlap or meet joined into one; empty ones are left out."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        elif len(span):
            found.append(span)
    return tuple(found)


def touching(spans: Sequence[Span], span: Span) -> Sequence[Span]:
    """Those of `spans` (in order, not overlapping, as `merged` gives them) that share a character with `span`."""
    first = bisect_right(spans, span.start, key=lambda other: other.end)
    last = bisect_left(spans, span.end, key=lambda other: other.start)
    return spans[first:last] if len(span) else ()


def without(whole: Span, others: Sequence[Span]) -> list[Span]:
    """What stays of `whole` when `others` (in order, none overlapping another) are taken out of it."""
    kept, start = [], whole.start
    for span in touching(others, whole):
        if span.start > start:
            kept.append(Span(start, span.start))
        start = max(start, span.end)
    return [*kept, Span(start, whole.end)] if start < whole.end else kept


class Overlapping:
    """Spans, in any order and nested as they may be, found by what they overlap."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._placed = sorted((span, number) for number, span in enumerate(spans))
        self._starts = [span.start for span, _ in self._placed]
        #: the furthest end of each span and all that start before it
        self._reach = list(accumulate((span.end for span, _ in self._placed), max))

    def numbers(self, span: Span) -> list[int]:
        """The places, in the order given at first, of those that share a character with `span`; lowest first."""
        found: list[int] = []
        at = bisect_left(self._starts, span.end) - 1
        while at >= 0 and self._reach[at] > span.start:
            other, number = self._placed[at]
            if other.overlaps(span):
                found.append(number)
            at -= 1
        return sorted(found)

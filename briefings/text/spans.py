"""Many spans at once: which of them touch another one, found without looking at them all."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

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

"""Many spans at once: which of them touch another one, found without looking at them all.

A view of a text with parts of it blanked out: same length, so that every offset stays what it was.

Which texts can be kept as they are: all but the two kinds that databases or UTF-8 have no place for.

Rule: such a text is refused, never repaired; a character dropped would move every offset after it.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from briefings.model import Span


def merge_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """`spans` in order, those that overlap or meet joined into one; empty ones are left out."""
    merged_spans: list[Span] = []
    for span in sorted(spans):
        if merged_spans and span.start <= merged_spans[-1].end:
            merged_spans[-1] = Span(merged_spans[-1].start, max(merged_spans[-1].end, span.end))
        elif len(span):
            merged_spans.append(span)
    return tuple(merged_spans)


def find_overlapping(spans: Sequence[Span], span: Span) -> Sequence[Span]:
    """Those of `spans` (in order, not overlapping, as `merged` gives them) that share a character with `span`."""
    first_index = bisect_right(spans, span.start, key=lambda other_span: other_span.end)
    last_index = bisect_left(spans, span.end, key=lambda other_span: other_span.start)
    return spans[first_index:last_index] if len(span) else ()


def subtract_spans(whole: Span, removed_spans: Sequence[Span]) -> list[Span]:
    """What stays of `whole` when `others` (in order, none overlapping another) are taken out of it."""
    remaining_spans, start = [], whole.start
    for span in find_overlapping(removed_spans, whole):
        if span.start > start:
            remaining_spans.append(Span(start, span.start))
        start = max(start, span.end)
    return [*remaining_spans, Span(start, whole.end)] if start < whole.end else remaining_spans


class SpanIndex:
    """Spans, in any order and nested as they may be, found by what they overlap."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._numbered_spans = sorted((span, number) for number, span in enumerate(spans))
        self._starts = [span.start for span, _ in self._numbered_spans]
        #: the furthest end of each span and all that start before it
        self._furthest_ends = list(accumulate((span.end for span, _ in self._numbered_spans), max))

    def find_overlapping_numbers(self, span: Span) -> list[int]:
        """The places, in the order given at first, of those that share a character with `span`; lowest first."""
        overlapping_numbers: list[int] = []
        index = bisect_left(self._starts, span.end) - 1
        while index >= 0 and self._furthest_ends[index] > span.start:
            other_span, number = self._numbered_spans[index]
            if other_span.overlaps(span):
                overlapping_numbers.append(number)
            index -= 1
        return sorted(overlapping_numbers)


def mask_spans(text: str, spans: Iterable[Span]) -> str:
    """`text` with every character of `spans` turned into a blank, line ends aside."""
    pieces: list[str] = []
    end = 0
    for span in sorted(spans):
        start = max(end, span.start)
        if span.end > start:
            pieces += [text[end:start], "\n".join(" " * len(line) for line in text[start : span.end].split("\n"))]
            end = min(span.end, len(text))
    return "".join([*pieces, text[end:]])


_SURROGATE = re.compile("[\ud800-\udfff]")


def explain_unstorable(text: str) -> str | None:
    """What keeps `text` from being stored byte for byte, as the rest of a sentence ("holds ..."); None when nothing."""
    if "\0" in text:
        return "holds a NUL character, which no text has (UTF-16, or not a text at all?)"
    if _SURROGATE.search(text):
        return "holds half of a surrogate pair, which stands for no character"
    return None

"""Operations on many spans: merge, find overlaps, subtract, mask. Also the check for text that cannot be stored.

Rule: masking keeps the length of a text, so that offsets stay valid. Rule: a text that cannot be stored is refused,
never repaired, because a dropped character would move every later offset.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from briefings.model import Span

_SURROGATE = re.compile("[\ud800-\udfff]")


def merge_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return `spans` in order, with overlapping and adjacent spans joined and empty spans dropped."""
    merged_spans: list[Span] = []
    for span in sorted(spans):
        if merged_spans and span.start <= merged_spans[-1].end:
            merged_spans[-1] = Span(merged_spans[-1].start, max(merged_spans[-1].end, span.end))
        elif len(span):
            merged_spans.append(span)
    return tuple(merged_spans)


def find_overlapping(spans: Sequence[Span], span: Span) -> Sequence[Span]:
    """Return the spans that share a character with `span`.

    `spans` must be in order and must not overlap, as `merge_spans` returns them.
    """
    first_index = bisect_right(spans, span.start, key=lambda other_span: other_span.end)
    last_index = bisect_left(spans, span.end, key=lambda other_span: other_span.start)
    return spans[first_index:last_index] if len(span) else ()


def subtract_spans(whole: Span, removed_spans: Sequence[Span]) -> list[Span]:
    """Return what remains of `whole` without `removed_spans`, which must be in order and must not overlap."""
    remaining_spans, start = [], whole.start
    for span in find_overlapping(removed_spans, whole):
        if span.start > start:
            remaining_spans.append(Span(start, span.start))
        start = max(start, span.end)
    return [*remaining_spans, Span(start, whole.end)] if start < whole.end else remaining_spans


class SpanIndex:
    """Index of spans, in any order and possibly nested, for finding overlaps."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._numbered_spans = sorted((span, number) for number, span in enumerate(spans))
        self._starts = [span.start for span, _ in self._numbered_spans]
        #: for each span, the largest end among it and all spans that start before it
        self._furthest_ends = list(accumulate((span.end for span, _ in self._numbered_spans), max))

    def find_overlapping_numbers(self, span: Span) -> list[int]:
        """Return the indexes of the spans that share a character with `span`, in ascending order.

        An index is the position in the spans given to the constructor.
        """
        overlapping_numbers: list[int] = []
        index = bisect_left(self._starts, span.end) - 1
        while index >= 0 and self._furthest_ends[index] > span.start:
            other_span, number = self._numbered_spans[index]
            if other_span.overlaps(span):
                overlapping_numbers.append(number)
            index -= 1
        return sorted(overlapping_numbers)


def mask_spans(text: str, spans: Iterable[Span]) -> str:
    """Return `text` with every character of `spans` replaced by a space, except line ends."""
    pieces: list[str] = []
    end = 0
    for span in sorted(spans):
        start = max(end, span.start)
        if span.end > start:
            pieces += [text[end:start], "\n".join(" " * len(line) for line in text[start : span.end].split("\n"))]
            end = min(span.end, len(text))
    return "".join([*pieces, text[end:]])


def explain_unstorable(text: str) -> str | None:
    """Return why `text` cannot be stored byte for byte, as the end of a sentence ("holds ..."), else None."""
    if "\0" in text:
        return "holds a NUL character (is it UTF-16, or not a text file?)"
    if _SURROGATE.search(text):
        return "holds half of a surrogate pair, which is not a character"
    return None

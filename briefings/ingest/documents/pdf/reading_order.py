"""Put the fragments of a page into reading order, and join those of one line.

Rule: the order of the file stays if it is a reading order: nearly every fragment is below the one before it, or to the
right of it. Otherwise the page is read column by column from the top. Lines that span several columns separate what
is above them from what is below.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from briefings.ingest.documents.pdf.fragments import LINE_END_HYPHEN, Fragment

#: share of fragments that follow the one before
_MIN_COHERENT_SHARE = 0.75
#: fragments are on one line if their baselines differ by less than this share of their size
_SAME_LINE = 0.4
#: next line of a column: maximum distance, in sizes
_MAX_STEP = 4.0
#: resolution of the search for columns, in points; maximum depth of columns inside columns
_BIN, _MAX_DEPTH = 2.0, 6
#: widest drop of coverage between two columns: share of the lines that may cross the gutter
_MAX_CROSSING_SHARE = 0.25
#: a column has at least this many lines, and this median width in sizes
_MIN_COLUMN_LINES, _MIN_COLUMN_WIDTH = 3, 7.0
_MIN_GUTTER = 0.6


def order_lines(fragments: Sequence[Fragment]) -> list[Fragment]:
    """Return the lines of a page in reading order."""
    ordered_fragments = list(fragments) if _is_coherent(fragments) else list(_order(fragments, _MAX_DEPTH))
    return list(_join_lines(ordered_fragments))


def _is_coherent(fragments: Sequence[Fragment]) -> bool:
    pairs = list(pairwise(fragments))
    return sum(_follows(first, second) for first, second in pairs) >= _MIN_COHERENT_SHARE * len(pairs)


def _follows(first: Fragment, second: Fragment) -> bool:
    """Tell whether the second fragment continues the first: right of it on its line, or below it."""
    size = max(first.size, second.size)
    if abs(first.y - second.y) < _SAME_LINE * size:
        return -size < second.start - first.end < 2 * size
    if second.y > first.y and second.start > first.start + _MIN_COLUMN_WIDTH * size:
        return True  # top of the next column
    return 0 < first.y - second.y < _MAX_STEP * size and first.overlaps(second)


def _order(fragments: Sequence[Fragment], depth: int) -> Iterator[Fragment]:
    gutter = _find_gutter(fragments) if depth else None
    if gutter is None:
        yield from _order_rows(fragments)
        return
    band: list[Fragment] = []
    for fragment in _order_rows(fragments):
        if fragment.start < gutter < fragment.end:
            yield from _order_columns(band, gutter, depth)
            band = []
            yield fragment
        else:
            band.append(fragment)
    yield from _order_columns(band, gutter, depth)


def _order_columns(band: Sequence[Fragment], gutter: float, depth: int) -> Iterator[Fragment]:
    yield from _order([fragment for fragment in band if fragment.end <= gutter], depth - 1)
    yield from _order([fragment for fragment in band if fragment.start >= gutter], depth - 1)


def _order_rows(fragments: Iterable[Fragment]) -> Iterator[Fragment]:
    """Yield fragments from top to bottom, and those of one line from left to right."""
    row: list[Fragment] = []
    for fragment in sorted(fragments, key=lambda fragment: -fragment.y):
        if row and row[0].y - fragment.y >= _SAME_LINE * min(row[0].size, fragment.size):
            yield from sorted(row, key=lambda item: item.start)
            row = []
        row.append(fragment)
    yield from sorted(row, key=lambda item: item.start)


def _find_gutter(fragments: Sequence[Fragment]) -> float | None:
    """Return the middle of the widest blank strip that has columns of text on both sides, or None."""
    if len(fragments) < 2 * _MIN_COLUMN_LINES:
        return None
    size = median(fragment.size for fragment in fragments)
    start = min(fragment.start for fragment in fragments)
    bins = [0] * (int((max(fragment.end for fragment in fragments) - start) / _BIN) + 2)
    if len(bins) > 10_000:
        return None
    for fragment in fragments:
        for index in range(int((fragment.start - start) / _BIN), int((fragment.end - start) / _BIN) + 1):
            bins[index] += 1
    limit = _MAX_CROSSING_SHARE * max(bins)
    best: tuple[int, float] | None = None
    index = 0
    while index < len(bins):
        end = index
        while end < len(bins) and bins[end] <= limit:
            end += 1
        middle = start + (index + end) / 2 * _BIN
        is_wide = (end - index + 1) * _BIN >= _MIN_GUTTER * size
        if is_wide and (best is None or end - index > best[0]) and _separates(fragments, middle, size):
            best = (end - index, middle)
        index = max(end, index) + 1
    return best[1] if best else None


def _separates(fragments: Sequence[Fragment], gutter: float, size: float) -> bool:
    """Tell whether running text is on both sides of a gutter, side by side."""
    sides = (
        [fragment for fragment in fragments if fragment.end <= gutter],
        [fragment for fragment in fragments if fragment.start >= gutter],
    )
    for side in sides:
        if len(side) < _MIN_COLUMN_LINES:
            return False
        if median(fragment.end - fragment.start for fragment in side) < _MIN_COLUMN_WIDTH * size:
            return False
    (left_low, left_high), (right_low, right_high) = (
        (min(fragment.y for fragment in side), max(fragment.y for fragment in side)) for side in sides
    )
    return min(left_high, right_high) > max(left_low, right_low)


def _join_lines(fragments: Iterable[Fragment]) -> Iterator[Fragment]:
    """Join neighbours that are on one line, from left to right."""
    line: Fragment | None = None
    for fragment in fragments:
        if line is None:
            line = fragment
        elif _is_same_line(line, fragment):
            line = _join(line, fragment)
        else:
            yield line
            line = fragment
    if line is not None:
        yield line


def _is_same_line(line: Fragment, fragment: Fragment) -> bool:
    """Tell whether a fragment continues a line; a raised or lowered letter touches it."""
    distance = fragment.start - line.end
    is_near = abs(distance) < 0.3 * line.size
    size = max(line.size, fragment.size) if is_near else min(line.size, fragment.size)
    return abs(line.y - fragment.y) < _SAME_LINE * size and distance > -line.size


def _join(line: Fragment, fragment: Fragment) -> Fragment:
    is_near = fragment.start - line.end < 0.1 * line.size
    separator = "" if is_near or line.text.endswith(LINE_END_HYPHEN) else " "
    text = line.text.removesuffix(LINE_END_HYPHEN) + separator + fragment.text
    size = line.size if len(line.text) >= len(fragment.text) else fragment.size
    y = line.y if line.size >= fragment.size else fragment.y
    return Fragment(text, line.start, max(line.end, fragment.end), y, size)

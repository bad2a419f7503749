"""Join the lines of pages into paragraphs.

Rule: a paragraph ends at a gap, an indent, another size of letters, or a line that ends early. One that is not finished
goes on in the next column or page. Rule: lines of one paragraph are joined by a blank, because the page has no line
ends, only places. A hyphen at a line end goes, unless the document writes the word with it.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from briefings.ingest.documents.pdf.fragments import LINE_END_HYPHEN, Fragment

#: relative difference of sizes of a heading and text; distance between lines of two paragraphs, in normal distances
_SIZE_STEP, _GAP = 0.2, 1.3
#: indent of a first line, in sizes: least and most
_MIN_INDENT, _MAX_INDENT = 0.6, 5.0
#: part of a line's end that may be empty in a line that goes on, in sizes
_SLACK = 0.5
#: the same as a share of the column's width: lines that are wrapped by their number of letters differ
_MIN_ROOM = 0.1
#: number of pieces of a paragraph in which an open quotation mark is searched
_MAX_LOOKBACK = 60
_MAX_LEADING = 2.2
_SENTENCE_END = re.compile(r"[.!?:…][\"”’')\]»]*$")
_ITEM = re.compile(r"[•‣▪◦●·–—*-]\s|\d{1,3}[.)]\s|\([a-z\d]{1,3}\)\s|[QA][.:]\s")
_LABEL = re.compile(
    r"[A-Z][A-Z.'’-]{1,20}(?: [A-Z][A-Z.'’-]{1,20}){0,4}(?: \([^)]{1,40}\))?:\s"
    r"|(?:Title|Headline|Date|Published|Byline|Author|Outlet|Publisher|URL|Link|Contact|Tel|Email|From|To|Subject):\s"
)
_MAX_WORD = 60
_WORD = re.compile(r"[^\W\d_]+(?:[-‐’'][^\W\d_]+)*")
_TAIL = re.compile(r"([^\W\d_]+(?:[-‐][^\W\d_]+)*)$")
#: first parts of words that keep their hyphen
_PREFIX_LIST = (
    "all anti co cross ex eight five four full half high ill left long low mid multi near never nine non old one part"
    " post pre pro right self semi seven short single six so ten then three twenty thirty forty fifty two vice well"
    " world year"
)
_PREFIXES = frozenset(_PREFIX_LIST.split())


@dataclass(frozen=True, slots=True)
class _Line:
    """One line with the edges of its column and the normal distance of lines there."""

    fragment: Fragment
    start: float
    end: float
    leading: float
    page: int

    @property
    def text(self) -> str:
        return self.fragment.text


def join_paragraphs(pages: Sequence[Sequence[Fragment]]) -> str:
    """Return the text of all pages: paragraphs apart by a blank line. Each page is its lines in reading order."""
    lines = [line for number, page in enumerate(pages) for line in _measure_lines(page, number)]
    if not lines:
        return ""
    words = {word.lower() for line in lines for word in _WORD.findall(line.text)}
    body_size = _find_body_size(lines)
    pieces = [lines[0].text]
    start = 0
    for index, (line, after) in enumerate(pairwise(lines)):
        before = lines[index - 1] if index else None
        separator = _separate(before, line, after, body_size, pieces[start:][-_MAX_LOOKBACK:])
        if separator == " ":
            _append_line(pieces, after.text, words)
        else:
            pieces[-1] = _end_line(pieces[-1])
            pieces += [separator, after.text]
            if separator == "\n\n":
                start = len(pieces) - 1
    pieces[-1] = _end_line(pieces[-1])
    return "".join(pieces)


def _measure_lines(page: Sequence[Fragment], number: int) -> Iterator[_Line]:
    """Yield the lines of a page with the right edges and the line distance of the columns they are in."""
    by_height = sorted(page, key=lambda line: line.y)
    heights = [line.y for line in by_height]
    page_start = min((line.start for line in page), default=0.0)
    for column in _split_columns(page):
        size = median(line.size for line in column)
        steps = [first.y - second.y for first, second in pairwise(column)]
        leading = median([step for step in steps if step <= _MAX_LEADING * size] or [1.2 * size])
        ends = sorted(line.end for line in column)
        start, limit, limits = page_start, math.inf, []
        for line in column:
            window = slice(bisect_left(heights, line.y - line.size), bisect_left(heights, line.y + line.size))
            beside = [other.start for other in by_height[window] if other.start >= line.end]
            if any(other.end <= line.start for other in by_height[window]):
                start = min(line.start for line in column)
            if beside or line.end > limit:
                limit = min(beside, default=math.inf)
            limits.append(limit)
        for line, line_limit in zip(column, limits, strict=True):
            end = ends[bisect_right(ends, line_limit) - 1]
            yield _Line(line, start, end, leading * max(1.0, line.size / size), number)


def _split_columns(page: Sequence[Fragment]) -> Iterator[list[Fragment]]:
    """Yield runs of lines that are below each other."""
    column: list[Fragment] = []
    for line in page:
        if column and not (line.y < column[-1].y and line.overlaps(column[-1])):
            yield column
            column = []
        column.append(line)
    if column:
        yield column


def _find_body_size(lines: Sequence[_Line]) -> float:
    sizes = sorted((line.fragment.size, len(line.text)) for line in lines)
    half = sum(length for _, length in sizes) / 2
    for size, length in sizes:
        half -= length
        if half <= 0:
            return size
    return sizes[-1][0]


def _separate(before: _Line | None, line: _Line, after: _Line, body_size: float, paragraph: Sequence[str]) -> str:
    """Return what is between two lines: a blank inside a paragraph, a line end, or a blank line."""
    first, second = line.fragment, after.fragment
    size = max(first.size, second.size)
    if abs(first.size - second.size) > _SIZE_STEP * size:
        return "\n\n"
    if line.page == after.page and second.y < first.y and not second.overlaps(first):
        return "\n\n"
    if _is_break(line, after):
        return " " if _goes_on(line, after, "".join(paragraph)) else "\n\n"
    if first.y - second.y > _GAP * line.leading + 0.05 * size:
        return "\n\n"
    if _ITEM.match(after.text) or _LABEL.match(after.text):
        return "\n\n" if _SENTENCE_END.search(line.text) else "\n"
    if first.size > (1 + _SIZE_STEP) * body_size:
        return " "  # a headline
    if _are_ragged(line, after):
        return "\n"
    if _is_indented(before, line, after):
        return "\n\n"
    if not _ends_early(line, after) or after.text[0].islower() or _has_open_quotation("".join(paragraph)):
        return " "
    return "\n\n" if _SENTENCE_END.search(line.text) else "\n"


def _is_break(line: _Line, after: _Line) -> bool:
    """Tell whether the next line is on another page or in another column."""
    first, second = line.fragment, after.fragment
    return line.page != after.page or second.y >= first.y or not second.overlaps(first)


def _goes_on(line: _Line, after: _Line, paragraph: str) -> bool:
    """Tell whether a paragraph goes on in the next column or page."""
    if _ITEM.match(after.text) or _LABEL.match(after.text):
        return False
    if line.text.endswith(("-", "‐", LINE_END_HYPHEN)) or after.text[0].islower() or _has_open_quotation(paragraph):
        return True
    return not _SENTENCE_END.search(line.text) and not _ends_early(line, after)


def _has_open_quotation(paragraph: str) -> bool:
    last_open = paragraph.rfind("“")
    return last_open > paragraph.rfind("”") or (last_open < 0 and paragraph.count('"') % 2 == 1)


def _ends_early(line: _Line, after: _Line) -> bool:
    """Tell whether a line ends far before the edge: the next line's first word would have fitted, with room left."""
    fragment = after.fragment
    word = after.text.split(None, 1)[0]
    width = (fragment.end - fragment.start) * (len(word) + 1) / max(1, len(after.text))
    room = max(_SLACK * line.fragment.size, _MIN_ROOM * (line.end - line.fragment.start))
    return line.fragment.end + width < line.end - room


def _are_ragged(line: _Line, after: _Line) -> bool:
    """Tell whether two lines are centred or end at the right: each begins elsewhere, far from the column's edge."""
    first, second = line.fragment, after.fragment
    size = max(first.size, second.size)
    is_far = min(first.start, second.start) > line.start + _MAX_INDENT * size
    return is_far and abs(first.start - second.start) > _SLACK * size


def _is_indented(before: _Line | None, line: _Line, after: _Line) -> bool:
    """Tell whether a line begins a paragraph by its indent, or follows an indented passage of several lines."""
    first, second = line.fragment, after.fragment
    step = (second.start - first.start) / second.size
    if _MIN_INDENT <= step <= _MAX_INDENT:
        return not _ITEM.match(line.text)  # the lines of an item hang under its first
    was_indented = before is not None and abs(before.fragment.start - first.start) < _MIN_INDENT * first.size
    return -_MAX_INDENT <= step <= -_MIN_INDENT and was_indented and before is not None and before.page == line.page


def _append_line(pieces: list[str], text: str, words: Set[str]) -> None:
    """Append a line to a paragraph; mend a word that a hyphen breaks."""
    last = pieces[-1]
    is_marked = last.endswith(LINE_END_HYPHEN)
    if not is_marked and not last.endswith(("-", "‐")):
        pieces += ["" if re.search(r"\S[—/]$", last) else " ", text]
        return
    stem = last[:-1]
    tail, head = _TAIL.search(stem[-_MAX_WORD:]), _WORD.match(text[:_MAX_WORD])
    if tail is None or head is None or not head[0][0].islower():
        hyphen = "-" if is_marked else last[-1]
        # a dash has a blank before it
        pieces[-1:] = [stem, hyphen, " " if stem.endswith(" ") or not stem else "", text]
        return
    keeps_hyphen = _keeps_hyphen(tail[1].lower(), head[0].lower(), words)
    pieces[-1:] = [stem, "-" if keeps_hyphen else "", text]


def _keeps_hyphen(tail: str, head: str, words: Set[str]) -> bool:
    if f"{tail}-{head}" in words:
        return True
    if f"{tail}{head}" in words:
        return False
    return tail in _PREFIXES or "-" in tail or "-" in head


def _end_line(text: str) -> str:
    return text.replace(LINE_END_HYPHEN, "-")

"""Find the passages inside quotation marks: curly, straight or single, in one paragraph or several.

Rule: one pass over the marks, one paragraph at a time. A mark without a partner affects at most its own paragraph. A
quotation inside a passage belongs to the outer passage.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from briefings.model import Span

_MARK = re.compile(r"[“”„‟«»\"‘’'`]{1,2}")
_TAG = re.compile(r"<[a-zA-Z/!][^<>\n]{0,2000}>")
_PARAGRAPH = re.compile(r"[^\n]+")
_DOUBLE_OPEN, _DOUBLE_CLOSE = frozenset("“„«"), frozenset("”‟»")
_BEFORE_OPEN = frozenset(" \t\u00a0([{—–-/…:;>\u200b\ufeff\u2009\u202f")
_AFTER_CLOSE = frozenset(" \t\u00a0)]}—–-/…:;,.!?<\u200b\u2009\u202f")

_ENDS = frozenset(".,!?…")
#: maximum paragraphs without a mark inside one block quotation
_MAX_UNMARKED_PARAGRAPHS = 3
#: a paragraph with more marks is not prose and contains no quotations
MAX_MARKS = 600
#: words; a shorter passage is a quotation only with a verb of saying
MIN_UNCUED_WORDS = 4


@dataclass(frozen=True, slots=True)
class Passage:
    """Words inside marks: `inner` without the marks, `outer` with them.

    `is_continuation` says that the passage continues the speech of the passage before.
    """

    inner: Span
    outer: Span
    is_closed: bool
    is_continuation: bool = False


class _Mark(NamedTuple):  # a page can have very many, and a named tuple is made four times faster
    start: int
    end: int
    can_open: bool
    can_close: bool
    is_single: bool


def find_passages(text: str, *, max_marks: int | None = MAX_MARKS) -> list[Passage]:
    """Return the outermost quoted passages of `text`, in order.

    A passage is never empty and never crosses a line end. A paragraph with more than `max_marks` marks has none.
    """
    return list(_find_passages(text, max_marks))


@lru_cache(maxsize=1)  # several steps ask for those of one text
def _find_passages(text: str, max_marks: int | None) -> tuple[Passage, ...]:
    tags = [match.span() for match in _TAG.finditer(text)] if "<" in text else []
    quoted_passages: list[Passage] = []
    open_index: int | None = None  # index of a passage that was never closed
    unmarked_paragraphs: list[Span] = []  # paragraphs without marks since then
    for paragraph in _PARAGRAPH.finditer(text):
        if not paragraph.group().strip():
            continue
        found_marks = _find_marks(text, paragraph.start(), paragraph.end(), tags)
        marks = list(found_marks if max_marks is None else islice(found_marks, max_marks + 1))
        marks = marks if max_marks is None or len(marks) <= max_marks else []
        paragraph_passages, orphan_mark = _pair_marks(text, paragraph.start(), paragraph.end(), marks)
        if open_index is not None and orphan_mark is not None and len(unmarked_paragraphs) < _MAX_UNMARKED_PARAGRAPHS:
            quoted_passages += [_build_whole_passage(text, span) for span in unmarked_paragraphs]
            quoted_passages.append(_build_whole_passage(text, Span(paragraph.start(), orphan_mark.start), orphan_mark))
        elif (
            open_index is not None
            and paragraph_passages
            and not text[paragraph.start() : paragraph_passages[0].outer.start].strip()
            and not unmarked_paragraphs
        ):
            paragraph_passages[0] = Passage(
                paragraph_passages[0].inner,
                paragraph_passages[0].outer,
                paragraph_passages[0].is_closed,
                is_continuation=True,
            )
        if paragraph_passages and not paragraph_passages[-1].is_closed:
            open_index, unmarked_paragraphs = len(quoted_passages), []
        elif paragraph_passages or orphan_mark is not None or len(unmarked_paragraphs) >= _MAX_UNMARKED_PARAGRAPHS:
            open_index, unmarked_paragraphs = None, []
        elif open_index is not None:
            unmarked_paragraphs.append(Span(*paragraph.span()))
        quoted_passages += paragraph_passages
    return tuple(passage for passage in quoted_passages if len(passage.inner) and not passage.inner.of(text).isspace())


def _build_whole_passage(text: str, span: Span, closing_mark: _Mark | None = None) -> Passage:
    body = span.of(text)
    start = span.start + len(body) - len(body.lstrip()) if body.strip() else span.start
    inner = Span(start, start + len(body.strip()))
    return Passage(
        inner,
        Span(inner.start, closing_mark.end if closing_mark else inner.end),
        closing_mark is not None,
        is_continuation=True,
    )


def _find_marks(text: str, start: int, end: int, tags: Sequence[tuple[int, int]]) -> Iterator[_Mark]:
    """Yield the quotation marks of one paragraph, without apostrophes and marks inside HTML tags."""
    for match in _MARK.finditer(text, start, end):
        if tags and _is_inside_tag(match.start(), tags):
            continue
        run, index = match.group(), match.start()
        if run == '""' and not (text[index - 1 : index].isalnum() or text[index - 1 : index] in _ENDS):
            continue  # empty: an attribute without a value, or a table cell
        if run in ("''", "``"):
            yield _classify_mark(text, index, index + 2, start, end, run)
        else:
            for number, char in enumerate(run):
                mark = _classify_mark(text, index + number, index + number + 1, start, end, char)
                if mark.can_open or mark.can_close:
                    yield mark


def _classify_mark(text: str, index: int, after: int, start: int, end: int, char: str) -> _Mark:
    char_before = text[index - 1] if index > start else " "
    char_after = text[after] if after < end else " "
    is_free_before = char_before in _BEFORE_OPEN or char_before in "“\"‘'"
    is_free_after = char_after in _AFTER_CLOSE or char_after in "”\"’'"
    if char in _DOUBLE_OPEN or char == "``":  # typesetters and tokenised texts put a space after it
        return _Mark(index, after, can_open=True, can_close=False, is_single=False)
    if char in _DOUBLE_CLOSE:
        return _Mark(index, after, can_open=False, can_close=True, is_single=False)
    if char in ('"', "''", "``"):
        can_open, can_close = is_free_before and char_after not in " \t", is_free_after and char_before not in " \t"
        is_ambiguous = can_open == can_close
        return _Mark(
            index, after, can_open=can_open or is_ambiguous, can_close=can_close or is_ambiguous, is_single=False
        )
    can_open = char in "‘'" and is_free_before and (char_after.isalnum() or char_after in '“"$£€[…')
    can_close = char in "’'" and is_free_after and char_before not in " \t"
    return _Mark(index, after, can_open=can_open, can_close=can_close and not can_open, is_single=True)


def _is_inside_tag(index: int, tags: Sequence[tuple[int, int]]) -> bool:
    low, high = 0, len(tags)
    while low < high:
        middle = (low + high) // 2
        if tags[middle][1] <= index:
            low = middle + 1
        else:
            high = middle
    return low < len(tags) and tags[low][0] <= index


def _pair_marks(text: str, start: int, end: int, marks: list[_Mark]) -> tuple[list[Passage], _Mark | None]:
    """Return the passages of one paragraph, and its first closing mark if no passage opened before it."""
    has_closer = _find_single_closers(marks)
    quoted_passages: list[Passage] = []
    orphan_mark: _Mark | None = None
    opening_mark: _Mark | None = None
    for number, mark in enumerate(marks):
        if opening_mark is None:
            if mark.can_open and (not mark.is_single or has_closer[number]):
                opening_mark = mark
            elif mark.can_close and not mark.is_single and not quoted_passages and orphan_mark is None:
                orphan_mark = mark
        elif (
            mark.can_close
            and mark.is_single == opening_mark.is_single
            and (not mark.is_single or _is_final(text, mark, has_closer[number]))
        ):
            quoted_passages.append(
                Passage(Span(opening_mark.end, mark.start), Span(opening_mark.start, mark.end), is_closed=True)
            )
            opening_mark = None
    if opening_mark is not None:
        last = start + len(text[start:end].rstrip())
        quoted_passages.append(
            Passage(
                Span(opening_mark.end, max(last, opening_mark.end)),
                Span(opening_mark.start, max(last, opening_mark.end)),
                is_closed=False,
            )
        )
    return quoted_passages, orphan_mark


def _find_single_closers(marks: list[_Mark]) -> list[bool]:
    """Return for each mark whether a single closing mark follows before the next single opening mark."""
    result, has_closer = [False] * len(marks), False
    for number in range(len(marks) - 1, -1, -1):
        result[number] = has_closer
        mark = marks[number]
        if mark.is_single and mark.can_open:
            has_closer = False
        elif mark.is_single and mark.can_close:
            has_closer = True
    return result


def _is_final(text: str, mark: _Mark, has_another_closer: bool) -> bool:
    """Whether a single mark ends the passage. In "the workers’ rights" it does not, if another closing mark follows."""
    return not (has_another_closer and _is_possessive(text, mark))


def _is_possessive(text: str, mark: _Mark) -> bool:
    return (
        text[mark.start - 1 : mark.start] == "s"
        and text[mark.end : mark.end + 1] == " "
        and text[mark.end + 1 : mark.end + 2].islower()
    )

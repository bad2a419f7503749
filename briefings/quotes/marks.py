"""Finds what stands inside quotation marks: curly, straight or single, over one paragraph or several.

Rule: one walk over the marks of one paragraph at a time; a mark without its partner spoils its own paragraph at most.
Words inside a passage that is itself quoted belong to the outer passage.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from briefings.model import Span

_MARK = re.compile(r"[“”„‟«»\"‘’'`]{1,2}")
_TAG = re.compile(r"<[a-zA-Z/!][^<>\n]{0,2000}>")
_PARAGRAPH = re.compile(r"[^\n]+")
_DOUBLE_OPEN, _DOUBLE_CLOSE = frozenset("“„«"), frozenset("”‟»")
_BEFORE_OPEN = frozenset(" \t\u00a0([{—–-/…:;>\u200b\ufeff\u2009\u202f")
_AFTER_CLOSE = frozenset(" \t\u00a0)]}—–-/…:;,.!?<\u200b\u2009\u202f")

_ENDS = frozenset(".,!?…")
#: paragraphs without a mark that one block quotation may run over
_SILENT = 3
#: a paragraph with more marks than this is no prose, and quotes nobody
MOST_MARKS = 600


@dataclass(frozen=True, slots=True)
class Passage:
    """Words inside marks: `inner` without them, `outer` with them. `continues`: the speech of the passage before."""

    inner: Span
    outer: Span
    closed: bool
    continues: bool = False


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    opens: bool
    closes: bool
    single: bool


def passages(text: str) -> list[Passage]:
    """The outermost quoted passages of `text`, in order, none empty, none over a line's end."""
    tags = [match.span() for match in _TAG.finditer(text)] if "<" in text else []
    found: list[Passage] = []
    waiting: int | None = None  # index of a passage that was never closed
    silent: list[Span] = []  # paragraphs without marks since then
    for paragraph in _PARAGRAPH.finditer(text):
        if not paragraph.group().strip():
            continue
        marks = list(islice(_marks(text, paragraph.start(), paragraph.end(), tags), MOST_MARKS + 1))
        marks = marks if len(marks) <= MOST_MARKS else []
        here, orphan = _pair(text, paragraph.start(), paragraph.end(), marks)
        if waiting is not None and orphan is not None and len(silent) < _SILENT:
            found += [_whole(text, span) for span in silent]
            found.append(_whole(text, Span(paragraph.start(), orphan.start), orphan))
        elif waiting is not None and here and not text[paragraph.start() : here[0].outer.start].strip() and not silent:
            here[0] = Passage(here[0].inner, here[0].outer, here[0].closed, continues=True)
        if here and not here[-1].closed:
            waiting, silent = len(found), []
        elif here or orphan is not None or len(silent) >= _SILENT:
            waiting, silent = None, []
        elif waiting is not None:
            silent.append(Span(*paragraph.span()))
        found += here
    return [p for p in found if len(p.inner) and not p.inner.of(text).isspace()]


def _whole(text: str, span: Span, close: _Mark | None = None) -> Passage:
    body = span.of(text)
    start = span.start + len(body) - len(body.lstrip()) if body.strip() else span.start
    inner = Span(start, start + len(body.strip()))
    return Passage(inner, Span(inner.start, close.end if close else inner.end), close is not None, continues=True)


def _marks(text: str, start: int, end: int, tags: Sequence[tuple[int, int]]) -> Iterator[_Mark]:
    """The quotation marks of one paragraph, apostrophes and marks inside HTML tags left out."""
    for match in _MARK.finditer(text, start, end):
        if tags and _inside(match.start(), tags):
            continue
        run, at = match.group(), match.start()
        if run == '""' and not (text[at - 1 : at].isalnum() or text[at - 1 : at] in _ENDS):
            continue  # empty: an attribute without its value, a cell of a table
        if run in ("''", "``"):
            yield _mark(text, at, at + 2, start, end, run)
        else:
            for number, sign in enumerate(run):
                mark = _mark(text, at + number, at + number + 1, start, end, sign)
                if mark.opens or mark.closes:
                    yield mark


def _mark(text: str, at: int, after: int, start: int, end: int, sign: str) -> _Mark:
    before = text[at - 1] if at > start else " "
    behind = text[after] if after < end else " "
    free_before = before in _BEFORE_OPEN or before in "“\"‘'"
    free_behind = behind in _AFTER_CLOSE or behind in "”\"’'"
    if sign in _DOUBLE_OPEN or sign == "``":  # as typesetters' and tokenised texts have it, with a space behind
        return _Mark(at, after, opens=True, closes=False, single=False)
    if sign in _DOUBLE_CLOSE:
        return _Mark(at, after, opens=False, closes=True, single=False)
    if sign in ('"', "''", "``"):
        opens, closes = free_before and behind not in " \t", free_behind and before not in " \t"
        both = opens == closes
        return _Mark(at, after, opens=opens or both, closes=closes or both, single=False)
    opens = sign in "‘'" and free_before and (behind.isalnum() or behind in '“"$£€[…')
    closes = sign in "’'" and free_behind and before not in " \t"
    return _Mark(at, after, opens=opens, closes=closes and not opens, single=True)


def _inside(at: int, tags: Sequence[tuple[int, int]]) -> bool:
    low, high = 0, len(tags)
    while low < high:
        middle = (low + high) // 2
        if tags[middle][1] <= at:
            low = middle + 1
        else:
            high = middle
    return low < len(tags) and tags[low][0] <= at


def _pair(text: str, start: int, end: int, marks: list[_Mark]) -> tuple[list[Passage], _Mark | None]:
    """The passages of one paragraph, and its first closing mark if nothing opened before it."""
    closers = _single_closers(marks)
    found: list[Passage] = []
    orphan: _Mark | None = None
    opened: _Mark | None = None
    for number, mark in enumerate(marks):
        if opened is None:
            if mark.opens and (not mark.single or closers[number]):
                opened = mark
            elif mark.closes and not mark.single and not found and orphan is None:
                orphan = mark
        elif mark.closes and mark.single == opened.single and (not mark.single or _final(text, mark, closers[number])):
            found.append(Passage(Span(opened.end, mark.start), Span(opened.start, mark.end), closed=True))
            opened = None
    if opened is not None:
        last = start + len(text[start:end].rstrip())
        found.append(
            Passage(Span(opened.end, max(last, opened.end)), Span(opened.start, max(last, opened.end)), closed=False)
        )
    return found, orphan


def _single_closers(marks: list[_Mark]) -> list[bool]:
    """For each mark, whether a single mark that closes for certain follows before the next single one that opens."""
    out, ahead = [False] * len(marks), False
    for number in range(len(marks) - 1, -1, -1):
        out[number] = ahead
        mark = marks[number]
        if mark.single and mark.opens:
            ahead = False
        elif mark.single and mark.closes:
            ahead = True
    return out


def _final(text: str, mark: _Mark, another: bool) -> bool:
    """Whether a single mark ends the passage: in "the workers’ rights" it does not if another is to come."""
    return not (another and _possessive(text, mark))


def _possessive(text: str, mark: _Mark) -> bool:
    return (
        text[mark.start - 1 : mark.start] == "s"
        and text[mark.end : mark.end + 1] == " "
        and text[mark.end + 1 : mark.end + 2].islower()
    )

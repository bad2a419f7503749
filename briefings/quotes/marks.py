"""Passages between quotation marks, found in one pass over each paragraph.

Rule: a mark opens after a blank or an opening bracket and closes before one; damage never reaches past its paragraph.
A paragraph whose passage stays open and whose successor opens with a mark is the first part of a longer passage, as
printers set speeches of several paragraphs. Single marks count only where no double ones do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefings.model import Span
from briefings.text.blank import blanked
from briefings.text.fold import fold
from briefings.text.sentences import paragraphs

_BEFORE_OPENING = frozenset(" ([-")
_CURLY_OPENING, _CURLY_CLOSING = "“", "”"


@dataclass(frozen=True, slots=True)
class Passage:
    """One stretch inside quotation marks: a fragment a paragraph, marks excluded, and the outer span with its marks."""

    fragments: tuple[Span, ...]
    outer: Span


def passages(text: str, skip: Sequence[Span] = ()) -> tuple[Passage, ...]:
    """The quoted passages of `text` in order, none of them touching a span of `skip`."""
    found: list[Passage] = []
    open_: list[tuple[Span, Span]] = []  # fragments and outer spans of a passage that its paragraph left open
    text = blanked(text, skip)
    for paragraph in paragraphs(text):
        pairs = list(_pairs(text, paragraph))
        if open_ and not (pairs and pairs[0][0] == paragraph.start):
            found.append(_joined(open_))
            open_ = []
        for start, end, closed in pairs:
            inner = Span(start + 1, max(start + 1, end - closed))
            open_.append((inner, Span(start, end)))
            if closed:
                found.append(_joined(open_))
                open_ = []
    if open_:
        found.append(_joined(open_))
    return tuple(passage for passage in found if passage.fragments)


def _joined(parts: list[tuple[Span, Span]]) -> Passage:
    fragments = tuple(inner for inner, _ in parts if len(inner))
    return Passage(fragments, Span(parts[0][1].start, parts[-1][1].end))


def _pairs(text: str, paragraph: Span) -> Iterator[tuple[int, int, bool]]:
    """Start, end and whether a closing mark was found, of each passage in one paragraph, marks included."""
    folded = fold(paragraph.of(text))
    mark = '"' if '"' in folded else "'"
    start: int | None = None
    for at in range(len(folded)):
        if folded[at] != mark:
            continue
        if start is None:
            if _opens(folded, at, text[paragraph.start + at]):
                start = at
        elif _closes(folded, at, text[paragraph.start + at]):
            yield paragraph.start + start, paragraph.start + at + 1, True
            start = None
    if start is not None and mark == '"':
        yield paragraph.start + start, paragraph.end, False


def _opens(folded: str, at: int, mark: str) -> bool:
    if mark == _CURLY_OPENING:
        return True
    before, after = folded[at - 1 : at] or " ", folded[at + 1 : at + 2]
    return mark != _CURLY_CLOSING and before in _BEFORE_OPENING and bool(after) and not after.isspace()


def _closes(folded: str, at: int, mark: str) -> bool:
    if mark == _CURLY_CLOSING:
        return True
    before, after = folded[at - 1], folded[at + 1 : at + 2]
    if mark in "'’":  # an apostrophe stands between letters, or ends a plural ("the MPs' minds")
        return not after.isalnum() and not before.isspace() and before != "s"
    return mark != _CURLY_OPENING and not (before.isspace() and after.isalnum())

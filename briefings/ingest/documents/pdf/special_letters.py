"""Join drop capitals with their words, and drop the small raised numbers of footnotes.

Rule: a number goes only if it is smaller than the text before it, raised, and right behind a word or a mark.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from briefings.ingest.documents.pdf.fragments import Fragment

#: size of a drop capital in sizes of the text, and its maximum length (with a quotation mark)
_CAPITAL_SIZE, _MAX_CAPITAL_LENGTH = 1.7, 2
#: maximum number of drop capitals of a page
_MAX_CAPITALS = 20
_NOTE_MARK = re.compile(r"(?:\d{1,3}|[*†‡])(?:,\d{1,3}){0,3}")
_BEFORE_NOTE_MARK = re.compile(r"(?:[^\W\d_]{3}|[.,;:!?)\]”’\"'])$")
#: size and raise of the number of a footnote, in sizes of the text
_MAX_NOTE_SIZE, _MIN_RAISE, _MAX_RAISE = 0.85, 0.1, 0.9


def mend_letters(fragments: Sequence[Fragment]) -> list[Fragment]:
    """Return the fragments of a page without loose drop capitals and numbers of footnotes."""
    return _join_capitals(list(_drop_note_marks(fragments)))


def _drop_note_marks(fragments: Sequence[Fragment]) -> Iterator[Fragment]:
    before: Fragment | None = None
    for fragment in fragments:
        if before is not None and _is_note_mark(before, fragment):
            before = replace(before, end=fragment.end)
            continue
        if before is not None:
            yield before
        before = fragment
    if before is not None:
        yield before


def _is_note_mark(before: Fragment, mark: Fragment) -> bool:
    if len(mark.text) > 12 or not _NOTE_MARK.fullmatch(mark.text) or not _BEFORE_NOTE_MARK.search(before.text[-3:]):
        return False
    is_raised = _MIN_RAISE * before.size < mark.y - before.y < _MAX_RAISE * before.size
    return is_raised and mark.size < _MAX_NOTE_SIZE * before.size and abs(mark.start - before.end) < before.size / 2


def _join_capitals(fragments: list[Fragment]) -> list[Fragment]:
    """Join each large first letter with the first line at its side; the other lines there are not indented."""
    if not fragments:
        return fragments
    size = median(fragment.size for fragment in fragments)
    capitals = [fragment for fragment in fragments if _is_capital(fragment, size)]
    words = {word for fragment in fragments for word in fragment.text.lower().split()}
    for capital in capitals[:_MAX_CAPITALS]:
        beside = [index for index, fragment in enumerate(fragments) if _is_beside(capital, fragment)]
        if not beside:
            continue
        first = max(beside, key=lambda index: fragments[index].y)
        for index in beside:
            fragments[index] = replace(fragments[index], start=capital.start)
        separator = _separate(capital.text, fragments[first].text, words)
        fragments[first] = replace(fragments[first], text=f"{capital.text}{separator}{fragments[first].text}")
        fragments.remove(capital)
    return fragments


def _is_capital(fragment: Fragment, size: float) -> bool:
    is_short = len(fragment.text) <= _MAX_CAPITAL_LENGTH and fragment.text[-1].isupper()
    return is_short and fragment.size > _CAPITAL_SIZE * size


def _is_beside(capital: Fragment, fragment: Fragment) -> bool:
    height = fragment.y - capital.y + fragment.size / 2
    distance = fragment.start - capital.end
    is_near = -fragment.size < distance < 1.5 * fragment.size
    return capital.size > _CAPITAL_SIZE * fragment.size and is_near and 0 <= height < capital.size


def _separate(capital: str, text: str, words: set[str]) -> str:
    """Return a blank if the capital is a word: in "A council", but not in "All"."""
    word = text.split(None, 1)[0].lower()
    is_word = capital[-1] in "AI" and word in words and f"{capital[-1].lower()}{word}" not in words
    return " " if is_word else ""

"""Account for each quotation mark of a draft: it belongs to a quotation, is no quotation mark, or is unchecked.

Rule: fail closed. A mark that no rule explains is unchecked, never skipped. An apostrophe inside a word is no mark.
Character references (&quot;), elements (<q>) and quoted lines ("> ") are marks too, which only a reader can pair.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice

from briefings.compose.draft_check.word_alignment import Words, split_pieces
from briefings.draft_report import IgnoredMarks, MarkReason
from briefings.model import Span
from briefings.text.spans import find_overlapping, merge_spans

#: unchecked marks that are read; a draft with more is refused
MAX_UNCHECKED = 500
_SINGLE = "'‘’‚‛‹›＇´ʼ❛❜"
_DOUBLE = '"“”„‟«»″＂❝❞❠〝〞〟「」『』《》⹂🙶🙷🙸˝'
#: marks unless they are inside a word
_AT_EDGE = "['‘’‛＇´ʼ❛❜ʺˮ״]"
_SINGLE_REFERENCE = "&(?i:apos|[lr]squo|sbquo|[lr]saquo|#0*39|#0*821[6-9]|#x0*27|#x0*201[89ab]);"
_DOUBLE_REFERENCE = "&(?i:quot|[lr]dquo|bdquo|[lr]aquo|#0*34|#0*171|#0*187|#0*822[0-3]|#x0*22|#x0*201[c-f]|#x0*[ab]b);"
_ELEMENT = r"<(?i:q|blockquote)(?=[\s>])"
#: the first of the lines that are quoted as in e-mails and in Markdown, unless it begins with a mark of its own
_QUOTED_LINE = r"(?:(?<=\n)|\A)>{1,10}(?=[^\S\n]*[^\W_])"
_MARK = re.compile(
    f"[{_DOUBLE}‚‹›]|(?<![^\\W_])(?:{_AT_EDGE}|{_SINGLE_REFERENCE})|(?:{_AT_EDGE}|{_SINGLE_REFERENCE})(?![^\\W_])"
    f"|``|{_DOUBLE_REFERENCE}|{_ELEMENT}|{_QUOTED_LINE}"
)
_EMPTY_PAIR = re.compile(r'"[^\S\n]*"|“[^\S\n]*”|«[^\S\n]*»|„[^\S\n]*[“”]|‘[^\S\n]*’')
_TAG = re.compile(r"<[a-zA-Z/!][^<>\n]{0,2000}>")
_ATTRIBUTE = re.compile(r"""[\w:.-]{1,80}\s{0,3}=\s{0,3}("[^"<>\n]*"|'[^'<>\n]*')""")
#: 6'2" or 5″: a figure of up to three digits before the mark
_MEASURE = re.compile(r"(?<!\d)(?:\d{1,3}|[½¼¾])$")
_POSSESSIVE = re.compile(r"[^\W\d_][szxSZX]$")
#: words with a letter left out at the end (goin') or at the beginning ('em)
_CUT_END = re.compile(r"(?:[^\W\d_]{2}in|\b(?:o|ol|an|th|wi|fo|mo|po|lil|ma|an))$", re.IGNORECASE)
_CUT_START = re.compile(
    r"(?:\d\d0?s?\b|(?:twas|twere|tis|em|til|till|cause|cos|coz|bout|round|n|er|im|nuff|fraid|neath|gainst|ello|kay)\b)",
    re.IGNORECASE,
)
#: characters before a mark that its rules look at
_CONTEXT = 8


@dataclass(frozen=True, slots=True)
class LooseMark:
    """A mark that belongs to no quotation: its own span, and the words beside it, which it may begin or end."""

    mark: Span
    pieces: tuple[Words, ...]


def find_marks(text: str) -> list[Span]:
    """Return the quotation marks of a text, and the single marks at the edges of words, in order."""
    marks = []
    for match in _MARK.finditer(text):
        is_later_line = match.group().startswith(">") and _is_after_quoted_line(text, match.start())
        marks += [] if is_later_line else [Span(*match.span())]
    return marks


def _is_after_quoted_line(text: str, start: int) -> bool:
    return start > 0 and text.startswith(">", text.rfind("\n", 0, start - 1) + 1)


def explain_marks(draft: str, outers: Sequence[Span]) -> Iterator[IgnoredMarks]:
    """Yield the marks outside `outers` (quotations with their marks, merged) that are certainly no quotation marks."""
    empty_pairs = merge_spans(Span(*match.span()) for match in _EMPTY_PAIR.finditer(draft))
    attributes = _find_attributes(draft)
    for mark in find_marks(draft):
        if not find_overlapping(outers, mark) and (reason := _explain_mark(draft, mark, empty_pairs, attributes)):
            yield IgnoredMarks(mark, reason)


def find_loose_marks(draft: str, text: str, outers: Sequence[Span], ignored: Sequence[Span]) -> list[LooseMark]:
    """Return up to 501 marks that are neither in `outers` nor in `ignored`, both merged.

    `text` is the draft with wrapped lines joined.
    """
    marks = (
        mark for mark in find_marks(draft) if not find_overlapping(outers, mark) and not find_overlapping(ignored, mark)
    )
    return [LooseMark(mark, _read_words_beside(text, mark, outers)) for mark in islice(marks, MAX_UNCHECKED + 1)]


def _find_attributes(draft: str) -> tuple[Span, ...]:
    if "<" not in draft:
        return ()
    return merge_spans(
        Span(tag.start() + value.start(1), tag.start() + value.end(1))
        for tag in _TAG.finditer(draft)
        for value in _ATTRIBUTE.finditer(tag.group())
    )


def _explain_mark(draft: str, mark: Span, empty_pairs: Sequence[Span], attributes: Sequence[Span]) -> MarkReason | None:
    if find_overlapping(attributes, mark):
        return MarkReason.ATTRIBUTE
    before, after = draft[max(0, mark.start - _CONTEXT) : mark.start], draft[mark.end : mark.end + _CONTEXT]
    char = unescape(mark.of(draft))
    if char in "\"”″'’" and _MEASURE.search(before):
        return MarkReason.MEASURE
    if find_overlapping(empty_pairs, mark):
        return MarkReason.NO_WORDS
    if char in _SINGLE and _is_apostrophe(char, before, after):
        return MarkReason.APOSTROPHE
    return None


def _is_apostrophe(char: str, before: str, after: str) -> bool:
    """Tell whether a single mark at the edge of a word replaces letters, or makes a possessive."""
    if char in "'’＇´ʼ" and before[-1:].isalnum():
        return bool(_POSSESSIVE.search(before) or _CUT_END.search(before))
    return char in "'’‘＇´ʼ" and bool(_CUT_START.match(after))


def _read_words_beside(text: str, mark: Span, outers: Sequence[Span]) -> tuple[Words, ...]:
    """Return the words of the mark's line that it ends, or that it begins, up to the next quotation."""
    number = bisect_right(outers, mark.start, key=lambda outer: outer.end)
    line_start = text.rfind("\n", 0, mark.start) + 1
    before = Span(max(line_start, outers[number - 1].end) if number else line_start, mark.start)
    if (opening := _MARK.match(text, before.start)) and opening.end() < mark.start:
        before = Span(opening.end(), mark.start)
    line_end = text.find("\n", mark.end)
    end = len(text) if line_end < 0 else line_end
    if number < len(outers):
        end = max(mark.end, min(end, outers[number].start))
    sides = before, Span(mark.end, end)
    opens = text[mark.end : mark.end + 1].isalnum() and not text[max(0, mark.start - 1) : mark.start].strip()
    opens = opens or mark.of(text)[0] in "<>"
    return next(filter(None, (split_pieces(text, side) for side in (sides[::-1] if opens else sides))), ())

"""Join hard-wrapped lines in a view of a text that has the same length, so that offsets hold in both.

Rule: wrapping is decided per text. Its lines are wrapped if nearly every line that continues was full: the first word
of the next line did not fit. Verse, lists, transcripts and one sentence a line do not have this property, so their
lines are kept. Rule: a line end becomes a blank only after a full line, and never before a bullet, a label or an
indent. In a text with one sentence a line, only the lines of one quotation are joined.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

#: columns of a wrapped text: fewest and most
MIN_WIDTH, MAX_WIDTH = 35, 132
#: a line is full if it and the next word come this close to the width, as a share of it
_FULL_SHARE = 0.86
#: minimum share of full lines among those that another line follows
_MIN_FULL_SHARE = 0.7
#: minimum share of full lines that end within a sentence
_MIN_OPEN_SHARE = 0.4
#: share of the lines, the longest first, that may be longer than the width: addresses, rules, headers
_OUTLIER_SHARE = 0.05
#: minimum lines of a text with one sentence a line, and maximum characters of such a line
_MIN_SENTENCE_LINES, _MAX_SENTENCE_LINE = 4, 600
_MIN_SENTENCE_SHARE = 0.8

_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")
_PREFIX = re.compile(r"(?:[>|] ?)+")
_ITEM = re.compile(
    r"(?:[*•‣▪◦●·–—-]|\d{1,3}[.)]|\(\w\))[ \t]|#{1,6} |={3}|-{3}|_{3}"  # a bullet, a number, a heading, a rule
    r"|\**(?:[A-Z][\w.’'-]*\.? ?){1,4}\**:(?:\**)(?=\s)"  # a label
    r"|[QA][.:] "
)
_SENTENCE_END = re.compile(r"[.!?…:][\"”’')\]»]*\s*$|''\s*$")
_OPENERS = frozenset("“„«❝")
_CLOSERS = frozenset("”»❞")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: the offsets of its words (without a prefix such as "> "), and of the next line."""

    start: int
    end: int
    next_start: int
    indent: int
    words: str

    @property
    def width(self) -> int:
        return self.indent + len(self.words)


@lru_cache(maxsize=8)
def unwrap_lines(text: str) -> str:
    """Return `text` with the line ends inside a paragraph replaced by blanks. The length stays the same.

    A text without wrapped lines is returned unchanged.
    """
    if "\n" not in text and "\r" not in text:
        return text
    lines = _split_lines(text)
    pairs = [(line, after) for line, after in pairwise(lines) if line.words and after.words]
    if width := _find_width(pairs):
        return _join(text, [pair for pair in pairs if _is_joined(*pair, width)])
    if _is_sentence_a_line(lines, pairs):
        return _join(text, _find_open_quotations(pairs))
    return text


def _split_lines(text: str) -> list[_Line]:
    lines = []
    for match in _LINE.finditer(text):
        if match.end() == match.start():
            break
        raw = match[1]
        prefix = _PREFIX.match(raw)
        offset = prefix.end() if prefix else 0
        body = raw[offset:]
        words = body.strip()
        indent = len(body) - len(body.lstrip()) if words else 0
        start = match.start() + offset + indent
        lines.append(_Line(start, start + len(words), match.end(), indent, words))
    return lines


def _find_width(pairs: Sequence[tuple[_Line, _Line]]) -> int:
    """Return the number of columns at which the text is wrapped, or 0 if it is not."""
    widths = sorted(line.width for line, _ in pairs if " " in line.words)
    if not widths:
        return 0
    width = widths[min(len(widths) - 1, int(len(widths) * (1 - _OUTLIER_SHARE)))]
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        return 0
    candidates = [pair for pair in pairs if not _ITEM.match(pair[1].words)]
    full_pairs = [pair for pair in candidates if _is_full(*pair, width)]
    if not full_pairs or len(full_pairs) < _MIN_FULL_SHARE * len(candidates):
        return 0
    open_count = sum(_is_open(line, after) for line, after in full_pairs)
    return width if open_count >= _MIN_OPEN_SHARE * len(full_pairs) else 0


def _is_full(line: _Line, after: _Line, width: int) -> bool:
    return line.width + 1 + len(after.words.split(None, 1)[0]) > _FULL_SHARE * width


def _is_open(line: _Line, after: _Line) -> bool:
    """Tell whether a line certainly ends within a sentence: the next one starts with a small letter."""
    return after.words[0].islower() and not _SENTENCE_END.search(line.words)


def _is_joined(line: _Line, after: _Line, width: int) -> bool:
    if _ITEM.match(after.words) or (after.indent > line.indent and not _ITEM.match(line.words)):
        return False
    return _is_open(line, after) or _is_full(line, after, width)


def _is_sentence_a_line(lines: Sequence[_Line], pairs: Sequence[tuple[_Line, _Line]]) -> bool:
    """Tell whether each line is one sentence, and most lines follow another without a blank line."""
    worded_lines = [line.words for line in lines if line.words]
    if len(worded_lines) < _MIN_SENTENCE_LINES or 2 * len(pairs) < len(worded_lines):
        return False
    complete = sum(bool(_SENTENCE_END.search(words)) and len(words) <= _MAX_SENTENCE_LINE for words in worded_lines)
    return complete >= _MIN_SENTENCE_SHARE * len(worded_lines)


def _find_open_quotations(pairs: Sequence[tuple[_Line, _Line]]) -> list[tuple[_Line, _Line]]:
    """Return the pairs whose first line leaves a quotation open that the second one continues without a new mark."""
    joined_pairs: list[tuple[_Line, _Line]] = []
    is_open, previous_end = False, -1
    for line, after in pairs:
        if line.start != previous_end:
            is_open = False
        is_open = _ends_open(line.words, is_open=is_open)
        if is_open and not _opens(after.words):
            joined_pairs.append((line, after))
        else:
            is_open = False
        previous_end = after.start
    return joined_pairs


def _ends_open(words: str, *, is_open: bool) -> bool:
    for index, char in enumerate(words):
        pair = words[index : index + 2]
        if char in _OPENERS or pair == "``":
            is_open = True
        elif char in _CLOSERS or pair == "''":
            is_open = False
        elif char == '"':
            is_open = not is_open
    return is_open


def _opens(words: str) -> bool:
    return words[0] in _OPENERS or words.startswith("``") or (words[0] == '"' and words[1:2] not in ("", " "))


def _join(text: str, pairs: Sequence[tuple[_Line, _Line]]) -> str:
    pieces, offset = [], 0
    for line, after in pairs:
        pieces += [text[offset : line.end], " " * (after.start - line.end)]
        offset = after.start
    return "".join([*pieces, text[offset:]])

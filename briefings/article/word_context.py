"""Find the words around a passage of an article, which tell its place on the page from others with the same words.

Rule: words on the passage's own line come first, on both sides if a page may repeat the passage with the words on one
of them: a caption with the speaker, a list of key points. The line before or after it is used only if the passage fills
its line, because a page has advertisements and captions between two paragraphs that the text lacks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from briefings.article.page_words import has_words, is_unspaced
from briefings.model import Span

#: numbers of words before and after a passage on its line, in the order in which they are tried
_SIZES = ((3, 0), (0, 3), (3, 3), (6, 0), (0, 6), (6, 6), (12, 12))
#: the same for a script without spaces, in which a "word" is everything up to the next mark
_UNSPACED_SIZES = ((2, 0), (0, 2), (2, 2), (1, 1), (4, 4))
#: numbers of words on the line before or after
_NEIGHBOUR_SIZES = (3, 6, 12)
#: words that are searched for an edge of the passage's sentence, and words of the sentence before or after it
_SENTENCE_REACH, _OTHER_SENTENCE_WORDS = 8, 2
#: fewest words before a passage that ends its line. "Jane Roe said:" is in captions too
_MIN_ONLY_WORDS = 6
#: words of a passage that a page repeats as a pull quote or a key point
_MAX_REPEATED_WORDS = 35
#: characters before and after a passage in which the words around it are searched
_REACH = 200
#: words before and after a passage that are read: more than are taken
_MAX_UNITS = max(size for sizes in (*_SIZES, *_UNSPACED_SIZES, _NEIGHBOUR_SIZES) for size in sizes) + 1
#: marks between a passage and the edge of its line: a quotation mark, a full stop
_MAX_MARKS = 4
_LINE_BREAK = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
#: word with its marks. A full stop or comma of Chinese and Japanese ends it like a blank.
_UNIT = re.compile("[^\\s、。，．！？；：]+[、。，．！？；：」』）”]*|[、。，．！？；：」』）”]+")
_SENTENCE_END = re.compile("[.!?…。！？][\"'”’»)」』]*$")
_QUOTATION_MARKS = frozenset("\"'“”„‟‘’‚«»‹›「」『』")
#: first and last character of a word, half-open. Not a `Span`: a link reads a hundred words and uses ten
Unit = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Context:
    """Words directly before and after a passage, each within one line."""

    #: the passage, with the marks at the edge of its line if the words are on the next line
    passage: Span
    before: Span | None = None
    after: Span | None = None
    #: whether the words before or after are on another line
    crosses_lines: bool = False


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """Words before and after a passage, on its own lines."""

    passage: Span
    #: from the start of the passage's first line, or from far before the passage, to the end of its last line
    line: Span
    before: list[Unit]
    after: list[Unit]

    def take(self, before: int, after: int) -> Context:
        """Return the passage with up to these numbers of words before and after it."""
        return Context(
            self.passage,
            Span(self.before[-before:][0][0], self.passage.start) if before and self.before else None,
            Span(self.passage.end, self.after[:after][-1][1]) if after and self.after else None,
        )


def find_contexts(text: str, passage: Span) -> Iterator[Context]:
    """Yield the words around `passage`, those first that more probably are on the page like in the text."""
    line = _find_line(text, passage)
    own = _Neighbours(
        passage,
        line,
        _find_units_before(text, Span(line.start, passage.start)),
        _find_units_after(text, Span(passage.end, line.end)),
    )
    sizes = _UNSPACED_SIZES if is_unspaced(passage.of(text)) else _SIZES
    is_short = len(passage.of(text).split()) <= _MAX_REPEATED_WORDS
    if own.after and is_short:
        yield own.take(sizes[0][0], _count_next_words(text, own.after))
    elif own.before and not own.after:
        yield own.take(_count_previous_words(text, own.before), 0)
    if not own.before and not (is_short and _is_in_quotation_marks(text, own)):
        yield Context(passage)
    yield from (own.take(before, after) for before, after in sizes if own.before or own.after)
    yield from _find_line_contexts(text, own)
    yield Context(passage)


def split_lines(text: str, span: Span) -> list[Span]:
    """Return the lines of `span` that have words or marks, without white space at their ends."""
    if not _LINE_BREAK.search(text, span.start, span.end):
        line = _trim(text, span.start, span.end)
        return [line] if line.end > line.start else []
    edges = [span.start, *(edge for match in _LINE_BREAK.finditer(text, span.start, span.end) for edge in match.span())]
    bounds = zip(edges[::2], [*edges[1::2], span.end], strict=True)
    return [line for start, end in bounds if len(line := _trim(text, start, end))]


def split_first_units(text: str, span: Span, count: int) -> list[Unit]:
    """Return the first words of `span` with their marks. In a script without spaces a "word" reaches to a mark."""
    return [match.span() for match in islice(_UNIT.finditer(text, span.start, span.end), count)]


def split_last_units(text: str, span: Span, count: int) -> list[Unit]:
    """Return the last words of `span` as `split_first_units` returns the first ones."""
    rest, *last_words = span.of(text).rsplit(None, count) or [""]
    # each of the last words between blanks has a unit or more
    start = span.start + len(rest) if len(last_words) == count else span.start
    return [match.span() for match in _UNIT.finditer(text, start, span.end)][-count:]


def _find_line_contexts(text: str, own: _Neighbours) -> Iterator[Context]:
    """Yield contexts with words of the lines before and after, if the passage reaches the edges of its own."""
    opening, closing = Span(own.line.start, own.passage.start), Span(own.passage.end, own.line.end)
    lines_before = split_lines(text, Span(max(0, opening.start - _REACH), opening.start))
    lines_after = split_lines(text, Span(closing.end, min(len(text), closing.end + _REACH)))
    has_before = bool(lines_before) and _is_edge(text, opening, opening.start)
    has_after = bool(lines_after) and _is_edge(text, closing, closing.end)
    units_before = _find_units_before(text, lines_before[-1]) if has_before else []
    units_after = _find_units_after(text, lines_after[0]) if has_after else []
    # words of another line are directly before or after the passage only if it includes the marks between them
    first = _trim(text, opening.start, own.passage.end).start
    last = _trim(text, own.passage.start, closing.end).end
    from_start, to_end = Span(first, own.passage.end), Span(own.passage.start, last)
    for count in _NEIGHBOUR_SIZES:
        before = Span(units_before[-count:][0][0], units_before[-1][1]) if units_before else None
        after = Span(units_after[0][0], units_after[:count][-1][1]) if units_after else None
        if before:
            yield Context(from_start, before, None, True)
            if own.after:
                yield Context(from_start, before, own.take(0, count).after, True)
        if after:
            yield Context(to_end, None, after, True)
            if own.before:
                yield Context(to_end, own.take(count, 0).before, after, True)
        if before and after:
            yield Context(Span(first, last), before, after, True)


def _find_units_before(text: str, line: Span) -> list[Unit]:
    """Return the last words of a line, at most all of them without one that is cut; [] if it has only marks."""
    if not has_words(line.of(text)):
        return []
    units = split_last_units(text, line, _MAX_UNITS)
    return units[1:] if len(units) < _MAX_UNITS and _is_cut(text, line.start) else units[-_MAX_UNITS + 1 :]


def _find_units_after(text: str, line: Span) -> list[Unit]:
    """Return the first words of a line, at most all of them without one that is cut; [] if it has only marks."""
    if not has_words(line.of(text)):
        return []
    units = split_first_units(text, line, _MAX_UNITS)
    return units[:-1] if len(units) == _MAX_UNITS or _is_cut(text, line.end) else units


def _is_cut(text: str, index: int) -> bool:
    return 0 < index < len(text) and not text[index - 1].isspace() and not text[index].isspace()


def _is_edge(text: str, region: Span, index: int) -> bool:
    """Whether a region between a passage and `index` has only marks, and `index` is the edge of the line."""
    is_line_edge = (
        index in (0, len(text)) or bool(_LINE_BREAK.match(text, index)) or bool(_LINE_BREAK.match(text, index - 1))
    )
    return is_line_edge and len(region) <= _MAX_MARKS and not has_words(region.of(text))


def _find_line(text: str, passage: Span) -> Span:
    """Return the passage with all of its first and its last line."""
    breaks = _LINE_BREAK.finditer(text, max(0, passage.start - _REACH), passage.start)
    start = max((match.end() for match in breaks), default=max(0, passage.start - _REACH))
    next_break = _LINE_BREAK.search(text, passage.end, passage.end + _REACH)
    return Span(start, next_break.start() if next_break else min(len(text), passage.end + _REACH))


def _count_next_words(text: str, units: list[Unit]) -> int:
    """Return how many words after a passage to take: beyond the end of its sentence, because captions repeat one."""
    for count, (start, end) in enumerate(units[:_SENTENCE_REACH], start=1):
        if _ends_sentence(text[start:end]):
            return max(_SIZES[0][0], count + _OTHER_SENTENCE_WORDS)
    return _SIZES[0][0]


def _count_previous_words(text: str, units: list[Unit]) -> int:
    """Return how many words before a passage to take if it ends its line: beyond the start of its sentence."""
    for count, (start, end) in enumerate(units[:-_SENTENCE_REACH:-1]):
        if _ends_sentence(text[start:end]):
            return max(_MIN_ONLY_WORDS, count + _OTHER_SENTENCE_WORDS)
    return _MIN_ONLY_WORDS


def _ends_sentence(word: str) -> bool:
    return not word[-1:].isalnum() and bool(_SENTENCE_END.search(word))


def _is_in_quotation_marks(text: str, own: _Neighbours) -> bool:
    opening = text[max(own.line.start, own.passage.start - _MAX_MARKS) : own.passage.start]
    closing = text[own.passage.end : min(own.line.end, own.passage.end + _MAX_MARKS)]
    return not _QUOTATION_MARKS.isdisjoint(opening + closing)


def _trim(text: str, start: int, end: int) -> Span:
    """Return the span without white space at its ends."""
    words = text[start:end]
    first = start + len(words) - len(words.lstrip())
    return Span(first, first + len(words.strip()))

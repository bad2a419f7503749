"""The text of an article as its page draws it: lines of pieces, each with what is marked there. Pure.

Rule: the pieces of all lines, with what stands between the lines, are the text to the character. What is left out, with
full texts switched off, is left out a sentence at a time, and shown as a gap.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.web.segments import segments
from briefings.held import Held, Quoted
from briefings.model import Quote, Span
from briefings.text.sentences import paragraphs, sentences
from briefings.text.spans import Overlapping, merged, touching

#: characters looked at on either side of a quotation for the ends of its sentence
_REACH = 2_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of the article under the same marks."""

    text: str
    #: the innermost quotation there
    quoted: Quoted | None = None
    #: quotations of which nothing is drawn before this piece, by number
    begins: tuple[int, ...] = ()
    #: the quotation, or a fragment of it, ends with this piece
    ends: bool = False
    #: part of the words asked for; the first part of them
    asked: bool = False
    first: bool = False
    boilerplate: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the article, a paragraph, and what stands between it and the next: line breaks, or a gap."""

    pieces: tuple[Piece, ...]
    after: str
    #: sentences are left out after it
    gap: bool = False


def whole(held: Held) -> list[Row]:
    """The part that is held, line by line; what stands before the first line is a row without pieces."""
    text, part, marks = held.article.text, held.part, _Marks(held)
    lines = [Span(part.start + line.start, part.start + line.end) for line in paragraphs(part.of(text))]
    if not lines:
        return [Row((), part.of(text))]
    before = [Row((), text[part.start : lines[0].start])] if lines[0].start > part.start else []
    after = [line.start for line in lines[1:]] + [part.end]
    return before + [Row(marks.pieces(line), text[line.end : end]) for line, end in zip(lines, after, strict=True)]


def quoted_alone(held: Held) -> list[Row]:
    """The sentences of the part in which somebody is quoted, with gaps where others are left out."""
    text, part, marks = held.article.text, held.part, _Marks(held)
    kept = merged(sentence for one in held.quotes for sentence in _sentences(held, one.quote))
    return [
        Row(marks.pieces(span), "\n", gap=bool(text[span.end : following.start].strip()))
        for span, following in pairwise([*kept, Span(part.end, part.end)])
    ]


def is_shown(rows: Iterable[Row]) -> bool:
    """Whether the words asked for are among what is drawn."""
    return any(piece.asked for row in rows for piece in row.pieces)


class _Marks:
    """All that is marked in an article; remembers what was drawn, for its first piece bears the name."""

    def __init__(self, held: Held) -> None:
        self._text = held.article.text
        self._fragments = [(one, fragment) for one in held.quotes for fragment in one.quote.content]
        self._placed = Overlapping(fragment for _, fragment in self._fragments)
        self._boilerplate = merged(held.article.boilerplate)
        self._asked = held.asked
        self._drawn: set[int] = set()

    def pieces(self, line: Span) -> tuple[Piece, ...]:
        """A line, cut where a mark begins or ends."""
        here = [self._fragments[at] for at in self._placed.numbers(line)]
        spans = [fragment for _, fragment in here]
        around = [*touching(self._boilerplate, line), *([self._asked] if self._asked else [])]
        return tuple(
            self._piece(segment.span, [here[at] for at in segment.under if at < len(here)])
            for segment in segments(line, [*spans, *around])
        )

    def _piece(self, span: Span, under: list[tuple[Quoted, Span]]) -> Piece:
        quoted, fragment = min(under, key=lambda one: len(one[1]), default=(None, None))
        begins = tuple(dict.fromkeys(one.number for one, _ in under if one.number not in self._drawn))
        asked = self._asked is not None and self._asked.overlaps(span)
        first = asked and 0 not in self._drawn
        self._drawn.update(begins, [0] if asked else [])
        return Piece(
            span.of(self._text),
            quoted,
            begins,
            ends=fragment is not None and fragment.end == span.end,
            asked=asked,
            first=first,
            boilerplate=bool(touching(self._boilerplate, span)),
        )


def _sentences(held: Held, quote: Quote) -> Iterator[Span]:
    """The sentences in which a quotation stands, within the part."""
    text, part = held.article.text, held.part
    for fragment in quote.content:
        start, end = max(part.start, fragment.start - _REACH), min(part.end, fragment.end + _REACH)
        near = (Span(start + one.start, start + one.end) for one in sentences(text[start:end]))
        yield from (one for one in near if one.overlaps(fragment))

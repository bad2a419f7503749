"""Highlighting: splits an article's text into rows of pieces, each with its quotation and other marks. Pure.

Rule: the joined pieces and line breaks are exactly the text. Pieces of pasted HTML are hidden.
Rule: if full texts are turned off, whole sentences are left out and shown as a gap.
Rule: overlapping spans become flat segments; the joined segments are exactly the text.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

from briefings import ArticleView, NumberedQuote, Quote, Span
from briefings.article import find_markup
from briefings.text import SpanIndex, find_overlapping, merge_spans, split_paragraphs, split_sentences

#: number of characters searched on each side of a quotation for the ends of its sentence
_SENTENCE_SEARCH_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of the article with the same marks."""

    text: str
    #: the innermost quotation of these characters
    quotation: NumberedQuote | None = None
    #: numbers of the quotations that begin with this piece
    begins: tuple[int, ...] = ()
    #: whether the quotation, or a fragment of it, ends with this piece
    is_end: bool = False
    #: whether the piece belongs to the linked words, and whether it is their first piece
    is_linked: bool = False
    is_first_linked: bool = False
    boilerplate: bool = False
    #: pasted HTML, which is hidden
    is_markup: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph or sentence of the article; `after` holds the characters before the next row."""

    pieces: tuple[Piece, ...]
    after: str
    #: whether sentences are left out after this row
    has_gap: bool = False

    @property
    def is_shown(self) -> bool:
        """Tell whether the row has anything but markup and blanks."""
        return any(not piece.is_markup and piece.text.strip() for piece in self.pieces)


def build_text_rows(article_view: ArticleView) -> list[Row]:
    """Return the current part line by line; text before the first line is a row without pieces."""
    text, part, highlighter = article_view.article.text, article_view.part, _Highlighter(article_view)
    lines = [Span(part.start + line.start, part.start + line.end) for line in split_paragraphs(part.of(text))]
    if not lines:
        return [Row((), part.of(text))]
    leading_rows = [Row((), text[part.start : lines[0].start])] if lines[0].start > part.start else []
    row_ends = [line.start for line in lines[1:]] + [part.end]
    return leading_rows + [
        Row(highlighter.split_line(line), text[line.end : end]) for line, end in zip(lines, row_ends, strict=True)
    ]


def build_quote_rows(article_view: ArticleView) -> list[Row]:
    """Return the sentences with quotes in the current part, with gaps where sentences are left out."""
    text, part, highlighter = article_view.article.text, article_view.part, _Highlighter(article_view)
    sentence_spans = merge_spans(
        sentence for quotation in article_view.quotes for sentence in _find_sentences(article_view, quotation.quote)
    )
    return [
        Row(highlighter.split_line(span), "\n", has_gap=bool(text[span.end : following.start].strip()))
        for span, following in pairwise([*sentence_spans, Span(part.end, part.end)])
    ]


def has_linked_words(rows: Iterable[Row]) -> bool:
    """Return whether the rows contain the linked words."""
    return any(piece.is_linked for row in rows for piece in row.pieces)


@dataclass(frozen=True, slots=True)
class Segment:
    """A range of characters covered by the same spans; `span_indexes` are their indexes, in ascending order."""

    span: Span
    span_indexes: tuple[int, ...]


def split_into_segments(whole: Span, spans: Sequence[Span]) -> list[Segment]:
    """Split `whole` at both ends of each of `spans`, in order and without gaps.

    Empty spans, and the parts of spans outside `whole`, are ignored. Adjacent segments have different spans.
    """
    clipped_spans = [
        (max(whole.start, span.start), min(whole.end, span.end), index) for index, span in enumerate(spans)
    ]
    upcoming_spans = sorted(span for span in clipped_spans if span[0] < span[1])
    boundaries = sorted(
        {whole.start, whole.end, *(start for start, _, _ in upcoming_spans), *(end for _, end, _ in upcoming_spans)}
    )
    result: list[Segment] = []
    open_spans: list[tuple[int, int]] = []
    next_index = 0
    for start, end in pairwise(boundaries):
        while open_spans and open_spans[0][0] <= start:
            heappop(open_spans)
        while next_index < len(upcoming_spans) and upcoming_spans[next_index][0] == start:
            heappush(open_spans, (upcoming_spans[next_index][1], upcoming_spans[next_index][2]))
            next_index += 1
        result.append(Segment(Span(start, end), tuple(sorted(index for _, index in open_spans))))
    return result


class _Highlighter:
    """Splits lines at the marks of an article; remembers which quotations have begun, as each has only one anchor."""

    def __init__(self, article_view: ArticleView) -> None:
        self._text = article_view.article.text
        self._fragments = [
            (quotation, fragment) for quotation in article_view.quotes for fragment in quotation.quote.content
        ]
        self._fragment_index = SpanIndex(fragment for _, fragment in self._fragments)
        self._boilerplate = merge_spans(article_view.article.boilerplate)
        self._markup = find_markup(self._text)
        self._linked_span = article_view.requested_span
        self._rendered_numbers: set[int] = set()

    def split_line(self, line: Span) -> tuple[Piece, ...]:
        """Split a line where a mark begins or ends."""
        line_fragments = [self._fragments[index] for index in self._fragment_index.find_overlapping_numbers(line)]
        spans = [fragment for _, fragment in line_fragments]
        hidden_spans = [*find_overlapping(self._boilerplate, line), *find_overlapping(self._markup, line)]
        other_spans = [*hidden_spans, *([self._linked_span] if self._linked_span else [])]
        return tuple(
            self._build_piece(
                segment.span, [line_fragments[index] for index in segment.span_indexes if index < len(line_fragments)]
            )
            for segment in split_into_segments(line, [*spans, *other_spans])
        )

    def _build_piece(self, span: Span, fragments: list[tuple[NumberedQuote, Span]]) -> Piece:
        quotation, fragment = min(fragments, key=lambda entry: len(entry[1]), default=(None, None))
        begins = tuple(
            dict.fromkeys(entry.number for entry, _ in fragments if entry.number not in self._rendered_numbers)
        )
        is_linked = self._linked_span is not None and self._linked_span.overlaps(span)
        is_first_linked = is_linked and 0 not in self._rendered_numbers
        self._rendered_numbers.update(begins, [0] if is_linked else [])
        return Piece(
            span.of(self._text),
            quotation,
            begins,
            is_end=fragment is not None and fragment.end == span.end,
            is_linked=is_linked,
            is_first_linked=is_first_linked,
            boilerplate=bool(find_overlapping(self._boilerplate, span)),
            is_markup=quotation is None and not is_linked and bool(find_overlapping(self._markup, span)),
        )


def _find_sentences(article_view: ArticleView, quote: Quote) -> Iterator[Span]:
    """Yield the sentences of the current part that contain a quotation."""
    text, part = article_view.article.text, article_view.part
    for fragment in quote.content:
        start, end = (
            max(part.start, fragment.start - _SENTENCE_SEARCH_LENGTH),
            min(part.end, fragment.end + _SENTENCE_SEARCH_LENGTH),
        )
        nearby_sentences = (
            Span(start + sentence.start, start + sentence.end) for sentence in split_sentences(text[start:end])
        )
        yield from (sentence for sentence in nearby_sentences if sentence.overlaps(fragment))

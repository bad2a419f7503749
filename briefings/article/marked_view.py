"""The text of an article as the analysis reads it, with the same length or with added quotation marks.

The prose view has blanks for boilerplate, joined lines and folded marks; an offset means the same character as in the
text. The marked view also has quotation marks around the words that a page quotes by an element: <q>, <blockquote>.

Rule: the marks make the view longer than the article's text. Spans found in the view are converted back before they
are used.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from briefings.article.element_signatures import find_signature, opens_with_dash
from briefings.model import Article, Span
from briefings.text.folding import fold_quotation_marks
from briefings.text.spans import find_overlapping, mask_spans, merge_spans
from briefings.text.wrapped_lines import unwrap_lines

#: what the view puts before the name in <cite>
SIGNATURE_DASH = "— "
_INNER_MARKS = re.compile(r"[“”\"„«»]")


def build_prose_view(article: Article) -> str:
    """Return the text of `article` without boilerplate and wrapped lines, with curly marks, at the same length."""
    return _build_prose_view(article.text, article.boilerplate)


@lru_cache(maxsize=1)  # the quotes, the passages and the names of one article are read in turn
def _build_prose_view(text: str, boilerplate: tuple[Span, ...]) -> str:
    return mask_spans(fold_quotation_marks(unwrap_lines(text)), boilerplate)


@dataclass(frozen=True, slots=True)
class MarkedView:
    """A text with added marks, and the offsets of these marks in it, in order."""

    text: str
    marks: tuple[int, ...] = ()

    def to_article(self, span: Span) -> Span:
        """Convert a span of the view to a span of the article's text."""
        return Span(self._convert(span.start), self._convert(span.end)) if self.marks else span

    def _convert(self, offset: int) -> int:
        return offset - bisect_left(self.marks, offset)


def build_marked_view(article: Article) -> MarkedView:
    """Return the prose view of `article` with its quotation elements in marks.

    The lines of one element are one speech: each opens with a mark, and only the last is closed. Marks inside become
    single ones. An element that overlaps boilerplate is left out. A name in <cite> below the words gets a dash.
    """
    text = build_prose_view(article)
    boilerplate = merge_spans(article.boilerplate)
    elements = [span for span in article.quotation_elements if not find_overlapping(boilerplate, span)]
    pieces: list[str] = []
    marks: list[int] = []
    position = 0
    for number, span in enumerate(elements):
        if span.start < position or span.end > len(text):
            continue
        pieces += [text[position : span.start], "“", _INNER_MARKS.sub("'", span.of(text))]
        marks.append(span.start + len(marks))
        following = elements[number + 1] if number + 1 < len(elements) else None
        if following is None or text[span.end : following.start].strip(" ") != "\n":
            pieces.append("”")
            marks.append(span.end + len(marks))
            position = span.end
            signature = find_signature(text, span.end)
            if signature is not None and not opens_with_dash(signature.of(text)):
                pieces += [text[span.end : signature.start], SIGNATURE_DASH]
                marks += [signature.start + len(marks) + index for index in range(len(SIGNATURE_DASH))]
                position = signature.start
        position = max(position, span.end)
    return MarkedView("".join([*pieces, text[position:]]), tuple(marks)) if marks else MarkedView(text)

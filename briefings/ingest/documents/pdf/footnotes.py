"""Move the footnotes of pages behind the text, so that a sentence can go on from one page to the next.

Rule: a footnote is at the end of its page, in smaller letters than the text, and begins with its number or mark.
"""

import re
from collections.abc import Sequence

from briefings.ingest.documents.pdf.fragments import Fragment

#: size of footnotes as a share of the text's
_MAX_SIZE = 0.92
_NOTE = re.compile(r"(?:\d{1,3}|[*†‡])[.)]?\s?[^\W\d_“\"‘(\[]")


def move_footnotes(pages: Sequence[Sequence[Fragment]]) -> list[Sequence[Fragment]]:
    """Return the lines of each page without its footnotes, and then those of each footnote."""
    body_size = _find_body_size(pages)
    texts: list[Sequence[Fragment]] = []
    notes: list[list[Fragment]] = []
    for page in pages:
        start = _find_notes(page, body_size)
        texts.append(page[:start])
        for line in page[start:]:
            if _NOTE.match(line.text) or not notes:
                notes.append([])
            notes[-1].append(line)
    return [*texts, *notes]


def _find_notes(page: Sequence[Fragment], body_size: float) -> int:
    """Return the position of a page's first footnote, or the number of its lines."""
    first = len(page)
    for position in range(len(page) - 1, 0, -1):
        line = page[position]
        if line.size > _MAX_SIZE * body_size or line.y > page[0].y:
            break
        if _NOTE.match(line.text):
            first = position
    return first


def _find_body_size(pages: Sequence[Sequence[Fragment]]) -> float:
    """Return the size of most letters."""
    sizes = sorted((line.size, len(line.text)) for page in pages for line in page)
    rest = sum(length for _, length in sizes) / 2
    for size, length in sizes:
        rest -= length
        if rest <= 0:
            return size
    return 0.0

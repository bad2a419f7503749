"""Keep track of a page's quotation elements, <q> and <blockquote>, while its text is extracted.

Rule: the elements' words are surrounded by signs that the page does not contain, and the signs are removed from the
extracted text. So the text is the page's own, and the words are spans of it. Rule: an element that prints quotation
marks itself needs no span. <cite>, <footer> and a signature in a <blockquote> are not its words.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from briefings.model import Span

#: rare characters for the two signs; they must be printable, because the extraction drops all others
_SIGNS = "⟦⟧⦃⦄⦗⦘⸨⸩"
_PRINTED_MARK = re.compile(r"\s*[“”„‟«»\"‘'❝]")
_SIGNATURE = re.compile(r"\s*[—―–-]\s*[A-Z]")
_SOURCE_TAGS = frozenset(["cite", "footer"])
#: parts of a <blockquote> that hold its words
_BLOCK_TAGS = ("p", "li", "div")


def mark_elements(tree: HtmlElement) -> str | None:
    """Surround the words of each quotation element in `tree` with two signs and return these, or None if none fits.

    Changes `tree`. A <q> becomes plain text, because the extraction would break its line.
    """
    if next(tree.iter("q", "blockquote"), None) is None:
        return None
    text = "".join(tree.itertext())
    free_signs = [sign for sign in _SIGNS if sign not in text]
    if len(free_signs) < 2:
        return None
    opening, closing = free_signs[:2]
    for element in tree.iter("blockquote"):
        parts = [] if _PRINTED_MARK.match("".join(element.itertext())) else _find_parts(element)
        for part in parts:
            _surround(part, opening, closing)
        for source in element.iter(*_SOURCE_TAGS):
            source.tag = "p"  # the extraction drops <footer>, and joins <cite> to the line before
    for element in list(tree.iter("q")):
        if not any(parent.tag in ("q", "blockquote") for parent in element.iterancestors()):
            _surround(element, opening, closing)
        element.drop_tag()
    return opening + closing


def remove_signs(text: str, signs: str) -> tuple[str, tuple[Span, ...]]:
    """Return the extracted text without the signs, and the spans of the words between them, line by line."""
    opening, closing = signs[0], signs[1]
    pieces: list[str] = []
    spans: list[Span] = []
    length, start = 0, -1
    for piece in re.split(f"([{signs}])", text):
        if piece == opening:
            start = length
        elif piece == closing:
            if start >= 0:
                spans += _split_lines("".join(pieces), Span(start, length))
            start = -1
        else:
            pieces.append(piece)
            length += len(piece)
    return "".join(pieces), tuple(spans)


def _find_parts(block: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements that hold the words of a <blockquote>: its paragraphs, or itself."""
    parts = [part for part in block.iter(*_BLOCK_TAGS) if not any(child.tag in _BLOCK_TAGS for child in part)]
    parts = [part for part in parts if not any(parent.tag in _SOURCE_TAGS for parent in part.iterancestors())]
    for part in parts or [block]:
        if not _SIGNATURE.match("".join(part.itertext())):
            yield part


def _surround(element: HtmlElement, opening: str, closing: str) -> None:
    """Put the signs around an element's words, before a <cite> or <footer> in it."""
    words = "".join(element.itertext())
    if not words.strip() or _PRINTED_MARK.match(words) or opening in words:
        return
    element.text = opening + (element.text or "")
    source = next((child for child in element if _is_source(child)), None)
    if source is None:
        last = element[-1] if len(element) else None
        if last is None:
            element.text += closing
        else:
            last.tail = (last.tail or "") + closing
        return
    before = source.getprevious()
    if before is None:
        element.text += closing
    else:
        before.tail = (before.tail or "") + closing


def _is_source(element: HtmlElement) -> bool:
    """Tell whether the words end before an element: <cite>, or a line break before "— Jane Roe"."""
    return element.tag in _SOURCE_TAGS or (element.tag == "br" and _SIGNATURE.match(element.tail or "") is not None)


def _split_lines(text: str, span: Span) -> Iterator[Span]:
    """Yield the lines of a span without the spaces at their edges."""
    for match in re.finditer(r"[^\n]+", span.of(text)):
        line = match.group()
        start = span.start + match.start() + len(line) - len(line.lstrip())
        if line.strip():
            yield Span(start, start + len(line.strip()))

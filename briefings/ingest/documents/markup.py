"""Turn the markup inside a document (a mail, a clipping, a wire item) into text with one line per block.

Rule: all visible words are taken, also those in tables, because mail is laid out with them. Nothing is guessed to be
furniture, unlike in `pages`. Rule: the tree is parsed without network, entities or huge documents.
"""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from briefings.ingest.pages.page_tree import drop_controls, parse_tree, reject_entities
from briefings.ingest.pages.quotation_elements import mark_elements, remove_signs
from briefings.ingest.pages.repairs.prose import BLOCK_TAGS, HIDDEN_TAGS
from briefings.model import Span

#: what starts the lines of a quoted message
QUOTE_PREFIX = "> "
_BLOCK_TAGS = BLOCK_TAGS | {"body", "br", "caption", "html"}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)

_PREFORMATTED_STYLE = re.compile(r"white-space\s*:\s*pre(?:-wrap|-line)?\b", re.IGNORECASE)


def parse_markup(markup: str, name: str) -> HtmlElement:
    """Parse markup. Raises BadInput, starting with `name`, if it is empty, too large or nested too deeply."""
    reject_entities(markup, name)
    return parse_tree(drop_controls(markup), name)


def extract_lines(tree: HtmlElement) -> tuple[str, str | None]:
    """Return the visible text, one line per block, and the two signs around the words of quotation elements, if any.

    The lines of a quoted message (<blockquote type="cite">) start with "> ". Changes `tree`. Pass the text on to
    `drop_signs` in the end.
    """
    for element in tree.iter("blockquote"):
        if element.get("type") == "cite" or "gmail_quote" in (element.get("class") or ""):
            element.tag = "div"
            element.set("data-depth", "1")
        elif element.get("style"):  # mail programs indent with it
            element.tag = "div"
    signs = mark_elements(tree)
    return "\n".join(_list_lines(tree)), signs


def drop_signs(text: str, signs: str | None) -> tuple[str, tuple[Span, ...]]:
    """Return a text without the signs of `extract_lines`, and the words of its quotation elements."""
    return remove_signs(text, signs) if signs else (text, ())


def _list_lines(tree: HtmlElement) -> Iterator[str]:
    """Yield the lines in document order, without recursion: nesting is the sender's choice."""
    pieces: list[str] = []
    depth = line_depth = preformatted = 0
    hidden_element: HtmlElement | None = None
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        is_start = event == "start"
        if hidden_element is not None:
            if not is_start and element is hidden_element:
                hidden_element = None
                pieces.append(_join_words(element.tail, preformatted))
            continue
        step = 1 if is_start else -1
        if element.tag in _BLOCK_TAGS:
            yield from _join_pieces(pieces, line_depth)
            pieces = []
            depth += int(element.get("data-depth", "0")) * step
            preformatted += step * _is_preformatted(element)
            line_depth = depth
        if is_start and _is_hidden(element):
            hidden_element = element
        else:
            pieces.append(_join_words(element.text if is_start else element.tail, preformatted))
    yield from _join_pieces(pieces, line_depth)


def _join_words(text: str | None, preformatted: int) -> str:
    """Return text without line ends, unless it is preformatted."""
    text = text or ""
    return text.replace("\r\n", "\n") if preformatted else text.replace("\n", " ")


def _join_pieces(pieces: list[str], depth: int) -> Iterator[str]:
    for line in "".join(pieces).split("\n"):
        if words := " ".join(line.split()):
            yield QUOTE_PREFIX * min(depth, 5) + words


def _is_preformatted(element: HtmlElement) -> bool:
    return element.tag == "pre" or _PREFORMATTED_STYLE.search(element.get("style") or "") is not None


def _is_hidden(element: HtmlElement) -> bool:
    if element.tag in HIDDEN_TAGS:
        return True
    return _HIDDEN_STYLE.search(element.get("style") or "") is not None and element.tag not in ("body", "html")

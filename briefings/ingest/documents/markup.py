"""Turn the markup inside a document (a mail, a clipping, a wire item) into text with one line per block.

Rule: all visible words are taken, also those in tables, because mail is laid out with them. Nothing is guessed to be
furniture, unlike in `pages`. Rule: the tree is parsed without network, entities or huge documents.
"""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from briefings.errors import BadInput
from briefings.ingest.pages.quotation_elements import mark_elements, remove_signs
from briefings.model import Span

#: maximum number of tags; a long newsletter has 5,000
MAX_TAGS = 400_000
#: what starts the lines of a quoted message
QUOTE_PREFIX = "> "
_ENTITY_DECLARATIONS = re.compile(r"<!DOCTYPE[^>\[]{0,500}\[|<!ENTITY", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_HIDDEN_TAGS = frozenset(
    [
        "head",
        "script",
        "style",
        "title",
        "meta",
        "link",
        "noscript",
        "template",
        "object",
        "iframe",
        "svg",
        "button",
        "select",
    ]
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)


def parse_markup(markup: str, name: str) -> HtmlElement:
    """Parse markup. Raises BadInput, starting with `name`, if it is empty, too large or nested too deeply."""
    if _ENTITY_DECLARATIONS.search(markup[:4_096]):
        raise BadInput(f"{name} declares custom entities in its DOCTYPE. Such files aren't supported.")
    if markup.count("<") > MAX_TAGS:
        raise BadInput(f"{name} has more than {MAX_TAGS:,} tags, the limit for one text.")
    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        tree = document_fromstring(_CONTROLS.sub("", markup).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise BadInput(f"{name} contains no text.") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise BadInput(f"{name} cannot be read: its elements are nested too deeply.")
    return tree


def extract_lines(tree: HtmlElement) -> tuple[str, str | None]:
    """Return the visible text, one line per block, and the two signs around the words of quotation elements, if any.

    The lines of a quoted message (<blockquote type="cite">) start with "> ". Changes `tree`. Pass the text on to
    `drop_signs` in the end.
    """
    for element in tree.iter("blockquote"):
        if element.get("type") == "cite" or "gmail_quote" in (element.get("class") or ""):
            element.tag = "div"
            element.set("data-depth", "1")
    signs = mark_elements(tree)
    return "\n".join(_list_lines(tree)), signs


def drop_signs(text: str, signs: str | None) -> tuple[str, tuple[Span, ...]]:
    """Return a text without the signs of `extract_lines`, and the words of its quotation elements."""
    return remove_signs(text, signs) if signs else (text, ())


def _list_lines(tree: HtmlElement) -> Iterator[str]:
    """Yield the lines in document order, without recursion: nesting is the sender's choice."""
    pieces: list[str] = []
    depth = 0
    line_depth = 0
    hidden_element: HtmlElement | None = None
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        is_start = event == "start"
        if hidden_element is not None:
            if not is_start and element is hidden_element:
                hidden_element = None
                pieces.append(element.tail or "")
            continue
        is_block = element.tag in _BLOCK_TAGS
        if is_block:
            yield from _join_line(pieces, line_depth)
            pieces = []
            depth += int(element.get("data-depth", "0")) * (1 if is_start else -1)
            line_depth = depth
        if is_start and _is_hidden(element):
            hidden_element = element
        elif is_start:
            pieces.append(element.text or "")
        else:
            pieces.append(element.tail or "")
    yield from _join_line(pieces, line_depth)


def _join_line(pieces: list[str], depth: int) -> Iterator[str]:
    line = " ".join("".join(pieces).split())
    if line:
        yield QUOTE_PREFIX * min(depth, 5) + line


def _is_hidden(element: HtmlElement) -> bool:
    if element.tag in _HIDDEN_TAGS:
        return True
    return _HIDDEN_STYLE.search(element.get("style") or "") is not None and element.tag not in ("body", "html")

"""Write the text of a part of a page, one line for each block, as a browser would.

It is for short pages, for which the extraction would take the text of the whole page, and for articles in JSON-LD.
"""

from lxml import etree
from lxml.html import HtmlElement

from briefings.ingest.pages.repairs.prose import (
    BLOCK_TAGS,
    HIDDEN_TAGS,
    SITE_AREA,
    SITE_TAGS,
    get_text,
    is_mostly_links,
    is_prose,
)

_LINE_TAGS = BLOCK_TAGS | {"br"}
_DROPPED_TAGS = HIDDEN_TAGS | SITE_TAGS | {"figure", "time", "label", "fieldset", "table"}
#: elements that are dropped if they consist of links
_LINK_AREAS = frozenset(["div", "ul", "ol", "p", "section", "header", "center", "li"])
_HIDDEN_STYLES = ("display:none", "visibility:hidden")


def write_lines(part: HtmlElement, *, is_fragment: bool = False) -> list[str]:
    """Return the lines of a part of a page, without menus, captions and lists of links.

    With `is_fragment`, the part is an article's own markup, and only what a browser hides is dropped.
    """
    lines: list[str] = []
    pieces: list[str] = []
    dropped: HtmlElement | None = None
    for event, element in etree.iterwalk(part, events=("start", "end")):
        is_start = event == "start"
        if dropped is None and is_start and element is not part and _is_dropped(element, is_fragment=is_fragment):
            dropped = element
        if dropped is None:
            if element.tag in _LINE_TAGS:
                _end_line(lines, pieces)
            pieces.append((element.text if is_start else element.tail) or "")
        elif dropped is element and not is_start:
            dropped = None
            if element.tag in _LINE_TAGS:
                _end_line(lines, pieces)
            pieces.append(element.tail or "")
    _end_line(lines, pieces)
    return lines


def _end_line(lines: list[str], pieces: list[str]) -> None:
    line = " ".join("".join(pieces).split())
    if line:
        lines.append(line)
    pieces.clear()


def _is_dropped(element: HtmlElement, *, is_fragment: bool) -> bool:
    if is_fragment:
        return element.tag in HIDDEN_TAGS
    if element.tag in _DROPPED_TAGS or SITE_AREA.search(f"{element.get('class', '')} {element.get('id', '')}"):
        return True
    if element.get("style", "").replace(" ", "").startswith(_HIDDEN_STYLES) or element.get("hidden") is not None:
        return True
    if element.tag not in _LINK_AREAS or next(element.iter("a"), None) is None:
        return False
    text = get_text(element)
    return is_mostly_links(element, text) and not (element.tag == "p" and is_prose(text))

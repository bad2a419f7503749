"""Keep prose in elements whose names sound like a widget or a banner. The extraction drops what is named so.

Rule: a name is no proof. A quotation is kept in all but the areas around an article, such as menus and comments; other
prose is kept if half of the page's prose is in such elements, because then a page builder named them.
"""

import re

from lxml.html import HtmlElement

from briefings.ingest.pages.repairs.prose import (
    get_text,
    has_quotation_mark,
    is_in_site_area,
    is_mostly_links,
    is_prose,
)

#: parts of names by which the extraction drops an element, but that content has too
_AREA_NAME = re.compile(
    r"embed|widget|slide|attachment|meta|bar\b|rating|expand|options|overlay|viewport|message|banner|permission|"
    r"premium|paid-?content|next-|-icon|timestamp|user-info|blurred|obfuscated|button|tweet|twitter|instagram",
    re.IGNORECASE,
)
_NAMED_TAGS = frozenset(["div", "li", "ul", "ol", "dl", "p", "section", "span", "blockquote"])
#: share of the page's prose from which the names are those of a page builder
_MIN_SHARE = 0.5


def keep_named_areas(tree: HtmlElement) -> None:
    """Remove the names of the elements in `tree` that hold prose of the article."""
    if not _has_named_area(tree):
        return
    areas: dict[HtmlElement, tuple[HtmlElement, ...]] = {}
    paragraphs = [part for part in tree.iter("p", "blockquote") if _find_areas(part, areas)]
    paragraphs = [part for part in paragraphs if _is_content(part)]
    if not paragraphs:
        return
    length = sum(len(get_text(part)) for part in paragraphs)
    total = sum(len(text) for part in tree.iter("p") if is_prose(text := get_text(part)))
    is_page_builder = length >= _MIN_SHARE * total
    for part in paragraphs:
        if is_page_builder or part.tag == "blockquote" or has_quotation_mark(get_text(part)):
            for area in areas[part]:
                area.attrib.pop("class", None)
                area.attrib.pop("id", None)


def _has_named_area(tree: HtmlElement) -> bool:
    """Tell whether a paragraph is in such an element; most pages have none."""
    visited: set[HtmlElement] = set()
    part: HtmlElement | None
    for part in tree.iter("p", "blockquote"):
        while part is not None and part not in visited:
            visited.add(part)
            if part.keys() and part.tag in _NAMED_TAGS and _has_area_name(part):
                return True
            part = part.getparent()
    return False


def _find_areas(element: HtmlElement, areas: dict[HtmlElement, tuple[HtmlElement, ...]]) -> tuple[HtmlElement, ...]:
    """Return the elements with such a name from `element` up, and remember them in `areas`."""
    chain: list[HtmlElement] = []
    part: HtmlElement | None = element
    while part is not None and part not in areas:
        chain.append(part)
        part = part.getparent()
    found_areas = () if part is None else areas[part]
    for part in reversed(chain):
        if part.tag in _NAMED_TAGS and _has_area_name(part):
            found_areas = (*found_areas, part)
        areas[part] = found_areas
    return found_areas


def _has_area_name(element: HtmlElement) -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return len(names) > 1 and _AREA_NAME.search(names) is not None


def _is_content(part: HtmlElement) -> bool:
    text = get_text(part)
    if part.tag != "blockquote" and not is_prose(text):
        return False
    return not is_mostly_links(part, text) and not is_in_site_area(part)

"""Keep all updates of a live blog: the extraction takes the first of several articles of one page.

Rule: updates are two or more neighbours of one kind with prose of their own, each with a time or a heading that is not
a link. Neighbours whose headings are links are teasers of other pages, and are left alone.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from briefings.ingest.pages.repairs.prose import SITE_AREA, is_in_site_area

_CLOCK = re.compile(r"\s*\d{1,2}[:.h]\d{2}\b|\s*\d{1,2}(?:[:.]\d{2})?\s?[ap]\.?m\b", re.IGNORECASE)
_HEADINGS = ("h2", "h3", "h4", "h5")
_LIVE_NAME = re.compile(r"live|updates?\b|timeline|\bblock\b|\bpost\b|\bentry\b", re.IGNORECASE)
_NOT_UPDATE = re.compile(r"comment|reply|teaser|card|promo|related", re.IGNORECASE)
_UPDATE_TAGS = frozenset(["article", "div", "section", "li"])
#: elements around the time of an update
_HEAD_TAGS = frozenset(["header", "p", "div", "span", "a", "h2", "h3", "h4"])
_MIN_UPDATES = 2


def unwrap_updates(tree: HtmlElement) -> None:
    """Make the updates of each live blog in `tree` plain parts of one article."""
    for parent, updates in list(_group_updates(tree)):
        for update in updates:
            for part in update.iter("article", "div", "section", "main", "header", "li"):
                if part is update or part.tag != "div" or part.get("itemprop") or part.get("class"):
                    _make_plain(part)
        if parent.tag in ("ul", "ol"):
            parent.tag = "div"
        if not any(ancestor.tag in ("article", "main") for ancestor in (parent, *parent.iterancestors())):
            _make_article(parent)


def _make_plain(part: HtmlElement) -> None:
    """Remove the names of an element by which the extraction would take it for the whole article."""
    if SITE_AREA.search(f"{part.get('class', '')} {part.get('id', '')}") is None:
        part.tag = "div"
        for name in ("class", "id", "itemprop", "role"):
            part.attrib.pop(name, None)


def _make_article(parent: HtmlElement) -> None:
    if parent.tag == "body":
        article = parent.makeelement("article")
        for child in list(parent):
            article.append(child)
        parent.append(article)
    else:
        parent.tag = "article"
        parent.attrib.clear()


def _group_updates(tree: HtmlElement) -> Iterator[tuple[HtmlElement, list[HtmlElement]]]:
    """Yield each parent with the updates in it."""
    groups: dict[tuple[HtmlElement, str, str], dict[HtmlElement, None]] = {}
    for mark in tree.iter("time", *_HEADINGS):
        element = mark.getparent()
        if element is not None and (element.tag == "header" or (mark.tag == "time" and element.tag in _HEAD_TAGS)):
            element = element.getparent()
        parent = element.getparent() if element is not None and element.tag in _UPDATE_TAGS else None
        if element is not None and parent is not None:
            kind = element.get("class", "").partition(" ")[0]
            groups.setdefault((parent, str(element.tag), kind), {})[element] = None
    for (parent, _, _), updates in groups.items():
        if (
            len(updates) >= _MIN_UPDATES
            and all(_is_update(update) for update in updates)
            and not is_in_site_area(parent)
        ):
            yield parent, list(updates)


def _is_update(element: HtmlElement) -> bool:
    if element.get("itemprop") == "liveBlogUpdate":
        return True
    if _NOT_UPDATE.search(element.get("class", "")) is not None:
        return False
    headings = list(element.iter(*_HEADINGS))
    if any(_is_link(heading) for heading in headings):
        return False
    has_time = next(element.iter("time"), None) is not None
    has_clock = any(_CLOCK.match("".join(heading.itertext())) for heading in headings)
    return has_time or has_clock or (bool(headings) and _LIVE_NAME.search(element.get("class", "")) is not None)


def _is_link(heading: HtmlElement) -> bool:
    """Tell whether a heading links to another page, or is in such a link. An anchor is a place in this page."""
    links = [*heading.iter("a"), *heading.iterancestors("a")]
    return any("#" not in link.get("href", "#") for link in links)

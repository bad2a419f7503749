"""Find the authors and the outlet that a page names in its microdata and in the bylines of its article."""

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from briefings.ingest.bylines import clean_byline, join_authors
from briefings.ingest.pages.metadata.page_parts import PageParts, get_text, read_head

#: maximum number of elements whose names are compared, and of those whose texts are read
_MAX_CANDIDATES, _MAX_ELEMENTS = 2_000, 100
#: maximum length of a byline on a page
_MAX_BYLINE_LENGTH = 300
#: words of names and roles that are not capitalised, and maximum number of words of a byline without a mark
_NAME_WORDS = frozenset(
    ["and", "&", "de", "da", "di", "du", "van", "von", "der", "den", "la", "le", "of", "in", "for", "at", "the"]
)
_MAX_NAME_WORDS = 15
_CLASS_PATH = "descendant::*[contains(@class, 'uthor') or contains(@class, 'yline') or contains(@class, 'y-line')]"
#: classes of bylines and authors, without case and punctuation
_BYLINE_CLASS = re.compile(
    r"(?:(?:article|entry|post|story|news|contributor|main)?(?:byline|author|authors)(?:name|names|s)?|pauthor|bylineauthor)"
)


def find_byline(parts: PageParts) -> str | None:
    """Return the authors of the page's article by microdata, or else by the first byline of the article."""
    for names in _list_sources(parts):
        if byline := join_authors(names):
            return byline
    return None


def find_publisher(parts: PageParts) -> str | None:
    """Return the publisher in the article's own microdata, if it names one."""
    names = {name for element in _find_own(parts, "itemprop", "publisher") for name in _get_names(element) if name}
    return names.pop() if len(names) == 1 else None


def _list_sources(parts: PageParts) -> Iterator[Iterable[str]]:
    """Yield the names that each source states, the most certain first."""
    yield [name for element in _find_own(parts, "itemprop", "author") for name in _get_names(element)]
    yield [get_text(link) for link in _find_own(parts, "rel", "author")]
    head_parts, lines = read_head(parts)
    bylines = [part.element for part in head_parts if _is_byline(part.element)]
    bylines = bylines or [element for element in parts.tree.xpath(_CLASS_PATH)[:_MAX_CANDIDATES] if _is_byline(element)]
    bylines = [element for element in bylines[:_MAX_ELEMENTS] if parts.is_own(element)]
    yield next((names for element in bylines if join_authors(names := _split_byline(element))), [])
    yield [line for line in lines if _is_byline_line(line)][:1]


def _find_own(parts: PageParts, attribute: str, value: str) -> list[HtmlElement]:
    """Return the article's elements with this word in an attribute."""
    elements = parts.tree.xpath(f"descendant::*[@{attribute}]")[:_MAX_CANDIDATES]
    elements = [element for element in elements if value in element.get(attribute).split()][:_MAX_ELEMENTS]
    return [element for element in elements if parts.is_own(element)]


def _is_byline_line(line: str) -> bool:
    """Tell whether a line without a mark is a byline: "By" and capitalised names."""
    names = (clean_byline(line) or "") if line[:3].lower() == "by " and len(line) <= _MAX_BYLINE_LENGTH else ""
    words = names.split()
    return 2 <= len(words) <= _MAX_NAME_WORDS and all(word[0].isupper() or word in _NAME_WORDS for word in words)


def _split_byline(element: HtmlElement) -> list[str]:
    """Return the names of a byline: those of its own elements for names, links or items, if it has no others."""
    byline = get_text(element)
    if len(byline) > _MAX_BYLINE_LENGTH:
        return []
    inner_bylines = [inner for inner in element.iterdescendants() if isinstance(inner.tag, str) and _is_byline(inner)]
    for inner_elements in (inner_bylines, list(element.iterdescendants("a")), list(element.iterdescendants("li"))):
        names = [name for inner in inner_elements if (name := get_text(inner))]
        rest = byline
        for name in names:
            rest = rest.replace(name, "|", 1)
        has_other_names = re.search(r"\b(?:and|und|et|y|e|&)\s+[^\W\d_]", rest)
        if names and not has_other_names and (inner_elements is inner_bylines or not clean_byline(rest)):
            return names
    return [byline]


def _is_byline(element: HtmlElement) -> bool:
    classes = element.get("class", "")[:500].lower().split()
    return any(_BYLINE_CLASS.fullmatch(re.sub(r"[^a-z]", "", name)) for name in classes)


def _get_names(element: HtmlElement) -> list[str]:
    """Return the names of a person or organisation: its parts that are marked as names, or else its words."""
    parts = element.xpath(".//*[@itemprop='name']")[:_MAX_ELEMENTS]
    return [part.get("content") or get_text(part) for part in parts] or [element.get("content") or get_text(element)]

"""Find the article of a page and its headline, and tell its elements from those of neighbours.

Rule: an element belongs to the article if no part of the page around it is a neighbour: `aside`, `nav`, `footer`,
another `article`, another `itemscope`, comments, teasers. Parts that contain the headline are never neighbours.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from briefings.ingest.pages.metadata.page_article import SIMILAR, measure_similarity

_MAX_TEXT_LENGTH = 2_000
_MAX_HEADINGS, _MAX_SCOPES, _MAX_ITEM_ELEMENTS, _MAX_MARKED = 50, 200, 30, 10_000
_NEIGHBOUR_TAGS = frozenset(
    [
        "aside",
        "nav",
        "footer",
        "blockquote",
        "figure",
        "figcaption",
        "template",
        "noscript",
        "script",
        "style",
        "select",
        "button",
        "svg",
        "iframe",
    ]
)
_NEIGHBOUR_CLASS = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|disqus|respond|related|recommended|recommendations|recirc(?:ulation)?|teasers?|"
    r"most[_-]?(?:read|popular|viewed|recent)|popular|trending|latest|sidebar|side[_-]?bar|side-?rail|right-?rail|promos?|"
    r"newsletter|read-?(?:more|next|also)|more-?(?:stories|news|from|on|in)|see-?also|carousel|widgets?|breadcrumbs?|"
    r"outbrain|taboola|adverts?|advertisement|sponsored|cookie|(?:site|page|global)-?footer|site-?header|masthead|top-?bar|author-?(?:bio|box)|"
    r"about-?(?:the-?)?author|bio|tweet|twitter-tweet|instagram-media|gallery|slideshow|caption|next-?(?:story|article|post)|"
    r"prev(?:ious)?-?(?:story|article|post)|other-?(?:news|stories)|byline-bio)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SCRIPT_TAGS = frozenset(["script", "style", "noscript", "template"])
_ARTICLE_SCOPE = re.compile(r"(?:Article|BlogPosting|Report|PressRelease)\s*$")
_OUTSIDE = "ancestor::aside or ancestor::nav or ancestor::footer"
_FIND_MARKED = etree.XPath("descendant::*[@itemprop or @property or @rel]")
_FIND_SCOPES = etree.XPath(f"descendant::*[@itemscope and not(@itemprop or {_OUTSIDE})]")
#: similarity from which no smaller heading is compared
_CERTAIN = 0.8


@dataclass(frozen=True, slots=True)
class PageParts:
    """The article of a page: its headline, the element that holds all of it, and the elements around the headline."""

    tree: HtmlElement
    headline: HtmlElement | None
    container: HtmlElement | None
    home: frozenset[HtmlElement]
    #: elements with microdata, RDFa or a relation
    marked_elements: Sequence[HtmlElement] = ()

    def is_own(self, element: HtmlElement) -> bool:
        """Tell whether an element belongs to the article or to the page's head, not to a neighbour."""
        for ancestor in (element, *element.iterancestors()):
            if ancestor is self.container or ancestor.tag == "head":
                return True
            if self.is_neighbour(ancestor):
                return False
        scope = next((ancestor for ancestor in element.iterancestors() if ancestor.get("itemscope") is not None), None)
        return self.container is None or (scope is not None and scope in self.home and _is_article_scope(scope))

    def is_neighbour(self, element: HtmlElement) -> bool:
        """Tell whether an element is a part of the page that does not belong to the article."""
        if element in self.home or not isinstance(element.tag, str):
            return False
        if element.tag in _NEIGHBOUR_TAGS or element.tag == "article":
            return True
        # without an article element, a header is that of the site
        if element.tag == "header" and self.container is None:
            return True
        if element.get("itemscope") is not None and not _is_inner_scope(element):
            return True
        if element.tag == "li" and _is_teaser(element):
            return True
        return bool(_NEIGHBOUR_CLASS.search(f"{element.get('class', '')} {element.get('id', '')}"[:500]))


def find_parts(tree: HtmlElement, stated_titles: Sequence[str]) -> PageParts:
    """Find the headline and the article of a page. `stated_titles` are the titles of its metadata."""
    marked_elements = _FIND_MARKED(tree)[:_MAX_MARKED]
    headline = _find_headline(tree, marked_elements, stated_titles)
    anchor = headline if headline is not None else _find_only_article(tree)
    around = [] if anchor is None else [anchor, *anchor.iterancestors()]
    container = next((element for element in reversed(around) if is_container(element)), None)
    scope = _find_only_scope(tree, [*stated_titles, *([] if headline is None else [get_text(headline)])])
    home = [*around, *([] if scope is None else [scope, *scope.iterancestors()]), tree, *tree.iterchildren("body")]
    return PageParts(tree, headline, container, frozenset(home), marked_elements)


def get_text(element: HtmlElement) -> str:
    """Return the visible words of an element on one line, without scripts; "" if they are long."""
    pieces: list[str] = []
    length = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "end":
            text = node.tail if node is not element else None
        else:
            text = None if node.tag in _SCRIPT_TAGS or not isinstance(node.tag, str) else node.text
        length += len(text or "") + 1
        if length > _MAX_TEXT_LENGTH:
            return ""
        pieces.append(text or "")
    return " ".join(" ".join(pieces).split())


def _find_headline(
    tree: HtmlElement, marked_elements: Sequence[HtmlElement], stated_titles: Sequence[str]
) -> HtmlElement | None:
    """Return the heading that is most similar to the metadata, or else the only h1 of the article or page."""
    marked_headings = [element for element in marked_elements if _is_marked_heading(element)]
    main_headings = _drop_outside([*islice(tree.iter("h1"), _MAX_HEADINGS), *marked_headings[:_MAX_HEADINGS]])
    main_heading, similarity = _choose_similar(main_headings, stated_titles)
    if similarity < _CERTAIN:
        minor_heading, minor_similarity = _choose_similar(_find_minor_headings(tree), stated_titles)
        if minor_similarity > similarity:
            main_heading, similarity = minor_heading, minor_similarity
    if similarity >= SIMILAR:
        return main_heading
    h1_headings = [heading for heading in main_headings if heading.tag == "h1"]
    inner_headings = [h1 for h1 in h1_headings if any(map(is_container, h1.iterancestors()))]
    choices = next((headings for headings in (inner_headings, h1_headings, main_headings) if headings), [])
    return choices[0] if len(choices) == 1 else None


def _is_marked_heading(element: HtmlElement) -> bool:
    return element.tag not in ("h1", "meta") and "headline" in element.get("itemprop", "").split()


def _find_minor_headings(tree: HtmlElement) -> list[HtmlElement]:
    return _drop_outside(islice(tree.iter("h2", "h3"), _MAX_HEADINGS))


def _drop_outside(elements: Iterable[HtmlElement]) -> list[HtmlElement]:
    return [element for element in elements if next(element.iterancestors("aside", "nav", "footer"), None) is None]


def _choose_similar(headings: Sequence[HtmlElement], titles: Sequence[str]) -> tuple[HtmlElement | None, float]:
    """Return the heading that is most similar to one of the titles, and how similar it is."""
    best_heading, best_similarity = None, 0.0
    for heading in headings:
        text = get_text(heading)
        similarity = max((measure_similarity(text, title) for title in titles if title), default=0.0)
        if similarity > best_similarity:
            best_heading, best_similarity = heading, similarity
    return best_heading, best_similarity


def _find_only_article(tree: HtmlElement) -> HtmlElement | None:
    """Return the only article of the page, or else its main part."""
    for path in (".//article[not(ancestor::aside or ancestor::footer)]", ".//main", ".//*[@role='main']"):
        elements = tree.xpath(path)
        if len(elements) == 1:
            return elements[0]
    return None


def _find_only_scope(tree: HtmlElement, titles: Sequence[str]) -> HtmlElement | None:
    """Return the only microdata scope of an article, unless its headings are those of another article."""
    scopes = [scope for scope in _FIND_SCOPES(tree)[:_MAX_SCOPES] if _is_article_scope(scope)]
    if len(scopes) != 1:
        return None
    headings = scopes[0].xpath(".//*[self::h1 or self::h2 or self::h3 or self::h4 or contains(@itemprop, 'headline')]")
    texts = [get_text(heading) or heading.get("content", "") for heading in headings[:_MAX_HEADINGS]]
    is_own = not any(texts) or any(measure_similarity(text, title) >= SIMILAR for text in texts for title in titles)
    return scopes[0] if is_own else None


def is_container(element: HtmlElement) -> bool:
    """Tell whether an element can hold a whole article."""
    is_scope = _is_article_scope(element) and element.tag not in ("html", "body")
    return element.tag in ("article", "main") or element.get("role") == "main" or is_scope


def _is_article_scope(element: HtmlElement) -> bool:
    return element.get("itemscope") is not None and bool(_ARTICLE_SCOPE.search(element.get("itemtype", "")[:300]))


def _is_teaser(item: HtmlElement) -> bool:
    """Tell whether an item of a list has a heading of its own: it leads to another story."""
    return any(inner.tag in ("h2", "h3", "h4") for inner in islice(item.iterdescendants(), _MAX_ITEM_ELEMENTS))


def _is_inner_scope(element: HtmlElement) -> bool:
    """Tell whether a microdata scope is the author or publisher of the scope around it."""
    return bool({"author", "creator", "publisher"}.intersection(element.get("itemprop", "").split()))

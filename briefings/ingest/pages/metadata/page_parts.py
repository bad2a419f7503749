"""Find the article of a page, its headline and the lines of its head; tell its elements from those of neighbours.

Rule: an element belongs to the article if no part of the page around it is a neighbour: `aside`, `nav`, `footer`,
another `article`, another `itemscope`, comments, teasers. Parts that contain the headline are never neighbours.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from briefings.ingest.pages.metadata.page_article import SIMILAR, measure_similarity

#: number of characters from which a line after the headline is running text
_PARAGRAPH_LENGTH = 120
#: maximum number of elements and characters of an article's head
_MAX_HEAD_ELEMENTS, _MAX_HEAD_LENGTH = 1_500, 8_000
_MAX_TEXT_LENGTH = 2_000
_MAX_HEADINGS, _MAX_SCOPES = 50, 200
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
    r"outbrain|taboola|adverts?|advertisement|sponsored|cookie|footer|site-?header|masthead|top-?bar|author-?(?:bio|box)|"
    r"about-?(?:the-?)?author|bio|tweet|twitter-tweet|instagram-media|gallery|slideshow|caption|next-?(?:story|article|post)|"
    r"prev(?:ious)?-?(?:story|article|post)|other-?(?:news|stories)|byline-bio)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SCRIPT_TAGS = frozenset(["script", "style", "noscript", "template"])
_BLOCK_TAGS = frozenset(
    [
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "section",
        "article",
        "main",
        "table",
        "tr",
        "td",
        "th",
        "br",
        "hr",
        "address",
        "pre",
        "center",
    ]
)
_STANDFIRST_CLASS = re.compile(
    r"standfirst|sub-?_?(?:title|head)|summary|deck|dek\b|excerpt|description|intro|abstract|strap|byline|h2",
    re.IGNORECASE,
)
_ARTICLE_SCOPE = re.compile(r"(?:Article|BlogPosting|Report|PressRelease)\s*$")
_OUTSIDE = "ancestor::aside or ancestor::nav or ancestor::footer"
_FIND_HEADLINES = etree.XPath(f"descendant::*[(self::h1 or @itemprop) and not(self::meta or {_OUTSIDE})]")
_FIND_SCOPES = etree.XPath(f"descendant::*[@itemscope and not(@itemprop or {_OUTSIDE})]")
#: similarity from which no smaller heading is compared
_CERTAIN = 0.8


@dataclass(frozen=True, slots=True)
class HeadPart:
    """An element of the article's head, and the words of its line before it."""

    element: HtmlElement
    words_before: str


@dataclass(frozen=True, slots=True)
class PageParts:
    """The article of a page: its headline, the element that holds all of it, and the elements around the headline."""

    tree: HtmlElement
    headline: HtmlElement | None
    container: HtmlElement | None
    home: frozenset[HtmlElement]

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
        return bool(_NEIGHBOUR_CLASS.search(f"{element.get('class', '')} {element.get('id', '')}"[:500]))


def find_parts(tree: HtmlElement, stated_titles: Sequence[str]) -> PageParts:
    """Find the headline and the article of a page. `stated_titles` are the titles of its metadata."""
    headline = _find_headline(tree, stated_titles)
    anchor = headline if headline is not None else _find_only_article(tree)
    around = [] if anchor is None else [anchor, *anchor.iterancestors()]
    container = next((element for element in reversed(around) if _is_container(element)), None)
    scope = _find_only_scope(tree, [*stated_titles, *([] if headline is None else [get_text(headline)])])
    home = [*around, *([] if scope is None else [scope, *scope.iterancestors()]), *tree.iter("html", "body")]
    return PageParts(tree, headline, container, frozenset(home))


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


def read_head(parts: PageParts) -> tuple[list[HeadPart], list[str]]:
    """Return the elements and the lines of the article's head: from its beginning to its first paragraph.

    Without an article element, the head begins at the headline; without a headline, there is none.
    """
    head_parts: list[HeadPart] = []
    lines: list[str] = []
    if parts.headline is None:
        return head_parts, lines
    is_started, is_after_headline, line, length = parts.container is not None, False, "", 0
    for is_start, element, text in _walk(parts):
        if is_start and element is parts.headline:
            is_started = is_after_headline = True
        if not is_started:
            continue
        if element.tag in _BLOCK_TAGS:
            if line.strip():
                lines.append(" ".join(line.split()))
            line = ""
        if is_start:
            head_parts.append(HeadPart(element, " ".join(line.split())[-100:]))
        line += text
        length += len(text)
        if len(line) >= _PARAGRAPH_LENGTH and not _is_standfirst(element):
            if is_after_headline:
                return head_parts, lines
            # a paragraph before the headline is not part of the head
            head_parts, lines, line = [], [], ""
        if len(head_parts) > _MAX_HEAD_ELEMENTS or length > _MAX_HEAD_LENGTH:
            return head_parts, lines
    return head_parts, [*lines, " ".join(line.split())]


def read_first_lines(tree: HtmlElement) -> list[str]:
    """Return the lines of a page from its beginning to its first paragraph, for pages without a headline."""
    parts = PageParts(tree, None, None, frozenset(tree.iter("html", "body")))
    lines: list[str] = []
    line, length = "", 0
    for _, element, text in _walk(parts):
        if element.tag in _BLOCK_TAGS and line.strip():
            lines.append(" ".join(line.split()))
            line = ""
        line += text
        length += len(text)
        if len(line) >= _PARAGRAPH_LENGTH or length > _MAX_HEAD_LENGTH:
            return lines
    return [*lines, " ".join(line.split())]


def _walk(parts: PageParts) -> Iterator[tuple[bool, HtmlElement, str]]:
    """Yield the starts and ends of the article's elements, each with the text that follows it, without neighbours."""
    root = parts.container if parts.container is not None else parts.tree.find("body")
    if root is None:
        return
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        is_start = event == "start"
        if not isinstance(element.tag, str) or (element is not root and parts.is_neighbour(element)):
            if is_start:
                walker.skip_subtree()
            else:
                yield False, element, element.tail or ""
        else:
            yield is_start, element, (element.text if is_start else element.tail if element is not root else "") or ""


def _find_headline(tree: HtmlElement, stated_titles: Sequence[str]) -> HtmlElement | None:
    """Return the heading that is most similar to the metadata, or else the only h1 of the article or page."""
    main_headings = [heading for heading in _FIND_HEADLINES(tree) if _is_main_heading(heading)][:_MAX_HEADINGS]
    main_heading, similarity = _choose_similar(main_headings, stated_titles)
    if similarity < _CERTAIN:
        minor_heading, minor_similarity = _choose_similar(_find_minor_headings(tree), stated_titles)
        if minor_similarity > similarity:
            main_heading, similarity = minor_heading, minor_similarity
    if similarity >= SIMILAR:
        return main_heading
    h1_headings = [heading for heading in main_headings if heading.tag == "h1"]
    inner_headings = [h1 for h1 in h1_headings if any(map(_is_container, h1.iterancestors()))]
    return next((choices[0] for choices in (inner_headings, h1_headings) if len(choices) == 1), None)


def _is_main_heading(element: HtmlElement) -> bool:
    return element.tag == "h1" or "headline" in element.get("itemprop", "").split()


def _find_minor_headings(tree: HtmlElement) -> list[HtmlElement]:
    headings = list(islice(tree.iter("h2", "h3"), _MAX_HEADINGS))
    return [heading for heading in headings if next(heading.iterancestors("aside", "nav", "footer"), None) is None]


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


def _is_container(element: HtmlElement) -> bool:
    """Tell whether an element can hold a whole article."""
    is_scope = _is_article_scope(element) and element.tag not in ("html", "body")
    return element.tag in ("article", "main") or element.get("role") == "main" or is_scope


def _is_article_scope(element: HtmlElement) -> bool:
    return element.get("itemscope") is not None and bool(_ARTICLE_SCOPE.search(element.get("itemtype", "")[:300]))


def _is_standfirst(element: HtmlElement) -> bool:
    """Tell whether an element is a sentence below the headline that introduces the article."""
    parents = [element, element.getparent()]
    return any(
        parent is not None and bool(_STANDFIRST_CLASS.search(f"{parent.tag} {parent.get('class', '')}"[:300]))
        for parent in parents
    )


def _is_inner_scope(element: HtmlElement) -> bool:
    """Tell whether a microdata scope is the author or publisher of the scope around it."""
    return bool({"author", "creator", "publisher"}.intersection(element.get("itemprop", "").split()))

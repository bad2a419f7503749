"""Mark the part of a page that holds its article, if the page's markup does not name it.

Rule: the part is the smallest one with nearly all of the page's prose. A page that names one article is left alone; of
several, the longest is the article.
"""

from lxml import etree
from lxml.html import HtmlElement

from briefings.ingest.pages.repairs.prose import get_text, is_in_site_area, is_mostly_links, is_prose

_has_article = etree.XPath(
    "boolean(//*[@role='main' or @role='article' or @itemprop='articleBody' or @id='content' or @class='content'])"
)
_PARAGRAPH_TAGS = ("p", "blockquote", "li", "dd")
_CONTAINER_TAGS = frozenset(["div", "section", "center", "form", "span", "font", "header"])
#: share of the page's prose that the article has at least
_MIN_SHARE = 0.95
#: an <article> before the longest one is a teaser if its text is shorter than this share of it
_MAX_TEASER_SHARE = 0.5


def mark_article(tree: HtmlElement) -> None:
    """Rename the element around the prose of `tree` to <article>, if no element is named so."""
    body = tree.find("body") if tree.tag == "html" else tree
    if body is None:
        return
    articles = [part for part in body.iter("article") if next(part.iterancestors("article"), None) is None]
    if len(articles) > 1:
        _rename_teasers(articles)
    if articles or next(body.iter("main"), None) is not None or _has_article(tree):
        return
    lengths: dict[HtmlElement, int] = {}
    total = 0
    for paragraph in body.iter(*_PARAGRAPH_TAGS):
        if any(parent.tag in _PARAGRAPH_TAGS for parent in paragraph.iterancestors()):
            continue
        text = get_text(paragraph)
        if not is_prose(text) or is_mostly_links(paragraph, text) or is_in_site_area(paragraph):
            continue
        total += len(text)
        for parent in paragraph.iterancestors():
            lengths[parent] = lengths.get(parent, 0) + len(text)
    if total:
        _rename(_descend(body, lengths, _MIN_SHARE * total))


def _rename_teasers(articles: list[HtmlElement]) -> None:
    """Rename the articles before the longest one, because the extraction takes the first."""
    lengths = [sum(len(get_text(part)) for part in article.iter("p", "blockquote")) for article in articles]
    longest = lengths.index(max(lengths))
    for article, length in zip(articles[:longest], lengths, strict=False):
        if length < _MAX_TEASER_SHARE * lengths[longest]:
            article.tag = "div"


def _descend(element: HtmlElement, lengths: dict[HtmlElement, int], min_length: float) -> HtmlElement:
    """Return the smallest element in `element` with at least `min_length` characters of prose."""
    child: HtmlElement | None = element
    while child is not None:
        element = child
        child = next(
            (part for part in element if part.tag in _CONTAINER_TAGS and lengths.get(part, 0) >= min_length), None
        )
        if child is not None and _has_own_head(child):
            break
    return element


def _has_own_head(child: HtmlElement) -> bool:
    """Tell whether there is text before `child` that is no menu: the head of a press release, with its day."""
    before = list(child.itersiblings(preceding=True))
    texts = [get_text(part) for part in before]
    return any(texts) and all(
        next(part.iter("a", "form", "input"), None) is None and not is_in_site_area(part) for part in before
    )


def _rename(element: HtmlElement) -> None:
    if element.tag == "body":
        article = element.makeelement("article")
        article.text, element.text = element.text, None
        for child in list(element):
            article.append(child)
        element.append(article)
    else:
        element.tag = "article"

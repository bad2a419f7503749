"""Recognise a page that lists articles: headlines that are links, each with the first words of another article.

Rule: a page with running text of its own is an article, whatever it links to. A few sentences are enough if the page
marks them as its article or gives them a day. A live blog is an article too.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from briefings.ingest.pages.repairs.prose import get_text, is_in_site_area, is_prose

_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_MIN_TEASERS = 3
_MAX_TEASERS = 300
#: maximum number of elements that are checked for a day or a text of the page's own
_MAX_MARKS = 2_000
#: a longer part under a headline is an article or a section of one
_MAX_TEASER_WORDS = 80
#: a page with more characters of its own, without spaces, is an article; an introduction to a list has fewer
_MAX_OWN_LENGTH = 300
#: an introduction to a list is shorter than this share of its teasers
_MAX_OWN_SHARE = 0.5
#: share of a headline that is in its link
_MIN_LINK_SHARE = 0.8
_states_own_article = etree.XPath(
    "boolean(//meta[@property='article:published_time'] | //*[@itemprop='liveBlogUpdate']"
    " | //script[@type='application/ld+json'][contains(., 'LiveBlogPosting')])"
)


def list_teasers(tree: HtmlElement) -> tuple[str, ...]:
    """Return the text of each teaser in `tree`, without spaces; () if the page is not a list of articles."""
    if _states_own_article(tree):
        return ()
    targets: dict[HtmlElement, str] = {}
    for heading in tree.iter(*_HEADINGS):
        if len(targets) <= _MAX_TEASERS and (target := _find_target(heading)) and not is_in_site_area(heading):
            targets[heading] = target
    counts: dict[HtmlElement, int] = {}
    for heading in targets:
        for parent in heading.iterancestors():
            counts[parent] = counts.get(parent, 0) + 1
    teasers: dict[str, str] = {}
    parts: set[HtmlElement] = set()
    for heading, target in targets.items():
        teaser_parts = list(_list_parts(heading, counts))
        text = _read_teaser(teaser_parts)
        if text is not None:
            teasers[target] = text
            parts.update(teaser_parts)
    if len(teasers) < _MIN_TEASERS or _has_own_article(tree, counts, parts):
        return ()
    return tuple(teasers.values())


def is_listing(text: str, teasers: tuple[str, ...]) -> bool:
    """Tell whether the extracted `text` of a page is little more than its teasers."""
    if not teasers:
        return False
    teaser_text = "\n".join(teasers)
    own_length = 0
    for line in text.split("\n"):
        characters = _remove_spaces(line)
        if not is_prose(line) or characters in teaser_text:
            continue
        for teaser in teasers:  # the extraction can join a short page to one line
            characters = characters.replace(teaser, "")
        own_length += len(characters)
        if own_length > _MAX_OWN_LENGTH:
            return False
    return own_length <= _MAX_OWN_SHARE * sum(len(teaser) for teaser in teasers)


def _has_own_article(tree: HtmlElement, counts: dict[HtmlElement, int], parts: set[HtmlElement]) -> bool:
    """Tell whether a page marks a text without teasers as its article, or gives a day outside its teasers."""
    for mark in islice(tree.iter("article", "time"), _MAX_MARKS):
        if mark in counts or is_in_site_area(mark) or not parts.isdisjoint((mark, *mark.iterancestors())):
            continue
        if mark.tag == "time" or any(is_prose(get_text(part)) for part in mark.iter("p", "blockquote")):
            return True
    return False


def _find_target(heading: HtmlElement) -> str | None:
    """Return the address that a headline links to, if nearly all of it is a link to another page."""
    around = next(heading.iterancestors("a"), None)
    link = around if around is not None else next(heading.iter("a"), None)
    if link is None:
        return None
    address = (link.get("href") or "").strip()
    # an anchor is a place in this page
    if not address or "#" in address or address.lower().startswith(("javascript:", "mailto:")):
        return None
    is_linked = around is not None or len(get_text(link)) >= _MIN_LINK_SHARE * len(get_text(heading))
    return address if is_linked else None


def _list_parts(heading: HtmlElement, counts: dict[HtmlElement, int]) -> Iterator[HtmlElement]:
    """Yield the elements of the teaser with a linked headline: the largest one without another, or what follows."""
    element = heading
    for parent in heading.iterancestors():
        if counts[parent] > 1 or parent.tag in ("main", "body"):
            break
        element = parent
    yield element
    yield from _list_following(element)


def _read_teaser(parts: Iterable[HtmlElement]) -> str | None:
    """Return the text of a teaser without spaces, or None if it is too long for one."""
    words: list[str] = []
    for part in parts:
        words += get_text(part).split()
        if len(words) > _MAX_TEASER_WORDS:
            return None
    return "".join(words)


def _list_following(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the parts after a headline that has no element around it, up to the next headline."""
    if element.tag not in (*_HEADINGS, "a"):
        return
    for sibling in element.itersiblings():
        if sibling.tag in _HEADINGS or next(sibling.iter(*_HEADINGS), None) is not None:
            return
        yield sibling


def _remove_spaces(text: str) -> str:
    return "".join(text.split())

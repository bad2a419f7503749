"""Tell running text from menus, labels and numbers, and give it paragraphs.

Rule: text counts as prose if it has a quotation mark or ends like a sentence, and is not mostly links.
"""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

_BLOCK_NAMES = (
    "address article aside blockquote center dd details dir div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
_HIDDEN_NAMES = (
    "applet area audio button canvas datalist embed frame frameset head iframe input link map math meta noscript "
    "object option optgroup script select source style svg template textarea title track video"
)
#: elements that start a new line in a browser
BLOCK_TAGS = frozenset(_BLOCK_NAMES.split())
#: elements whose text a reader does not see, or that are not part of an article
HIDDEN_TAGS = frozenset(_HIDDEN_NAMES.split())
#: elements around an article: their text belongs to the site
SITE_TAGS = frozenset(["nav", "aside", "footer", "dialog", "menu"])
_QUOTATION_MARK = re.compile(r"[“”„«»]|(?:^|[\s(])[\"‘'](?=\w)")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_COPYRIGHT = re.compile(r"\s*(?:©|\(c\)|copyright\b|all rights reserved)", re.IGNORECASE)
_MIN_WORDS = 5
#: maximum share of a text that may be in links
_MAX_LINK_SHARE = 0.5
#: a union of paths with names is ten times as fast as one path for any name
_find_lines_without_paragraph = etree.XPath(
    " | ".join(
        f"//{tag}[text()[normalize-space(.)] or span/text()[string-length(.) > 24]]"
        for tag in ("div", "section", "article", "main", "body", "center", "dd", "form")
    )
)
#: names of areas that are not part of an article, in a class or id
SITE_AREA = re.compile(
    r"(?:^|[\s_-])(?:nav|navigation|menu|breadcrumbs?|sidebar|footer|related|recirc|recommended|teasers?|promo|"
    r"newsletter|share|social|comments?|cookies?|consent|most-(?:read|popular)|read-?more|toc|pagination|tags)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)


def get_text(element: HtmlElement) -> str:
    """Return an element's text on one line."""
    return " ".join("".join(element.itertext()).split())


def is_prose(text: str) -> bool:
    """Tell whether one line of text reads like a sentence or a quotation."""
    if _COPYRIGHT.match(text):
        return False
    if _QUOTATION_MARK.search(text):
        return True
    return text.count(" ") + 1 >= _MIN_WORDS and _SENTENCE_END.search(text) is not None


def is_mostly_links(element: HtmlElement, text: str) -> bool:
    """Tell whether most of an element's text is in links. `text` is its text."""
    length = sum(len(get_text(link)) for link in element.iter("a"))
    return length > _MAX_LINK_SHARE * len(text)


def is_in_site_area(element: HtmlElement) -> bool:
    """Tell whether an element is part of a menu, a sidebar, a list of other stories or the like."""
    return any(
        parent.tag in SITE_TAGS or SITE_AREA.search(f"{parent.get('class', '')} {parent.get('id', '')}") is not None
        for parent in (element, *element.iterancestors())
    )


def add_paragraphs(tree: HtmlElement) -> None:
    """Put prose that is directly in a <div> or the like into paragraphs."""
    for element in _find_lines_without_paragraph(tree):
        if element.tag == "div" and not any(is_block(child) for child in element):
            text = get_text(element)
            if is_prose(text) and not is_mostly_links(element, text):
                element.tag = "p"
        else:
            wrap_runs(element)


def is_block(element: HtmlElement) -> bool:
    """Tell whether an element starts a new line, or contains one that does."""
    return element.tag in BLOCK_TAGS or next(element.iter(*BLOCK_TAGS), None) is not None


def wrap_runs(element: HtmlElement, *, is_all: bool = False) -> None:
    """Put each run of prose between the blocks in `element` into a <p>; with `is_all`, any text."""
    for run in list(_split_runs(element)):
        before, children = run
        text = (before.tail if before is not None else element.text) or ""
        line = " ".join("".join([text, *(piece for child in children for piece in _iterate_text(child))]).split())
        link_length = sum(len(get_text(link)) for child in children for link in child.iter("a"))
        if not line or link_length > _MAX_LINK_SHARE * len(line) or not (is_all or is_prose(line)):
            continue
        paragraph = element.makeelement("p")
        paragraph.text = text
        if before is None:
            element.text = None
            element.insert(0, paragraph)
        else:
            before.tail = None
            before.addnext(paragraph)
        for child in children:
            paragraph.append(child)


def _split_runs(element: HtmlElement) -> Iterator[tuple[HtmlElement | None, list[HtmlElement]]]:
    """Yield the block before each run (None at the start), and the inline elements of the run."""
    before: HtmlElement | None = None
    children: list[HtmlElement] = []
    for child in element:
        if is_block(child):
            yield before, children
            before, children = child, []
        else:
            children.append(child)
    yield before, children


def _iterate_text(element: HtmlElement) -> Iterator[str]:
    if element.tag not in HIDDEN_TAGS:
        yield from element.itertext()
    yield element.tail or ""

"""Keep the blocks that hold quotations where the extraction would drop or join them.

Rule: a quotation in a <figure>, a list item or an embedded post is text of the article. A pull quote repeats words of
the article, so it is dropped if they stand in a paragraph too.
"""

import re

from lxml import etree
from lxml.html import HtmlElement

from briefings.ingest.pages.repairs.prose import get_text, is_in_site_area, is_mostly_links, is_prose, wrap_runs
from briefings.text.wrapped_lines import unwrap_lines

_find_list_blocks = etree.XPath("//li[p or blockquote or pre or div/p or div/blockquote]")
_find_pull_quotes = etree.XPath(
    " | ".join(
        f"//{tag}[contains(@class, 'pull') or contains(@class, 'Pull') or contains(@class, 'callout')]"
        for tag in ("blockquote", "figure", "div", "p", "section")
    )
)
_PULL_NAME = re.compile(r"pull[-_ ]?(?:out|quote)|callout", re.IGNORECASE)
_NOT_LETTERS = re.compile(r"[\W_]+")
#: a pull quote has at least this many letters; shorter words occur in many places
_MIN_PULL_LETTERS = 15
#: elements that name the speaker of a block
_SIGNATURE_TAGS = frozenset(["cite", "footer", "figcaption", "br"])
#: maximum number of lines of preformatted text
_MAX_LINES = 20_000


def keep_quote_blocks(tree: HtmlElement) -> None:
    """Rename and unwrap the elements around quotations in `tree`, and drop pull quotes."""
    _unwrap_figures(tree)
    _drop_pull_quotes(tree)
    _unwrap_lists(tree)
    for block in tree.iter("pre"):
        _split_lines(block)


def _unwrap_figures(tree: HtmlElement) -> None:
    """Make a <figure> around a quotation a plain part of the text, and its caption the signature."""
    for figure in {parent for quote in tree.iter("blockquote") for parent in quote.iterancestors("figure")}:
        for part in figure.iter("figcaption"):
            part.tag = "p"
        figure.tag = "div"


def _drop_pull_quotes(tree: HtmlElement) -> None:
    quotes = [*tree.iter("blockquote"), *(part for part in _find_pull_quotes(tree) if _is_pull_quote(part))]
    if not quotes:
        return
    quote_set = set(quotes)
    paragraphs = [
        paragraph
        for paragraph in tree.iter("p", "li", "dd")
        if next(paragraph.iter("blockquote"), None) is None
        and not any(parent in quote_set for parent in (paragraph, *paragraph.iterancestors()))
    ]
    text = "\n".join(_fold("".join(paragraph.itertext())) for paragraph in paragraphs)
    for quote in quotes:
        letters = _fold(_get_words(quote))
        if len(letters) >= _MIN_PULL_LETTERS and letters in text and quote.getparent() is not None:
            quote.drop_tree()
        elif quote.tag != "blockquote":
            quote.attrib.pop("class", None)


def _is_pull_quote(element: HtmlElement) -> bool:
    return _PULL_NAME.search(element.get("class", "")) is not None


def _get_words(quote: HtmlElement) -> str:
    """Return the words of a pull quote, without its signature."""
    block = next(quote.iter("blockquote"), quote)
    if not (block.text or "").strip() and (paragraphs := list(block.iter("p"))):
        return " ".join(_get_words_before_signature(part) for part in paragraphs)
    return _get_words_before_signature(block, is_span_signature=quote.tag != "blockquote")


def _get_words_before_signature(part: HtmlElement, *, is_span_signature: bool = False) -> str:
    pieces = [part.text or ""]
    for child in part:
        if child.tag in _SIGNATURE_TAGS or (is_span_signature and child.tag == "span"):
            break
        pieces += [*child.itertext(), child.tail or ""]
    return "".join(pieces)


def _fold(text: str) -> str:
    return _NOT_LETTERS.sub(" ", text).strip().lower()


def _unwrap_lists(tree: HtmlElement) -> None:
    """Make a list whose items have paragraphs of prose a plain part of the text: the extraction would join them."""
    for item in _find_list_blocks(tree):
        parent = item.getparent()
        if parent is None or item.tag != "li":  # its list is unwrapped already
            continue
        text = get_text(item)
        if not is_prose(text) or is_mostly_links(item, text) or is_in_site_area(item):
            continue
        for child in parent:
            if child.tag == "li":
                child.tag = "div"
                wrap_runs(child, is_all=True)
        parent.tag = "div"


def _split_lines(block: HtmlElement) -> None:
    """Make each paragraph of a <pre> with prose an element; lines that are not hard-wrapped stay apart."""
    for line_break in block.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    lines = unwrap_lines("".join(block.itertext())).split("\n")
    if len(lines) > _MAX_LINES or not is_prose(" ".join(" ".join(lines).split())):
        return
    tail = block.tail
    block.clear()
    block.tail = tail
    block.tag = "div"
    for line in lines:
        if line.strip():
            paragraph = block.makeelement("p")
            paragraph.text = " ".join(line.split())
            block.append(paragraph)

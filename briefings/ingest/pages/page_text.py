"""Extract the text of a page's article, and the words of its quotation elements.

Rule: each paragraph is one line of the text, and nothing is added. Rule: a page that shows no text without scripts can
carry its article in JSON-LD; only then is it read from there.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from lxml.etree import strip_elements
from lxml.html import HtmlElement

from briefings.ingest.pages.block_text import write_lines
from briefings.ingest.pages.embedded_article import find_embedded_article
from briefings.ingest.pages.quotation_elements import mark_elements, remove_signs
from briefings.ingest.pages.repairs.article_body import mark_article
from briefings.ingest.pages.repairs.drop_caps import join_drop_caps
from briefings.ingest.pages.repairs.layout_tables import unwrap_tables
from briefings.ingest.pages.repairs.live_updates import unwrap_updates
from briefings.ingest.pages.repairs.named_areas import keep_named_areas
from briefings.ingest.pages.repairs.prose import add_paragraphs
from briefings.ingest.pages.repairs.quote_blocks import keep_quote_blocks
from briefings.ingest.pages.repairs.times import keep_times
from briefings.model import Span
from briefings.text.spans import explain_unstorable

if TYPE_CHECKING:
    from trafilatura.settings import Extractor

_LIST_ITEM_MARK = re.compile(r"^- ", re.MULTILINE)
#: elements that the extraction drops too; without them, it and the repairs are faster
_REMOVED_TAGS = ("script", "style", "noscript", "template", "svg", "iframe", "nav", "aside", "button", "select")
_REPAIRS = (
    keep_times,
    join_drop_caps,
    unwrap_tables,
    unwrap_updates,
    add_paragraphs,
    keep_quote_blocks,
    keep_named_areas,
    mark_article,
)
#: for a shorter text, trafilatura takes the text of the whole page
_MIN_EXTRACTED_LENGTH = 250
#: an article in JSON-LD is read if it is so many times as long as a short text of the page
_MIN_EMBEDDED_RATIO = 2


def extract_text(tree: HtmlElement) -> tuple[str, tuple[Span, ...]]:
    """Return the article's text and the words of its quotation elements. Changes `tree`."""
    embedded_article = find_embedded_article(tree)
    strip_elements(tree, *_REMOVED_TAGS, with_tail=False)
    for repair in _REPAIRS:
        repair(tree)
    signs = mark_elements(tree)
    text = _extract_lines(tree)
    if embedded_article is not None and len(text) < _MIN_EXTRACTED_LENGTH:
        embedded_signs = mark_elements(embedded_article)
        embedded_text = "\n".join(write_lines(embedded_article, is_fragment=True))
        if len(embedded_text) > _MIN_EMBEDDED_RATIO * len(text):
            text, signs = embedded_text, embedded_signs
    text, quotation_elements = remove_signs(text, signs) if signs else (text, ())
    return ("", ()) if explain_unstorable(text) else (text, quotation_elements)


def _extract_lines(tree: HtmlElement) -> str:
    """Return the lines of the article, without the list marks that trafilatura adds."""
    from trafilatura import extract  # slow to import, and only pages need it

    try:
        extracted_text = extract(tree, options=_build_options())
    except RecursionError:
        return ""
    text = _LIST_ITEM_MARK.sub("", extracted_text or "").strip()
    if len(text) >= _MIN_EXTRACTED_LENGTH:
        return text
    return "\n".join(write_lines(_find_article(tree)))


@cache
def _build_options() -> "Extractor":
    """Return the settings of the extraction, made once because that takes as long as a short page."""
    from trafilatura.settings import Extractor

    return Extractor(fast=True, comments=False, tables=False)


def _find_article(tree: HtmlElement) -> HtmlElement:
    """Return the page's only <article>, or <main>, or the whole page."""
    for name in ("article", "main", "body"):
        parts = [part for part in tree.iter(name) if not any(parent.tag == name for parent in part.iterancestors())]
        if len(parts) == 1:
            return parts[0]
    return tree

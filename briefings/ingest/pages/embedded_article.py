"""Read the article that a page carries in JSON-LD: articleBody of schema.org.

Some pages show no text without scripts. Rule: the words are those of the JSON. Its markup becomes lines, and its line
ends are kept.
"""

import json
import re
from collections.abc import Iterator, Mapping
from html import escape, unescape

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

_find_scripts = etree.XPath("//script[@type and contains(., 'articleBody')]")
_MEDIA_TYPE = "application/ld+json"
_MAX_SCRIPT_LENGTH = 2_000_000
_MAX_OBJECTS = 500
_MAX_DEPTH = 6
_MARKUP = re.compile(r"</[a-z][a-z0-9]{0,12}\s*>|<(?:br|p|div|img|hr)\b[^<>]*>", re.IGNORECASE)
_PARAGRAPH_MARKUP = re.compile(r"<(?:p|br|div|li|blockquote|h[1-6])\b", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ESCAPED_MARKUP = re.compile(r"&lt;/?(?:p|br|div|blockquote)\b", re.IGNORECASE)
_CDATA = re.compile(r"^\s*(?:/\*\s*)?(?://\s*)?<!\[CDATA\[(?:\s*\*/)?|(?:/\*\s*)?(?://\s*)?\]\]>(?:\s*\*/)?\s*;?\s*$")


def find_embedded_article(tree: HtmlElement) -> HtmlElement | None:
    """Return the article's own markup as a tree with one paragraph for each line, or None if there is none.

    Of several articles, it is the one whose headline is the page's, or else the first.
    """
    articles = [article for script in _find_scripts(tree) for article in _parse_articles(script)]
    if not articles:
        return None
    headings = {_fold("".join(heading.itertext())) for heading in tree.iter("h1", "title")}
    own_articles = [article for article in articles if _fold(str(article["headline"])) in headings]
    return _build_tree(str([*own_articles, *articles][0]["articleBody"]))


def _parse_articles(script: HtmlElement) -> Iterator[Mapping[str, object]]:
    text = script.text or ""
    if script.get("type", "").partition(";")[0].strip().lower() != _MEDIA_TYPE or len(text) > _MAX_SCRIPT_LENGTH:
        return
    try:
        pending: list[tuple[object, int]] = [(json.loads(_CDATA.sub("", text), strict=False), 0)]
    except (ValueError, RecursionError):
        return
    for _ in range(_MAX_OBJECTS):
        if not pending:
            return
        value, depth = pending.pop(0)
        if isinstance(value, dict):
            updates = value.pop("liveBlogUpdate", None)
            body = _join_updates(updates) if isinstance(updates, list) else value.get("articleBody")
            if isinstance(body, str) and body.strip():
                yield {"headline": value.get("headline"), "articleBody": body}
            value = list(value.values())
        if isinstance(value, list) and depth < _MAX_DEPTH:
            pending += [(item, depth + 1) for item in value if isinstance(item, dict | list)]


def _join_updates(updates: list[object]) -> str:
    """Join the bodies of a live blog's updates in their order."""
    bodies = [update.get("articleBody") for update in updates if isinstance(update, dict)]
    texts = [body for body in bodies if isinstance(body, str)]
    return ("<br>" if any(_PARAGRAPH_MARKUP.search(text) for text in texts) else "\n").join(texts)


def _build_tree(body: str) -> HtmlElement | None:
    """Parse the markup of an article. Without markup for paragraphs, each line is one."""
    if _ESCAPED_MARKUP.search(body):
        body = unescape(body)
    if not _MARKUP.search(body):
        body = escape(unescape(body), quote=False)
    if not _PARAGRAPH_MARKUP.search(body):
        body = "<br>".join(body.splitlines())
    markup = f"<html><body>{_CONTROLS.sub(' ', body)}</body></html>"
    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        return document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()

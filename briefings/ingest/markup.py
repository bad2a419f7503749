"""Strangers' markup in small pieces: as plain text, as a page of its own, and for what a page's head links to.

Rule: bounded, and in one pass; whole pages are read elsewhere.
"""

import re
from html import escape, unescape

#: characters of a page in which its head is looked for
_HEAD = 300_000
_SILENT = re.compile(r"<(script|style)\b[^<]{0,100000}(?:</\1\s*>|$)", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>?")
_LINK = re.compile(r"<link\b([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_BLOCK = re.compile(r"</(?:p|div|li|h[1-6]|blockquote)\s*>|<br\b[^<>]*>", re.IGNORECASE)
_PAID = re.compile(r"\"isAccessibleForFree\"\s*:\s*\"?false", re.IGNORECASE)
#: types of feeds, as pages name them
_FEEDS = frozenset(["application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"])
#: feeds of one page that are looked at
_MOST_FEEDS = 10


def plain(markup: str) -> str:
    """Markup as one line of visible text; scripts and styles are left out."""
    text = unescape(_TAG.sub(" ", _SILENT.sub(" ", _SILENT.sub(" ", markup))))
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def paragraphs(markup: str) -> str:
    """Markup as text, a paragraph a line."""
    lines = (plain(part) for part in _BLOCK.split(markup))
    return "\n".join(line for line in lines if line)


def escaped(text: str) -> str:
    """Plain text as markup that says it."""
    return escape(text, quote=False)


def page_of(title: str | None, markup: str) -> bytes:
    """A page that holds an entry's own markup as its article, for whoever reads pages."""
    heading = escaped(title or "")
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{heading}</title></head>"
        f"<body><article><h1>{heading}</h1>{markup}</article></body></html>"
    ).encode("utf-8", "replace")


def feeds_of(page: str) -> tuple[str, ...]:
    """The addresses of feeds that a page's head links to, as they stand there (rel=alternate), in order."""
    found: list[str] = []
    for match in _LINK.finditer(page, 0, _HEAD):
        told = {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(match[1])}
        kind = told.get("type", "").partition(";")[0].strip().lower()
        if "alternate" in told.get("rel", "").lower().split() and kind in _FEEDS and told.get("href"):
            found.append(told["href"].strip())
    return tuple(dict.fromkeys(found))[:_MOST_FEEDS]


def is_paid(page: str) -> bool:
    """Whether a page says that its article is for those who pay (schema.org's isAccessibleForFree)."""
    return _PAID.search(page) is not None

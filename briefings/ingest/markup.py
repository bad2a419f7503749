"""Strangers' markup in small pieces: as plain text, as a page of its own, and for what a page's head links to.

Rule: bounded, and in one pass; whole pages are read elsewhere.
"""

import re
from html import escape, unescape

#: characters of a page in which its head is looked for
_HEAD_CHARACTERS = 300_000
_SCRIPT_OR_STYLE = re.compile(r"<(script|style)\b[^<]{0,100000}(?:</\1\s*>|$)", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>?")
_LINK = re.compile(r"<link\b([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_BLOCK = re.compile(r"</(?:p|div|li|h[1-6]|blockquote)\s*>|<br\b[^<>]*>", re.IGNORECASE)
_PAYWALL_MARK = re.compile(r"\"isAccessibleForFree\"\s*:\s*\"?false", re.IGNORECASE)
#: types of feeds, as pages name them
_FEED_TYPES = frozenset(["application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"])
#: feeds of one page that are looked at
_MAX_FEEDS = 10


def strip_markup(markup: str) -> str:
    """Markup as one line of visible text; scripts and styles are left out."""
    text = unescape(_TAG.sub(" ", _SCRIPT_OR_STYLE.sub(" ", _SCRIPT_OR_STYLE.sub(" ", markup))))
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def extract_paragraphs(markup: str) -> str:
    """Markup as text, a paragraph a line."""
    lines = (strip_markup(part) for part in _BLOCK.split(markup))
    return "\n".join(line for line in lines if line)


def escape_text(text: str) -> str:
    """Plain text as markup that says it."""
    return escape(text, quote=False)


def build_page(title: str | None, markup: str) -> bytes:
    """A page that holds an entry's own markup as its article, for whoever reads pages."""
    heading = escape_text(title or "")
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{heading}</title></head>"
        f"<body><article><h1>{heading}</h1>{markup}</article></body></html>"
    ).encode("utf-8", "replace")


def find_feed_links(page: str) -> tuple[str, ...]:
    """The addresses of feeds that a page's head links to, as they stand there (rel=alternate), in order."""
    addresses: list[str] = []
    for match in _LINK.finditer(page, 0, _HEAD_CHARACTERS):
        attributes = {
            name.lower(): unescape(double_quoted or single_quoted or unquoted)
            for name, double_quoted, single_quoted, unquoted in _ATTRIBUTE.findall(match[1])
        }
        media_type = attributes.get("type", "").partition(";")[0].strip().lower()
        if (
            "alternate" in attributes.get("rel", "").lower().split()
            and media_type in _FEED_TYPES
            and attributes.get("href")
        ):
            addresses.append(attributes["href"].strip())
    return tuple(dict.fromkeys(addresses))[:_MAX_FEEDS]


def is_paywalled(page: str) -> bool:
    """Whether a page says that its article is for those who pay (schema.org's isAccessibleForFree)."""
    return _PAYWALL_MARK.search(page) is not None

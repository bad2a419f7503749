"""Extract an article from a web page, and convert small pieces of untrusted markup to plain text.

Rule: reading a page is pure, so it can run in a sandbox process that is stopped after a timeout.
Rule: each paragraph is one line of the text, and nothing is added. The article's id is its URL.
Rule: the helpers for small pieces of markup are bounded and need one pass.
"""

import re
from hashlib import sha256
from html import escape, unescape

from briefings.errors import BadInput
from briefings.ingest.field_validation import MAX_NAME_LENGTH, is_same_site, normalise_url
from briefings.ingest.pages.listings import is_listing, list_teasers
from briefings.ingest.pages.non_articles import explain_non_article
from briefings.ingest.pages.page_metadata import extract_metadata
from briefings.ingest.pages.page_text import extract_text
from briefings.ingest.pages.page_tree import MAX_PAGE_BYTES as MAX_PAGE_BYTES
from briefings.ingest.pages.page_tree import decode_page, parse_tree
from briefings.model import Article

#: number of characters of a page in which feed links are searched
_HEAD_CHARACTERS = 300_000
_SCRIPT_OR_STYLE = re.compile(r"<(script|style)\b[^<]{0,100000}(?:</\1\s*>|$)", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>?")
_LINK = re.compile(r"<link\b([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_BLOCK = re.compile(r"</(?:p|div|li|h[1-6]|blockquote)\s*>|<br\b[^<>]*>", re.IGNORECASE)
_PAYWALL_MARK = re.compile(r"\"isAccessibleForFree\"\s*:\s*\"?false", re.IGNORECASE)
#: content types of feeds in the links of a page
_FEED_TYPES = frozenset(["application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"])
#: maximum number of feed links of one page
_MAX_FEEDS = 10


def read_page(data: bytes, url: str | None, content_type: str | None = None) -> Article:
    """Extract the article of a page. A file has no `url`. `content_type` is the Content-Type header.

    The article's id is the page's canonical URL if it is on the same site as `url`, or else `url`. A page without both
    gets "page-" and the start of a hash as its id. Raises BadInput if the page is too large, cannot be decoded, or
    contains no article.
    """
    location = url or "this page"
    markup = decode_page(data, location, content_type)
    tree = parse_tree(markup, location)
    metadata = extract_metadata(tree, url)
    teasers = list_teasers(tree)
    text, quotation_elements = extract_text(tree)
    if problem := explain_non_article(text, metadata.title, markup):
        raise BadInput(f"{location} {problem}")
    if is_listing(text, teasers):
        raise BadInput(f"{location} is a list of articles. Add the articles' addresses, or follow the site's feed.")
    address = _choose_address(normalise_url(url) or url, metadata.url)
    return Article(
        id=_build_article_id(address, text),
        text=text,
        publisher=metadata.publisher,
        published=metadata.published,
        url=address,
        title=metadata.title,
        byline=metadata.byline,
        quotation_elements=quotation_elements,
    )


def strip_markup(markup: str) -> str:
    """Convert markup to one line of visible text, without scripts and styles."""
    text = unescape(_TAG.sub(" ", _SCRIPT_OR_STYLE.sub(" ", _SCRIPT_OR_STYLE.sub(" ", markup))))
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def extract_paragraphs(markup: str) -> str:
    """Convert markup to text with one line per paragraph."""
    lines = (strip_markup(part) for part in _BLOCK.split(markup))
    return "\n".join(line for line in lines if line)


def escape_text(text: str) -> str:
    """Escape plain text for use in markup."""
    return escape(text, quote=False)


def build_page(title: str | None, markup: str) -> bytes:
    """Build a page around the markup of a feed entry, so that `read_page` can parse it."""
    heading = escape_text(title or "")
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{heading}</title></head>"
        f"<body><article><h1>{heading}</h1>{markup}</article></body></html>"
    ).encode("utf-8", "replace")


def find_feed_links(page: str) -> tuple[str, ...]:
    """Return the URLs of the feeds that a page links to (rel=alternate), unchanged and in order."""
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
    """Tell whether a page declares its article as paid content (isAccessibleForFree of schema.org)."""
    return _PAYWALL_MARK.search(page) is not None


def _choose_address(fetched_address: str | None, own_address: str | None) -> str | None:
    if fetched_address is None or own_address is None:
        return fetched_address or own_address
    return own_address if is_same_site(fetched_address, own_address) else fetched_address


def _build_article_id(address: str | None, text: str) -> str:
    if address is not None and len(address) <= MAX_NAME_LENGTH:
        return address
    return f"page-{sha256((address or text).encode()).hexdigest()[:24]}"

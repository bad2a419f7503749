"""Extract an article from a web page, and convert small pieces of untrusted markup to plain text.

Rule: reading a page is pure, so it can run in a sandbox process that is stopped after a timeout.
Rule: each paragraph is one line of the text, and nothing is added. The article's id is its URL.
Rule: the helpers for small pieces of markup are bounded and need one pass.
"""

import re
from hashlib import sha256
from html import escape, unescape

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import extract

from briefings.errors import BadInput
from briefings.ingest.field_validation import MAX_NAME_LENGTH, is_same_site, normalise_url
from briefings.ingest.formats.encoding import decode_bytes
from briefings.ingest.pages.page_metadata import extract_metadata
from briefings.ingest.pages.quotation_elements import mark_elements, remove_signs
from briefings.model import Article, Span
from briefings.text.spans import explain_unstorable

#: maximum size of a page in bytes; newspaper pages have 200,000 to 3,000,000
MAX_PAGE_BYTES = 10_000_000
#: maximum number of elements of a page; newspaper pages have 2,000 to 10,000
MAX_ELEMENTS = 100_000
#: an opening and a closing tag per element, and as many again in scripts
_MAX_TAGS = 4 * MAX_ELEMENTS
#: number of bytes in which a page declares its encoding (WHATWG: 1,024)
_HEAD_BYTES = 4_096
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,500}?(?:charset|encoding)\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{1,40})", re.IGNORECASE
)
_ENTITY_DECLARATIONS = re.compile(r"<!DOCTYPE[^>\[]{0,500}\[|<!ENTITY", re.IGNORECASE)
_LIST_ITEM_MARK = re.compile(r"^- ", re.MULTILINE)
#: control characters that neither XML nor plain text may contain
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
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
    if len(data) > MAX_PAGE_BYTES:
        raise BadInput(f"{location} is longer than {MAX_PAGE_BYTES:,} bytes, the limit for one page.")
    tree = _parse_tree(_decode_page(data, location, content_type), location)
    metadata = extract_metadata(tree, url)
    text, quotation_elements = _extract_text(tree)
    if not text:
        raise BadInput(f"{location} contains no article text.")
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


def _decode_page(data: bytes, location: str, content_type: str | None) -> str:
    header = re.search(r"charset\s*=\s*[\"']?([\w:.-]{1,40})", content_type or "", re.IGNORECASE)
    declared_charset = _CHARSET.search(data[:_HEAD_BYTES])
    declared_encoding = header[1] if header else declared_charset[1].decode("ascii") if declared_charset else None
    markup = decode_bytes(data, location, declared_encoding)
    if _ENTITY_DECLARATIONS.search(markup[:_HEAD_BYTES]):
        raise BadInput(f"{location} declares custom entities in its DOCTYPE. Such pages aren't supported.")
    return _CONTROLS.sub("", markup.removeprefix("\ufeff"))


def _parse_tree(markup: str, location: str) -> HtmlElement:
    """Parse a page with lxml, always as UTF-8, so that meta tags cannot change the encoding."""
    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    if markup.count("<") > _MAX_TAGS:
        raise BadInput(f"{location} has more than {MAX_ELEMENTS:,} elements, the limit for one page.")
    try:
        tree = document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise BadInput(f"{location} cannot be read: the page is empty or damaged.") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise BadInput(f"{location} cannot be read: its elements are nested too deeply.")
    if sum(1 for _ in tree.iter()) > MAX_ELEMENTS:
        raise BadInput(f"{location} has more than {MAX_ELEMENTS:,} elements, the limit for one page.")
    return tree


def _extract_text(tree: HtmlElement) -> tuple[str, tuple[Span, ...]]:
    """Return the article's text and the words of its quotation elements.

    The text has one line per paragraph, without the list marks that trafilatura adds.
    """
    signs = mark_elements(tree)
    try:
        extracted_text = extract(tree, include_comments=False, include_tables=False, fast=True, deduplicate=False)
    except RecursionError:
        return "", ()
    text = _LIST_ITEM_MARK.sub("", extracted_text or "").strip()
    text, quotation_elements = remove_signs(text, signs) if signs else (text, ())
    return ("", ()) if explain_unstorable(text) else (text, quotation_elements)


def _choose_address(fetched_address: str | None, own_address: str | None) -> str | None:
    if fetched_address is None or own_address is None:
        return fetched_address or own_address
    return own_address if is_same_site(fetched_address, own_address) else fetched_address


def _build_article_id(address: str | None, text: str) -> str:
    if address is not None and len(address) <= MAX_NAME_LENGTH:
        return address
    return f"page-{sha256((address or text).encode()).hexdigest()[:24]}"

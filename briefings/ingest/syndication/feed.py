"""Recognise and parse feeds: RSS, Atom and JSON Feed.

Rule: a feed is refused as a whole only if it is not a feed, declares entities or has too many entries. An invalid entry
is one failure; the other entries are kept.
"""

import re

from briefings.errors import BadInput
from briefings.ingest.formats.encoding import decode_bytes
from briefings.ingest.formats.stray_bytes import decode_stray_bytes
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.syndication.entries import (
    MAX_ENTRIES,
    Feed,
    FeedEntry,
    not_a_feed_error,
    too_many_entries_error,
)
from briefings.ingest.syndication.json_feed import read_json_feed
from briefings.ingest.syndication.xml_feed import read_xml_feed

__all__ = ["MAX_ENTRIES", "Feed", "FeedEntry", "looks_like_feed", "not_a_feed_error", "read_feed"]

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w:.-]{1,40})", re.IGNORECASE)
_DECLARED_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{1,40})", re.IGNORECASE)
_UTF8_NAMES = ("utf-8", "utf8")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
#: number of bytes at the beginning in which the root element is searched; comments before it do not count
_HEAD_BYTES = 100_000
_MAX_PROLOG_LENGTH = 10_000
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FEED_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")
_HTML_ROOT = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
#: a DOCTYPE that only names a public DTD, which is not loaded
_PUBLIC_DOCTYPE = re.compile(
    r"<!DOCTYPE\s+[\w:.-]{1,50}\s+(?:PUBLIC\s+(?:\"[^\"<>]{0,300}\"|'[^'<>]{0,300}')(?:\s+[\"'][^\"'<>]{0,300}[\"'])?"
    r"|SYSTEM\s+[\"']https?://[^\"'<>]{0,300}[\"'])\s*>",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_JSON_FEED = re.compile(r"\W*\{.*?jsonfeed\.org/version", re.DOTALL)
#: characters U+0080 to U+009F, which a feed contains only if Windows-1252 was taken for Latin-1
_LATIN1_CONTROLS = {code: text for code in range(0x80, 0xA0) if (text := bytes([code]).decode("cp1252", "ignore"))}


def looks_like_feed(data: bytes, content_type: str) -> bool:
    """Tell whether content is probably a feed, from its content type or its first characters."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in _FEED_TYPES:
        return True
    beginning = data[:_HEAD_BYTES].replace(b"\0", b"").decode("latin-1")
    if _JSON_FEED.match(beginning[:2_000]):
        return True
    prolog = _COMMENT.sub("", beginning)[:_MAX_PROLOG_LENGTH]
    root = _FEED_ROOT.search(prolog)
    return root is not None and not _HTML_ROOT.search(prolog, 0, root.start())


def read_feed(data: bytes, address: str, content_type: str = "") -> Feed:
    """Parse the feed fetched from `address`; `content_type` is its Content-Type header.

    Raises FetchError if it is not a feed, declares entities, or has more than `MAX_ENTRIES` entries. Raises BadInput
    if it cannot be decoded.
    """
    text = _decode_feed(data, address, content_type).translate(_LATIN1_CONTROLS)
    if text.lstrip()[:1] == "{":
        return read_json_feed(text, address)
    return read_xml_feed(_cut_prolog(text, address), address)


def _decode_feed(data: bytes, address: str, content_type: str) -> str:
    """Decode a feed. Invalid bytes are replaced, so they spoil only their own entries."""
    header = _CHARSET.search(content_type)
    declaration = _DECLARED_ENCODING.search(data[:_HEAD_BYTES])
    names = [header[1] if header else "", declaration[1].decode("ascii") if declaration else ""]
    # UTF-8 is tried first in any case; where it does not fit, only the other name can be true
    declared_encoding = next(
        (name for name in names if name and name.lower().replace("_", "-") not in _UTF8_NAMES), None
    )
    try:
        text = decode_bytes(data, address, declared_encoding)
    except BadInput:
        if data[:2] in _UTF16_MARKS:
            raise
        text = decode_stray_bytes(data)
    return text.removeprefix("\ufeff")


def _cut_prolog(text: str, address: str) -> str:
    """Return a feed from its root element on, so that the parser sees no declaration before it.

    Raises FetchError if it has no root, declares entities, or has too many entries.
    """
    start = _find_root(text)
    if start is None:
        raise not_a_feed_error(address)
    if _DECLARATION.search(_PUBLIC_DOCTYPE.sub("", _COMMENT.sub("", text[:start]), count=1)):
        raise FetchError(
            Failure.DOCTYPE, f"{address} declares its own entities in a DOCTYPE. Such feeds aren't supported."
        )
    if sum(1 for _ in _ENTRY.finditer(text)) > MAX_ENTRIES:
        raise too_many_entries_error(address)
    return text[start:]


def _find_root(text: str) -> int | None:
    """Return the position of the root element, or None; comments before it are skipped."""
    position = 0
    while root := _FEED_ROOT.search(text, position):
        comment = text.find("<!--", position, root.start())
        if comment < 0:
            return root.start()
        end = text.find("-->", comment)
        if end < 0:
            return None
        position = end
    return None

"""A feed, from its bytes: RSS and Atom as feedparser reads them, JSON Feed as `jsonfeed` does.

Rule: a feed is refused whole only where it is no feed, or a trap: a DOCTYPE, too many entries.
"""

import re
from calendar import timegm
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import feedparser

from briefings.ingest.encoding import decode_bytes
from briefings.ingest.entries import (
    MAX_ENTRIES,
    Feed,
    FeedEntry,
    build_entry,
    build_feed,
    not_a_feed_error,
    too_many_entries_error,
)
from briefings.ingest.failures import Failure, FetchError
from briefings.ingest.jsonfeed import read_json_feed

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w:.-]{1,40})", re.IGNORECASE)
_DECLARED_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{1,40})", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_ROOT = re.compile(r"<[A-Za-z]")
_DOCTYPE = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_JSON_FEED = re.compile(r"\W*\{.*?jsonfeed\.org/version", re.DOTALL)
_FEED_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")


def looks_like_feed(data: bytes, content_type: str) -> bool:
    """Whether it is worth reading as a feed, by its type or by how it begins."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"):
        return True
    beginning = data[:2_000].replace(b"\0", b"").decode("latin-1")
    return bool(_FEED_ROOT.search(beginning) or _JSON_FEED.match(beginning))


def read_feed(data: bytes, address: str, content_type: str = "") -> Feed:
    """The feed that came from `address`. Raises CannotFetch when it is none, declares a DOCTYPE, or is too long."""
    text = _decode_feed(data, address, content_type)
    if text.lstrip()[:1] == "{":
        return read_json_feed(text, address)
    _reject_unsafe_xml(text, address)
    parsed_feed = _parse_xml_feed(text, address)
    if not parsed_feed.get("version"):
        raise not_a_feed_error(address)
    title = str(parsed_feed.feed.get("title") or "")
    return build_feed(title, parsed_feed.entries, lambda item: _read_entry(item, address), address)


def _parse_xml_feed(text: str, address: str) -> Any:  # noqa: ANN401 - feedparser has no types
    try:
        return feedparser.parse(
            BytesIO(_XML_DECLARATION.sub("", text, count=1).encode("utf-8", "replace")),
            # the encoding is settled, and addresses are seen from where the feed was found
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": address},
            sanitize_html=True,
            resolve_relative_uris=True,
        )
    except Exception as error:  # whatever a stranger's text breaks in the parser: it is no feed
        raise not_a_feed_error(address) from error


def _decode_feed(data: bytes, address: str, content_type: str) -> str:
    """The feed as text; bytes that mean nothing in its encoding spoil the entries they stand in, and no others."""
    header = _CHARSET.search(content_type)
    declaration = _DECLARED_ENCODING.search(data[:300])
    encoding = header[1] if header else declaration[1].decode("ascii") if declaration else None
    if encoding is None or encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        has_utf16_bom = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        text = decode_bytes(data, address) if has_utf16_bom else data.decode("utf-8", "replace")
    else:
        text = decode_bytes(data, address, encoding)
    return text.removeprefix("\ufeff")


def _reject_unsafe_xml(text: str, address: str) -> None:
    root = _ROOT.search(text)
    if _DOCTYPE.search(text, 0, root.start() if root else len(text)):
        raise FetchError(Failure.DOCTYPE, f"{address} declares a DOCTYPE, which a feed does not need: it is not read.")
    if sum(1 for _ in _ENTRY.finditer(text)) > MAX_ENTRIES:
        raise too_many_entries_error(address)


def _read_entry(item: dict[str, Any], address: str) -> FeedEntry:
    texts = [str(part.get("value") or "") for part in item.get("content") or ()] + [str(item.get("summary") or "")]
    return build_entry(
        item.get("link"),
        address,
        str(item.get("title") or ""),
        _to_datetime(dict.get(item, "published_parsed") or dict.get(item, "updated_parsed")),
        str(item.get("author") or ""),
        max(texts, key=len),
    )


def _to_datetime(parsed_time: Any) -> datetime | None:  # noqa: ANN401 - a time.struct_time in UTC, or whatever was made of a date
    try:
        return datetime.fromtimestamp(timegm(parsed_time), UTC) if parsed_time else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None

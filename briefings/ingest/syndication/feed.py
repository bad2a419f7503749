"""Parse RSS, Atom and JSON feeds (jsonfeed.org, versions 1 and 1.1) into entries.

Rule: a feed is refused as a whole only if it is not a feed, declares a DOCTYPE or has too many entries. An invalid
entry is one failure; the other entries are kept.
"""

import json
import re
from calendar import timegm
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, TypeVar

import feedparser

from briefings.errors import BadInput
from briefings.ingest.field_validation import normalise_url
from briefings.ingest.formats.encoding import decode_bytes
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.pages.html import escape_text, strip_markup

#: maximum number of entries in a feed; most feeds have 10 to 100
MAX_ENTRIES = 2_000
#: maximum length of a title or byline, in characters
_MAX_TITLE_LENGTH = 1_000
#: the character that replaces invalid bytes
_REPLACEMENT_CHARACTER = "\ufffd"
_JSON_FEED_VERSION = "https://jsonfeed.org/version/1"
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w:.-]{1,40})", re.IGNORECASE)
_DECLARED_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{1,40})", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_ROOT = re.compile(r"<[A-Za-z]")
_DOCTYPE = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_JSON_FEED = re.compile(r"\W*\{.*?jsonfeed\.org/version", re.DOTALL)
_FEED_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed. All values are untrusted: `html` is external markup."""

    #: the normalised URL of the article
    address: str
    title: str | None = None
    #: publication time in the zone that the feed states; None if it is missing or invalid
    published: datetime | None = None
    byline: str | None = None
    #: the longest text of the entry, as markup; "" if it has none
    html: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed feed: its title, its valid entries in order, and the failures of the invalid ones."""

    title: str | None
    entries: tuple[FeedEntry, ...]
    failures: tuple[FetchError, ...] = ()


def looks_like_feed(data: bytes, content_type: str) -> bool:
    """Tell whether content is probably a feed, from its content type or its first characters."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in _FEED_TYPES:
        return True
    beginning = data[:2_000].replace(b"\0", b"").decode("latin-1")
    return bool(_FEED_ROOT.search(beginning) or _JSON_FEED.match(beginning))


def read_feed(data: bytes, address: str, content_type: str = "") -> Feed:
    """Parse the feed fetched from `address`; `content_type` is its Content-Type header.

    Raises FetchError if it is not a feed, declares a DOCTYPE, or has more than `MAX_ENTRIES` entries. Raises BadInput
    if it cannot be decoded.
    """
    text = _decode_feed(data, address, content_type)
    if text.lstrip()[:1] == "{":
        return _read_json_feed(text, address)
    _reject_unsafe_xml(text, address)
    parsed_feed = _parse_xml_feed(text, address)
    if not parsed_feed.get("version"):
        raise not_a_feed_error(address)
    title = str(parsed_feed.feed.get("title") or "")
    return _build_feed(title, parsed_feed.entries, lambda item: _read_xml_entry(item, address), address)


def not_a_feed_error(address: str) -> FetchError:
    """Build the error for content that is not a feed."""
    return FetchError(Failure.FEED, f"{address} is not a feed. Supported formats are RSS, Atom and JSON Feed.")


def _too_many_entries_error(address: str) -> FetchError:
    return FetchError(Failure.ENTRIES, f"{address} has more than {MAX_ENTRIES:,} entries, the limit for one feed.")


def _decode_feed(data: bytes, address: str, content_type: str) -> str:
    """Decode a feed. Invalid UTF-8 bytes are replaced, so they spoil only their own entries."""
    header = _CHARSET.search(content_type)
    declaration = _DECLARED_ENCODING.search(data[:300])
    encoding = header[1] if header else declaration[1].decode("ascii") if declaration else None
    if encoding is None or encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        has_utf16_bom = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        text = decode_bytes(data, address) if has_utf16_bom else data.decode("utf-8", "replace")
    else:
        text = decode_bytes(data, address, encoding)
    return text.removeprefix("\ufeff")


def _build_feed(title: str, items: Iterable[_Item], read_entry: Callable[[_Item], FeedEntry], address: str) -> Feed:
    """Build a feed from its title (markup) and items; an item for which `read_entry` raises BadInput is a failure."""
    entries: list[FeedEntry] = []
    failures: list[FetchError] = []
    for number, item in enumerate(items, 1):
        try:
            entries.append(read_entry(item))
        except BadInput as error:
            failure = error.failure if isinstance(error, FetchError) else Failure.ARTICLE
            failures.append(FetchError(failure, f"{address}, entry {number}: {error}."))
    return Feed(strip_markup(title)[:_MAX_TITLE_LENGTH] or None, tuple(entries), tuple(failures))


def _build_entry(link: object, base: str, title: str, published: datetime | None, byline: str, html: str) -> FeedEntry:
    """Build an entry; title and byline are markup. Raises FetchError if it has no usable URL or is garbled."""
    address = normalise_url(link, base) if isinstance(link, str) else None
    if address is None or address in (base, normalise_url(base)):
        raise FetchError(Failure.ADDRESS, "it has no web address")
    plain_title = strip_markup(title)[:_MAX_TITLE_LENGTH]
    if _REPLACEMENT_CHARACTER in plain_title or _REPLACEMENT_CHARACTER in html:
        raise FetchError(Failure.ARTICLE, "its text is garbled, because it contains bytes in another encoding")
    return FeedEntry(
        address,
        plain_title or None,
        published,
        strip_markup(byline)[:_MAX_TITLE_LENGTH] or None,
        html.replace("\0", ""),
    )


def _read_json_feed(text: str, address: str) -> Feed:
    """Parse a JSON Feed. Raises FetchError if it is not one, or has too many entries."""
    try:
        feed_object = json.loads(text)
    except (ValueError, RecursionError):
        raise not_a_feed_error(address) from None
    items = feed_object.get("items") if isinstance(feed_object, dict) else None
    if not isinstance(items, list) or not str(feed_object.get("version")).startswith(_JSON_FEED_VERSION):
        raise not_a_feed_error(address)
    if len(items) > MAX_ENTRIES:
        raise _too_many_entries_error(address)
    return _build_feed(
        escape_text(_get_string(feed_object, "title")), items, lambda item: _read_json_entry(item, address), address
    )


def _read_json_entry(item: object, address: str) -> FeedEntry:
    if not isinstance(item, dict):
        raise FetchError(Failure.FEED, "it is not a JSON object")
    return _build_entry(
        _get_string(item, "url") or _get_string(item, "id"),
        address,
        escape_text(_get_string(item, "title")),
        _parse_moment(_get_string(item, "date_published")),
        escape_text(_join_authors(item)),
        _get_string(item, "content_html")
        or escape_text(_get_string(item, "content_text") or _get_string(item, "summary")),
    )


def _get_string(item: Mapping[str, object], name: str) -> str:
    value = item.get(name)
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _join_authors(item: Mapping[str, object]) -> str:
    author_list = item.get("authors")
    authors = author_list if isinstance(author_list, list) else [item.get("author")]
    names = [_get_string(author, "name") for author in authors if isinstance(author, dict)]
    return ", ".join(name for name in names if name)


def _parse_moment(timestamp: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(timestamp) if timestamp else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _reject_unsafe_xml(text: str, address: str) -> None:
    """Raise FetchError if the XML declares a DOCTYPE or has too many entries."""
    root = _ROOT.search(text)
    if _DOCTYPE.search(text, 0, root.start() if root else len(text)):
        raise FetchError(Failure.DOCTYPE, f"{address} declares a DOCTYPE. Feeds with a DOCTYPE aren't supported.")
    if sum(1 for _ in _ENTRY.finditer(text)) > MAX_ENTRIES:
        raise _too_many_entries_error(address)


def _parse_xml_feed(text: str, address: str) -> Any:  # noqa: ANN401 - feedparser has no types
    try:
        return feedparser.parse(
            BytesIO(_XML_DECLARATION.sub("", text, count=1).encode("utf-8", "replace")),
            # the text is UTF-8 now, and relative URLs are resolved against the URL of the feed
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": address},
            sanitize_html=True,
            resolve_relative_uris=True,
        )
    except Exception as error:  # untrusted text can trigger any error in the parser
        raise not_a_feed_error(address) from error


def _read_xml_entry(item: dict[str, Any], address: str) -> FeedEntry:
    texts = [str(part.get("value") or "") for part in item.get("content") or ()] + [str(item.get("summary") or "")]
    return _build_entry(
        item.get("link"),
        address,
        str(item.get("title") or ""),
        _to_datetime(dict.get(item, "published_parsed") or dict.get(item, "updated_parsed")),
        str(item.get("author") or ""),
        max(texts, key=len),
    )


def _to_datetime(parsed_time: Any) -> datetime | None:  # noqa: ANN401 - feedparser has no types
    """Convert a UTC `time.struct_time`, or return None if it is missing or out of range."""
    try:
        return datetime.fromtimestamp(timegm(parsed_time), UTC) if parsed_time else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None

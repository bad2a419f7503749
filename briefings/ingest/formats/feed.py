"""A feed, from its bytes: RSS and Atom as feedparser reads them, JSON Feed as `jsonfeed` does.

Rule: a feed is refused whole only where it is no feed, or a trap: a DOCTYPE, too many entries.

What a feed tells, whichever its format: its entries as values, checked one at a time.

Rule: an entry that cannot be used is one failure, and the others stand.

JSON Feed, versions 1 and 1.1 (jsonfeed.org).
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
from briefings.ingest.formats.html import escape_text, strip_markup
from briefings.ingest.http.failures import Failure, FetchError

#: entries of one feed; most have 10 to 100
MAX_ENTRIES = 2_000
#: characters of a title or a byline
_MAX_TITLE_LENGTH = 1_000
#: the character that stands for bytes of no meaning
_REPLACEMENT_CHARACTER = "\ufffd"

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """What a feed tells of one article. Nothing of it is trusted: `html` is a stranger's markup."""

    #: the article's own, canonical
    address: str
    title: str | None = None
    #: when it was published, in the zone that was written; None when nothing or nonsense was
    published: datetime | None = None
    byline: str | None = None
    #: the longest text that the feed gives, as markup; "" for none
    html: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it was read: what it is called, its entries in order, and those that cannot be used."""

    title: str | None
    entries: tuple[FeedEntry, ...]
    failures: tuple[FetchError, ...] = ()


def build_feed(title: str, items: Iterable[_Item], read_entry: Callable[[_Item], FeedEntry], address: str) -> Feed:
    """The feed of a `title`, which is markup, and of those `items` that `read` does not refuse."""
    entries: list[FeedEntry] = []
    failures: list[FetchError] = []
    for number, item in enumerate(items, 1):
        try:
            entries.append(read_entry(item))
        except BadInput as error:
            failure = error.failure if isinstance(error, FetchError) else Failure.ARTICLE
            failures.append(FetchError(failure, f"{address}, entry {number}: {error}."))
    return Feed(strip_markup(title)[:_MAX_TITLE_LENGTH] or None, tuple(entries), tuple(failures))


def not_a_feed_error(address: str) -> FetchError:
    """The failure of what was meant to be a feed."""
    return FetchError(Failure.FEED, f"{address} is no feed that can be read: RSS, Atom and JSON Feed can.")


def build_entry(link: object, base: str, title: str, published: datetime | None, byline: str, html: str) -> FeedEntry:
    """An entry of what a feed told, titles and bylines as markup. Raises CannotFetch."""
    address = normalise_url(link, base) if isinstance(link, str) else None
    if address is None or address in (base, normalise_url(base)):
        raise FetchError(Failure.ADDRESS, "it has no web address of its own")
    plain_title = strip_markup(title)[:_MAX_TITLE_LENGTH]
    if _REPLACEMENT_CHARACTER in plain_title or _REPLACEMENT_CHARACTER in html:
        raise FetchError(Failure.ARTICLE, "its text is garbled: bytes of another encoding stand in it")
    return FeedEntry(
        address,
        plain_title or None,
        published,
        strip_markup(byline)[:_MAX_TITLE_LENGTH] or None,
        html.replace("\0", ""),
    )


def too_many_entries_error(address: str) -> FetchError:
    """The failure of a feed with more entries than `MOST_ENTRIES`."""
    return FetchError(Failure.ENTRIES, f"{address} has over {MAX_ENTRIES:,} entries, the most a feed may have.")


_VERSION = "https://jsonfeed.org/version/1"


def read_json_feed(text: str, address: str) -> Feed:
    """The feed of a JSON text that came from `address`. Raises CannotFetch when it is none, or too long."""
    try:
        feed_object = json.loads(text)
    except (ValueError, RecursionError):
        raise not_a_feed_error(address) from None
    items = feed_object.get("items") if isinstance(feed_object, dict) else None
    if not isinstance(items, list) or not str(feed_object.get("version")).startswith(_VERSION):
        raise not_a_feed_error(address)
    if len(items) > MAX_ENTRIES:
        raise too_many_entries_error(address)
    return build_feed(
        escape_text(_get_string(feed_object, "title")), items, lambda item: _read_json_entry(item, address), address
    )


def _read_json_entry(item: object, address: str) -> FeedEntry:
    if not isinstance(item, dict):
        raise FetchError(Failure.FEED, "it is no object")
    return build_entry(
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

"""A feed, from its bytes: RSS and Atom as feedparser reads them, JSON Feed as `jsonfeed` does.

Rule: a feed is refused whole only where it is no feed, or a trap: a DOCTYPE, too many entries.
"""

import re
from calendar import timegm
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import feedparser

from briefings.ingest.encoding import decoded
from briefings.ingest.entries import MOST_ENTRIES, Entry, Feed, checked, not_a_feed, read_each, too_many
from briefings.ingest.failures import CannotFetch, Failure
from briefings.ingest.jsonfeed import read_json_feed

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w:.-]{1,40})", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{1,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_ROOT = re.compile(r"<[A-Za-z]")
_DOCTYPE = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_JSON_FEED = re.compile(r"\W*\{.*?jsonfeed\.org/version", re.DOTALL)
_LOOKS_LIKE = re.compile(r"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")


def looks_like_feed(data: bytes, content_type: str) -> bool:
    """Whether it is worth reading as a feed, by its type or by how it begins."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"):
        return True
    begin = data[:2_000].replace(b"\0", b"").decode("latin-1")
    return bool(_LOOKS_LIKE.search(begin) or _JSON_FEED.match(begin))


def read_feed(data: bytes, address: str, content_type: str = "") -> Feed:
    """The feed that came from `address`. Raises CannotFetch when it is none, declares a DOCTYPE, or is too long."""
    text = _text(data, address, content_type)
    if text.lstrip()[:1] == "{":
        return read_json_feed(text, address)
    _refuse_traps(text, address)
    found = _parsed(text, address)
    if not found.get("version"):
        raise not_a_feed(address)
    title = str(found.feed.get("title") or "")
    return read_each(title, found.entries, lambda item: _entry(item, address), address)


def _parsed(text: str, address: str) -> Any:  # noqa: ANN401 - feedparser has no types
    try:
        return feedparser.parse(
            BytesIO(_DECLARATION.sub("", text, count=1).encode("utf-8", "replace")),
            # the encoding is settled, and addresses are seen from where the feed was found
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": address},
            sanitize_html=True,
            resolve_relative_uris=True,
        )
    except Exception as error:  # whatever a stranger's text breaks in the parser: it is no feed
        raise not_a_feed(address) from error


def _text(data: bytes, address: str, content_type: str) -> str:
    """The feed as text; bytes that mean nothing in its encoding spoil the entries they stand in, and no others."""
    header = _CHARSET.search(content_type)
    declared = _DECLARED.search(data[:300])
    named = header[1] if header else declared[1].decode("ascii") if declared else None
    if named is None or named.lower().replace("_", "-") in ("utf-8", "utf8"):
        marked = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        text = decoded(data, address) if marked else data.decode("utf-8", "replace")
    else:
        text = decoded(data, address, named)
    return text.removeprefix("\ufeff")


def _refuse_traps(text: str, address: str) -> None:
    root = _ROOT.search(text)
    if _DOCTYPE.search(text, 0, root.start() if root else len(text)):
        raise CannotFetch(Failure.DOCTYPE, f"{address} declares a DOCTYPE, which a feed does not need: it is not read.")
    if sum(1 for _ in _ENTRY.finditer(text)) > MOST_ENTRIES:
        raise too_many(address)


def _entry(item: dict[str, Any], address: str) -> Entry:
    texts = [str(part.get("value") or "") for part in item.get("content") or ()] + [str(item.get("summary") or "")]
    return checked(
        item.get("link"),
        address,
        str(item.get("title") or ""),
        _moment(dict.get(item, "published_parsed") or dict.get(item, "updated_parsed")),
        str(item.get("author") or ""),
        max(texts, key=len),
    )


def _moment(parsed: Any) -> datetime | None:  # noqa: ANN401 - a time.struct_time in UTC, or whatever was made of a date
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None

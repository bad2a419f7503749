"""A feed: RSS or Atom as feedparser reads it, JSON Feed as `jsonfeed` does; its entries as values of ours.

Rule: a feed is refused whole only where it is no feed, or a trap (a DOCTYPE, too many entries); an entry that cannot be
used is one failure, and the others stand.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import feedparser

from briefings.errors import BadInput
from briefings.ingest.address import canonical
from briefings.ingest.encoding import decoded
from briefings.ingest.failures import CannotFetch, Failure
from briefings.ingest.markup import plain

#: entries of one feed; most have 10 to 100
MOST_ENTRIES = 2_000
#: characters of a title or a byline
_MOST_TITLE = 1_000
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w:.-]{1,40})", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{1,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_ROOT = re.compile(r"<[A-Za-z]")
_DOCTYPE = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_LOOKS_LIKE = re.compile(r"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")
#: the character that stands for bytes of no meaning
_GARBLED = "\ufffd"


@dataclass(frozen=True, slots=True)
class Entry:
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
    entries: tuple[Entry, ...]
    failures: tuple[CannotFetch, ...] = ()


def looks_like_feed(data: bytes, content_type: str) -> bool:
    """Whether it is worth reading as a feed, by its type or by how it begins."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"):
        return True
    begin = data[:2_000].replace(b"\0", b"").decode("latin-1")
    return bool(_LOOKS_LIKE.search(begin)) or (
        "jsonfeed.org/version" in begin and begin.lstrip("ï»¿ \r\n\t")[:1] == "{"
    )


def read_feed(data: bytes, address: str, content_type: str = "") -> Feed:
    """The feed that came from `address`. Raises CannotFetch when it is none, declares a DOCTYPE, or is too long."""
    from briefings.ingest.jsonfeed import read_json_feed

    text = _text(data, address, content_type)
    if text.lstrip()[:1] == "{":
        return read_json_feed(text, address)
    _refuse_traps(text, address)
    found = feedparser.parse(
        BytesIO(_DECLARATION.sub("", text, count=1).encode("utf-8", "replace")),
        # the encoding is settled, and addresses are seen from where the feed was found
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": address},
        sanitize_html=True,
        resolve_relative_uris=True,
    )
    if not found.version:
        raise not_a_feed(address)
    entries: list[Entry] = []
    failures: list[CannotFetch] = []
    for number, item in enumerate(found.entries, 1):
        try:
            entries.append(_entry(item, address))
        except BadInput as error:
            failures.append(_numbered(error, address, number))
    return Feed(plain(str(found.feed.get("title") or ""))[:_MOST_TITLE] or None, tuple(entries), tuple(failures))


def not_a_feed(address: str) -> CannotFetch:
    """The failure of what was meant to be a feed."""
    return CannotFetch(Failure.FEED, f"{address} is no feed that can be read: RSS, Atom and JSON Feed can.")


def checked(link: object, base: str, title: str, published: datetime | None, byline: str, html: str) -> Entry:
    """An entry of what a feed told, titles and bylines as markup. Raises CannotFetch."""
    address = canonical(link, base) if isinstance(link, str) else None
    if address is None:
        raise CannotFetch(Failure.ADDRESS, "it has no web address")
    named = plain(title)[:_MOST_TITLE]
    if _GARBLED in named or _GARBLED in html:
        raise CannotFetch(Failure.ARTICLE, "its text is garbled: bytes of another encoding stand in it")
    return Entry(address, named or None, published, plain(byline)[:_MOST_TITLE] or None, html.replace("\0", ""))


def _numbered(error: BadInput, address: str, number: int) -> CannotFetch:
    failure = error.failure if isinstance(error, CannotFetch) else Failure.ARTICLE
    return CannotFetch(failure, f"{address}, entry {number}: {error}.")


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


def too_many(address: str) -> CannotFetch:
    """The failure of a feed with more entries than `MOST_ENTRIES`."""
    return CannotFetch(Failure.ENTRIES, f"{address} has over {MOST_ENTRIES:,} entries, the most a feed may have.")


def _entry(item: Mapping[str, Any], address: str) -> Entry:
    texts = [str(part.get("value") or "") for part in item.get("content") or ()] + [str(item.get("summary") or "")]
    return checked(
        item.get("link"),
        address,
        str(item.get("title") or ""),
        _moment(item.get("published_parsed") or item.get("updated_parsed")),
        str(item.get("author") or ""),
        max(texts, key=len),
    )


def _moment(parsed: Any) -> datetime | None:  # noqa: ANN401 - a time.struct_time in UTC, or whatever was made of a date
    try:
        return datetime(*parsed[:6], tzinfo=UTC) if parsed else None
    except (TypeError, ValueError):
        return None

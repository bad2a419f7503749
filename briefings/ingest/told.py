"""What a page tells of its article beside the text: title, byline, day, outlet and address, where they stand.

Rule: only what is marked as such is taken, from the most exact marking to the least: JSON-LD (schema.org), Open Graph
and meta tags, microdata, then the headline on the page. No day is ever guessed from an address or a footer, and no
outlet from a host's name. What is not storable, too long or broken is not told.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from html import unescape

from lxml.html import HtmlElement

from briefings.ingest.address import canonical
from briefings.ingest.fields import MAX_FIELD, MAX_NAME
from briefings.text.dates import absolute_dates
from briefings.text.storable import why_not_storable

#: characters of JSON-LD that are read
_MOST_JSON = 500_000
#: objects of JSON-LD that are looked at
_MOST_OBJECTS = 200
_TITLES = ("og:title", "twitter:title", "citation_title", "dc.title", "dcterms.title", "parsely-title")
_BYLINES = ("author", "citation_author", "dc.creator", "dcterms.creator", "parsely-author", "article:author")
_DAYS = (
    "article:published_time",
    "og:article:published_time",
    "citation_publication_date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "parsely-pub-date",
    "pubdate",
    "datepublished",
)
_OUTLETS = ("og:site_name", "citation_journal_title", "dc.publisher", "dcterms.publisher", "article:publisher")
_BY = re.compile(r"(?:by|written by)[:\s]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """What a page tells; None where it tells nothing."""

    title: str | None
    byline: str | None
    published: date | None
    publisher: str | None
    #: the page's own address of itself, which anybody may write
    url: str | None


def told(tree: HtmlElement, base: str | None) -> Told:
    """What the page tells of its article. `base` is the address it came from, if any."""
    article = _json_ld(tree)
    meta = _meta(tree)
    return Told(
        title=_first([article.get("headline")], _named(meta, _TITLES), _title_on(tree)),
        byline=_first(_names(article.get("author")), _named(meta, _BYLINES), _byline_on(tree), is_name=True),
        published=_day([article.get("datePublished")], _named(meta, _DAYS), _days_on(tree)),
        publisher=_first(_names(article.get("publisher")), _named(meta, _OUTLETS), is_name=True, most=MAX_NAME),
        url=_address(tree, meta, base),
    )


def _json_ld(tree: HtmlElement) -> Mapping[str, object]:
    """The first article among the page's own objects; those nested deeper are other articles'."""
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        for thing in _objects(script.text or ""):
            kinds = thing.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and kind.endswith(("Article", "BlogPosting")) for kind in kinds):
                return thing
    return {}


def _objects(written: str) -> Iterator[dict[str, object]]:
    try:
        found = json.loads(written, strict=False) if len(written) <= _MOST_JSON else None
    except (ValueError, RecursionError):
        return
    for thing in (found if isinstance(found, list) else [found])[:_MOST_OBJECTS]:
        if isinstance(thing, dict):
            yield thing
            graph = thing.get("@graph")
            yield from (inner for inner in (graph if isinstance(graph, list) else [])[:_MOST_OBJECTS] if _is_map(inner))


def _is_map(value: object) -> bool:
    return isinstance(value, dict)


def _meta(tree: HtmlElement) -> dict[str, list[str]]:
    """What each meta tag says, by its name in lower case."""
    found: dict[str, list[str]] = {}
    for tag in tree.iterfind(".//meta[@content]"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        found.setdefault(name.strip().lower(), []).append(tag.get("content", ""))
    return found


def _named(meta: Mapping[str, list[str]], names: Iterable[str]) -> list[str]:
    return [value for name in names for value in meta.get(name, [])[:1]]


def _names(value: object) -> list[str]:
    """The names of one or more people or organisations, as JSON-LD writes them, in one text."""
    found = []
    for one in value[:20] if isinstance(value, list) else [value]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str) and name.strip() and name not in found:
            found.append(name)
    return [", ".join(found)] if found else []


def _title_on(tree: HtmlElement) -> list[str]:
    heads = [" ".join(head.itertext()) for head in tree.iterfind(".//h1")]
    return (heads if len(heads) == 1 else []) + [found.text or "" for found in tree.iterfind(".//head/title")][:1]


def _byline_on(tree: HtmlElement) -> list[str]:
    marked = tree.xpath(".//*[@itemprop='author' or @rel='author' or contains(concat(' ', @class, ' '), ' byline ')]")
    return [" ".join(mark.itertext()) for mark in marked][:1]


def _days_on(tree: HtmlElement) -> list[str]:
    marked = tree.xpath(
        ".//time[@pubdate or @itemprop='datePublished']/@datetime | .//*[@itemprop='datePublished']/@content"
    )
    return [str(mark) for mark in marked][:1]


def _address(tree: HtmlElement, meta: Mapping[str, list[str]], base: str | None) -> str | None:
    links = [str(link) for link in tree.xpath(".//link[@rel='canonical']/@href")]
    return next((found for link in [*links, *meta.get("og:url", [])] if (found := canonical(link, base))), None)


def _first(*places: Iterable[object], is_name: bool = False, most: int = MAX_FIELD) -> str | None:
    """The first usable text: whole, on one line, storable; a name is no address, and loses the "By" before it."""
    for value in (value for place in places for value in place):
        if not isinstance(value, str):
            continue
        text = " ".join(unescape(value).split())
        if is_name:
            text = _BY.sub("", text, count=1) if _BY.match(text) else text
        if text and len(text) <= most and not why_not_storable(text) and not (is_name and "://" in text):
            return text
    return None


def _day(*places: Iterable[object]) -> date | None:
    written = (value.strip() for place in places for value in place if isinstance(value, str))
    return next((day for value in written if (day := _day_of(value))), None)


def _day_of(written: str) -> date | None:
    """The day as written, in its own zone: ISO 8601, RFC 5322, or a full date in words."""
    if len(written) > 100:
        return None
    for reader in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return reader(written).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    days = {found.day for found in absolute_dates(written)}
    return days.pop() if len(days) == 1 else None

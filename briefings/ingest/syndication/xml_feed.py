"""Parse RSS, RDF and Atom feeds with feedparser, from text whose prolog has been checked and removed.

Rule: feedparser's own dates are not used. They are shifted to UTC, and it completes a part of a date with today's.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import feedparser

from briefings.ingest.syndication.entries import EntryValues, Feed, build_feed, not_a_feed_error

#: Dublin Core's date, which feedparser does not tell from the date of a change
_DUBLIN_CORE_DATE = re.compile(r"<(dc:date)\b[^<>]{0,200}>([^<>]{1,200})</dc:date\s*>", re.IGNORECASE)
#: element that stands for it; no feed format uses this name
_DATE_ELEMENT = "ontherecorddate"
#: values of an item that are dates of publication, the best first
_DATE_NAMES = ("published", _DATE_ELEMENT, "prism_publicationdate")
#: characters that XML does not allow
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
#: author elements with text; feedparser cuts their mail addresses wrongly ("desk@paper.example (Jane Roe)")
_AUTHOR = re.compile(
    r"(<((?:\w{1,20}:)?(?:author|creator))\b[^<>]{0,200}>\s{0,20}(?:<!\[CDATA\[)?)([^<>\]]{1,1000})((?:\]\]>)?\s{0,20}</\2\s*>)",
    re.IGNORECASE,
)
_MAIL_ADDRESS = re.compile(
    r"(?:&lt;)?[^\s<>&;,()@]{1,100}@[^\s<>&;,()@]{1,100}(?:&gt;)?(?:\s*\(([^()]{0,200})\))?", re.IGNORECASE
)
#: elements with the whole text of an entry; feedparser also calls a second description its content
_CONTENT = re.compile(r"<(?:content[\s>/]|\w{1,20}:encoded\b|(?:\w{1,20}:)?(?:body|fullitem)[\s>])", re.IGNORECASE)
_PAGE_TYPES = ("text/html", "application/xhtml+xml")


def read_xml_feed(text: str, address: str) -> Feed:
    """Parse a feed that begins with its root element. Raises FetchError if it is not a feed."""
    text = _DUBLIN_CORE_DATE.sub(rf"<{_DATE_ELEMENT}>\2</{_DATE_ELEMENT}>", _CONTROLS.sub("", text))
    parsed_feed = _parse(_AUTHOR.sub(_drop_addresses, text), address)
    if not parsed_feed.get("version"):
        raise not_a_feed_error(address)
    has_content = _CONTENT.search(text) is not None

    def read_item(item: dict[str, Any]) -> EntryValues:
        return _read_item(item, has_content=has_content)

    return build_feed(str(parsed_feed.feed.get("title") or ""), parsed_feed.entries, read_item, address)


def _parse(text: str, address: str) -> Any:  # noqa: ANN401 - feedparser has no types
    try:
        return feedparser.parse(
            BytesIO(text.encode("utf-8", "replace")),
            # the text is UTF-8 now, and relative URLs are resolved against the URL of the feed
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": address},
            sanitize_html=True,
            resolve_relative_uris=True,
        )
    except Exception as error:  # untrusted text can trigger any error in the parser
        raise not_a_feed_error(address) from error


def _read_item(item: dict[str, Any], *, has_content: bool) -> EntryValues:
    contents = [str(part.get("value") or "") for part in item.get("content") or ()]
    html = max([*contents, str(item.get("summary") or "")], key=len)
    return EntryValues(
        links=tuple(_list_links(item)),
        title=str(item.get("title") or ""),
        # not `item.get`, which falls back to the date of a change
        dates=tuple(str(dict.get(item, name) or "") for name in _DATE_NAMES),
        authors=tuple(_list_authors(item)),
        html=html,
        outlet=str(item.get("source", {}).get("title") or ""),
        is_content=has_content and html in contents,
    )


def _list_links(item: dict[str, Any]) -> Iterator[str]:
    """Yield the URLs of an article: the publisher's own before the one that counts its readers."""
    yield str(item.get("feedburner_origlink") or "")
    for link in item.get("links") or ():
        if link.get("rel") == "alternate" and link.get("type") in _PAGE_TYPES:
            yield str(link.get("href") or "")
    yield str(item.get("link") or "")


def _list_authors(item: dict[str, Any]) -> Iterator[str]:
    """Yield the names of the authors as the feed writes them."""
    for author in item.get("authors") or ():
        yield str(author.get("name") or "")


def _drop_addresses(match: re.Match[str]) -> str:
    """Return an author element without mail addresses; a name in brackets after an address stays."""
    return f"{match[1]}{_MAIL_ADDRESS.sub(lambda address: address[1] or '', match[3])}{match[4]}"

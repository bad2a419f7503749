"""Parse JSON Feed (jsonfeed.org, versions 1 and 1.1)."""

import json
import re
from collections.abc import Iterator, Mapping

from briefings.ingest.field_validation import is_web_address
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.pages.html import escape_text
from briefings.ingest.syndication.entries import (
    MAX_ENTRIES,
    EntryValues,
    Feed,
    build_feed,
    not_a_feed_error,
    too_many_entries_error,
)

_VERSION = "https://jsonfeed.org/version/1"
_EMPTY_LINES = re.compile(r"\r?\n(?:[ \t]{0,100}\r?\n)+")
_MIN_PARAGRAPHS = 2


def read_json_feed(text: str, address: str) -> Feed:
    """Parse a JSON Feed. Raises FetchError if it is not one, or has too many entries."""
    try:
        feed_object = json.loads(text, strict=False)  # control characters in texts are tolerated
    except (ValueError, RecursionError):
        raise not_a_feed_error(address) from None
    items = feed_object.get("items") if isinstance(feed_object, dict) else None
    version = str(feed_object.get("version")) if isinstance(feed_object, dict) else ""
    if not isinstance(items, list) or not version.replace("http://", "https://", 1).startswith(_VERSION):
        raise not_a_feed_error(address)
    if len(items) > MAX_ENTRIES:
        raise too_many_entries_error(address)
    return build_feed(escape_text(_get_string(feed_object, "title")), items, _read_item, address)


def _read_item(item: object) -> EntryValues:
    if not isinstance(item, dict):
        raise FetchError(Failure.FEED, "it is not a JSON object")
    content = _get_string(item, "content_html") or _mark_paragraphs(_get_string(item, "content_text"))
    return EntryValues(
        links=tuple(_list_links(item)),
        title=escape_text(_get_string(item, "title")),
        dates=(_get_string(item, "date_published"),),
        authors=_list_authors(item),
        html=content or escape_text(_get_string(item, "summary")),
        is_content=bool(content),
    )


def _list_links(item: Mapping[str, object]) -> Iterator[str]:
    """Yield the URLs of an article: its own before that of the page it is about."""
    yield _get_string(item, "url")
    identifier = _get_string(item, "id")
    # an id such as "2" is no path; it would become the address of another page
    if is_web_address(identifier):
        yield identifier
    yield _get_string(item, "external_url")
    yield identifier


def _mark_paragraphs(text: str) -> str:
    """Return plain text as markup; if it has empty lines, its other line breaks are no paragraphs."""
    lines = _EMPTY_LINES.split(text.strip())
    paragraphs = lines if len(lines) > 1 else text.strip().splitlines()
    if len(paragraphs) < _MIN_PARAGRAPHS:
        return escape_text(text)
    return "".join(f"<p>{escape_text(paragraph)}</p>" for paragraph in paragraphs if paragraph.strip())


def _get_string(item: Mapping[str, object], name: str) -> str:
    value = item.get(name)
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _list_authors(item: Mapping[str, object]) -> tuple[str, ...]:
    authors = item.get("authors")
    if not isinstance(authors, list) or not authors:
        authors = [item.get("author")]
    return tuple(escape_text(_get_string(author, "name")) for author in authors if isinstance(author, dict))

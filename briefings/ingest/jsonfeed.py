"""JSON Feed, versions 1 and 1.1 (jsonfeed.org)."""

import json
from collections.abc import Mapping
from datetime import datetime

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
from briefings.ingest.markup import escape_text

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

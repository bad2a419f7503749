"""JSON Feed, versions 1 and 1.1 (jsonfeed.org)."""

import json
from collections.abc import Mapping
from datetime import datetime

from briefings.ingest.entries import MOST_ENTRIES, Entry, Feed, checked, not_a_feed, read_each, too_many
from briefings.ingest.failures import CannotFetch, Failure
from briefings.ingest.markup import escaped

_VERSION = "https://jsonfeed.org/version/1"


def read_json_feed(text: str, address: str) -> Feed:
    """The feed of a JSON text that came from `address`. Raises CannotFetch when it is none, or too long."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise not_a_feed(address) from None
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list) or not str(found.get("version")).startswith(_VERSION):
        raise not_a_feed(address)
    if len(items) > MOST_ENTRIES:
        raise too_many(address)
    return read_each(escaped(_string(found, "title")), items, lambda item: _entry(item, address), address)


def _entry(item: object, address: str) -> Entry:
    if not isinstance(item, dict):
        raise CannotFetch(Failure.FEED, "it is no object")
    return checked(
        _string(item, "url") or _string(item, "id"),
        address,
        escaped(_string(item, "title")),
        _moment(_string(item, "date_published")),
        escaped(_authors(item)),
        _string(item, "content_html") or escaped(_string(item, "content_text") or _string(item, "summary")),
    )


def _string(item: Mapping[str, object], name: str) -> str:
    value = item.get(name)
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _authors(item: Mapping[str, object]) -> str:
    told = item.get("authors")
    authors = told if isinstance(told, list) else [item.get("author")]
    names = [_string(one, "name") for one in authors if isinstance(one, dict)]
    return ", ".join(name for name in names if name)


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written) if written else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None

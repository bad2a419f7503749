"""What a feed tells, whichever its format: its entries as values, checked one at a time.

Rule: an entry that cannot be used is one failure, and the others stand.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from briefings.errors import BadInput
from briefings.ingest.address import normalise_url
from briefings.ingest.failures import Failure, FetchError
from briefings.ingest.markup import strip_markup

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

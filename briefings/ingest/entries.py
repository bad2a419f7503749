"""What a feed tells, whichever its format: its entries as values, checked one at a time.

Rule: an entry that cannot be used is one failure, and the others stand.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from briefings.errors import BadInput
from briefings.ingest.address import canonical
from briefings.ingest.failures import CannotFetch, Failure
from briefings.ingest.markup import plain

#: entries of one feed; most have 10 to 100
MOST_ENTRIES = 2_000
#: characters of a title or a byline
_MOST_TITLE = 1_000
#: the character that stands for bytes of no meaning
_GARBLED = "\ufffd"

_Item = TypeVar("_Item")


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


def read_each(title: str, items: Iterable[_Item], read: Callable[[_Item], Entry], address: str) -> Feed:
    """The feed of a `title`, which is markup, and of those `items` that `read` does not refuse."""
    entries: list[Entry] = []
    failures: list[CannotFetch] = []
    for number, item in enumerate(items, 1):
        try:
            entries.append(read(item))
        except BadInput as error:
            failure = error.failure if isinstance(error, CannotFetch) else Failure.ARTICLE
            failures.append(CannotFetch(failure, f"{address}, entry {number}: {error}."))
    return Feed(plain(title)[:_MOST_TITLE] or None, tuple(entries), tuple(failures))


def not_a_feed(address: str) -> CannotFetch:
    """The failure of what was meant to be a feed."""
    return CannotFetch(Failure.FEED, f"{address} is no feed that can be read: RSS, Atom and JSON Feed can.")


def checked(link: object, base: str, title: str, published: datetime | None, byline: str, html: str) -> Entry:
    """An entry of what a feed told, titles and bylines as markup. Raises CannotFetch."""
    address = canonical(link, base) if isinstance(link, str) else None
    if address is None or address in (base, canonical(base)):
        raise CannotFetch(Failure.ADDRESS, "it has no web address of its own")
    named = plain(title)[:_MOST_TITLE]
    if _GARBLED in named or _GARBLED in html:
        raise CannotFetch(Failure.ARTICLE, "its text is garbled: bytes of another encoding stand in it")
    return Entry(address, named or None, published, plain(byline)[:_MOST_TITLE] or None, html.replace("\0", ""))


def too_many(address: str) -> CannotFetch:
    """The failure of a feed with more entries than `MOST_ENTRIES`."""
    return CannotFetch(Failure.ENTRIES, f"{address} has over {MOST_ENTRIES:,} entries, the most a feed may have.")

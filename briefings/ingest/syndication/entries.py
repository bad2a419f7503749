"""Entries of a feed, built from the untrusted values of any feed format.

Rule: an invalid entry is one failure; the other entries are kept. Rule: the day of an entry is the publisher's own day
as written; a date of a change alone gives no day.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar
from urllib.parse import urljoin

from briefings.errors import BadInput
from briefings.ingest.addresses import get_fragment, unwrap_address
from briefings.ingest.bylines import join_authors
from briefings.ingest.field_validation import MAX_NAME_LENGTH, MAX_URL_LENGTH, is_web_address, normalise_url
from briefings.ingest.formats.mojibake import mend_mojibake, repair_mojibake
from briefings.ingest.formats.stray_bytes import REPLACEMENT_CHARACTER
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.pages.html import strip_markup
from briefings.ingest.publication_days import parse_day

#: maximum number of entries in a feed; most feeds have 10 to 100
MAX_ENTRIES = 2_000
#: maximum length of a title or byline, in characters
MAX_TITLE_LENGTH = 1_000

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed. All values are untrusted: `html` is external markup."""

    #: the URL of the article, as the feed gives it
    address: str
    #: the URL that identifies the article: the same for all spellings of one page. It has a fragment if the feed has
    #: several entries on one page
    key: str
    title: str | None = None
    #: day of publication as the feed states it; None if it is missing, ambiguous or invalid
    published: date | None = None
    byline: str | None = None
    #: the longest text of the entry, as markup; "" if it has none
    html: str = ""
    #: outlet that the entry itself names as its source
    outlet: str | None = None
    #: whether `html` is what the feed calls the entry's content, not a description or a summary
    is_content: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed feed: its title, its valid entries in order, and the failures of the invalid ones."""

    title: str | None
    entries: tuple[FeedEntry, ...]
    failures: tuple[FetchError, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryValues:
    """Values of an entry as its feed states them. Title, authors and text are markup."""

    #: URLs of the article, the best first
    links: tuple[str, ...]
    title: str
    #: dates of publication, the best first
    dates: tuple[str, ...]
    authors: tuple[str, ...]
    html: str
    #: outlet that the entry names as its source
    outlet: str = ""
    #: whether `html` is what the feed calls the entry's content
    is_content: bool = False


def not_a_feed_error(address: str) -> FetchError:
    """Build the error for content that is not a feed."""
    return FetchError(Failure.FEED, f"{address} is not a feed. Supported formats are RSS, Atom and JSON Feed.")


def too_many_entries_error(address: str) -> FetchError:
    """Build the error for a feed with more entries than the limit."""
    return FetchError(Failure.ENTRIES, f"{address} has more than {MAX_ENTRIES:,} entries, the limit for one feed.")


def build_feed(title: str, items: Iterable[_Item], read_values: Callable[[_Item], EntryValues], address: str) -> Feed:
    """Build a feed from its title (markup) and items; an item for which `read_values` raises BadInput is a failure."""
    entries: list[FeedEntry] = []
    failures: list[FetchError] = []
    for number, item in enumerate(items, 1):
        try:
            entries.append(_build_entry(read_values(item), address))
        except BadInput as error:
            failure = error.failure if isinstance(error, FetchError) else Failure.ARTICLE
            failures.append(FetchError(failure, f"{address}, entry {number}: {error}."))
    return Feed(_strip_title(mend_mojibake(title)), tuple(_keep_fragments(entries)), tuple(failures))


def _build_entry(values: EntryValues, feed_address: str) -> FeedEntry:
    """Build an entry. Raises FetchError if it has no usable URL or is garbled."""
    address, key, is_wrapped = _choose_address(values.links, feed_address)
    # a redirect service such as Google Alerts states when it found the page, not when the page was published
    dates = () if is_wrapped else values.dates
    title = repair_mojibake(values.title)
    html = repair_mojibake(values.html)
    if title is None or html is None or REPLACEMENT_CHARACTER in title or REPLACEMENT_CHARACTER in html:
        raise FetchError(Failure.ARTICLE, "its text is garbled, because it contains bytes in another encoding")
    return FeedEntry(
        address,
        key,
        _strip_title(title),
        next((day for text in dates if (day := parse_day(text.strip()))), None),
        join_authors(_strip_title(mend_mojibake(author)) or "" for author in values.authors),
        html,
        strip_markup(values.outlet)[:MAX_NAME_LENGTH] or None,
        values.is_content,
    )


def _strip_title(markup: str) -> str | None:
    return strip_markup(markup)[:MAX_TITLE_LENGTH] or None


def _choose_address(links: Iterable[str], feed_address: str) -> tuple[str, str, bool]:
    """Return the first usable URL, its key, and whether a redirect service wrapped it.

    Raises FetchError if there is none.

    The feed's own URL is usable only with a fragment, as the place of an entry.
    """
    feed_key = normalise_url(feed_address)
    for link in links:
        try:
            link_address = urljoin(feed_address, link.strip())
            address = unwrap_address(link_address)
        except ValueError:
            continue
        key = normalise_url(address)
        if key is None or len(address) > MAX_URL_LENGTH:
            continue
        if key != feed_key:
            return address, key, address != link_address
        if keyed_address := _add_fragment(key, address):
            return address, keyed_address, False
    raise FetchError(Failure.ADDRESS, "it has no web address")


def _keep_fragments(entries: Sequence[FeedEntry]) -> Iterator[FeedEntry]:
    """Add the fragment to the keys of entries that differ only in it, such as the reports on the page of a day."""
    addresses_by_key = Counter(key for key, _ in {(entry.key, get_fragment(entry.address)) for entry in entries})
    for entry in entries:
        keyed_address = _add_fragment(entry.key, entry.address) if addresses_by_key[entry.key] > 1 else None
        yield replace(entry, key=keyed_address) if keyed_address else entry


def _add_fragment(key: str, address: str) -> str | None:
    """Return the key with the fragment of the address, or None if it has no usable one."""
    fragment = get_fragment(address)
    keyed_address = f"{key.partition('#')[0]}#{fragment}"
    return keyed_address if fragment and is_web_address(keyed_address) else None

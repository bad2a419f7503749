"""Repository of followed feeds, the pages they list, and when each is polled next.

Rule: every change is one short transaction, so an interrupted process leaves nothing half-written. Only the holder of
the lease polls.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, or_, select, update

from briefings.storage.db.database import describe_location, translate_database_errors
from briefings.storage.db.schema import feeds, leases, pages
from briefings.storage.session import connect_and_migrate, run_in_transaction

#: maximum numbers of feeds, and of pages returned by one call
MAX_FEEDS = 5_000
MAX_PAGES = 1_000
#: URLs in one statement
_CHUNK_SIZE = 500

ColumnValues = Mapping[str, object]
_T = TypeVar("_T")


_NEW_PAGE_VALUES: dict[str, object] = {
    "article": None,
    "teaser": False,
    "looks": 0,
    "etag": None,
    "modified": None,
    "failures": 0,
    "kind": None,
    "failure": None,
    "missing_at": None,
    "gone_at": None,
}


@dataclass(frozen=True, slots=True)
class FeedMetadata:
    """What a feed says about a page, if anything: `published` is ISO 8601, `html` is untrusted markup."""

    title: str | None = None
    published: str | None = None
    byline: str | None = None
    outlet: str | None = None
    html: str = ""
    #: the URL to fetch, exactly as given; None if it is the page's own address
    link: str | None = None


@dataclass(frozen=True, slots=True)
class FollowedFeed:
    """A row of `feeds`; times are in UTC."""

    address: str
    title: str | None
    followed_by: str
    followed_at: datetime
    minutes: int | None
    due_at: datetime
    answered_at: datetime | None = None
    etag: str | None = None
    modified: str | None = None
    failures: int = 0
    failure: str | None = None
    unusable: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A row of `pages`; times are in UTC."""

    address: str
    feed: str | None
    feed_metadata: FeedMetadata
    found_at: datetime
    due_at: datetime | None
    whole: bool = False
    article: str | None = None
    teaser: bool = False
    looks: int = 0
    etag: str | None = None
    modified: str | None = None
    failures: int = 0
    kind: str | None = None
    failure: str | None = None
    missing_at: datetime | None = None
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedCounts:
    """Counts of followed and failing feeds, and of pages that are due, stored as teasers, or gone from their site."""

    feeds: int
    failing: int
    waiting: int
    teasers: int
    gone_pages: int


def open_feed_repository(address: str) -> "FeedRepository":
    """Open the repository at an SQLAlchemy URL, creating or migrating the database. Raises DatabaseUnavailable."""
    return FeedRepository(connect_and_migrate(address))


class FeedRepository:
    """Access to the tables `feeds`, `pages` and `leases`. Blocking and thread-safe; raises DatabaseUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._location = describe_location(engine.url)

    def list_feeds(self, due_before: datetime | None = None) -> tuple[FollowedFeed, ...]:
        """Return all feeds by URL, or those due before a time, the longest overdue first."""
        statement = select(feeds).order_by(feeds.c.address).limit(MAX_FEEDS)
        if due_before is not None:
            statement = select(feeds).where(feeds.c.due_at <= due_before).order_by(feeds.c.due_at).limit(MAX_FEEDS)
        return tuple(FollowedFeed(**row) for row in self._run_read(lambda db: db.execute(statement).mappings().all()))

    def follow(self, feed: FollowedFeed) -> bool:
        """Follow a feed and return True; if it is followed already, update its title and minutes and return False."""

        def work(db: Connection) -> bool:
            is_same_feed = feeds.c.address == feed.address
            if db.execute(select(feeds.c.address).where(is_same_feed)).first() is None:
                db.execute(insert(feeds).values(asdict(feed)))
                return True
            title = {} if feed.title is None else {"title": feed.title}
            db.execute(update(feeds).where(is_same_feed).values(minutes=feed.minutes, **title))
            return False

        return self._run_write(work)

    def unfollow(self, address: str) -> bool:
        """Unfollow a feed, keeping its articles and pages; return False if it was not followed."""
        return self._run_write(lambda db: db.execute(delete(feeds).where(feeds.c.address == address)).rowcount) > 0

    def update_feed(self, address: str, values: ColumnValues, new_address: str | None = None) -> None:
        """Save the result of a poll; `new_address` is the feed's new URL, if it moved."""

        def work(db: Connection) -> None:
            db.execute(update(feeds).where(feeds.c.address == address).values(values))
            if new_address is None or new_address == address:
                return
            if db.execute(select(feeds.c.address).where(feeds.c.address == new_address)).first() is None:
                db.execute(update(feeds).where(feeds.c.address == address).values(address=new_address))
            else:
                db.execute(delete(feeds).where(feeds.c.address == address))
            db.execute(update(pages).where(pages.c.feed == address).values(feed=new_address))

        self._run_write(work)

    def queue_pages(
        self, found_pages: Iterable[tuple[str, FeedMetadata, bool]], feed: str | None, now: datetime
    ) -> int:
        """Save pages (URL, metadata, whether the feed had the full text), and return how many are new.

        New pages, and pages whose metadata changed, are due now. Other pages do not change.
        """
        by_address = {address: (feed_metadata, whole) for address, feed_metadata, whole in found_pages}
        return self._run_write(
            lambda db: sum(_queue_chunk(db, chunk, feed, now) for chunk in _split_into_chunks(by_address))
        )

    def list_due_pages(self, due_before: datetime, limit: int = MAX_PAGES) -> tuple[Page, ...]:
        """Return up to `limit` pages due before a time, the longest overdue first."""
        statement = (
            select(pages).where(pages.c.due_at <= due_before).order_by(pages.c.due_at, pages.c.address).limit(limit)
        )
        return tuple(map(_to_page, self._run_read(lambda db: db.execute(statement).mappings().all())))

    def get_page(self, address: str) -> Page | None:
        """Return the page with this URL, or None."""
        row = self._run_read(lambda db: db.execute(select(pages).where(pages.c.address == address)).mappings().first())
        return None if row is None else _to_page(row)

    def find_pages(self, addresses: Collection[str]) -> frozenset[str]:
        """Return those of the URLs that are addresses of pages."""
        unique_addresses = sorted(addresses)

        def work(db: Connection) -> frozenset[str]:
            found_addresses: set[str] = set()
            for start in range(0, len(unique_addresses), _CHUNK_SIZE):
                chunk = unique_addresses[start : start + _CHUNK_SIZE]
                found_addresses.update(db.execute(select(pages.c.address).where(pages.c.address.in_(chunk))).scalars())
            return frozenset(found_addresses)

        return self._run_read(work)

    def list_gone_pages(self, limit: int = MAX_PAGES) -> tuple[Page, ...]:
        """Return up to `limit` pages that were removed from their sites, the latest first."""
        statement = select(pages).where(pages.c.gone_at.is_not(None)).order_by(pages.c.gone_at.desc()).limit(limit)
        return tuple(map(_to_page, self._run_read(lambda db: db.execute(statement).mappings().all())))

    def update_page(self, address: str, values: ColumnValues) -> None:
        """Save new values of a page."""
        self._run_write(lambda db: db.execute(update(pages).where(pages.c.address == address).values(values)))

    def get_counts(self, now: datetime) -> FeedCounts:
        """Return the counts of feeds and pages."""
        statements = {
            "feeds": select(func.count()).select_from(feeds),
            "failing": select(func.count()).select_from(feeds).where(feeds.c.failures > 0),
            "waiting": select(func.count()).select_from(pages).where(pages.c.due_at <= now),
            "teasers": select(func.count()).select_from(pages).where(pages.c.teaser),
            "gone_pages": select(func.count()).select_from(pages).where(pages.c.gone_at.is_not(None)),
        }
        return FeedCounts(
            **self._run_read(
                lambda db: {name: db.execute(statement).scalar_one() for name, statement in statements.items()}
            )
        )

    def acquire_lease(self, name: str, holder: str, now: datetime, seconds: float) -> bool:
        """Acquire or renew the lease `name` for `seconds`; return False while another holder has it."""
        is_free = or_(leases.c.holder == holder, leases.c.until <= now)
        until = now + timedelta(seconds=seconds)

        def work(db: Connection) -> bool:
            if db.execute(
                update(leases).where(leases.c.name == name, is_free).values(holder=holder, until=until)
            ).rowcount:
                return True
            if db.execute(select(leases.c.name).where(leases.c.name == name)).first() is not None:
                return False
            db.execute(insert(leases).values(name=name, holder=holder, until=until))
            return True

        return self._run_write(work)

    def release_lease(self, name: str, holder: str) -> None:
        """Release a lease before its end, so that others need not wait."""
        is_own = (leases.c.name == name) & (leases.c.holder == holder)
        self._run_write(lambda db: db.execute(delete(leases).where(is_own)))

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _run_read(self, work: Callable[[Connection], _T]) -> _T:
        with translate_database_errors(self._location), self._engine.connect() as db:
            return work(db)

    def _run_write(self, work: Callable[[Connection], _T]) -> _T:
        with translate_database_errors(self._location):
            return run_in_transaction(self._engine, work)


_PAGE_FIELDS = frozenset(field.name for field in fields(Page)) - {"feed_metadata"}


def _queue_chunk(
    db: Connection, found_pages: Mapping[str, tuple[FeedMetadata, bool]], feed: str | None, now: datetime
) -> int:
    rows = db.execute(select(pages.c.address, pages.c.stamp).where(pages.c.address.in_(found_pages)))
    known_stamps = {row.address: row.stamp for row in rows}
    new_rows = []
    for address, (feed_metadata, whole) in found_pages.items():
        values = {
            "feed": feed,
            "told": asdict(feed_metadata),
            "stamp": _hash_feed_metadata(feed_metadata),
            "whole": whole,
            "due_at": now,
        }
        if address not in known_stamps:
            new_rows.append({**_NEW_PAGE_VALUES, **values, "address": address, "found_at": now})
        elif known_stamps[address] != values["stamp"]:
            reset_values = {"looks": 0, "failures": 0, "failure": None, "kind": None}
            db.execute(update(pages).where(pages.c.address == address).values(**values, **reset_values))
    if new_rows:
        db.execute(insert(pages), new_rows)
    return len(new_rows)


def _hash_feed_metadata(feed_metadata: FeedMetadata) -> str:
    """Return the hash of what the feed says; another link to the same page is not a change."""
    values = {name: value for name, value in asdict(feed_metadata).items() if name != "link"}
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _to_page(row: RowMapping) -> Page:
    page_values: dict[str, Any] = {str(name): value for name, value in row.items() if name in _PAGE_FIELDS}
    return Page(feed_metadata=FeedMetadata(**row["told"]), **page_values)


def _split_into_chunks(
    found_pages: Mapping[str, tuple[FeedMetadata, bool]],
) -> Sequence[dict[str, tuple[FeedMetadata, bool]]]:
    items = list(found_pages.items())
    return [dict(items[start : start + _CHUNK_SIZE]) for start in range(0, len(items), _CHUNK_SIZE)]

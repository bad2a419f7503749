"""Where news comes from: the feeds that are followed, the pages they told of, and when each is asked next.

Rule: every change is one short transaction, so that whoever is ended in the middle leaves nothing half-told; and only
who holds the lease polls.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, or_, select, update

from briefings.record.faults import place_of, told
from briefings.record.opening import at_head, in_one_transaction
from briefings.record.schema import feeds, leases, pages

#: the most feeds that are followed, and pages that one call gives
MAX_FEEDS = 5_000
MAX_PAGES = 1_000
#: addresses in one statement
_CHUNK = 500

Values = Mapping[str, object]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Told:
    """What a feed, or nobody, told of a page; `published` in ISO 8601, `html` a stranger's markup."""

    title: str | None = None
    published: str | None = None
    byline: str | None = None
    outlet: str | None = None
    html: str = ""


@dataclass(frozen=True, slots=True)
class FollowedFeed:
    """A row of `feeds`; moments are in UTC."""

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
    """A row of `pages`; moments are in UTC."""

    address: str
    feed: str | None
    told: Told
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
class Counts:
    """How many feeds are followed and fail; how many pages wait, are held as a teaser, are gone from their site."""

    feeds: int
    failing: int
    waiting: int
    teasers: int
    gone: int


def open_sources(address: str) -> "Sources":
    """The sources in the record at an SQLAlchemy address, made or migrated first. Raises RecordUnavailable."""
    return Sources(at_head(address))


class Sources:
    """The tables `feeds`, `pages` and `leases`. Blocking; may be shared by threads. Raises RecordUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._place = place_of(engine.url)

    def feeds(self, due: datetime | None = None) -> tuple[FollowedFeed, ...]:
        """The feeds, by address; or those that are `due`, the longest waiting first."""
        wanted = select(feeds).order_by(feeds.c.address).limit(MAX_FEEDS)
        if due is not None:
            wanted = select(feeds).where(feeds.c.due_at <= due).order_by(feeds.c.due_at).limit(MAX_FEEDS)
        return tuple(FollowedFeed(**row) for row in self._read(lambda db: db.execute(wanted).mappings().all()))

    def follow(self, feed: FollowedFeed) -> bool:
        """Follows a feed; False, and only its title and minutes change, when it is followed already."""

        def work(db: Connection) -> bool:
            here = feeds.c.address == feed.address
            if db.execute(select(feeds.c.address).where(here)).first() is None:
                db.execute(insert(feeds).values(asdict(feed)))
                return True
            title = {} if feed.title is None else {"title": feed.title}
            db.execute(update(feeds).where(here).values(minutes=feed.minutes, **title))
            return False

        return self._write(work)

    def unfollow(self, address: str) -> bool:
        """Follows a feed no more; False when it was not followed. Its articles stay, and so do its pages."""
        return self._write(lambda db: db.execute(delete(feeds).where(feeds.c.address == address)).rowcount) > 0

    def settle_feed(self, address: str, values: Values, moved: str | None = None) -> None:
        """Notes what became of a poll; `moved` is the feed's address from now on."""

        def work(db: Connection) -> None:
            db.execute(update(feeds).where(feeds.c.address == address).values(values))
            if moved is None or moved == address:
                return
            if db.execute(select(feeds.c.address).where(feeds.c.address == moved)).first() is None:
                db.execute(update(feeds).where(feeds.c.address == address).values(address=moved))
            else:
                db.execute(delete(feeds).where(feeds.c.address == address))
            db.execute(update(pages).where(pages.c.feed == address).values(feed=moved))

        self._write(work)

    def queue(self, found: Iterable[tuple[str, Told, bool]], feed: str | None, now: datetime) -> int:
        """Notes pages: addresses, what is told of them, whether their text came whole. Gives how many are new.

        New ones are due now, and so are those of which something else is told than before; of the others nothing
        changes.
        """
        by_address = {address: (one, whole) for address, one, whole in found}
        return self._write(lambda db: sum(_queue(db, part, feed, now) for part in _parts(by_address)))

    def pages(self, due: datetime, limit: int = MAX_PAGES) -> tuple[Page, ...]:
        """The pages that are `due`, the longest waiting first; at most `limit`."""
        wanted = select(pages).where(pages.c.due_at <= due).order_by(pages.c.due_at, pages.c.address).limit(limit)
        return tuple(map(_page, self._read(lambda db: db.execute(wanted).mappings().all())))

    def page(self, address: str) -> Page | None:
        """The page at an address, as it was noted."""
        row = self._read(lambda db: db.execute(select(pages).where(pages.c.address == address)).mappings().first())
        return None if row is None else _page(row)

    def gone(self, limit: int = MAX_PAGES) -> tuple[Page, ...]:
        """The pages that were taken from their sites, the latest first; at most `limit`."""
        wanted = select(pages).where(pages.c.gone_at.is_not(None)).order_by(pages.c.gone_at.desc()).limit(limit)
        return tuple(map(_page, self._read(lambda db: db.execute(wanted).mappings().all())))

    def settle_page(self, address: str, values: Values) -> None:
        """Notes what became of a page."""
        self._write(lambda db: db.execute(update(pages).where(pages.c.address == address).values(values)))

    def counts(self, now: datetime) -> Counts:
        """How much there is of everything."""
        asked = {
            "feeds": select(func.count()).select_from(feeds),
            "failing": select(func.count()).select_from(feeds).where(feeds.c.failures > 0),
            "waiting": select(func.count()).select_from(pages).where(pages.c.due_at <= now),
            "teasers": select(func.count()).select_from(pages).where(pages.c.teaser),
            "gone": select(func.count()).select_from(pages).where(pages.c.gone_at.is_not(None)),
        }
        return Counts(**self._read(lambda db: {name: db.execute(one).scalar_one() for name, one in asked.items()}))

    def hold(self, name: str, holder: str, now: datetime, seconds: float) -> bool:
        """Takes the lease `name` for `seconds`, or keeps it; False while somebody else holds it."""
        free = or_(leases.c.holder == holder, leases.c.until <= now)
        until = now + timedelta(seconds=seconds)

        def work(db: Connection) -> bool:
            if db.execute(
                update(leases).where(leases.c.name == name, free).values(holder=holder, until=until)
            ).rowcount:
                return True
            if db.execute(select(leases.c.name).where(leases.c.name == name)).first() is not None:
                return False
            db.execute(insert(leases).values(name=name, holder=holder, until=until))
            return True

        return self._write(work)

    def release(self, name: str, holder: str) -> None:
        """Gives a lease back, so that nobody waits for its end."""
        mine = (leases.c.name == name) & (leases.c.holder == holder)
        self._write(lambda db: db.execute(delete(leases).where(mine)))

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()

    def _read(self, work: Callable[[Connection], _T]) -> _T:
        with told(self._place), self._engine.connect() as db:
            return work(db)

    def _write(self, work: Callable[[Connection], _T]) -> _T:
        with told(self._place):
            return in_one_transaction(self._engine, work)


def _queue(db: Connection, found: Mapping[str, tuple[Told, bool]], feed: str | None, now: datetime) -> int:
    held = db.execute(select(pages.c.address, pages.c.stamp).where(pages.c.address.in_(found)))
    known = {row.address: row.stamp for row in held}
    new = []
    for address, (one, whole) in found.items():
        values = {"feed": feed, "told": asdict(one), "stamp": _stamp(one), "whole": whole, "due_at": now}
        if address not in known:
            new.append({**_BLANK, **values, "address": address, "found_at": now})
        elif known[address] != values["stamp"]:
            again = {"looks": 0, "failures": 0, "failure": None, "kind": None}
            db.execute(update(pages).where(pages.c.address == address).values(**values, **again))
    if new:
        db.execute(insert(pages), new)
    return len(new)


_BLANK: dict[str, object] = {
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
_FIELDS = frozenset(field.name for field in fields(Page)) - {"told"}


def _stamp(one: Told) -> str:
    return sha256(json.dumps(asdict(one), sort_keys=True).encode()).hexdigest()


def _page(row: RowMapping) -> Page:
    kept: dict[str, Any] = {str(name): value for name, value in row.items() if name in _FIELDS}
    return Page(told=Told(**row["told"]), **kept)


def _parts(found: Mapping[str, tuple[Told, bool]]) -> Sequence[dict[str, tuple[Told, bool]]]:
    items = list(found.items())
    return [dict(items[start : start + _CHUNK]) for start in range(0, len(items), _CHUNK)]

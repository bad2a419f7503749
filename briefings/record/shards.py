"""The ledger of archives: which shards were added, in which state, by which engine, and what became of their articles.

Rule: a shard's articles and its row are one transaction, so that it was added whole or not at all, however often and
by however many it is tried.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from sqlalchemy import Connection, Engine, func, insert, select, update
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from briefings.analysis import analyse
from briefings.errors import RecordUnavailable
from briefings.model import Article
from briefings.record.archived import take_archived
from briefings.record.checks import check_storable
from briefings.record.copies import stand_in_line
from briefings.record.engine import writing
from briefings.record.faults import place_of, told, was_raced
from briefings.record.loading import load
from briefings.record.opening import at_head, index_of
from briefings.record.rows import told_of
from briefings.record.schema import articles, shards
from briefings.record.taking import Arrival, standing
from briefings.record.values import Standing

_TICK = timedelta(microseconds=1)
#: how often a transaction is begun that another writer was in the way of
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Counts:
    """Articles of a shard by how they stood (`Standing`), and how many of its lines, rows or pages were none."""

    new: int = 0
    changed: int = 0
    held: int = 0
    older: int = 0
    failed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        mine, theirs = asdict(self), asdict(other)
        return Counts(**{name: mine[name] + theirs[name] for name in mine})


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard at the state that its `stamp` stands for."""

    address: str
    stamp: str


def open_ledger(address: str, clock: Callable[[], datetime]) -> "Ledger":
    """The ledger in the record at an SQLAlchemy address, made or migrated first. Raises RecordUnavailable."""
    return Ledger(at_head(address), clock)


class Ledger:
    """The table `shards`, and all that is added with it. Blocking. Raises RecordUnavailable."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock
        self._place = place_of(engine.url)
        self._index = index_of(engine)

    def finished(self) -> dict[str, str]:
        """The address of each shard that was added, and its stamp of then."""
        rows = select(shards.c.address, shards.c.stamp).order_by(shards.c.added_at)
        with told(self._place), self._engine.connect() as db:
            return {row.address: row.stamp for row in db.execute(rows)}

    def added(self, shard: Shard) -> Counts | None:
        """What became of a shard when it was added, in this very state; None when it was not."""
        with told(self._place), self._engine.connect() as db:
            return _added(db, shard)

    def held(self, came: Sequence[Article]) -> list[bool]:
        """Whether each article is held already, told the same in every field. Raises BadInput as `Record.add`."""
        for article in came:
            check_storable(article)
        columns = [articles.c[name] for name in told_of(came[0])] if came else []
        with told(self._place), self._engine.connect() as db:
            rows = db.execute(select(*columns).where(articles.c.id.in_([article.id for article in came])))
            known = {row.id: tuple(row) for row in rows}
        return [known.get(article.id) == tuple(told_of(article).values()) for article in came]

    def add(self, shard: Shard, engine: str, came: Iterable[Sequence[Arrival]], failed: int) -> Counts:
        """Adds a shard whole, some arrivals at a time; gives what became of them, also when another was faster.

        `came` is iterated over again when another writer was in the way; an arrival without an engine is one that
        nobody has read, because it was held.
        """
        with told(self._place):
            for tried in range(1, _TRIES + 1):
                try:
                    with writing(self._engine).begin() as db:
                        stand_in_line(db)
                        return _added(db, shard) or self._add(db, shard, engine, came, failed)
                except DBAPIError as error:
                    if tried == _TRIES or not was_raced(error):
                        raise
        raise AssertionError("a try gives or raises")

    def settle(self) -> None:
        """Lets the index put itself in order after many articles; whoever searches has no need of it."""
        with told(self._place):
            for step in count():
                with writing(self._engine).begin() as db:
                    if not self._index.settle(db, step):
                        return

    def close(self) -> None:
        """Gives all connections back."""
        self._engine.dispose()

    def _add(self, db: Connection, shard: Shard, engine: str, came: Iterable[Sequence[Arrival]], failed: int) -> Counts:
        now = self._moment(db)
        row = {"address": shard.address, "added_at": now, "stamp": shard.stamp, "engine": engine}
        db.execute(insert(shards).values(**row, **asdict(Counts())))
        stood: Counter[Standing] = Counter()
        again_with = partial(take_archived, shard=shard.address)
        for some in came:
            stood.update(load(db, self._index, [_read(db, arrival) for arrival in some], now, again_with))
        counts = Counts(
            stood[Standing.NEW], stood[Standing.CHANGED], stood[Standing.HELD], stood[Standing.OLDER], failed
        )
        db.execute(update(shards).where(shards.c.added_at == now).values(asdict(counts)))
        return counts

    def _moment(self, db: Connection) -> datetime:
        """The present moment, or one after that of the last shard: nobody else is adding any."""
        last = db.execute(select(func.max(shards.c.added_at))).scalar()
        now = self._clock()
        return now if last is None or last < now else last + _TICK


def may_pass(error: RecordUnavailable) -> bool:
    """Whether what was refused may succeed later as it is: the database is away, or kept busy."""
    return isinstance(error.__cause__, OperationalError | InterfaceError | PoolTimeout)


def _added(db: Connection, shard: Shard) -> Counts | None:
    columns = [shards.c[name] for name in asdict(Counts())]
    last = select(shards.c.stamp, *columns).where(shards.c.address == shard.address).order_by(shards.c.added_at.desc())
    row = db.execute(last.limit(1)).first()
    return Counts(*row[1:]) if row is not None and row.stamp == shard.stamp else None


def _read(db: Connection, came: Arrival) -> Arrival:
    """What came, read unless it is still held as it was."""
    if came.engine is not None or standing(db, came.article) is Standing.HELD:
        return came
    found = analyse(came.article)
    return Arrival(came.article, found.quotes, found.names, found.engine)

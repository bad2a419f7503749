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

from briefings.attribution.analysis import analyse
from briefings.errors import DatabaseUnavailable
from briefings.model import Article
from briefings.storage.db.database import describe_location, get_writer, is_write_conflict, translate_record_errors
from briefings.storage.db.row_mapping import to_source_fields
from briefings.storage.db.schema import articles, shards
from briefings.storage.db.types import ArticleStatus
from briefings.storage.session import connect_and_migrate, get_index
from briefings.storage.writes.analysis_pool import check_storable
from briefings.storage.writes.bulk_upsert import bulk_upsert, upsert_archived
from briefings.storage.writes.duplicates import lock_writers
from briefings.storage.writes.upsert import Arrival, get_status

_MIN_INTERVAL = timedelta(microseconds=1)
#: how often a transaction is begun that another writer was in the way of
_MAX_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class ShardCounts:
    """Articles of a shard by how they stood (`Standing`), and how many of its lines, rows or pages were none."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0
    failed: int = 0

    def __add__(self, other: "ShardCounts") -> "ShardCounts":
        mine, theirs = asdict(self), asdict(other)
        return ShardCounts(**{name: mine[name] + theirs[name] for name in mine})

    def to_columns(self) -> dict[str, int]:
        """Return the counts under the names that the table and the JSON output use."""
        return {("held" if name == "unchanged" else name): count for name, count in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard at the state that its `stamp` stands for."""

    address: str
    stamp: str


def open_shard_ledger(address: str, clock: Callable[[], datetime]) -> "ShardLedger":
    """The ledger in the record at an SQLAlchemy address, made or migrated first. Raises RecordUnavailable."""
    return ShardLedger(connect_and_migrate(address), clock)


class ShardLedger:
    """The table `shards`, and all that is added with it. Blocking. Raises RecordUnavailable."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock
        self._location = describe_location(engine.url)
        self._index = get_index(engine)

    def list_finished_shards(self) -> dict[str, str]:
        """The address of each shard that was added, and its stamp of then."""
        rows = select(shards.c.address, shards.c.stamp).order_by(shards.c.added_at)
        with translate_record_errors(self._location), self._engine.connect() as db:
            return {row.address: row.stamp for row in db.execute(rows)}

    def get_counts(self, shard: Shard) -> ShardCounts | None:
        """What became of a shard when it was added, in this very state; None when it was not."""
        with translate_record_errors(self._location), self._engine.connect() as db:
            return _load_counts(db, shard)

    def are_unchanged(self, incoming_articles: Sequence[Article]) -> list[bool]:
        """Whether each article is held already, told the same in every field. Raises BadInput as `Record.add`."""
        for article in incoming_articles:
            check_storable(article)
        columns = [articles.c[name] for name in to_source_fields(incoming_articles[0])] if incoming_articles else []
        with translate_record_errors(self._location), self._engine.connect() as db:
            rows = db.execute(select(*columns).where(articles.c.id.in_([article.id for article in incoming_articles])))
            stored_rows = {row.id: tuple(row) for row in rows}
        return [
            stored_rows.get(article.id) == tuple(to_source_fields(article).values()) for article in incoming_articles
        ]

    def add_shard(self, shard: Shard, engine: str, batches: Iterable[Sequence[Arrival]], failed: int) -> ShardCounts:
        """Adds a shard whole, some arrivals at a time; gives what became of them, also when another was faster.

        `came` is iterated over again when another writer was in the way; an arrival without an engine is one that
        nobody has read, because it was held.
        """
        with translate_record_errors(self._location):
            for attempt in range(1, _MAX_ATTEMPTS + 1):
                try:
                    with get_writer(self._engine).begin() as db:
                        lock_writers(db)
                        return _load_counts(db, shard) or self._insert_shard(db, shard, engine, batches, failed)
                except DBAPIError as error:
                    if attempt == _MAX_ATTEMPTS or not is_write_conflict(error):
                        raise
        raise AssertionError("a try gives or raises")

    def optimize_index(self) -> None:
        """Lets the index put itself in order after many articles; whoever searches has no need of it."""
        with translate_record_errors(self._location):
            for step in count():
                with get_writer(self._engine).begin() as db:
                    if not self._index.optimize(db, step):
                        return

    def close(self) -> None:
        """Gives all connections back."""
        self._engine.dispose()

    def _insert_shard(
        self, db: Connection, shard: Shard, engine: str, batches: Iterable[Sequence[Arrival]], failed: int
    ) -> ShardCounts:
        now = self._get_timestamp(db)
        row = {"address": shard.address, "added_at": now, "stamp": shard.stamp, "engine": engine}
        db.execute(insert(shards).values(**row, **ShardCounts().to_columns()))
        status_counts: Counter[ArticleStatus] = Counter()
        upsert_known = partial(upsert_archived, shard=shard.address)
        for batch in batches:
            status_counts.update(
                bulk_upsert(db, self._index, [_analyse_if_changed(db, arrival) for arrival in batch], now, upsert_known)
            )
        counts = ShardCounts(
            status_counts[ArticleStatus.NEW],
            status_counts[ArticleStatus.CHANGED],
            status_counts[ArticleStatus.UNCHANGED],
            status_counts[ArticleStatus.OLDER],
            failed,
        )
        db.execute(update(shards).where(shards.c.added_at == now).values(counts.to_columns()))
        return counts

    def _get_timestamp(self, db: Connection) -> datetime:
        """The present moment, or one after that of the last shard: nobody else is adding any."""
        last = db.execute(select(func.max(shards.c.added_at))).scalar()
        now = self._clock()
        return now if last is None or last < now else last + _MIN_INTERVAL


def is_transient(error: DatabaseUnavailable) -> bool:
    """Whether what was refused may succeed later as it is: the database is away, or kept busy."""
    return isinstance(error.__cause__, OperationalError | InterfaceError | PoolTimeout)


def _load_counts(db: Connection, shard: Shard) -> ShardCounts | None:
    columns = [shards.c[name] for name in ShardCounts().to_columns()]
    statement = (
        select(shards.c.stamp, *columns).where(shards.c.address == shard.address).order_by(shards.c.added_at.desc())
    )
    row = db.execute(statement.limit(1)).first()
    return ShardCounts(*row[1:]) if row is not None and row.stamp == shard.stamp else None


def _analyse_if_changed(db: Connection, arrival: Arrival) -> Arrival:
    """What came, read unless it is still held as it was."""
    if arrival.engine is not None or get_status(db, arrival.article) is ArticleStatus.UNCHANGED:
        return arrival
    analysis = analyse(arrival.article)
    return Arrival(arrival.article, analysis.quotes, analysis.names, analysis.engine)

"""Ledger of archive shards: which were added, with their stamp, engine version and counts of articles.

Rule: a shard's row and its articles are one transaction. So each shard is added completely or not at all, and only
once, even with retries and several processes.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from sqlalchemy import Connection, Engine, func, insert, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from briefings.attribution.analysis import analyse
from briefings.errors import DatabaseUnavailable
from briefings.model import Article
from briefings.storage.db.database import describe_location, get_reader, get_writer, translate_database_errors
from briefings.storage.db.row_mapping import to_source_fields
from briefings.storage.db.schema import articles, shards
from briefings.storage.db.types import ArticleStatus
from briefings.storage.session import connect_and_migrate, get_index, run_in_transaction
from briefings.storage.writes.bulk_upsert import bulk_upsert, get_first_news_day, upsert_archived
from briefings.storage.writes.duplicates import lock_writers
from briefings.storage.writes.loading import complete_load, has_pending
from briefings.storage.writes.upsert import Arrival, check_storable, get_status

#: least difference between the times of two shards
_MIN_INTERVAL = timedelta(microseconds=1)
#: retries of a transaction after conflicts with other writers
_MAX_RETRIES = 3
#: columns whose names differ from the fields of ShardCounts
_COLUMNS = {"updated": "changed", "unchanged": "held"}


@dataclass(frozen=True, slots=True)
class ShardCounts:
    """Counts of a shard's articles by `ArticleStatus`, and of its lines, rows or pages that are not articles."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    older: int = 0
    failed: int = 0

    def __add__(self, other: "ShardCounts") -> "ShardCounts":
        counts, other_counts = asdict(self), asdict(other)
        return ShardCounts(**{name: counts[name] + other_counts[name] for name in counts})

    def to_columns(self) -> dict[str, int]:
        """Return the counts under the names that the table and the JSON output use."""
        return {_COLUMNS.get(name, name): count for name, count in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Shard:
    """Address of a shard, and a stamp that changes with its content."""

    address: str
    stamp: str


def open_shard_ledger(address: str, clock: Callable[[], datetime]) -> "ShardLedger":
    """Open the ledger at an SQLAlchemy URL, creating or migrating the database. Raises DatabaseUnavailable."""
    return ShardLedger(connect_and_migrate(address), clock)


class ShardLedger:
    """Access to the table `shards` and the articles added with it. Blocking; raises DatabaseUnavailable."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock
        self._location = describe_location(engine.url)
        self._index = get_index(engine)

    def list_finished_shards(self) -> dict[str, str]:
        """Return the stamp of each added shard at its last addition, by address."""
        statement = select(shards.c.address, shards.c.stamp).order_by(shards.c.added_at)
        with translate_database_errors(self._location), self._engine.connect() as db:
            return {row.address: row.stamp for row in db.execute(statement)}

    def get_counts(self, shard: Shard) -> ShardCounts | None:
        """Return the counts of a shard that was added with this stamp; None if it was not."""
        with translate_database_errors(self._location), self._engine.connect() as db:
            return _load_counts(db, shard)

    def are_unchanged(self, incoming_articles: Sequence[Article]) -> list[bool]:
        """Tell for each article whether it is stored and equal. Raises BadInput as `Repository.upsert` does."""
        for article in incoming_articles:
            check_storable(article)
        columns = [articles.c[name] for name in to_source_fields(incoming_articles[0])] if incoming_articles else []
        with translate_database_errors(self._location), self._engine.connect() as db:
            rows = db.execute(select(*columns).where(articles.c.id.in_([article.id for article in incoming_articles])))
            stored_rows = {row.id: tuple(row) for row in rows}
        return [
            stored_rows.get(article.id) == tuple(to_source_fields(article).values()) for article in incoming_articles
        ]

    def add_shard(
        self,
        shard: Shard,
        engine: str,
        batches: Iterable[Sequence[Arrival]],
        failed: int,
        *,
        are_links_deferred: bool = False,
    ) -> ShardCounts:
        """Add a complete shard in one transaction, and return its counts, even if another process added it first.

        `engine` is the engine version, `failed` the count of entries that are not articles. `batches` is iterated again
        after a conflict with another writer. An arrival without an engine version was stored before and not analysed.
        With `are_links_deferred`, `complete_load` links the articles later.
        """

        def work(db: Connection) -> ShardCounts:
            lock_writers(db)
            insert_shard = partial(self._insert_shard, are_links_deferred=are_links_deferred)
            return _load_counts(db, shard) or insert_shard(db, shard, engine, batches, failed)

        with translate_database_errors(self._location):
            return run_in_transaction(self._engine, work, _MAX_RETRIES)

    def complete_load(self) -> None:
        """Link the articles of all shards whose links were deferred. Writes nothing if there are none."""
        with translate_database_errors(self._location):
            with get_reader(self._engine).connect() as db:
                if not has_pending(db):
                    return
            run_in_transaction(self._engine, complete_load, _MAX_RETRIES)

    def optimize_index(self) -> None:
        """Optimise the full-text index after many additions; searches work without it."""
        with translate_database_errors(self._location):
            for step in count():
                with get_writer(self._engine).begin() as db:
                    if not self._index.optimize(db, step):
                        return

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _insert_shard(
        self,
        db: Connection,
        shard: Shard,
        engine: str,
        batches: Iterable[Sequence[Arrival]],
        failed: int,
        *,
        are_links_deferred: bool,
    ) -> ShardCounts:
        now = self._get_timestamp(db)
        row = {"address": shard.address, "added_at": now, "stamp": shard.stamp, "engine": engine}
        db.execute(insert(shards).values(**row, **ShardCounts().to_columns()))
        status_counts: Counter[ArticleStatus] = Counter()
        upsert_known = partial(upsert_archived, shard=shard.address)
        for batch in batches:
            status_counts.update(
                bulk_upsert(
                    db,
                    self._index,
                    [_analyse_if_changed(db, arrival) for arrival in batch],
                    now,
                    upsert_known,
                    news_since=get_first_news_day(now),
                    are_links_deferred=are_links_deferred,
                )
            )
        counts = ShardCounts(
            status_counts[ArticleStatus.NEW],
            status_counts[ArticleStatus.UPDATED],
            status_counts[ArticleStatus.UNCHANGED],
            status_counts[ArticleStatus.OLDER],
            failed,
        )
        db.execute(update(shards).where(shards.c.added_at == now).values(counts.to_columns()))
        return counts

    def _get_timestamp(self, db: Connection) -> datetime:
        """Return the current time, or a microsecond after the last shard's; the writer lock makes it unique."""
        last = db.execute(select(func.max(shards.c.added_at))).scalar()
        now = self._clock()
        return now if last is None or last < now else last + _MIN_INTERVAL


def is_transient(error: DatabaseUnavailable) -> bool:
    """Tell whether the same operation may succeed later: the database is unreachable or busy."""
    return isinstance(error.__cause__, OperationalError | InterfaceError | PoolTimeout)


def _load_counts(db: Connection, shard: Shard) -> ShardCounts | None:
    columns = [shards.c[name] for name in ShardCounts().to_columns()]
    statement = (
        select(shards.c.stamp, *columns).where(shards.c.address == shard.address).order_by(shards.c.added_at.desc())
    )
    row = db.execute(statement.limit(1)).first()
    return ShardCounts(*row[1:]) if row is not None and row.stamp == shard.stamp else None


def _analyse_if_changed(db: Connection, arrival: Arrival) -> Arrival:
    """Return the arrival with its analysis, unless it is unchanged or already analysed."""
    if arrival.engine is not None or get_status(db, arrival.article) is ArticleStatus.UNCHANGED:
        return arrival
    analysis = analyse(arrival.article)
    return Arrival(arrival.article, analysis.quotes, analysis.names, analysis.engine)

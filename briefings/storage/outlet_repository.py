"""Repository of the hosts that admins confirmed, and of how certain the outlets of fetched articles are.

Rule: the name that an article is shown with, its row and its index entries change in one transaction. Articles whose
outlet was stated by the person or archive that added them are never touched.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select, update

from briefings.model import Provenance
from briefings.storage.db.database import describe_location, get_reader, translate_database_errors
from briefings.storage.db.row_mapping import compute_checksum, to_articles, to_source_fields
from briefings.storage.db.schema import articles, confirmed_outlets, outlet_lists
from briefings.storage.search.queries import select_articles
from briefings.storage.search.results import read_article_quotes
from briefings.storage.session import get_index, run_in_transaction
from briefings.storage.writes.duplicates import lock_writers
from briefings.storage.writes.names import insert_outlets, read_names
from briefings.storage.writes.upsert import Arrival, replace_analysis

#: most hosts that can be confirmed
MAX_CONFIRMED = 10_000
#: articles read at a time
_PAGE_SIZE = 500


@dataclass(frozen=True, slots=True)
class ConfirmedOutlet:
    """An outlet and one of its hosts, with who confirmed it and when (UTC)."""

    name: str
    host: str
    confirmed_by: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class JudgedArticle:
    """What decides about the outlet of a fetched article, and the decision."""

    id: str
    url: str | None
    claimed_outlet: str | None
    outlet: str | None
    provenance: Provenance


class OutletRepository:
    """Confirmed outlets and judged articles. Every method raises DatabaseUnavailable for errors of the database."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._location = describe_location(engine.url)
        self._index = get_index(engine)

    def list_confirmed(self) -> tuple[ConfirmedOutlet, ...]:
        """Return the confirmed hosts, sorted by name and host."""
        query = select(confirmed_outlets).order_by(confirmed_outlets.c.name, confirmed_outlets.c.host)
        with translate_database_errors(self._location), get_reader(self._engine).connect() as db:
            rows = db.execute(query.limit(MAX_CONFIRMED)).all()
        return tuple(ConfirmedOutlet(row.name, row.host, row.confirmed_by, row.confirmed_at) for row in rows)

    def confirm(self, name: str, host: str, person: str) -> None:
        """Store that a host belongs to an outlet; it belongs to no other confirmed one then."""
        values = {"host": host, "name": name, "confirmed_by": person, "confirmed_at": self._clock()}

        def work(db: Connection) -> None:
            db.execute(delete(confirmed_outlets).where(confirmed_outlets.c.host == host))
            db.execute(insert(confirmed_outlets).values(values))

        self._run_in_transaction(work)

    def remove(self, hosts: Sequence[str]) -> None:
        """Delete the confirmation of hosts."""
        self._run_in_transaction(
            lambda db: db.execute(delete(confirmed_outlets).where(confirmed_outlets.c.host.in_(hosts)))
        )

    def get_fingerprint(self) -> str | None:
        """Return the fingerprint of the list by which the articles were judged last, or None if they never were."""
        with translate_database_errors(self._location), get_reader(self._engine).connect() as db:
            return db.execute(select(outlet_lists.c.fingerprint)).scalar()

    def set_fingerprint(self, fingerprint: str) -> None:
        """Store the fingerprint of the list by which all articles are judged now."""

        def work(db: Connection) -> None:
            db.execute(delete(outlet_lists))
            db.execute(insert(outlet_lists).values(fingerprint=fingerprint))

        self._run_in_transaction(work)

    def iterate_judged(self) -> Iterator[Sequence[JudgedArticle]]:
        """Yield the fetched articles in pages."""
        columns = [articles.c[name] for name in ("number", "id", "url", "claimed_outlet", "outlet", "provenance")]
        query = select(*columns).where(articles.c.provenance != Provenance.STATED.value)
        query = query.order_by(articles.c.number).limit(_PAGE_SIZE)
        last_number = None
        while True:
            page_query = query if last_number is None else query.where(articles.c.number > last_number)
            with translate_database_errors(self._location), get_reader(self._engine).connect() as db:
                rows = db.execute(page_query).all()
            if not rows:
                return
            last_number = rows[-1].number
            yield [
                JudgedArticle(row.id, row.url, row.claimed_outlet, row.outlet, Provenance(row.provenance))
                for row in rows
            ]

    def save_judgement(self, article_id: str, outlet: str | None, provenance: Provenance) -> None:
        """Store another outlet of an article, also in the index; nothing if the article is gone."""

        def work(db: Connection) -> None:
            lock_writers(db)  # before any row
            is_judged = articles.c.provenance != Provenance.STATED.value
            row = db.execute(select_articles([article_id]).where(is_judged)).first()
            if row is None:
                return
            for article in to_articles([row]):  # a damaged article waits for its repair
                judged_article = replace(article, publisher=outlet, provenance=provenance)
                insert_outlets(db, [outlet])
                values = {**to_source_fields(judged_article), "checksum": compute_checksum(judged_article)}
                db.execute(update(articles).where(articles.c.id == article_id).values(values))
                quotes = tuple(read_article_quotes(db, [article_id]).get(article_id, ()))
                names = read_names(db, [article_id]).get(article_id)
                replace_analysis(db, self._index, Arrival(judged_article, quotes, names, row.engine))

        self._run_in_transaction(work)

    def _run_in_transaction(self, work: Callable[[Connection], object]) -> None:
        with translate_database_errors(self._location):
            run_in_transaction(self._engine, work, max_retries=3)

"""Takes articles out of a record, with all that was derived from them: older versions, quotes, names, index.

Rule: an article goes whole or stays whole, and what nothing refers to any more (an outlet, a person) goes with the last
that did.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import Connection, Select, Table, delete, exists, func, select

from briefings.errors import BadInput
from briefings.storage.db.schema import METADATA, article_versions, articles, outlets, people, quotes
from briefings.storage.maintenance.tables import Progress, ignore_progress
from briefings.storage.session import open_database, run_in_transaction
from briefings.text.spans import explain_unstorable

#: articles that go at a time: ids in one statement, and in one transaction of an outlet's, for which others wait
_CHUNK_SIZE = 200
#: unknown ids, and outlets of a similar name, that are told
_MAX_SUGGESTIONS = 3


#: what is there only to be referred to
_REFERENCE_TABLES = (outlets, people)


@dataclass(frozen=True, slots=True)
class RemovalReport:
    """How much went: counts."""

    articles: int = 0
    quotes: int = 0
    versions: int = 0

    def add(self, other: "RemovalReport") -> "RemovalReport":
        """Both together."""
        return RemovalReport(self.articles + other.articles, self.quotes + other.quotes, self.versions + other.versions)


def remove_articles(address: str, ids: Iterable[str]) -> RemovalReport:
    """Removes the articles of these ids, all or none. Raises BadInput when one is not held."""
    unique_ids = list(dict.fromkeys(ids))
    with open_database(address) as engine:
        return run_in_transaction(engine, lambda db: _remove_all(db, unique_ids))


def remove_outlet(address: str, name: str, progress: Progress = ignore_progress) -> RemovalReport:
    """Removes all that came from the outlet of this very name, older versions of others' articles included.

    A few hundred articles at a time: what was not reached when it is interrupted is removed by the next call. Raises
    BadInput when the record knows no such outlet.
    """
    with open_database(address) as engine:
        with engine.connect() as db:
            _check_outlet_exists(db, name)
            statement = select(func.count()).select_from(articles).where(articles.c.outlet == name)
            total: int = db.execute(statement).scalar_one()
        report = RemovalReport()
        while (chunk_report := run_in_transaction(engine, lambda db: _remove_some(db, name))).articles:
            report = report.add(chunk_report)
            progress(report.articles, max(total, report.articles))
        return report.add(run_in_transaction(engine, lambda db: _remove_rest(db, name)))


def _remove_all(db: Connection, ids: Sequence[str]) -> RemovalReport:
    stored_ids = {row.id for chunk in _split_into_chunks(ids) for row in db.execute(_select_ids(chunk))}
    if unknown_ids := [article_id for article_id in ids if article_id not in stored_ids]:
        id_list = ", ".join(repr(article_id) for article_id in unknown_ids[:_MAX_SUGGESTIONS])
        rest = f" and {len(unknown_ids) - _MAX_SUGGESTIONS} more" if len(unknown_ids) > _MAX_SUGGESTIONS else ""
        raise BadInput(f"The record holds no article {id_list}{rest}: nothing was removed.")
    report = RemovalReport()
    for chunk in _split_into_chunks(ids):
        report = report.add(_remove_chunk(db, chunk))
    _remove_orphans(db)
    return report


def _remove_some(db: Connection, outlet: str) -> RemovalReport:
    statement = select(articles.c.id).where(articles.c.outlet == outlet).limit(_CHUNK_SIZE).with_for_update()
    return _remove_chunk(db, db.execute(statement).scalars().all())


def _remove_rest(db: Connection, outlet: str) -> RemovalReport:
    number = db.execute(delete(article_versions).where(article_versions.c.outlet == outlet)).rowcount
    _remove_orphans(db)
    return RemovalReport(versions=number)


def _remove_chunk(db: Connection, ids: Sequence[str]) -> RemovalReport:
    quote_count, version_count = (_count_rows(db, table, ids) for table in (quotes, article_versions))
    # what hangs on an article goes with it: the schema says so, and the indexes see to themselves
    article_count = db.execute(delete(articles).where(articles.c.id.in_(ids))).rowcount
    return RemovalReport(article_count, quote_count, version_count)


def _remove_orphans(db: Connection) -> None:
    """Deletes whatever is there only to be referred to, and is not."""
    for table in _REFERENCE_TABLES:
        referring = [
            (key.parent, key.column)
            for other in METADATA.sorted_tables
            for key in other.foreign_keys
            if key.column.table is table
        ]
        db.execute(
            delete(table).where(
                *(~exists().where(column == referenced_column) for column, referenced_column in referring)
            )
        )


def _count_rows(db: Connection, table: Table, ids: Sequence[str]) -> int:
    number: int = db.execute(select(func.count()).select_from(table).where(table.c.article.in_(ids))).scalar_one()
    return number


def _select_ids(ids: Sequence[str]) -> Select[tuple[str]]:
    # SQLite has no row locks and needs none: its transactions that write stand in line
    return select(articles.c.id).where(articles.c.id.in_(ids)).with_for_update()


def _split_into_chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Ids that can be held at all, a few hundred at a time."""
    storable_ids = [article_id for article_id in ids if explain_unstorable(article_id) is None]
    for start in range(0, len(storable_ids), _CHUNK_SIZE):
        yield storable_ids[start : start + _CHUNK_SIZE]


def _check_outlet_exists(db: Connection, name: str) -> None:
    outlet_names = list(db.execute(select(outlets.c.name)).scalars())
    if name not in outlet_names:
        suggestions = " or ".join(
            repr(other) for other in get_close_matches(name, outlet_names, _MAX_SUGGESTIONS, cutoff=0.5)
        )
        raise BadInput(
            f"The record holds nothing from {name!r}{f': did you mean {suggestions}?' if suggestions else '.'}"
        )

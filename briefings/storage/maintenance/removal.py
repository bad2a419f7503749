"""Remove articles with everything derived from them: older versions, quotes, names and index entries.

Rule: an article is removed completely or not at all. An outlet or person is removed with its last reference.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import Connection, Select, Table, delete, exists, func, select

from briefings.errors import BadInput
from briefings.storage.db.schema import METADATA, article_versions, articles, outlets, people, quotes
from briefings.storage.maintenance.tables import Progress, ignore_progress
from briefings.storage.search.queries import split_ids
from briefings.storage.session import open_database, run_in_transaction
from briefings.storage.writes.duplicates import lock_writers
from briefings.storage.writes.story_links import remove_from_stories
from briefings.storage.writes.utterances import read_reports, regroup

#: articles per statement; when an outlet is removed, also per transaction, since other writers wait for it
_CHUNK_SIZE = 200
#: unknown ids, or outlets with similar names, in one message
_MAX_SUGGESTIONS = 3
#: tables whose rows exist only to be referred to
_REFERENCE_TABLES = (outlets, people)


@dataclass(frozen=True, slots=True)
class RemovalReport:
    """Counts of removed articles, quotes and older versions."""

    articles: int = 0
    quotes: int = 0
    versions: int = 0

    def add(self, other: "RemovalReport") -> "RemovalReport":
        """Return the sum of two reports."""
        return RemovalReport(self.articles + other.articles, self.quotes + other.quotes, self.versions + other.versions)


def remove_articles(address: str, ids: Iterable[str]) -> RemovalReport:
    """Remove the articles with these ids, all or none. Raises BadInput if one does not exist."""
    unique_ids = list(dict.fromkeys(ids))
    with open_database(address) as engine:
        return run_in_transaction(engine, lambda db: _remove_all(db, unique_ids))


def remove_outlet(address: str, name: str, progress: Progress = ignore_progress) -> RemovalReport:
    """Remove every article of the outlet with exactly this name, and its older versions of other outlets' articles.

    Each transaction removes up to 200 articles; after an interruption, the next call removes the rest. Raises BadInput
    for an unknown outlet.
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
    lock_writers(db)
    chunks = list(split_ids(ids, _CHUNK_SIZE))
    stored_ids = {row.id for chunk in chunks for row in db.execute(_select_ids(chunk))}
    if unknown_ids := [article_id for article_id in ids if article_id not in stored_ids]:
        id_list = ", ".join(repr(article_id) for article_id in unknown_ids[:_MAX_SUGGESTIONS])
        rest = f" and {len(unknown_ids) - _MAX_SUGGESTIONS} more" if len(unknown_ids) > _MAX_SUGGESTIONS else ""
        raise BadInput(f"No article with id {id_list}{rest}: nothing was removed.")
    report = RemovalReport()
    for chunk in chunks:
        report = report.add(_remove_chunk(db, chunk))
    _remove_orphans(db)
    return report


def _remove_some(db: Connection, outlet: str) -> RemovalReport:
    lock_writers(db)
    statement = select(articles.c.id).where(articles.c.outlet == outlet).limit(_CHUNK_SIZE).with_for_update()
    return _remove_chunk(db, db.execute(statement).scalars().all())


def _remove_rest(db: Connection, outlet: str) -> RemovalReport:
    number = db.execute(delete(article_versions).where(article_versions.c.outlet == outlet)).rowcount
    _remove_orphans(db)
    return RemovalReport(versions=number)


def _remove_chunk(db: Connection, ids: Sequence[str]) -> RemovalReport:
    quote_count, version_count = (_count_rows(db, table, ids) for table in (quotes, article_versions))
    numbers = db.execute(select(articles.c.number).where(articles.c.id.in_(ids))).scalars().all()
    remove_from_stories(db, numbers)
    removed_reports = read_reports(db, ids)
    # foreign keys and triggers delete the dependent rows and index entries
    article_count = db.execute(delete(articles).where(articles.c.id.in_(ids))).rowcount
    regroup(db, (), removed_reports)
    return RemovalReport(article_count, quote_count, version_count)


def _remove_orphans(db: Connection) -> None:
    """Delete outlets and people that have no references left."""
    for table in _REFERENCE_TABLES:
        references = [
            (key.parent, key.column)
            for referring_table in METADATA.sorted_tables
            for key in referring_table.foreign_keys
            if key.column.table is table
        ]
        db.execute(
            delete(table).where(
                *(~exists().where(column == referenced_column) for column, referenced_column in references)
            )
        )


def _count_rows(db: Connection, table: Table, ids: Sequence[str]) -> int:
    number: int = db.execute(select(func.count()).select_from(table).where(table.c.article.in_(ids))).scalar_one()
    return number


def _select_ids(ids: Sequence[str]) -> Select[tuple[str]]:
    # SQLite has no row locks and needs none: it runs one writer at a time
    return select(articles.c.id).where(articles.c.id.in_(ids)).with_for_update()


def _check_outlet_exists(db: Connection, name: str) -> None:
    outlet_names = list(db.execute(select(outlets.c.name)).scalars())
    if name not in outlet_names:
        suggestions = " or ".join(
            repr(similar_name) for similar_name in get_close_matches(name, outlet_names, _MAX_SUGGESTIONS, cutoff=0.5)
        )
        raise BadInput(f"No articles from {name!r}{f': did you mean {suggestions}?' if suggestions else '.'}")

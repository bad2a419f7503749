"""Mend damaged articles, older versions, references and indexes, and say what became of each.

Rule: one transaction per article. What cannot be mended is quarantined: it stays as it is, without a checksum, so it is
never shown. Nothing is deleted except rows whose article is missing, and that is said.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, text, update

from briefings.attribution.analysis import analyse
from briefings.model import Article
from briefings.storage.db.counters import QUOTES_PER_ARTICLE, to_quote_id
from briefings.storage.db.database import translate_errors
from briefings.storage.db.full_text import FullTextIndex
from briefings.storage.db.row_mapping import compute_checksum, to_articles, to_source_fields
from briefings.storage.db.schema import METADATA, article_versions, articles, outlets, people
from briefings.storage.maintenance.integrity import has_index_damage
from briefings.storage.maintenance.rebuild import rebuild_all
from briefings.storage.maintenance.repair.candidates import RepairSources, Replacement, find_replacement
from briefings.storage.maintenance.repair.report import Outcome, RepairAction
from briefings.storage.maintenance.scan import (
    QUARANTINED,
    DamagedArticle,
    DamagedVersion,
    scan_articles,
    scan_versions,
)
from briefings.storage.session import get_index, open_database, run_in_transaction
from briefings.storage.writes.duplicates import lock_writers
from briefings.storage.writes.upsert import Arrival, archive_stored, get_number, replace_analysis, replace_article
from briefings.text.folding import make_search_key
from briefings.text.spans import explain_unstorable

_Row = Row[*tuple[Any, ...]]


def repair_articles(address: str, clock: Callable[[], datetime], sources: RepairSources) -> Iterator[RepairAction]:
    """Mend the database at `address`, and yield what was done. Raises DatabaseUnavailable."""
    with open_database(address) as engine:
        index = get_index(engine)
        yield from run_in_transaction(engine, _mend_references)
        with engine.connect() as db:
            damaged_articles = [article for page in scan_articles(db) for article in page]
            damaged_versions = list(scan_versions(db))
        for article in damaged_articles:
            if action := _mend_article(engine, index, article, clock(), sources):
                yield action
        for version in damaged_versions:
            if action := _mend_version(engine, version, sources):
                yield action
        with engine.connect() as db:
            is_index_damaged = has_index_damage(db)
            db.rollback()
        if is_index_damaged:
            with translate_errors("The search index"):
                run_in_transaction(engine, rebuild_all)
            yield RepairAction("the search index", Outcome.MENDED, "built again from the articles")


def _mend_article(
    engine: Engine, index: FullTextIndex, damaged: DamagedArticle, now: datetime, sources: RepairSources
) -> RepairAction | None:
    with engine.connect() as db:
        row = db.execute(select(articles).where(articles.c.id == damaged.id)).first()
        if row is None:
            return RepairAction(damaged.id, Outcome.QUARANTINED, "its id is damaged: look for it in a backup")
        replacement = find_replacement(db, row, sources) if damaged.has_source_damage else None
    if not damaged.has_source_damage:
        return run_in_transaction(engine, lambda db: _find_quotes_again(db, index, damaged.id))
    if replacement is None or _is_unstorable(replacement.article):
        return run_in_transaction(engine, lambda db: _quarantine(db, damaged))
    arrival = _analyse(replacement.article)
    return run_in_transaction(engine, lambda db: _replace(db, index, replacement, arrival, now))


def _find_quotes_again(db: Connection, index: FullTextIndex, article_id: str) -> RepairAction | None:
    for article in to_articles(db.execute(select(articles).where(articles.c.id == article_id))):
        arrival = _analyse(article)
        if db.dialect.name == "postgresql":  # entries of lost quotes; SQLite replaces them
            number = get_number(db, article_id)
            ends = {"first": to_quote_id(number, 0), "last": to_quote_id(number, QUOTES_PER_ARTICLE - 1)}
            db.execute(text("DELETE FROM quote_words WHERE id BETWEEN :first AND :last"), ends)
        replace_analysis(db, index, arrival)
        return RepairAction(article_id, Outcome.MENDED, "its quotes and names were found again in its text")
    return None


def _replace(
    db: Connection, index: FullTextIndex, replacement: Replacement, arrival: Arrival, now: datetime
) -> RepairAction:
    lock_writers(db)  # before any row
    article_id = replacement.article.id
    if not replacement.is_same_text:
        archive_stored(db, replacement.article, now)
    replace_article(db, index, arrival, now)
    if replacement.is_same_text:
        return RepairAction(article_id, Outcome.MENDED, f"from {replacement.origin}")
    detail = f"by the text of {replacement.origin}; the damaged text is kept as an older version that is not shown"
    return RepairAction(article_id, Outcome.REPLACED, detail)


def _quarantine(db: Connection, damaged: DamagedArticle) -> RepairAction:
    db.execute(update(articles).where(articles.c.id == damaged.id).values(checksum=None))
    problem = "; ".join(problem for problem in damaged.problems if problem != QUARANTINED) or "it is damaged"
    detail = f"{problem}. It is kept, but not shown. Mend it from a backup with --from FILE, or add it again"
    return RepairAction(damaged.id, Outcome.QUARANTINED, detail)


def _mend_version(engine: Engine, damaged: DamagedVersion, sources: RepairSources) -> RepairAction | None:
    is_damaged = article_versions.c.id == damaged.id
    with engine.connect() as db:
        replaced_at = db.execute(select(article_versions.c.replaced_at).where(is_damaged)).scalar()
    stored_versions = sources.backup.list_versions(damaged.article) if sources.backup else ()
    intact_version = next((version for version in stored_versions if version.replaced_at == replaced_at), None)
    if intact_version is None and damaged.is_quarantined:
        return None
    values = {"checksum": None} if intact_version is None else _build_version(intact_version.article)
    run_in_transaction(engine, lambda db: db.execute(update(article_versions).where(is_damaged).values(values)))
    subject = f"an older version of {damaged.article}"
    if intact_version is None:
        return RepairAction(subject, Outcome.QUARANTINED, "it is kept, but not shown")
    return RepairAction(subject, Outcome.MENDED, "from the backup")


def _build_version(article: Article) -> dict[str, object]:
    fields = {name: value for name, value in to_source_fields(article).items() if name != "id"}
    spans = {"boilerplate": article.boilerplate, "quotation_elements": article.quotation_elements}
    return {**fields, **spans, "text": article.text, "checksum": compute_checksum(article)}


def _mend_references(db: Connection) -> list[RepairAction]:
    """Add missing outlets and people, and delete the rows of articles that are missing."""
    actions = []
    for table in METADATA.sorted_tables:
        for key in table.foreign_keys:
            has_target = select(key.column).where(key.column == key.parent).exists()
            orphans = key.parent.is_not(None) & ~has_target
            count = db.execute(select(func.count()).select_from(table).where(orphans)).scalar_one()
            if not count:
                continue
            target, subject = key.column.table, f"{count} rows of {table.name}"
            if target in (outlets, people):
                for name in db.execute(select(key.parent).where(orphans).distinct()).scalars().all():
                    values = {"name": name} | ({"name_key": make_search_key(name)} if target is people else {})
                    db.execute(insert(target).values(values))
                actions.append(RepairAction(subject, Outcome.MENDED, f"their {target.name} were missing"))
            else:
                db.execute(delete(table).where(orphans))
                actions.append(RepairAction(subject, Outcome.REPLACED, "deleted, because their article is missing"))
    return actions


def _analyse(article: Article) -> Arrival:
    analysis = analyse(article)
    return Arrival(article, analysis.quotes, analysis.names, analysis.engine)


def _is_unstorable(article: Article) -> bool:
    return any(
        value is not None and explain_unstorable(value) is not None
        for value in (article.text, article.publisher, article.url, article.title, article.byline)
    )

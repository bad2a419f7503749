"""Complete a load: find the links of all articles whose links are pending.

Rule: the result is that of linking each article when it came. Duplicates are linked in the order of arrival; the
stories and utterances do not depend on an order.
Rule: if a large share of the articles is pending, all stories and utterances are found again, sorted, which takes less
time for each article. Otherwise only the pending ones are linked, so a small load does not cost a large one.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, delete, func, select

from briefings.storage.db.arrivals import prune_arrivals
from briefings.storage.db.raw_rows import fetch_all, fetch_listed
from briefings.storage.db.schema import pending_links
from briefings.storage.integrity.column_types import parse_spans
from briefings.storage.writes.duplicates import link_stored_duplicates, lock_writers
from briefings.storage.writes.loading.pending import has_pending
from briefings.storage.writes.stories import link_stored_articles, rebuild_stories
from briefings.storage.writes.utterances import rebuild_utterances, regroup
from briefings.storage.writes.utterances.reports import Report, build_report

#: all links are found again if at least one in this many articles is pending: linking one by one takes that much longer
_REBUILD_SHARE = 4
#: pending articles that are linked before more come, if they are a small share
_MAX_PENDING = 10_000
#: articles linked at once to those that are stored
_ARTICLES_AT_ONCE = 2_000
_SELECT_REPORTS = (
    "SELECT quotes.id, speaker, content, text FROM articles JOIN quotes "
    "ON quotes.id BETWEEN number * 65536 AND number * 65536 + 65535 "
    "WHERE number {} AND anonymous = false AND speaker IS NOT NULL ORDER BY quotes.id"
)
_RECORD_ARRIVALS = (
    "INSERT INTO arrivals (article, arrived_at, is_new) SELECT articles.id, arrived_at, true FROM pending_links "
    "JOIN articles ON articles.number = pending_links.article WHERE arrived_at IS NOT NULL ORDER BY pending_links.id"
)


def complete_load(db: Connection) -> None:
    """Link all articles whose links are pending, in the caller's transaction. Takes little time if there are none."""
    if not has_pending(db):
        return
    lock_writers(db)
    numbers = _link_duplicates(db)
    ((stored_count,),) = fetch_all(db, "SELECT count(*) FROM articles")
    if len(numbers) * _REBUILD_SHARE >= stored_count:
        rebuild_stories(db)
        rebuild_utterances(db)
    else:
        for part in _split(sorted(numbers), _ARTICLES_AT_ONCE):
            link_stored_articles(db, part)
            regroup(db, _read_reports(db, part))
    _end_load(db)


def complete_if_due(db: Connection) -> None:
    """Complete the load so far if it is a small share of the articles and waiting longer would save nothing.

    Then another writer, which would complete it first, waits only a moment.
    """
    ((pending_count,),) = fetch_all(db, "SELECT count(*) FROM pending_links")
    if pending_count >= _MAX_PENDING:
        ((stored_count,),) = fetch_all(db, "SELECT count(*) FROM articles")
        if pending_count * _REBUILD_SHARE < stored_count:
            complete_load(db)


def rebuild_links(db: Connection) -> None:
    """Find all stories and utterances again, and the duplicates of articles whose links are pending."""
    lock_writers(db)
    _link_duplicates(db)
    rebuild_stories(db)
    rebuild_utterances(db)
    _end_load(db)


def _link_duplicates(db: Connection) -> list[int]:
    """Link the duplicates among the pending articles; return the numbers of these, in the order of arrival."""
    numbers: list[int] = [row[0] for row in fetch_all(db, "SELECT article FROM pending_links ORDER BY id")]
    link_stored_duplicates(db, numbers)
    return numbers


def _read_reports(db: Connection, numbers: Sequence[int]) -> list[Report]:
    return [
        build_report(quote, speaker, parse_spans(content), text)
        for quote, speaker, content, text in fetch_listed(db, _SELECT_REPORTS, numbers)
    ]


def _end_load(db: Connection) -> None:
    """Let the news among the pending articles arrive, at the time when they were stored, and empty the queue."""
    newest = select(func.max(pending_links.c.arrived_at))
    if (newest_time := db.execute(newest).scalar()) is not None:
        db.exec_driver_sql(_RECORD_ARRIVALS)
        prune_arrivals(db, newest_time)
    db.execute(delete(pending_links))


def _split(numbers: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))

"""Group all stored quotes from scratch.

Rule: only columns that every database since revision 0014 has are read, because a migration calls this, too.
"""

from collections.abc import Iterator
from zlib import crc32

from sqlalchemy import Connection, delete

from briefings.storage.db.bulk_insert import insert_rows
from briefings.storage.db.counters import to_article_number
from briefings.storage.db.raw_rows import RawRow, fetch_all, fetch_listed
from briefings.storage.db.schema import utterance_sketches, utterances
from briefings.storage.integrity.column_types import parse_spans
from briefings.storage.writes.utterances.components import GroupedReports, WordingTable
from briefings.storage.writes.utterances.reports import Report, build_report, get_surname_key

#: quotes read at a time
_PAGE_SIZE = 5_000
#: quotes of named speakers that are grouped together, which takes about 400 MB; above, by groups of surnames
_MAX_QUOTES = 150_000
_IS_NAMED = "FROM quotes WHERE speaker IS NOT NULL AND anonymous = false"
_SELECT_TEXTS = "SELECT number, text FROM articles WHERE number {}"


def rebuild_utterances(db: Connection) -> None:
    """Delete and compute all rows of both tables in the caller's transaction, which holds the lock of writers."""
    db.execute(delete(utterances))
    db.execute(delete(utterance_sketches))
    ((count,),) = fetch_all(db, f"SELECT count(*) {_IS_NAMED}")
    parts = -(-count // _MAX_QUOTES)
    for part in range(parts):
        table = WordingTable()
        for page in _iterate_quotes(db):
            table.add(_to_reports(db, [row for row in page if _choose_part(row[1], parts) == part]))
        _insert(db, table.group())


def _insert(db: Connection, grouped: GroupedReports) -> None:
    """Insert the rows in the order of both tables."""
    columns = grouped.quotes.tolist(), grouped.wordings.tolist(), grouped.utterances.tolist()
    rows = ((quote, wording, None if number < 0 else number) for quote, wording, number in zip(*columns, strict=True))
    insert_rows(db, "utterances", ("quote", "wording", "utterance"), rows)
    pairs = zip(grouped.sketch_hashes.tolist(), grouped.sketch_wordings.tolist(), strict=True)
    insert_rows(db, "utterance_sketches", ("hash", "wording"), pairs)


def _choose_part(speaker: object, parts: int) -> int:
    """Return the part of a speaker: all spellings of a surname have one."""
    return crc32(get_surname_key(str(speaker)).encode()) % parts if parts > 1 else 0


def _iterate_quotes(db: Connection) -> Iterator[list[RawRow]]:
    """Yield the id, speaker and content of the quotes of named speakers in pages, in the order of their ids."""
    mark = "%s" if db.dialect.name == "postgresql" else "?"
    statement = f"SELECT id, speaker, content {_IS_NAMED} AND id > {mark} ORDER BY id LIMIT {_PAGE_SIZE}"
    last_id = -1
    while page := fetch_all(db, statement, (last_id,)):
        yield page
        last_id = page[-1][0]


def _to_reports(db: Connection, page: list[RawRow]) -> list[Report]:
    numbers = sorted({to_article_number(quote) for quote, _, _ in page})
    texts: dict[int, str] = dict(fetch_listed(db, _SELECT_TEXTS, numbers))
    return [
        build_report(quote, speaker, parse_spans(content), texts.get(to_article_number(quote), ""))
        for quote, speaker, content in page
    ]

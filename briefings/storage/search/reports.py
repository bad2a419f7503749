"""Find the other reports of the utterances that quotes report, by the groups that are stored with them.

Rule: a constant number of statements, however many quotes are asked for. The rows are read and verified as those of
every search.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from briefings.model import Span
from briefings.storage.db.counters import to_article_number
from briefings.storage.db.full_text import FullTextIndex
from briefings.storage.db.types import SearchHit
from briefings.storage.integrity.column_types import parse_spans
from briefings.storage.search.left_out import drop_left_out, get_left_out
from briefings.storage.search.results import read_quotes_by_id

#: other reports returned per utterance, and reports read per utterance if some sources are left out
MAX_REPORTS, _MAX_READ = 50, 1_000
#: a quote: its article's id, and the range of its words
QuotePlace = tuple[str, Span]

_SELECT_PLACES = (
    "SELECT quotes.id, quotes.article, quotes.content, utterances.utterance FROM quotes "
    "JOIN utterances ON utterances.quote = quotes.id WHERE utterances.utterance IS NOT NULL AND quotes.article "
)
_SELECT_PLACES_ON_SQLITE = _SELECT_PLACES + "IN (SELECT value FROM json_each(?))"  # noqa: S608 - constant names
_SELECT_PLACES_ON_POSTGRESQL = _SELECT_PLACES + "= ANY(%s)"
#: the newest quotes of each utterance: the lowest ids
_SELECT_REPORTS_ON_SQLITE = (
    "SELECT report.utterance, report.quote FROM json_each(?1) JOIN utterances AS report ON report.utterance = value "
    "AND report.quote <= coalesce((SELECT quote FROM utterances WHERE utterance = value "
    "ORDER BY quote LIMIT 1 OFFSET ?2), 9223372036854775807)"
)
_SELECT_REPORTS_ON_POSTGRESQL = (
    "SELECT listed.utterance, report.quote FROM unnest(%s::bigint[]) AS listed (utterance) CROSS JOIN LATERAL "
    "(SELECT quote FROM utterances WHERE utterance = listed.utterance ORDER BY quote LIMIT %s) AS report"
)


def find_reports(
    db: Connection, index: FullTextIndex, places: Iterable[QuotePlace], max_utterances: int | None = None
) -> dict[QuotePlace, tuple[SearchHit, ...]]:
    """Return the other reports of the utterance of each quote, newest first; quotes without any are left out.

    At most 50 per quote, without the articles of sources that `index` leaves out. Returns none if the quotes report
    more than `max_utterances`.
    """
    sources = get_left_out(index)
    asked_places = set(places)
    rows = _select(
        db, _SELECT_PLACES_ON_SQLITE, _SELECT_PLACES_ON_POSTGRESQL, sorted({article for article, _ in asked_places})
    )
    quotes_by_place = {
        (article, Span(spans[0].start, spans[-1].end)): (quote, utterance)
        for quote, article, content, utterance in rows
        if (spans := parse_spans(content))
    }
    utterances = {place: quotes_by_place[place] for place in asked_places & quotes_by_place.keys()}
    single_count = len(asked_places) - len(utterances)
    if (
        max_utterances is not None
        and len({utterance for _, utterance in utterances.values()}) + single_count > max_utterances
    ):
        return {}
    limit = _MAX_READ if sources else MAX_REPORTS + 1
    reports = _select(
        db,
        _SELECT_REPORTS_ON_SQLITE,
        _SELECT_REPORTS_ON_POSTGRESQL,
        sorted({utterance for _, utterance in utterances.values()}),
        limit,
    )
    allowed = set(drop_left_out(db, sources, sorted({quote for _, quote in reports}), to_article_number))
    members: dict[int, list[int]] = {}
    for utterance, quote in sorted(map(tuple, reports)):
        if quote in allowed:
            members.setdefault(utterance, []).append(quote)
    ids_by_place = {
        place: [other for other in members.get(utterance, ()) if other != quote][:MAX_REPORTS]
        for place, (quote, utterance) in utterances.items()
    }
    all_ids = sorted({quote for ids in ids_by_place.values() for quote in ids})
    hits = read_quotes_by_id(db, all_ids)
    return {
        place: related
        for place, ids in ids_by_place.items()
        if (related := tuple(hits[quote] for quote in ids if quote in hits))
    }


def _select(
    db: Connection, on_sqlite: str, on_postgresql: str, values: Sequence[int | str], *others: int
) -> Sequence[Sequence[Any]]:
    if not values:
        return ()
    if db.dialect.name == "postgresql":
        return db.exec_driver_sql(on_postgresql, (list(values), *others)).all()
    # SQLite's cut is the position of the last row
    return db.exec_driver_sql(on_sqlite, (json.dumps(list(values)), *(number - 1 for number in others))).all()

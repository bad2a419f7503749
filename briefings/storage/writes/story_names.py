"""Store the surnames that find articles of one story, and read which articles share one.

Rule: of the articles of one day with one surname, the first `SAMPLE` by number count, and the others never. A number's
order within a day is a hash of the article's id, so these are a random sample, whatever the order of arrival.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from sqlalchemy import Connection

from briefings.attribution.features.person_names import split_name
from briefings.attribution.name_completion import KnownPerson, get_surname
from briefings.model import Quote
from briefings.storage.db.bulk_insert import insert_rows
from briefings.storage.db.counters import get_day_number, get_days_around, get_numbers_of_days

#: articles of one day with one surname that can be linked by it
SAMPLE = 100
#: articles of one story are published at most so many days apart
MAX_DAYS_APART = 7
#: surnames of an article that count, those of speakers first: a list of a thousand people tells no story
_MAX_SURNAMES = 64
#: rows read for a surname before each day is read by itself
_MAX_ROWS = (2 * MAX_DAYS_APART + 1) * SAMPLE
_COLUMNS = ("surname", "article", "quoted", "named")
_READ_ON_SQLITE = """
    SELECT key.surname, story_names.article, quoted, named
    FROM (SELECT json_extract(value, '$[0]') AS surname, json_extract(value, '$[1]') AS first,
                 json_extract(value, '$[2]') AS last FROM json_each(?)) AS key
    JOIN story_names ON story_names.surname = key.surname AND story_names.article IN (
        SELECT article FROM story_names AS s
        WHERE s.surname = key.surname AND s.article BETWEEN key.first AND key.last ORDER BY s.article LIMIT ?)
"""
_READ_ON_POSTGRESQL = """
    SELECT key.surname, s.article, s.quoted, s.named
    FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS key (surname, first, last)
    CROSS JOIN LATERAL (
        SELECT article, quoted, named FROM story_names
        WHERE surname = key.surname AND article BETWEEN key.first AND key.last ORDER BY article LIMIT %s) AS s
"""


@dataclass(frozen=True, slots=True)
class Bearing:
    """How an article has a surname: whether a quoted speaker bears it, and whether a person named in full does."""

    is_quoted: bool
    is_named: bool

    def completes(self, other: "Bearing") -> bool:
        """Tell whether one of two articles quotes a bearer whom the other may name in full."""
        return (self.is_quoted and other.is_named) or (self.is_named and other.is_quoted)


#: the four bearings: a rebuild keeps those of all articles in memory
_BEARINGS = {pair: Bearing(*pair) for pair in product((False, True), repeat=2)}
#: how an article has each of its surnames
Bearings = Mapping[str, Bearing]


@dataclass(slots=True)
class Bearers:
    """The articles with each surname, by number, of each day."""

    by_day: dict[tuple[str, int], dict[int, Bearing]] = field(default_factory=dict)

    def get_sample(self, surname: str, day: int, without: frozenset[int] = frozenset()) -> dict[int, Bearing]:
        """Return the articles of a day that count for a surname, as if those of `without` were not stored."""
        bearings = self.by_day.get((surname, day), {})
        if len(bearings) <= SAMPLE and not without:
            return bearings
        return {number: bearings[number] for number in [n for n in sorted(bearings) if n not in without][:SAMPLE]}


def find_bearings(quotes: Iterable[Quote], people: Iterable[KnownPerson]) -> dict[str, Bearing]:
    """Return how an article has its surnames, from its quotes and the people it names in full."""
    return to_bearings(map(get_surname, quotes), (split_name(person.name)[1] for person in people))


def to_bearings(speakers: Iterable[str | None], people: Iterable[str]) -> dict[str, Bearing]:
    """Return the same from the surnames of its named speakers and of the people it names in full, in order."""
    quoted_surnames = dict.fromkeys(surname for surname in speakers if surname)
    named_surnames = dict.fromkeys(surname for surname in people if surname)
    return {
        surname: _BEARINGS[surname in quoted_surnames, surname in named_surnames]
        for surname in [*(quoted_surnames | named_surnames)][:_MAX_SURNAMES]
    }


def insert_bearings(db: Connection, bearings_by_number: Mapping[int, Bearings]) -> None:
    """Store the surnames of articles that have none stored."""
    rows = [
        (surname, number, bearing.is_quoted, bearing.is_named)
        for number, bearings in bearings_by_number.items()
        for surname, bearing in bearings.items()
    ]
    insert_rows(db, "story_names", _COLUMNS, sorted(rows))


def read_bearings(db: Connection, numbers: Iterable[int]) -> dict[int, dict[str, Bearing]]:
    """Return how each of these articles has its surnames; those without any are omitted."""
    bearings_by_number: dict[int, dict[str, Bearing]] = {}
    query = "SELECT article, surname, quoted, named FROM story_names WHERE article "
    for number, surname, is_quoted, is_named in select_by_numbers(db, query, numbers):
        bearings_by_number.setdefault(number, {})[surname] = Bearing(bool(is_quoted), bool(is_named))
    return bearings_by_number


def read_bearers(db: Connection, bearings_by_number: Mapping[int, Bearings], days: int, spare: int) -> Bearers:
    """Return the articles that share a surname with one of these articles, published up to `days` days before or after.

    Of each day, at least the first `SAMPLE + spare` are read.
    """
    days_by_surname: dict[str, set[range]] = {}
    for number, bearings in bearings_by_number.items():
        for surname in bearings:
            days_by_surname.setdefault(surname, set()).add(get_days_around(number, days))
    requests = [
        (surname, merged_days) for surname, ranges in days_by_surname.items() for merged_days in _merge_ranges(ranges)
    ]
    bearers = Bearers()
    limit = _MAX_ROWS + spare
    crowded_requests = []
    rows_by_request = _read_rows(db, requests, limit)
    for surname, request_days in requests:
        rows = rows_by_request.get((surname, request_days), [])
        if len(rows) >= limit:
            crowded_requests += [(surname, range(day, day + 1)) for day in request_days]
        else:
            _add_rows(bearers, surname, rows)
    for (surname, _), rows in _read_rows(db, crowded_requests, SAMPLE + spare).items():
        _add_rows(bearers, surname, rows)
    return bearers


def select_by_numbers(db: Connection, query: str, numbers: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query that ends in the name of a column, which has one of these numbers."""
    if not (sorted_numbers := sorted(set(numbers))):
        return
    if db.dialect.name == "postgresql":
        yield from map(tuple, db.exec_driver_sql(f"{query} = ANY(%s)", (sorted_numbers,)))
    else:
        is_one = "IN (SELECT value FROM json_each(?))"
        yield from map(tuple, db.exec_driver_sql(f"{query} {is_one}", (json.dumps(sorted_numbers),)))


_Request = tuple[str, range]
_Row = tuple[int, Bearing]


def _read_rows(db: Connection, requests: Sequence[_Request], limit: int) -> dict[_Request, list[_Row]]:
    """Return the first `limit` articles with a surname in each range of days."""
    if not requests:
        return {}
    bounds = [(surname, *get_numbers_of_days(days)) for surname, days in requests]
    if db.dialect.name == "postgresql":
        columns = [list(column) for column in zip(*bounds, strict=True)]
        rows = db.exec_driver_sql(_READ_ON_POSTGRESQL, (*columns, limit))
    else:
        rows = db.exec_driver_sql(_READ_ON_SQLITE, (json.dumps(bounds), limit))
    ranges_by_surname: dict[str, list[range]] = {}
    for surname, days in requests:
        ranges_by_surname.setdefault(surname, []).append(days)
    rows_by_request: dict[_Request, list[_Row]] = {}
    for surname, number, is_quoted, is_named in rows:
        day = get_day_number(number)
        days = next(days for days in ranges_by_surname[surname] if day in days)
        rows_by_request.setdefault((surname, days), []).append((number, Bearing(bool(is_quoted), bool(is_named))))
    return rows_by_request


def _add_rows(bearers: Bearers, surname: str, rows: Iterable[_Row]) -> None:
    for number, bearing in rows:
        bearers.by_day.setdefault((surname, get_day_number(number)), {})[number] = bearing


def _merge_ranges(ranges: Iterable[range]) -> list[range]:
    """Return ranges that do not overlap and cover the same days."""
    merged_ranges: list[range] = []
    for days in sorted(ranges, key=lambda days: days.start):
        if merged_ranges and days.start <= merged_ranges[-1].stop:
            merged_ranges[-1] = range(merged_ranges[-1].start, max(merged_ranges[-1].stop, days.stop))
        else:
            merged_ranges.append(days)
    return merged_ranges

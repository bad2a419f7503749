"""Statements on the tables `utterances` and `utterance_sketches`."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from briefings.similarity.wording_sketches import Hashes
from briefings.storage.db.bulk_insert import insert_rows
from briefings.storage.db.raw_rows import fetch_all

#: a row of `utterances`: quote, wording and utterance
ReportRow = tuple[int, int, int | None]
_ON_SQLITE = "IN (SELECT value FROM json_each(?))"
_ON_POSTGRESQL = "= ANY(%s)"
_SELECT_STATES = "SELECT wording, max(quote), max(utterance), count(*) FROM utterances WHERE wording "
_SELECT_WORDINGS = "SELECT DISTINCT wording FROM utterances WHERE utterance "
_INSERT_SKETCHES_ON_SQLITE = "INSERT OR IGNORE INTO utterance_sketches (hash, wording) VALUES (?, ?)"
_INSERT_SKETCHES_ON_POSTGRESQL = (
    "INSERT INTO utterance_sketches (hash, wording) SELECT * FROM unnest(%s::bigint[], %s::bigint[]) "
    "ON CONFLICT DO NOTHING"
)
_SELECT_BEARERS = "SELECT wording FROM utterance_sketches WHERE hash = {} AND wording "
#: up to a number of wordings per hash, so that a frequent hash is not read as a whole
_SELECT_HOLDERS_ON_SQLITE = (
    "SELECT holder.hash, holder.wording FROM json_each(?1) JOIN utterance_sketches AS holder ON holder.hash = value "
    "AND holder.wording <= coalesce((SELECT wording FROM utterance_sketches WHERE hash = value "
    "ORDER BY wording LIMIT 1 OFFSET ?2), 9223372036854775807)"
)
_SELECT_HOLDERS_ON_POSTGRESQL = (
    "SELECT key.hash, holder.wording FROM unnest(%s::bigint[]) AS key (hash) CROSS JOIN LATERAL "
    "(SELECT wording FROM utterance_sketches WHERE hash = key.hash ORDER BY wording LIMIT %s) AS holder"
)


@dataclass(frozen=True, slots=True)
class WordingState:
    """The stored quotes of a wording: the greatest id, their utterance, and how many there are."""

    last_quote: int
    utterance: int | None
    count: int


def select_by_values(db: Connection, query: str, values: Sequence[int | str]) -> Iterator[Sequence[Any]]:
    """Yield the rows for these values of the column that the start of the query, before its WHERE, ends in."""
    return _select(db, query, "", values)


def load_states(db: Connection, wordings: Collection[int]) -> dict[int, WordingState]:
    """Return the state of each wording that has quotes."""
    rows = _select(db, _SELECT_STATES, " GROUP BY wording", sorted(wordings))
    return {wording: WordingState(*values) for wording, *values in rows}


def load_wordings(db: Connection, utterances: Collection[int]) -> set[int]:
    """Return the wordings of the quotes of these utterances."""
    return {wording for (wording,) in _select(db, _SELECT_WORDINGS, "", sorted(utterances))}


def load_holders(db: Connection, hashes: Hashes, limit: int) -> tuple[Hashes, Hashes]:
    """Return pairs of a hash and a wording that has it, as two arrays: up to `limit` + 1 wordings per hash."""
    if not len(hashes):
        return hashes, hashes
    if db.dialect.name == "postgresql":
        result = db.exec_driver_sql(_SELECT_HOLDERS_ON_POSTGRESQL, (hashes.tolist(), limit + 1))
    else:
        result = db.exec_driver_sql(_SELECT_HOLDERS_ON_SQLITE, (json.dumps(hashes.tolist()), limit))
    pairs = np.array([tuple(row) for row in result.all()], dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def have_sketches(db: Connection, hashes: Hashes, wordings: Hashes) -> NDArray[np.bool_]:
    """Tell for each pair of a hash and a wording whether it is stored."""
    order = np.lexsort((wordings, hashes))
    sorted_hashes, sorted_wordings = hashes[order], wordings[order]
    stored = np.zeros(len(hashes), dtype=np.bool_)
    changes = np.flatnonzero(sorted_hashes[1:] != sorted_hashes[:-1]) + 1
    bounds = [0, *changes.tolist(), len(hashes)]
    for start, end in pairwise(bounds if len(hashes) else ()):
        bearers = sorted_wordings[start:end]
        stored[start:end] = np.isin(bearers, _select_bearers(db, int(sorted_hashes[start]), np.unique(bearers)))
    is_stored = np.empty_like(stored)
    is_stored[order] = stored
    return is_stored


def insert_sketches(db: Connection, hashes: Hashes, wordings: Hashes) -> None:
    """Insert rows of `utterance_sketches`, sorted by hash, so that each page of the table is written once.

    A row may be there already: damage can delete a quote without the hashes of its words.
    """
    order = np.lexsort((wordings, hashes))
    sorted_hashes, sorted_wordings = hashes[order].tolist(), wordings[order].tolist()
    if not sorted_hashes:
        return
    if db.dialect.name == "postgresql":
        db.exec_driver_sql(_INSERT_SKETCHES_ON_POSTGRESQL, (sorted_hashes, sorted_wordings))
    else:
        db.exec_driver_sql(_INSERT_SKETCHES_ON_SQLITE, list(zip(sorted_hashes, sorted_wordings, strict=True)))


def delete_sketches(db: Connection, hashes: Hashes, wordings: Hashes) -> None:
    """Delete rows of `utterance_sketches`."""
    if len(hashes):
        mark = "%s" if db.dialect.name == "postgresql" else "?"
        statement = f"DELETE FROM utterance_sketches WHERE hash = {mark} AND wording = {mark}"  # noqa: S608 - constant marks
        db.exec_driver_sql(statement, list(zip(hashes.tolist(), wordings.tolist(), strict=True)))


def insert_reports(db: Connection, rows: Iterable[ReportRow]) -> None:
    """Insert rows of `utterances`: quote, wording and utterance."""
    insert_rows(db, "utterances", ("quote", "wording", "utterance"), sorted(rows, key=itemgetter(0)))


def renumber_utterances(db: Connection, new_numbers: Mapping[int, int | None]) -> None:
    """Give all quotes of utterances another number."""
    _update(db, "utterance", new_numbers)


def number_wordings(db: Connection, new_numbers: Mapping[int, int | None]) -> None:
    """Give all quotes of wordings the number of an utterance."""
    _update(db, "wording", new_numbers)


def _select_bearers(db: Connection, key: int, wordings: Hashes) -> Hashes:
    """Return which of these wordings have a hash."""
    if db.dialect.name == "postgresql":
        rows = fetch_all(db, _SELECT_BEARERS.format("%s") + _ON_POSTGRESQL, (key, wordings.tolist()))
    else:
        rows = fetch_all(db, _SELECT_BEARERS.format("?") + _ON_SQLITE, (key, json.dumps(wordings.tolist())))
    return np.array([wording for (wording,) in rows], dtype=np.int64)


def _update(db: Connection, column: str, new_numbers: Mapping[int, int | None]) -> None:
    if new_numbers:
        mark = "%s" if db.dialect.name == "postgresql" else "?"
        statement = f"UPDATE utterances SET utterance = {mark} WHERE {column} = {mark}"  # noqa: S608 - constant names
        db.exec_driver_sql(statement, [(number, key) for key, number in sorted(new_numbers.items())])


def _select(db: Connection, query: str, end: str, values: Sequence[int | str]) -> Iterator[Sequence[Any]]:
    if not values:
        return
    if db.dialect.name == "postgresql":
        yield from db.exec_driver_sql(f"{query}{_ON_POSTGRESQL}{end}", (list(values),)).all()
    else:
        yield from db.exec_driver_sql(f"{query}{_ON_SQLITE}{end}", (json.dumps(list(values)),)).all()

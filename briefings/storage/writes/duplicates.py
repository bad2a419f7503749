"""Find articles with the same text when they arrive, and link them; duplicates are never dropped.

Rule: duplicates have the same URL, identical text, or largely the same opening (`source_independence`). Only articles
that share a hash of a sketch (`minhash`) are compared, so the cost does not grow with the database.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from sqlalchemy import Connection, delete, func, insert, or_, select

from briefings.model import Article
from briefings.similarity.source_independence import (
    MAX_OPENING_CHARACTERS,
    NEAR_DUPLICATE_CONTAINMENT,
    measure_containment,
)
from briefings.storage.db.bulk_insert import insert_rows
from briefings.storage.db.schema import copies, sketches
from briefings.storage.db.types import Duplicate
from briefings.storage.integrity.checksums import hash_text as hash_content
from briefings.storage.writes.candidates import HashEntries, find_candidates, list_new_rows, sort_entries
from briefings.storage.writes.minhash import NO_HASH, Sketches, build_sketches, hash_runs, hash_text

#: least runs of an opening for a comparison; shorter texts are duplicates only if identical
MIN_RUNS = 10
#: duplicates linked per article; of a hundred, some are enough
MAX_DUPLICATES = 20
#: key of the PostgreSQL advisory lock that writers hold
_LOCK_ID = int.from_bytes(b"copies")
_ON_SQLITE = "IN (SELECT value FROM json_each(?))"
_ON_POSTGRESQL = "= ANY(%s)"
_SELECT_HOLDERS = "SELECT hash, article FROM sketches WHERE hash "
#: stored articles that are read at a time, and that are compared at once, with the characters of their texts
_TEXTS_AT_ONCE, _MAX_ARTICLES, _MAX_CHARACTERS = 1_000, 20_000, 50_000_000
_SELECT_TEXTS = "SELECT number, id, url, text FROM articles WHERE number "
_SELECT_OPENINGS = (
    f"SELECT number, id, url, content_hash, substr(text, 1, {MAX_OPENING_CHARACTERS}) FROM articles WHERE number "  # noqa: S608 - a constant number
)


@dataclass(frozen=True, slots=True)
class _Fingerprint:
    """Data by which an article is compared with others."""

    id: str
    address: str | None
    digest: str
    runs: frozenset[int]


def lock_writers(db: Connection) -> None:
    """Wait for other writers before any row is locked, so that simultaneous duplicates see each other."""
    if db.dialect.name == "postgresql":  # SQLite runs one writer at a time anyway
        db.execute(select(func.pg_advisory_xact_lock(_LOCK_ID)))


def link_duplicates(db: Connection, numbered_articles: Sequence[tuple[Article, int]]) -> None:
    """Link stored articles, given with their numbers, to earlier articles with the same text.

    Earlier articles are those in the database and those before them in the list. None of the list may be linked yet.
    """
    batch = _Batch([(article, number) for article, number in numbered_articles if article.text.strip()])
    stored_rows = _load_stored_rows(db, batch.entries)
    numbers = np.array(batch.numbers, dtype=np.int64)
    candidates_by_position = find_candidates(batch.entries, numbers, stored_rows, 2 * MAX_DUPLICATES)
    if candidates_by_position:
        candidate_numbers = {number for candidates in candidates_by_position.values() for number in candidates}
        fingerprints = batch.make_fingerprints(candidates_by_position, candidate_numbers)
        fingerprints |= _load_fingerprints(db, candidate_numbers - fingerprints.keys())
        links = [
            {"article": fingerprints[batch.numbers[position]].id, "of": original, "likeness": similarity}
            for position, candidates in sorted(candidates_by_position.items())
            for original, similarity in _compare_with_candidates(fingerprints, batch.numbers[position], candidates)
        ]
        if links:
            db.execute(insert(copies), links)
    insert_rows(db, "sketches", ("hash", "article"), list_new_rows(batch.entries, numbers, stored_rows))


def link_stored_duplicates(db: Connection, numbers: Sequence[int]) -> None:
    """Link stored articles, in the order of these numbers, as `link_duplicates` does, many at a time."""
    part: list[tuple[Article, int]] = []
    size = 0
    for start in range(0, len(numbers), _TEXTS_AT_ONCE):
        page = numbers[start : start + _TEXTS_AT_ONCE]
        rows = {number: values for number, *values in _select_by_values(db, _SELECT_TEXTS, set(page))}
        for number, (article_id, url, text) in ((number, rows[number]) for number in page if number in rows):
            part.append((Article(article_id, str(text), url=url), number))
            size += len(part[-1][0].text)
        if len(part) >= _MAX_ARTICLES or size >= _MAX_CHARACTERS:
            link_duplicates(db, part)
            part, size = [], 0
    link_duplicates(db, part)


def rebuild_sketches(db: Connection, numbered_articles: Sequence[tuple[Article, int]]) -> None:
    """Store sketches of articles that have none; links stay unchanged."""
    batch = _Batch([(article, number) for article, number in numbered_articles if article.text.strip()])
    numbers = np.array(batch.numbers, dtype=np.int64)
    new_rows = list_new_rows(batch.entries, numbers, _load_stored_rows(db, batch.entries))
    insert_rows(db, "sketches", ("hash", "article"), new_rows)


def unlink_duplicates(db: Connection, article_id: str, number: int) -> None:
    """Delete the links and sketches of an article whose text has changed."""
    db.execute(delete(copies).where(or_(copies.c.article == article_id, copies.c.of == article_id)))
    db.execute(delete(sketches).where(sketches.c.article == number))


def find_links(db: Connection, ids: Sequence[str]) -> Iterator[Duplicate]:
    """Return the duplicate links from or to these articles."""
    query = select(copies).where(or_(copies.c.article.in_(ids), copies.c.of.in_(ids)))
    return (Duplicate(row.article, row.of, row.likeness) for row in db.execute(query))


class _Batch:
    """Articles with text that are compared together: their numbers, and their hashes as sorted entries."""

    def __init__(self, numbered_articles: Sequence[tuple[Article, int]]) -> None:
        self._articles = [article for article, _ in numbered_articles]
        self.numbers = [number for _, number in numbered_articles]
        self._sketches = build_sketches([article.text for article in self._articles])
        self.entries = _list_entries(self._articles, self._sketches)

    def make_fingerprints(self, compared_positions: Iterable[int], candidates: set[int]) -> dict[int, _Fingerprint]:
        """Return the fingerprints, by number, of the articles at these positions and those among `candidates`."""
        positions = {position for position, number in enumerate(self.numbers) if number in candidates}
        return {
            self.numbers[position]: _Fingerprint(
                self._articles[position].id,
                _normalize_url(self._articles[position].url),
                hash_content(self._articles[position].text),
                frozenset(self._sketches.get_runs(position)),
            )
            for position in positions.union(compared_positions)
        }


def _list_entries(articles: Sequence[Article], sketches_of_texts: Sketches) -> HashEntries:
    """List the hashes of each article's sketch, text and URL; an article with an equal text or URL is a duplicate."""
    addresses = [_normalize_url(article.url) for article in articles]
    exact_hashes = [hash_text(f"text {article.text}") for article in articles]
    exact_hashes += [hash_text(f"address {address}") for address in addresses if address]
    exact_owners = [*range(len(articles)), *(position for position, address in enumerate(addresses) if address)]
    owners, classes = np.nonzero(sketches_of_texts.hashes != NO_HASH)
    return sort_entries(
        np.concatenate((sketches_of_texts.hashes[owners, classes], np.array(exact_hashes, dtype=np.int64))),
        np.concatenate((owners, np.array(exact_owners, dtype=np.int64))),
        np.repeat([False, True], [len(owners), len(exact_hashes)]),
    )


def _load_stored_rows(db: Connection, entries: HashEntries) -> list[tuple[int, int]]:
    """Return the stored pairs of a hash and an article's number for these hashes, sorted."""
    return sorted((row[0], row[1]) for row in _select_by_values(db, _SELECT_HOLDERS, set(entries.hashes.tolist())))


def _compare_with_candidates(
    fingerprints: Mapping[int, _Fingerprint], number: int, candidates: Sequence[int]
) -> Iterator[tuple[str, float]]:
    """Yield the id and similarity (0 to 1) of each candidate that the article duplicates."""
    count = 0
    for candidate in candidates:
        if candidate not in fingerprints:  # removed meanwhile
            continue
        own_fingerprint, other_fingerprint = fingerprints[number], fingerprints[candidate]
        is_same_text = other_fingerprint.digest == own_fingerprint.digest
        similarity = 1.0 if is_same_text else measure_containment(own_fingerprint.runs, other_fingerprint.runs)
        is_similar_text = (
            similarity >= NEAR_DUPLICATE_CONTAINMENT
            and min(len(own_fingerprint.runs), len(other_fingerprint.runs)) >= MIN_RUNS
        )
        is_same_address = own_fingerprint.address is not None and own_fingerprint.address == other_fingerprint.address
        if count < MAX_DUPLICATES and (is_same_text or is_same_address or is_similar_text):
            yield other_fingerprint.id, similarity
            count += 1


def _load_fingerprints(db: Connection, numbers: set[int]) -> dict[int, _Fingerprint]:
    rows = list(_select_by_values(db, _SELECT_OPENINGS, numbers))
    runs = hash_runs([row[-1] for row in rows])
    return {
        number: _Fingerprint(article_id, _normalize_url(url), digest, frozenset(article_runs))
        for (number, article_id, url, digest, _), article_runs in zip(rows, runs, strict=True)
    }


def _select_by_values(db: Connection, query: str, column_values: set[int]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows for these values of the column that the query ends in."""
    if not column_values:
        return
    if db.dialect.name == "postgresql":
        yield from map(tuple, db.exec_driver_sql(query + _ON_POSTGRESQL, (sorted(column_values),)))
    else:
        yield from map(tuple, db.exec_driver_sql(query + _ON_SQLITE, (json.dumps(sorted(column_values)),)))


@lru_cache(maxsize=4_096)
def _normalize_url(url: str | None) -> str | None:
    """Return a URL without scheme, "www.", fragment and trailing slash; None for a front page or no URL."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    # the URL of a front page does not identify an article
    return f"{host}{parts.path.rstrip('/')}{query}" if host and (parts.path.strip("/") or query) else None

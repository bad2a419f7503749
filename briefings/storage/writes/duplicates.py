"""Find articles with the same text when they arrive, and link them; duplicates are never dropped.

Rule: duplicates have the same URL, identical text, or largely the same opening (`source_independence`). Only articles
that share a hash of a sketch (`minhash`) are compared, so the cost does not grow with the database.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

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
from briefings.storage.writes.minhash import Sketch, build_sketches, hash_runs, hash_text

#: least runs of an opening for a comparison; shorter texts are duplicates only if identical
MIN_RUNS = 10
#: articles stored per hash, and duplicates linked per article; of a hundred duplicates, some are enough
_MAX_ARTICLES_PER_HASH, MAX_DUPLICATES = 20, 20
#: a run in at most this many articles is enough to compare them; a more frequent run may be a stock phrase
_MAX_HOLDERS_OF_RARE_RUN = 4
#: key of the PostgreSQL advisory lock that writers hold
_LOCK_ID = int.from_bytes(b"copies")
_ON_SQLITE = "IN (SELECT value FROM json_each(?))"
_ON_POSTGRESQL = "= ANY(%s)"
_SELECT_HOLDERS = "SELECT hash, article FROM sketches WHERE hash "
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
    numbered_articles = [(article, number) for article, number in numbered_articles if article.text.strip()]
    new_sketches = build_sketches([article.text for article, _ in numbered_articles])
    exact_hashes = [_hash_exact_matches(article) for article, _ in numbered_articles]
    holders_by_hash = _load_holders(
        db, {key for keys in (*exact_hashes, *(sketch.hashes for sketch in new_sketches)) for key in keys}
    )
    candidates_by_article: list[list[int]] = []
    new_rows: list[tuple[int, int]] = []
    for (_, number), exact, sketch in zip(numbered_articles, exact_hashes, new_sketches, strict=True):
        candidates_by_article.append(_find_candidates(holders_by_hash, exact, sketch.hashes))
        new_rows += _add_to_holders(holders_by_hash, {*exact, *sketch.hashes}, number)
    articles_by_number = {
        number: (article, sketch) for (article, number), sketch in zip(numbered_articles, new_sketches, strict=True)
    }
    candidate_numbers = {number for numbers in candidates_by_article for number in numbers}
    compared_numbers = candidate_numbers | {
        number for (_, number), numbers in zip(numbered_articles, candidates_by_article, strict=True) if numbers
    }
    fingerprints = {
        number: _make_fingerprint(*articles_by_number[number])
        for number in compared_numbers & articles_by_number.keys()
    } | _load_fingerprints(db, candidate_numbers - articles_by_number.keys())
    links = [
        (fingerprints[number].id, original, similarity)
        for (_, number), numbers in zip(numbered_articles, candidates_by_article, strict=True)
        for original, similarity in _compare_with_candidates(fingerprints, number, numbers)
    ]
    if links:
        db.execute(
            insert(copies),
            [{"article": article, "of": original, "likeness": similarity} for article, original, similarity in links],
        )
    insert_rows(db, "sketches", ("hash", "article"), sorted(new_rows))


def rebuild_sketches(db: Connection, numbered_articles: Sequence[tuple[Article, int]]) -> None:
    """Store sketches of articles that have none; links stay unchanged."""
    articles_with_text = [(article, number) for article, number in numbered_articles if article.text.strip()]
    hashes_by_article = [
        {*_hash_exact_matches(article), *sketch.hashes}
        for (article, _), sketch in zip(
            articles_with_text, build_sketches([article.text for article, _ in articles_with_text]), strict=True
        )
    ]
    holders_by_hash = _load_holders(db, {key for keys in hashes_by_article for key in keys})
    new_rows = [
        row
        for (_, number), keys in zip(articles_with_text, hashes_by_article, strict=True)
        for row in _add_to_holders(holders_by_hash, keys, number)
    ]
    insert_rows(db, "sketches", ("hash", "article"), sorted(new_rows))


def unlink_duplicates(db: Connection, article_id: str, number: int) -> None:
    """Delete the links and sketches of an article whose text has changed."""
    db.execute(delete(copies).where(or_(copies.c.article == article_id, copies.c.of == article_id)))
    db.execute(delete(sketches).where(sketches.c.article == number))


def find_links(db: Connection, ids: Sequence[str]) -> Iterator[Duplicate]:
    """Return the duplicate links from or to these articles."""
    query = select(copies).where(or_(copies.c.article.in_(ids), copies.c.of.in_(ids)))
    return (Duplicate(row.article, row.of, row.likeness) for row in db.execute(query))


def _load_holders(db: Connection, hashes: set[int]) -> dict[int, list[int]]:
    """Return the numbers of the articles stored for each hash."""
    holders_by_hash: dict[int, list[int]] = {}
    for key, number in _select_by_values(db, _SELECT_HOLDERS, hashes):
        holders_by_hash.setdefault(key, []).append(number)
    return holders_by_hash


def _add_to_holders(holders_by_hash: dict[int, list[int]], hashes: Iterable[int], number: int) -> list[tuple[int, int]]:
    """Add an article to the holders of its hashes that have few holders; return its rows for `sketches`."""
    rare_hashes = [key for key in hashes if len(holders_by_hash.setdefault(key, [])) < _MAX_ARTICLES_PER_HASH]
    for key in rare_hashes:
        holders_by_hash[key].append(number)
    return [(key, number) for key in rare_hashes]


def _find_candidates(
    holders_by_hash: dict[int, list[int]], exact_hashes: Sequence[int], hashes: Sequence[int]
) -> list[int]:
    """Return the numbers of possible originals, those that share the most hashes first.

    Articles that share only one hash, and a frequent one, are omitted.
    """
    shared_counts: Counter[int] = Counter()
    close_numbers: set[int] = set()
    for key in {*exact_hashes, *hashes}:
        holders = holders_by_hash.get(key, ())
        shared_counts.update(holders)
        if len(holders) <= _MAX_HOLDERS_OF_RARE_RUN or key in exact_hashes:
            close_numbers.update(holders)
    candidates = [number for number in shared_counts if number in close_numbers or shared_counts[number] > 1]
    return sorted(candidates, key=lambda number: (-shared_counts[number], number))[: 2 * MAX_DUPLICATES]


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


def _make_fingerprint(article: Article, sketch: Sketch) -> _Fingerprint:
    digest = sha256(article.text.encode()).hexdigest()
    return _Fingerprint(article.id, _normalize_url(article.url), digest, frozenset(sketch.runs))


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


def _hash_exact_matches(article: Article) -> list[int]:
    """Return hashes of an article's text and URL; an article with an equal hash is a duplicate."""
    address = _normalize_url(article.url)
    return [hash_text(f"text {article.text}"), *([hash_text(f"address {address}")] if address else ())]


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

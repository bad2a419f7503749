"""Which articles are the same text twice: found as an article comes, linked to each other, never dropped.

Rule: copies are known by one address, by the very text, or by sharing most of their openings (`corroboration`). They
are looked for among those only that share a hash of a sketch (`sketching`), so that a copy is found among any number of
articles, and many that come together are looked for together.
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

from briefings.corroboration import NEAR_COPY, OPENING_CHARACTERS, likeness
from briefings.model import Article
from briefings.record.schema import copies, sketches
from briefings.record.sketching import Sketch, hash_of, runs_of, sketches_of
from briefings.record.values import Copy
from briefings.record.writing import write

#: runs of an opening from which on it can be told for another's; shorter texts are copies only to the letter
FEWEST_RUNS = 10
#: articles that are kept of those that share one hash, and copies told: of the hundredth copy it is enough to find some
_PER_HASH, MOST = 20, 20
#: articles that may share a run which alone makes them worth comparing: more have a phrase of the day in common
_TELLING = 4
#: what those who add to one PostgreSQL wait for: a number that stands for this there
_LINE = int.from_bytes(b"copies")
_ON_SQLITE = "IN (SELECT value FROM json_each(?))"
_ON_POSTGRESQL = "= ANY(%s)"
_HOLDERS = "SELECT hash, article FROM sketches WHERE hash "
_OPENINGS = f"SELECT number, id, url, content_hash, substr(text, 1, {OPENING_CHARACTERS}) FROM articles WHERE number "  # noqa: S608 - a number


@dataclass(frozen=True, slots=True)
class _Told:
    """What an article is compared by."""

    id: str
    address: str | None
    digest: str
    runs: frozenset[int]


def stand_in_line(db: Connection) -> None:
    """Waits for whoever else adds, before anything is locked: two copies that come at once must see each other."""
    if db.dialect.name == "postgresql":  # SQLite's transactions that write stand in line anyhow
        db.execute(select(func.pg_advisory_xact_lock(_LINE)))


def link(db: Connection, came: Sequence[tuple[Article, int]]) -> None:
    """Links articles, held under these numbers, with those that tell the same text, and with those before them here.

    None of them may be linked yet.
    """
    came = [(article, number) for article, number in came if article.text.strip()]
    own = sketches_of([article.text for article, _ in came])
    sure = [_sure(article) for article, _ in came]
    held = _holders(db, {key for keys in (*sure, *(sketch.hashes for sketch in own)) for key in keys})
    near: list[list[int]] = []
    new: list[tuple[int, int]] = []
    for (_, number), certain, sketch in zip(came, sure, own, strict=True):
        near.append(_near(held, certain, sketch.hashes))
        new += _kept(held, {*certain, *sketch.hashes}, number)
    here = {number: (article, sketch) for (article, number), sketch in zip(came, own, strict=True)}
    others = {number for numbers in near for number in numbers}
    compared = others | {number for (_, number), numbers in zip(came, near, strict=True) if numbers}
    told = {number: _told(*here[number]) for number in compared & here.keys()} | _read(db, others - here.keys())
    found = [
        (told[number].id, of, like)
        for (_, number), numbers in zip(came, near, strict=True)
        for of, like in _copied(told, number, numbers)
    ]
    if found:
        db.execute(insert(copies), [{"article": article, "of": of, "likeness": like} for article, of, like in found])
    write(db, "sketches", ("hash", "article"), sorted(new))


def sketch_anew(db: Connection, held: Sequence[tuple[Article, int]]) -> None:
    """Keeps sketches of articles of which none are kept, linked as they may be."""
    came = [(article, number) for article, number in held if article.text.strip()]
    own = [
        {*_sure(article), *sketch.hashes}
        for (article, _), sketch in zip(came, sketches_of([article.text for article, _ in came]), strict=True)
    ]
    kept = _holders(db, {key for keys in own for key in keys})
    new = [row for (_, number), keys in zip(came, own, strict=True) for row in _kept(kept, keys, number)]
    write(db, "sketches", ("hash", "article"), sorted(new))


def unlink(db: Connection, article_id: str, number: int) -> None:
    """Forgets what was linked of an article that has another text by now."""
    db.execute(delete(copies).where(or_(copies.c.article == article_id, copies.c.of == article_id)))
    db.execute(delete(sketches).where(sketches.c.article == number))


def among(db: Connection, ids: Sequence[str]) -> Iterator[Copy]:
    """The links that have one of these articles at either end."""
    query = select(copies).where(or_(copies.c.article.in_(ids), copies.c.of.in_(ids)))
    return (Copy(row.article, row.of, row.likeness) for row in db.execute(query))


def _holders(db: Connection, hashes: set[int]) -> dict[int, list[int]]:
    """The numbers of the articles that are kept for each hash."""
    found: dict[int, list[int]] = {}
    for key, number in _of(db, _HOLDERS, hashes):
        found.setdefault(key, []).append(number)
    return found


def _kept(held: dict[int, list[int]], hashes: Iterable[int], number: int) -> list[tuple[int, int]]:
    """Rows of `sketches` for an article, which is among the holders of its hashes from now on, where they are few."""
    few = [key for key in hashes if len(held.setdefault(key, [])) < _PER_HASH]
    for key in few:
        held[key].append(number)
    return [(key, number) for key in few]


def _near(held: dict[int, list[int]], certain: Sequence[int], hashes: Sequence[int]) -> list[int]:
    """The articles that may be told again, those that share most first.

    Of those that share a run with many others, whoever shares no second one is left out.
    """
    times: Counter[int] = Counter()
    telling: set[int] = set()
    for key in {*certain, *hashes}:
        holders = held.get(key, ())
        times.update(holders)
        if len(holders) <= _TELLING or key in certain:
            telling.update(holders)
    wanted = [number for number in times if number in telling or times[number] > 1]
    return sorted(wanted, key=lambda number: (-times[number], number))[: 2 * MOST]


def _copied(told: Mapping[int, _Told], number: int, others: Sequence[int]) -> Iterator[tuple[str, float]]:
    """The articles that one is a copy of, those that share most with it first, and how like it they are."""
    found = 0
    for other in others:
        if other not in told:  # somebody removed it meanwhile
            continue
        mine, their = told[number], told[other]
        is_text = their.digest == mine.digest
        like = 1.0 if is_text else likeness(mine.runs, their.runs)
        is_near = like >= NEAR_COPY and min(len(mine.runs), len(their.runs)) >= FEWEST_RUNS
        is_address = mine.address is not None and mine.address == their.address
        if found < MOST and (is_text or is_address or is_near):
            yield their.id, like
            found += 1


def _told(article: Article, sketch: Sketch) -> _Told:
    digest = sha256(article.text.encode()).hexdigest()
    return _Told(article.id, _folded(article.url), digest, frozenset(sketch.runs))


def _read(db: Connection, numbers: set[int]) -> dict[int, _Told]:
    rows = list(_of(db, _OPENINGS, numbers))
    runs = runs_of([row[-1] for row in rows])
    return {
        number: _Told(article_id, _folded(url), digest, frozenset(own))
        for (number, article_id, url, digest, _), own in zip(rows, runs, strict=True)
    }


def _of(db: Connection, query: str, numbers: set[int]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query that ends in a column, for these values of the column."""
    if not numbers:
        return
    if db.dialect.name == "postgresql":
        yield from map(tuple, db.exec_driver_sql(query + _ON_POSTGRESQL, (sorted(numbers),)))
    else:
        yield from map(tuple, db.exec_driver_sql(query + _ON_SQLITE, (json.dumps(sorted(numbers)),)))


def _sure(article: Article) -> list[int]:
    """Hashes of an article's text and address: whoever has one of them is its copy."""
    address = _folded(article.url)
    return [hash_of(f"text {article.text}"), *([hash_of(f"address {address}")] if address else ())]


@lru_cache(maxsize=4_096)
def _folded(url: str | None) -> str | None:
    """An address without what is the same page with or without: scheme, "www.", fragment, a last slash."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    # a front page is the address of whatever stands on it
    return f"{host}{parts.path.rstrip('/')}{query}" if host and (parts.path.strip("/") or query) else None

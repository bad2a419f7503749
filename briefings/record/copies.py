"""Which articles are the same text twice: found as an article comes, linked to each other, never dropped.

Rule: copies are known by one address, by the very text, or by sharing most of their openings (`corroboration`). They
are looked for among those only that share a hash of a sketch: the least hash in each of a few classes of an article's
runs of words (one-permutation MinHash: Li, Owen, Zhang 2012), so that a copy is found among any number of articles.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import blake2b, sha256
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, TextClause, delete, func, or_, select, text

from briefings.corroboration import NEAR_COPY, OPENING_CHARACTERS, likeness, opening_runs
from briefings.model import Article
from briefings.record.schema import copies, sketches
from briefings.record.values import Copy
from briefings.record.writing import write

#: classes of a sketch: two openings that share half of their runs share none of these once in a hundred times
_CLASSES = 12
#: runs of an opening from which on it can be told for another's; shorter texts are copies only to the letter
FEWEST_RUNS = 10
#: articles looked at that share one hash, and copies told: of the hundredth copy it is enough to find some
_PER_HASH, MOST = 20, 20
#: what those who add to one PostgreSQL wait for: a number that stands for this there
_LINE = int.from_bytes(b"copies")


def stand_in_line(db: Connection) -> None:
    """Waits for whoever else adds, before anything is locked: two copies that come at once must see each other."""
    if db.dialect.name == "postgresql":  # SQLite's transactions that write stand in line anyhow
        db.execute(select(func.pg_advisory_xact_lock(_LINE)))


def link(db: Connection, article: Article, number: int) -> None:
    """Links an article, held under this number, with those that tell the same text; none may be linked yet."""
    link_all(db, [(article, number)])


def link_all(db: Connection, came: Sequence[tuple[Article, int]]) -> None:
    """Links articles with what came before and with each other, as `link` would have done one by one."""
    own = {number: _sketch(article) for article, number in came}
    rows = [(key, number) for number, keys in own.items() for key in keys]
    write(db, "sketches", ("hash", "article"), rows)
    candidates = _sharing(db, own)
    later = {article.id for article, _ in came}
    near = []
    for article, number in came:
        later.discard(article.id)
        others = (row for row in candidates.get(number, ()) if row.id not in later)
        near += [(article.id, of, like) for of, like in _copied(article, others)]
    write(db, "copies", ("article", '"of"' if db.dialect.name == "sqlite" else "of", "likeness"), near)


def unlink(db: Connection, article_id: str, number: int) -> None:
    """Forgets what was linked of an article that has another text by now."""
    db.execute(delete(copies).where(or_(copies.c.article == article_id, copies.c.of == article_id)))
    db.execute(delete(sketches).where(sketches.c.article == number))


def among(db: Connection, ids: Sequence[str]) -> Iterator[Copy]:
    """The links that have one of these articles at either end."""
    query = select(copies).where(or_(copies.c.article.in_(ids), copies.c.of.in_(ids)))
    return (Copy(row.article, row.of, row.likeness) for row in db.execute(query))


def _copied(article: Article, others: Iterable[Row[Any]]) -> Iterator[tuple[str, float]]:
    """Those of some articles that it is a copy of, and how like it they are; not more than `MOST`."""
    mine = opening_runs(article.text)
    digest = sha256(article.text.encode()).hexdigest()
    found = 0
    for row in others:
        theirs = opening_runs(row.opening)
        is_text = row.content_hash == digest
        like = 1.0 if is_text else likeness(mine, theirs)
        if found < MOST and (is_text or _is_same_address(article, row) or _is_near(mine, theirs, like)):
            yield row.id, like
            found += 1


def _sharing(db: Connection, own: Mapping[int, Sequence[int]]) -> dict[int, list[Row[Any]]]:
    """For each of these numbers, with its hashes, the articles that share one: those that share most first."""
    found: dict[int, list[Row[Any]]] = {}
    if db.dialect.name == "postgresql":
        asked = [(number, key) for number, keys in own.items() for key in keys]
        given = {"numbers": [number for number, _ in asked], "hashes": [key for _, key in asked]}
        for row in db.execute(_SHARING, given):
            found.setdefault(row.number, []).append(row)
        return found
    for number, keys in own.items():
        if keys:
            asked_for = {"number": number, **{f"h{place}": key for place, key in enumerate(keys)}}
            found[number] = list(db.execute(_sharing_one(len(keys)), asked_for))
    return found


#: what a candidate is compared by
_COMPARED = f"id, url, content_hash, substr(text, 1, {OPENING_CHARACTERS}) AS opening"
#: for many articles at once: PostgreSQL takes longer to plan the query of one than to answer it
_SHARING = text(
    "WITH asked AS (SELECT unnest(CAST(:numbers AS bigint[])) AS number, unnest(CAST(:hashes AS bigint[])) AS hash), "  # noqa: S608 - numbers
    "counted AS (SELECT asked.number, shared.article, count(*) AS times, "
    "row_number() OVER (PARTITION BY asked.number ORDER BY count(*) DESC, shared.article) AS rank "
    "FROM asked CROSS JOIN LATERAL (SELECT article FROM sketches WHERE sketches.hash = asked.hash "
    f"AND sketches.article <> asked.number ORDER BY article LIMIT {_PER_HASH}) AS shared "
    "GROUP BY asked.number, shared.article) "
    f"SELECT counted.number, {_COMPARED} FROM counted JOIN articles ON articles.number = counted.article "
    f"WHERE counted.rank <= {2 * MOST} ORDER BY counted.number, times DESC, id"
)


@cache
def _sharing_one(hashes: int) -> TextClause:
    """For one article with so many hashes, on SQLite, which has no LATERAL."""
    each = " UNION ALL ".join(
        f"SELECT article FROM (SELECT article FROM sketches WHERE hash = :h{place} AND article <> :number "  # noqa: S608 - numbers
        f"ORDER BY article LIMIT {_PER_HASH}) AS s{place}"
        for place in range(hashes)
    )
    most = (
        f"SELECT article, count(*) AS times FROM ({each}) AS shared "  # noqa: S608 - as above
        f"GROUP BY article ORDER BY times DESC, article LIMIT {2 * MOST}"
    )
    return text(
        f"SELECT {_COMPARED} "  # noqa: S608 - as above
        f"FROM ({most}) AS most JOIN articles ON articles.number = most.article ORDER BY times DESC, id"
    )


def _sketch(article: Article) -> list[int]:
    """Numbers of 64 bits by which its copies are found; none for an article of which nothing came."""
    if not article.text.strip():
        return []
    least: dict[int, int] = {}
    hashes = [_hash(run) for run in opening_runs(article.text)]
    for key in hashes if len(hashes) >= FEWEST_RUNS else ():
        least[key % _CLASSES] = min(least.get(key % _CLASSES, key), key)
    address = _folded(article.url)
    told = [_hash(f"address {address}")] if address else []
    return sorted({_hash(f"text {article.text}"), *told, *least.values()})


def _hash(words: str) -> int:
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), signed=True)


def _is_near(mine: frozenset[str], theirs: frozenset[str], like: float) -> bool:
    return like >= NEAR_COPY and min(len(mine), len(theirs)) >= FEWEST_RUNS


def _is_same_address(article: Article, row: Row[Any]) -> bool:
    mine = _folded(article.url)
    return mine is not None and mine == _folded(row.url)


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

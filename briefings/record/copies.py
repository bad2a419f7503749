"""Which articles are the same text twice: found as an article comes, linked to each other, never dropped.

Rule: copies are known by one address, by the very text, or by sharing most of their openings (`corroboration`). They
are looked for among those only that share a hash of a sketch: the least hash in each of a few classes of an article's
runs of words (one-permutation MinHash: Li, Owen, Zhang 2012), so that a copy is found among any number of articles.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b, sha256
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, union_all

from briefings.corroboration import NEAR_COPY, OPENING_CHARACTERS, likeness, opening_runs
from briefings.model import Article
from briefings.record.schema import articles, copies, sketches
from briefings.record.values import Copy

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
    own = _sketch(article)
    if not own:
        return
    near = [Copy(article.id, of, like) for of, like in _copied(db, article, own, number)]
    if near:
        db.execute(
            insert(copies), [{"article": copy.article, "of": copy.of, "likeness": copy.likeness} for copy in near]
        )
    db.execute(insert(sketches), [{"hash": key, "article": number} for key in own])


def unlink(db: Connection, article_id: str, number: int) -> None:
    """Forgets what was linked of an article that has another text by now."""
    db.execute(delete(copies).where(or_(copies.c.article == article_id, copies.c.of == article_id)))
    db.execute(delete(sketches).where(sketches.c.article == number))


def among(db: Connection, ids: Sequence[str]) -> Iterator[Copy]:
    """The links that have one of these articles at either end."""
    query = select(copies).where(or_(copies.c.article.in_(ids), copies.c.of.in_(ids)))
    return (Copy(row.article, row.of, row.likeness) for row in db.execute(query))


def _copied(db: Connection, article: Article, own: Sequence[int], number: int) -> Iterator[tuple[str, float]]:
    """The articles that it is a copy of, the likest of the sketches first, and how like it they are."""
    mine = opening_runs(article.text)
    digest = sha256(article.text.encode()).hexdigest()
    found = 0
    for row in db.execute(_sharing(own, number)):
        like = 1.0 if row.content_hash == digest else likeness(mine, opening_runs(row.opening))
        is_text = like == 1.0 and row.content_hash == digest
        if is_text or _is_same_address(article, row) or _is_near(mine, opening_runs(row.opening), like):
            yield row.id, like
            found += 1
            if found == MOST:
                return


def _sharing(own: Sequence[int], number: int) -> Any:  # noqa: ANN401 - SQLAlchemy's type for it names every column
    """The articles that share a hash with a sketch, those that share most first, with what they are compared by."""
    each = [select(sketches.c.article).where(sketches.c.hash == key).limit(_PER_HASH).subquery() for key in own]
    shared = union_all(*(select(one.c.article) for one in each)).subquery()
    most = (
        select(shared.c.article, func.count().label("times"))
        .where(shared.c.article != number)
        .group_by(shared.c.article)
        .order_by(func.count().desc(), shared.c.article)
        .limit(2 * MOST)
        .subquery()
    )
    opening = func.substr(articles.c.text, 1, OPENING_CHARACTERS).label("opening")
    columns = (articles.c.id, articles.c.url, articles.c.content_hash, opening)
    return select(*columns).join(most, most.c.article == articles.c.number).order_by(most.c.times.desc(), articles.c.id)


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

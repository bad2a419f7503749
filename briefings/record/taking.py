"""Takes an article in: it is new, or takes the place of its older version, or changes nothing.

Rule: an id is an article. What it told before is kept when it tells something else, and never comes back by itself: an
older version that comes again, as from a slow feed or an old archive, changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, insert, literal, select, update

from briefings.model import Article, Quote
from briefings.quotes.story import Known
from briefings.record.copies import link, stand_in_line, unlink
from briefings.record.index import Index
from briefings.record.naming import name_outlets, write_names
from briefings.record.numbers import day_of, first_choice, next_choice
from briefings.record.rows import Values, article_row, article_words, quote_rows, quote_words, told_of
from briefings.record.schema import Moment, article_versions, articles, names, quotes
from briefings.record.values import Standing
from briefings.record.writing import write_quotes

_KEPT = ("outlet", "published", "url", "title", "byline", "text", "boilerplate", "content_hash", "added_at")


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article and what was found in it; `names` None when nobody looked, `engine` the version that found it."""

    article: Article
    quotes: Sequence[Quote]
    names: Sequence[Known] | None = None
    engine: str | None = None


def take(db: Connection, index: Index, came: Arrival, now: datetime) -> Standing:
    """Adds an article with its quotes where that changes anything, inside the caller's transaction; gives how it stood.

    `now` is a moment with its zone. An IntegrityError of the database means that another writer was faster.
    """
    stand_in_line(db)
    article = came.article
    stood = standing(db, article, lock=True)
    if stood is Standing.CHANGED:
        keep(db, article.id, now)
        replace(db, index, came, now)
    elif stood is Standing.NEW:
        name_outlets(db, [article.publisher])
        number = free_number(db, article)
        db.execute(insert(articles).values({**article_row(article, number, now), **found_of(came)}))
        _be_found(db, index, came, number)
    return stood


def replace(db: Connection, index: Index, came: Arrival, now: datetime) -> None:
    """Puts an article in the place of what is held under its id, inside the caller's transaction."""
    article = came.article
    name_outlets(db, [article.publisher])
    was = number_of(db, article.id)
    index.drop_article(db, was)
    _clear(db, article.id)
    number = was if day_of(was) == article.published else free_number(db, article)
    row = {**article_row(article, number, now), **found_of(came)}
    db.execute(update(articles).where(articles.c.id == article.id).values(row))
    unlink(db, article.id, number)
    _be_found(db, index, came, number)


def keep(db: Connection, article_id: str, now: datetime) -> None:
    """Makes what is held under an id one of its older versions."""
    columns = [articles.c.id, *(articles.c[name] for name in _KEPT), literal(now, Moment)]
    held = select(*columns).where(articles.c.id == article_id)
    db.execute(insert(article_versions).from_select(["article", *_KEPT, "replaced_at"], held))


def retake(db: Connection, index: Index, came: Arrival) -> bool:
    """Puts what was found into the place of what was found before; False when another text is held by now."""
    told = told_of(came.article)
    query = select(articles.c.number, articles.c.content_hash).where(articles.c.id == came.article.id)
    held = db.execute(query.with_for_update()).first()
    if held is None or held.content_hash != told["content_hash"]:
        return False
    _clear(db, came.article.id)
    db.execute(update(articles).where(articles.c.id == came.article.id).values(found_of(came)))
    _fill(db, index, came, held.number)
    return True


def standing(db: Connection, article: Article, *, lock: bool = False) -> Standing:
    """How `article` stands to what is held; with `lock`, nobody else changes that before the transaction ends."""
    told = told_of(article)
    query = select(*(articles.c[name] for name in told)).where(articles.c.id == article.id)
    # SQLite has no row locks and needs none: its transactions that write stand in line
    held = db.execute(query.with_for_update() if lock else query).first()
    if held is None:
        return Standing.NEW
    if tuple(held) == tuple(told.values()):
        return Standing.HELD
    return Standing.OLDER if _came_before(db, article, told, held) else Standing.CHANGED


def found_of(came: Arrival) -> Values:
    """The columns of `articles` that tell of what was found."""
    named = None if came.names is None else len(came.names)
    return {"quotes": len(came.quotes), "named": named, "engine": came.engine}


def number_of(db: Connection, article_id: str) -> int:
    """The number of an article that is held."""
    number: int = db.execute(select(articles.c.number).where(articles.c.id == article_id)).scalar_one()
    return number


def free_number(db: Connection, article: Article) -> int:
    """The first number of an article's choice that no other has."""
    number = first_choice(article.id, article.published)
    while db.execute(select(articles.c.number).where(articles.c.number == number)).first() is not None:
        number = next_choice(number)
    return number


def _came_before(db: Connection, article: Article, told: Values, held: Row[tuple[object, ...]]) -> bool:
    """Whether this was held before, or nothing came: a text that was replaced stays so, whatever is told beside it."""
    texts_differ = held.content_hash != told["content_hash"]
    if texts_differ and not article.text.strip():
        return True
    told_by = ["content_hash"] if texts_differ else [name for name in told if name != "id"]
    query = select(*(article_versions.c[name] for name in told_by)).where(
        article_versions.c.article == article.id, article_versions.c.content_hash == told["content_hash"]
    )
    return any(tuple(older) == tuple(told[name] for name in told_by) for older in db.execute(query))


def _be_found(db: Connection, index: Index, came: Arrival, number: int) -> None:
    """Lets an article whose row is there be found: by its words, its quotes, its names and its copies."""
    link(db, [(came.article, number)])
    index.put(db, [article_words(came.article, number)], ())
    _fill(db, index, came, number)


def _clear(db: Connection, article_id: str) -> None:
    db.execute(delete(quotes).where(quotes.c.article == article_id))
    db.execute(delete(names).where(names.c.article == article_id))


def _fill(db: Connection, index: Index, came: Arrival, number: int) -> None:
    """Writes the quotes and names of an article whose row is there and which has none."""
    if rows := quote_rows(came.article, number, came.quotes):
        write_quotes(db, rows)
        index.put(db, (), quote_words(came.article, number, came.quotes))
    write_names(db, {came.article.id: came.names or ()})

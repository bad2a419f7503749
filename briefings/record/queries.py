"""The questions a record can be asked that are not searches, as SQL that both databases read alike.

Rule: what somebody asked with words goes to the index, which gives numbers; these read what bears a number or an id.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, distinct, func, or_, select

from briefings.record.schema import article_versions, articles, quotes, stories

Query = Select[*tuple[Any, ...]]

#: newest first, undated last, and always the same
_NEWEST = articles.c.number


def some_articles(ids: list[str]) -> Query:
    """The articles of these ids, in no order."""
    return select(articles).where(articles.c.id.in_(ids))


def numbered_articles(numbers: list[int]) -> Query:
    """The articles of these numbers, newest first."""
    return select(articles).where(articles.c.number.in_(numbers)).order_by(_NEWEST)


def newest_articles(limit: int) -> Query:
    """Articles, newest first."""
    return select(articles).order_by(_NEWEST).limit(limit)


def newest_ids(numbers: tuple[int, int], limit: int) -> Query:
    """Rows of id, newest first, of the articles from the first number to the last."""
    return select(articles.c.id).where(articles.c.number.between(*numbers)).order_by(_NEWEST).limit(limit)


def numbered_ids(numbers: list[int]) -> Query:
    """Rows of id of the articles of these numbers, newest first."""
    return select(articles.c.id).where(articles.c.number.in_(numbers)).order_by(_NEWEST)


def number_between(numbers: tuple[int, int]) -> Query:
    """One row: how many articles there are from the first number to the last."""
    return select(func.count()).select_from(articles).where(articles.c.number.between(*numbers))


def versions_of(article_id: str, limit: int) -> Query:
    """The older versions of an article, the one replaced last first."""
    columns = article_versions.c
    query = select(article_versions).where(columns.article == article_id)
    return query.order_by(columns.replaced_at.desc(), columns.id.desc()).limit(limit)


def changes(ids: list[str]) -> Query:
    """Of these articles, each that had another text before, and when that was last replaced."""
    older = article_versions.c
    query = select(older.article, func.max(older.replaced_at).label("changed"))
    query = query.join(articles, articles.c.id == older.article)
    return query.where(older.article.in_(ids), older.content_hash != articles.c.content_hash).group_by(older.article)


def quotes_in(ids: list[str]) -> Query:
    """The quotes of these articles, each article's in its order."""
    return select(quotes).where(quotes.c.article.in_(ids)).order_by(quotes.c.id)


def numbered_quotes(ids: list[int]) -> Query:
    """The quotes of these ids, newest first, then as they stand."""
    return select(quotes).where(quotes.c.id.in_(ids)).order_by(quotes.c.id)


def totals() -> Query:
    """One row: how many articles, how many quotes, and the first and last day of those that are dated."""
    day = articles.c.published
    return select(func.count(), func.coalesce(func.sum(articles.c.quotes), 0), func.min(day), func.max(day))


def stale(engine: str, limit: int) -> Query:
    """Rows of id of articles whose quotes another engine found, or one that did not say."""
    column = articles.c.engine  # three ranges of its index; "is distinct from" would read every row
    return select(articles.c.id).where(or_(column.is_(None), column < engine, column > engine)).limit(limit)


def stories_of(ids: list[str]) -> Query:
    """Rows of article, story and label."""
    return select(stories).where(stories.c.article.in_(ids))


def latest() -> Query:
    """One row, from indexes alone: how many articles, how many quotes, when the last one came, how many were older."""
    newest = select(func.max(articles.c.added_at)).scalar_subquery()
    older = select(func.count()).select_from(article_versions).scalar_subquery()
    return select(func.count(), func.sum(articles.c.quotes), newest, older).select_from(articles)


def people(limit: int) -> Query:
    """Rows of name, count of quotes and count of articles, for speakers who are named: the most quoted first."""
    said, where = func.count(), func.count(distinct(quotes.c.article))
    query = select(quotes.c.speaker, said, where).where(_is_named()).group_by(quotes.c.speaker)
    return query.order_by(said.desc(), quotes.c.speaker).limit(limit)


def roles(names: list[str]) -> Query:
    """Rows of name and role, most often given first."""
    given = and_(_is_named(), quotes.c.role.is_not(None), quotes.c.speaker.in_(names))
    query = select(quotes.c.speaker, quotes.c.role).where(given).group_by(quotes.c.speaker, quotes.c.role)
    return query.order_by(func.count().desc(), quotes.c.role)


def _is_named() -> ColumnElement[bool]:
    return and_(quotes.c.speaker.is_not(None), quotes.c.anonymous.is_(False))

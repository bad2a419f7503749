"""The questions a record can be asked that are not searches, as SQL that both databases read alike.

Rule: what somebody asked with words goes to the index, which gives numbers; these read what bears a number or an id.
"""

from typing import Any

from sqlalchemy import Select, func, or_, select

from briefings.storage.db.schema import article_versions, articles, quotes, stories

Query = Select[*tuple[Any, ...]]

#: newest first, undated last, and always the same
_NEWEST = articles.c.number


def select_articles(ids: list[str]) -> Query:
    """The articles of these ids, in no order."""
    return select(articles).where(articles.c.id.in_(ids))


def select_articles_by_number(numbers: list[int]) -> Query:
    """The articles of these numbers, newest first."""
    return select(articles).where(articles.c.number.in_(numbers)).order_by(_NEWEST)


def select_newest_articles(limit: int) -> Query:
    """Articles, newest first."""
    return select(articles).order_by(_NEWEST).limit(limit)


def select_newest_ids(numbers: tuple[int, int], limit: int) -> Query:
    """Rows of id, newest first, of the articles from the first number to the last."""
    return select(articles.c.id).where(articles.c.number.between(*numbers)).order_by(_NEWEST).limit(limit)


def select_ids_by_number(numbers: list[int]) -> Query:
    """Rows of id of the articles of these numbers, newest first."""
    return select(articles.c.id).where(articles.c.number.in_(numbers)).order_by(_NEWEST)


def select_count_between(numbers: tuple[int, int]) -> Query:
    """One row: how many articles there are from the first number to the last."""
    return select(func.count()).select_from(articles).where(articles.c.number.between(*numbers))


def select_versions(article_id: str, limit: int) -> Query:
    """The older versions of an article, the one replaced last first."""
    columns = article_versions.c
    query = select(article_versions).where(columns.article == article_id)
    return query.order_by(columns.replaced_at.desc(), columns.id.desc()).limit(limit)


def select_changes(ids: list[str]) -> Query:
    """Of these articles, each that had another text before, and when that was last replaced."""
    older = article_versions.c
    query = select(older.article, func.max(older.replaced_at).label("changed"))
    query = query.join(articles, articles.c.id == older.article)
    return query.where(older.article.in_(ids), older.content_hash != articles.c.content_hash).group_by(older.article)


def select_quotes(ids: list[str]) -> Query:
    """The quotes of these articles, each article's in its order."""
    return select(quotes).where(quotes.c.article.in_(ids)).order_by(quotes.c.id)


def select_stale_ids(engine: str, limit: int) -> Query:
    """Rows of id of articles whose quotes another engine found, or one that did not say."""
    column = articles.c.engine  # three ranges of its index; "is distinct from" would read every row
    return select(articles.c.id).where(or_(column.is_(None), column < engine, column > engine)).limit(limit)


def select_stories(ids: list[str]) -> Query:
    """Rows of article, story and label."""
    return select(stories).where(stories.c.article.in_(ids))


def select_change_token() -> Query:
    """One row, from indexes alone: when the last article came, and how many have been replaced."""
    newest = select(func.max(articles.c.added_at)).scalar_subquery()
    older = select(func.count()).select_from(article_versions).scalar_subquery()
    return select(newest, older)


def select_latest_articles(limit: int) -> Query:
    """Rows of id, outlet, published, url, title and added_at, the last that came first."""
    columns = (articles.c[name] for name in ("id", "outlet", "published", "url", "title", "added_at"))
    return select(*columns).order_by(articles.c.added_at.desc(), _NEWEST).limit(limit)


def select_outlet_counts() -> Query:
    """Rows of name and count of articles, for outlets that are known: the one with the most first."""
    count = func.count()
    statement = select(articles.c.outlet, count).where(articles.c.outlet.is_not(None))
    return statement.group_by(articles.c.outlet).order_by(count.desc(), articles.c.outlet)

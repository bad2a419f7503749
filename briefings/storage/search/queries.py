"""SQL queries by id, number or day, which work on both databases.

Rule: searches for words go to the full-text index, which returns numbers; these queries read rows by number or id.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select

from briefings.storage.db.schema import article_versions, articles, stories
from briefings.text.spans import explain_unstorable

Query = Select[*tuple[Any, ...]]

#: sort order: newest first, undated last, and stable
_NEWEST = articles.c.number
#: characters of a text that can name its source
_OPENING_LENGTH = 2_000
_IS_UNNAMED = and_(articles.c.outlet.is_(None), articles.c.title.is_(None))
#: the columns that `row_mapping.to_source` needs
SOURCE_COLUMNS = (
    *(articles.c[name] for name in ("id", "outlet", "published", "url", "title")),
    case((_IS_UNNAMED, func.substr(articles.c.text, 1, _OPENING_LENGTH)), else_="").label("opening"),
)
#: ids in one statement; SQLite and PostgreSQL both accept over 30,000 parameters
_CHUNK_SIZE = 500


def split_ids(ids: Iterable[str], size: int = _CHUNK_SIZE) -> Iterator[list[str]]:
    """Yield the ids in chunks of `size`, without those that no database can store."""
    storable_ids = [article_id for article_id in ids if explain_unstorable(article_id) is None]
    for start in range(0, len(storable_ids), size):
        yield storable_ids[start : start + size]


def select_articles(ids: list[str]) -> Query:
    """Select the articles with these ids, in any order."""
    return select(articles).where(articles.c.id.in_(ids))


def select_articles_by_number(numbers: list[int]) -> Query:
    """Select the articles with these numbers, newest first."""
    return select(articles).where(articles.c.number.in_(numbers)).order_by(_NEWEST)


def select_newest_articles(limit: int) -> Query:
    """Select up to `limit` articles, newest first."""
    return select(articles).order_by(_NEWEST).limit(limit)


def select_newest_ids(numbers: tuple[int, int], limit: int) -> Query:
    """Select the ids of articles in an inclusive range of numbers, newest first."""
    return select(articles.c.id).where(articles.c.number.between(*numbers)).order_by(_NEWEST).limit(limit)


def select_ids_by_number(numbers: list[int]) -> Query:
    """Select the ids of the articles with these numbers, newest first."""
    return select(articles.c.id).where(articles.c.number.in_(numbers)).order_by(_NEWEST)


def select_count_between(numbers: tuple[int, int]) -> Query:
    """Select the count of articles in an inclusive range of numbers."""
    return select(func.count()).select_from(articles).where(articles.c.number.between(*numbers))


def select_versions(article_id: str, limit: int) -> Query:
    """Select the older versions of an article, the last replaced first."""
    columns = article_versions.c
    query = select(article_versions).where(columns.article == article_id)
    return query.order_by(columns.replaced_at.desc(), columns.id.desc()).limit(limit)


def select_changes(ids: list[str]) -> Query:
    """Select, as `article` and `changed_at`, those of these articles whose text changed, and the last change."""
    version = article_versions.c
    query = select(version.article, func.max(version.replaced_at).label("changed_at"))
    query = query.join(articles, articles.c.id == version.article)
    has_other_text = version.content_hash != articles.c.content_hash
    return query.where(version.article.in_(ids), has_other_text).group_by(version.article)


def select_stale_ids(engine: str, limit: int) -> Query:
    """Select the ids of articles whose engine version is another one or unknown."""
    column = articles.c.engine  # uses three ranges of the index; IS DISTINCT FROM would read every row
    return select(articles.c.id).where(or_(column.is_(None), column < engine, column > engine)).limit(limit)


def select_stories(ids: list[str]) -> Query:
    """Select the story rows of these articles."""
    return select(stories).where(stories.c.article.in_(ids))


def select_change_token() -> Query:
    """Select the time of the last addition and the count of older versions, using only indexes."""
    last_added_at = select(func.max(articles.c.added_at)).scalar_subquery()
    version_count = select(func.count()).select_from(article_versions).scalar_subquery()
    return select(last_added_at, version_count)


def select_latest_articles(limit: int) -> Query:
    """Select the source columns and `added_at` of the articles added or updated last, newest first."""
    return select(*SOURCE_COLUMNS, articles.c.added_at).order_by(articles.c.added_at.desc(), _NEWEST).limit(limit)


def select_outlet_counts() -> Query:
    """Select outlet names with their counts of articles, the largest first."""
    count = func.count()
    statement = select(articles.c.outlet, count).where(articles.c.outlet.is_not(None))
    return statement.group_by(articles.c.outlet).order_by(count.desc(), articles.c.outlet)

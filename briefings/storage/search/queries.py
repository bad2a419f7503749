"""SQL queries by id, number or day, which work on both databases.

Rule: searches for words go to the full-text index, which returns numbers; these queries read rows by number or id.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select, true

from briefings.storage.db.schema import article_versions, articles, outlet_lists, pending_links, stories
from briefings.text.spans import explain_unstorable

Query = Select[*tuple[Any, ...]]

#: sort order: newest first, undated last, and stable
_NEWEST = articles.c.number
_IS_UNNAMED = and_(articles.c.outlet.is_(None), articles.c.title.is_(None))
#: the columns that `row_mapping.to_sources` needs: the text is read only where its first words are the source's name
SOURCE_COLUMNS = (
    *(articles.c[name] for name in ("id", "outlet", "published", "url", "title", "byline", "content_hash")),
    *(articles.c[name] for name in ("boilerplate", "quotation_elements", "provenance", "claimed_outlet", "checksum")),
    case((_IS_UNNAMED, articles.c.text)).label("unnamed_text"),
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


def select_newest_numbers(
    numbers: tuple[int, int], limit: int, outlets: Sequence[str] | None = None, *, oldest_first: bool = False
) -> Query:
    """Select the numbers of articles in an inclusive range of numbers, newest first, all or those of some outlets."""
    query = select(articles.c.number).where(articles.c.number.between(*numbers))
    query = query if outlets is None else query.where(articles.c.outlet.in_(outlets))
    return query.order_by(_NEWEST.desc() if oldest_first else _NEWEST).limit(limit)


def select_spread_ids(numbers: tuple[int, int], limit: int, outlets: Sequence[str] | None, *, by_day: bool) -> Query:
    """Select the ids of the newest articles in an inclusive range of numbers, all or those of some outlets.

    With `by_day`, each day has the same share of them, as far as it has articles.
    """
    is_selected = articles.c.number.between(*numbers) & (
        articles.c.outlet.in_(outlets) if outlets is not None else true()
    )
    if not by_day:
        return select(articles.c.id).where(is_selected).order_by(_NEWEST).limit(limit)
    place = func.row_number().over(partition_by=articles.c.published, order_by=_NEWEST).label("place")
    ranked = select(articles.c.id, articles.c.number, place).where(is_selected).subquery()
    return select(ranked.c.id).order_by(ranked.c.place, ranked.c.number).limit(limit)


def select_outlet_count(numbers: tuple[int, int], outlets: Sequence[str] | None) -> Query:
    """Select the count of articles in an inclusive range of numbers, all or those of some outlets."""
    query = select_count_between(numbers)
    return query if outlets is None else query.where(articles.c.outlet.in_(outlets))


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
    """Select, only from indexes, what differs after each change besides the totals.

    That is the time of the last addition, the count of older versions, the list of outlets, and the end of the queue of
    a load, whose links change answers.
    """
    last_added_at = select(func.max(articles.c.added_at)).scalar_subquery()
    version_count = select(func.count()).select_from(article_versions).scalar_subquery()
    outlet_list = select(func.max(outlet_lists.c.fingerprint)).scalar_subquery()
    last_pending = select(func.max(pending_links.c.id)).scalar_subquery()
    return select(last_added_at, version_count, outlet_list, last_pending)


def select_latest_articles(limit: int) -> Query:
    """Select the source columns and `added_at` of the articles added or updated last, newest first."""
    return select(*SOURCE_COLUMNS, articles.c.added_at).order_by(articles.c.added_at.desc(), _NEWEST).limit(limit)


def select_newest_urls(outlet: str, limit: int) -> Query:
    """Select the URLs of the newest articles of the outlet with exactly this name."""
    has_url = (articles.c.outlet == outlet) & articles.c.url.is_not(None)
    return select(articles.c.url).where(has_url).order_by(_NEWEST).limit(limit)


def select_outlet_counts() -> Query:
    """Select outlet names with their counts of articles, the largest first."""
    count = func.count()
    statement = select(articles.c.outlet, count).where(articles.c.outlet.is_not(None))
    return statement.group_by(articles.c.outlet).order_by(count.desc(), articles.c.outlet)

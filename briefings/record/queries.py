"""The questions a record can be asked, as SQL that both databases read alike.

Rule: nothing a person wrote becomes part of a statement; phrases are bound, and reduced to search keys first.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, distinct, false, func, or_, select

from briefings.errors import BadQuestion
from briefings.record.rows import padded
from briefings.record.schema import article_versions, articles, quotes
from briefings.record.values import Wanted, Within

#: characters of the search key of one phrase; SQLite refuses a pattern over 50,000 bytes
MAX_PHRASE = 10_000
#: phrases in one question, far below the 1,000 terms that SQLite lets one expression have
MAX_PHRASES = 200

Query = Select[*tuple[Any, ...]]

#: newest first, undated last, and always the same
_NEWEST = (articles.c.published.desc().nulls_last(), articles.c.id)


def some_articles(ids: list[str]) -> Query:
    """The articles of these ids, in no order."""
    return select(articles).where(articles.c.id.in_(ids))


def newest_articles(limit: int, phrases: Iterable[str] | None = None) -> Query:
    """Articles, newest first: all, or those whose text or title holds any of `phrases`."""
    return select(articles).where(*_about(phrases)).order_by(*_NEWEST).limit(limit)


def newest_ids(limit: int, wanted: Wanted) -> Query:
    """Rows of id, newest first."""
    return select(articles.c.id).where(*_fitting(wanted)).order_by(*_NEWEST).limit(limit)


def number_of(wanted: Wanted) -> Query:
    """One row: how many articles are wanted."""
    return select(func.count()).select_from(articles).where(*_fitting(wanted))


def versions_of(article_id: str, limit: int) -> Query:
    """The older versions of an article, the one replaced last first."""
    columns = article_versions.c
    query = select(article_versions).where(columns.article == article_id)
    return query.order_by(columns.replaced_at.desc(), columns.id.desc()).limit(limit)


def articles_saying(words: str, limit: int) -> Query:
    """Articles whose text holds `words` as whole words in order, newest first."""
    return select(articles).where(_holds(articles.c.text_key, words)).order_by(*_NEWEST).limit(limit)


def quotes_in(ids: list[str]) -> Query:
    """The quotes of these articles, each article's in its order."""
    return select(quotes).where(quotes.c.article.in_(ids)).order_by(quotes.c.article, quotes.c.position)


def quotes_saying(words: str, within: Within, limit: int) -> Query:
    """Quotes that hold `words`, newest first; without words, all that the speaker of `within` said."""
    wanted = [*_within(within)]
    if within.by is None or padded(words).strip():
        wanted.append(_holds(quotes.c.content_key, words))
    joined = select(quotes).join(articles, quotes.c.article == articles.c.id)
    return joined.where(*wanted).order_by(*_NEWEST, quotes.c.position).limit(limit)


def article_counts(phrases: Iterable[str] | None) -> Query:
    """One row: how many articles, and the first and last day of those that are dated."""
    columns = (func.count(), func.min(articles.c.published), func.max(articles.c.published))
    return select(*columns).select_from(articles).where(*_about(phrases))


def quote_count(phrases: Iterable[str] | None) -> Query:
    """One row: how many quotes stand in those articles."""
    about = _about(phrases)
    query = select(func.count()).select_from(quotes)
    return query.where(quotes.c.article.in_(select(articles.c.id).where(*about))) if about else query


def latest() -> Query:
    """One row: how many articles, when the last came, how many older versions, how many quotes."""
    older, said = (select(func.count()).select_from(table).scalar_subquery() for table in (article_versions, quotes))
    return select(func.count(), func.max(articles.c.added_at), older, said).select_from(articles)


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


def _within(within: Within) -> list[ColumnElement[bool]]:
    """The conditions on a quote and the article it stands in."""
    by = [] if within.by is None else [_holds(quotes.c.speaker_key, within.by)]
    outlet = [] if within.outlet is None else [articles.c.outlet.icontains(within.outlet, autoescape=True)]
    return [*by, *outlet, *_about(within.about), *_published(within.since, within.until)]


def _fitting(wanted: Wanted) -> list[ColumnElement[bool]]:
    return [*_about(wanted.any_of), *map(_is_about, _few(wanted.all_of)), *_published(wanted.since, wanted.until)]


def _published(since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    conditions = []
    if since is not None:
        conditions.append(articles.c.published >= since)
    if until is not None:
        conditions.append(articles.c.published <= until)
    return conditions


def _about(phrases: Iterable[str] | None) -> list[ColumnElement[bool]]:
    """The condition that an article's text or title holds one of `phrases`; none for None."""
    if phrases is None:
        return []
    return [or_(false(), *map(_is_about, _few(phrases)))]


def _few(phrases: Iterable[str]) -> list[str]:
    wanted = list(phrases)
    if len(wanted) > MAX_PHRASES:
        raise BadQuestion(f"That is over {MAX_PHRASES} phrases at once. Ask with fewer.")
    return wanted


def _is_about(phrase: str) -> ColumnElement[bool]:
    return or_(_holds(articles.c.text_key, phrase), _holds(articles.c.title_key, phrase))


def _holds(column: ColumnElement[str], phrase: str) -> ColumnElement[bool]:
    """Whether a key column holds a phrase at word boundaries; never for a phrase without a word."""
    sought = padded(phrase)
    if not sought.strip():
        return false()
    if len(sought) > MAX_PHRASE:
        raise BadQuestion(f"That is over {MAX_PHRASE:,} characters at once. Ask with fewer words.")
    return column.contains(sought, autoescape=True)

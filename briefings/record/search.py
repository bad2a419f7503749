"""Searches: the index gives numbers, and what bears them is read.

Rule: what a search looks at is bounded, and only what it gives is read in full.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from briefings.model import Article, Searched, Source
from briefings.record import queries
from briefings.record.hits import read_quotes
from briefings.record.index import AnyOf, ArticlesSought, Index
from briefings.record.lexemes import RUN
from briefings.record.numbers import day_of, numbers_within
from briefings.record.questions import articles_sought, quotes_sought, with_compounds, words_of
from briefings.record.rows import content_of, to_article
from briefings.record.totals import totals
from briefings.record.values import ANYWHERE, Added, Found, Overview, Wanted, Within
from briefings.text.search_key import holds

#: quotes read to tell which hold a phrase that is too long for the index
_READ = 1_000


def quotes_saying(db: Connection, index: Index, words: str, within: Within, limit: int, skip: int = 0) -> list[Found]:
    """The newest quotes that hold `words`, compounds apart or together, newest first; `words` may be none.

    The first `skip` are left out, and not read.
    """
    asked = words_of(words)
    if not asked and within.by is None:
        return []
    if len(asked) > RUN:
        found = quotes_with(db, index, with_compounds(asked), within, _READ)
        found = [hit for hit in found if holds(content_of(hit.article, hit.quote), words)]
        return found[skip : skip + limit]
    sought = quotes_sought(with_compounds(asked) if asked else (), within)
    return [] if sought is None else read_quotes(db, index.quotes(db, sought, skip + max(limit, 0))[skip:])


def quotes_with(
    db: Connection, index: Index, content: AnyOf, within: Within, limit: int, words: Sequence[str] = ()
) -> list[Found]:
    """The newest quotes that hold one of the phrases or one of the words, newest first."""
    sought = quotes_sought(content, within, words)
    return [] if sought is None else read_quotes(db, index.quotes(db, sought, limit))


def quotes_with_any(db: Connection, index: Index, phrases: Iterable[str], limit: int) -> list[Found]:
    """The newest quotes that hold the first words of one of the phrases at least, newest first."""
    content = [tuple(asked[:RUN]) for phrase in phrases if (asked := words_of(phrase))]
    return quotes_with(db, index, content, ANYWHERE, limit) if content else []


def articles_saying(db: Connection, index: Index, words: str, limit: int) -> list[Article]:
    """The newest articles whose text holds `words`, compounds apart or together, newest first."""
    asked = words_of(words)
    if not asked:
        return []
    sought = ArticlesSought(numbers_within(None, None), [with_compounds(asked)], titles=False)
    if len(asked) <= RUN:
        return read_articles(db, index.articles(db, sought, limit))
    found = read_articles(db, index.articles(db, sought, _READ))
    return [article for article in found if holds(article.text, words)][:limit]


def articles_on(db: Connection, index: Index, wanted: Wanted, limit: int) -> list[Article]:
    """The newest articles that are wanted, newest first."""
    sought = articles_sought(wanted)
    if sought is None:
        return []
    return read_articles(db, index.articles(db, sought, limit))


def read_articles(db: Connection, numbers: Sequence[int]) -> list[Article]:
    """The articles of these numbers, newest first."""
    return [to_article(row) for row in db.execute(queries.numbered_articles(list(numbers)))] if numbers else []


def ids_of(db: Connection, index: Index, wanted: Wanted, limit: int) -> list[str]:
    """Ids of the articles wanted, newest first."""
    sought = articles_sought(wanted)
    if sought is None:
        return []
    if not sought.each:
        return list(db.execute(queries.newest_ids(sought.numbers, limit)).scalars())
    numbers = index.articles(db, sought, limit)
    return list(db.execute(queries.numbered_ids(numbers)).scalars()) if numbers else []


def number_of(db: Connection, index: Index, wanted: Wanted) -> int:
    """How many articles are wanted."""
    sought = articles_sought(wanted)
    if sought is None:
        return 0
    if sought.each:
        return index.count(db, sought)[0]
    number: int = db.execute(queries.number_between(sought.numbers)).scalar_one()
    return number


def counts(db: Connection, index: Index, phrases: Iterable[str] | None) -> Searched:
    """How much is held, or held on `phrases`."""
    if phrases is None:
        return totals(db)
    sought = articles_sought(Wanted(any_of=tuple(phrases)))
    if sought is None:
        return Searched(0, 0)
    number, quotes, newest, oldest = index.count(db, sought)
    since, until = (None if end is None else day_of(end) for end in (oldest, newest))
    return Searched(number, quotes, since, until)


def overview(db: Connection, index: Index, latest: int) -> Overview:
    """How much is held, of which outlets, and the articles that came last."""
    came = [
        Added(Source(row.id, row.outlet, row.published, row.url, row.title), row.added_at)
        for row in db.execute(queries.added_last(latest))
    ]
    outlets = [(name, count) for name, count in db.execute(queries.outlets())]
    return Overview(counts(db, index, None), tuple(outlets), tuple(came))

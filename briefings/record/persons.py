"""One person of the record: under which names they are quoted, what they are called, what they said.

Rule: names are looked up in the index and counted in an index of the quotes; of the quotes themselves only one page is
read. A name is found among the newest quotes that bear its surname, so that one common surname never costs a scan.
"""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, Connection, and_, func, select

from briefings.model import Source
from briefings.quotes.names import Person, one_letter_apart
from briefings.record.hits import read_quotes
from briefings.record.index import AnyOf, ArticlesSought, Index, QuotesSought
from briefings.record.lexemes import RUN
from briefings.record.numbers import PLACES, UNDATED, day_of, ids_within, quote_id
from briefings.record.questions import words_of
from briefings.record.schema import articles, quotes
from briefings.record.spelling import neighbours
from briefings.record.values import Called, Found, OnPhrases
from briefings.text.search_key import search_key

#: quotes of a surname whose speakers are told apart, the newest, and of a whole name
_LOOKED, _OF_ONE = 500, 50
#: quotes of somebody that are held against topics, the newest
NEWEST = 1_000
#: names that one question gives, and words of a name that are looked up
MOST_NAMES, _WORDS = 50, 3
#: a name at least so like another, 0 to 100, may have been meant
_LIKE = 60
#: articles on a topic that are held against somebody's
_ON_TOPIC = 10_000
_FIRST_UNDATED = quote_id(UNDATED, 0)

Names = Sequence[str]


def bearers(db: Connection, index: Index, name: str, *, sure: bool = False) -> dict[str, int]:
    """Every speaker's name that has the surname of `name`, or one a letter apart, with its count of quotes.

    `sure` asks only whether a name stands in speakers' names as it is typed: none, unless it does.
    """
    whole, surname = words_of(name), words_of(Person(name).surname)
    if not whole or not surname or len(whole) > RUN:
        return {}
    found = _speakers(db, index, [whole], _OF_ONE)
    if sure and not found:
        return {}
    found += _speakers(db, index, _spellings(surname), _LOOKED)
    return _counted(db, list(dict.fromkeys(found))[:MOST_NAMES])


def near(db: Connection, index: Index, name: str, limit: int = 5) -> list[str]:
    """The speakers whose names are likest to `name`, of those that share a word with it, give or take one slip."""
    words = words_of(name)[:_WORDS]
    likely = [[one] for word in words for one in [word, *sorted(neighbours(word))]]
    key = search_key(name)
    rated = [(fuzz.WRatio(key, search_key(one)), one) for one in _speakers(db, index, likely, _LOOKED)]
    return [one for rate, one in sorted(rated, key=lambda pair: (-pair[0], pair[1])) if rate >= _LIKE][:limit]


def called(db: Connection, names: Names) -> list[Called]:
    """What the articles call them, the role given most often first; what they give no role for comes last."""
    said = quotes.c.id
    oldest = func.max(said).filter(said < _FIRST_UNDATED)
    query = select(quotes.c.role, func.count(), func.min(said), oldest).where(_by(names)).group_by(quotes.c.role)
    rows = [tuple(row) for row in db.execute(query)]
    rows.sort(key=lambda row: (row[0] is None, -row[1], row[0] or ""))
    sources = _sources(db, {key // PLACES for _, _, *ends in rows for key in ends if key is not None})
    return [
        Called(role, number, None if first is None else sources[first // PLACES], sources[last // PLACES])
        for role, number, last, first in rows
    ]


def said(db: Connection, names: Names, limit: int, skip: int = 0) -> list[Found]:
    """What they said, newest first: at most `limit` quotes after the first `skip`."""
    return read_quotes(db, _ids(db, names, limit, skip))


def on_phrases(db: Connection, index: Index, names: Names, each: Sequence[Sequence[str]]) -> list[OnPhrases]:
    """For each of some lists of phrases, how much of the newest that they said stands in articles on one of them."""
    ids = _ids(db, names, NEWEST)
    numbers = [key // PLACES for key in ids]
    found = []
    for phrases in each:
        wanted = [words for phrase in phrases if 0 < len(words := words_of(phrase)) <= RUN]
        held = set()
        if numbers and wanted:
            sought = ArticlesSought((min(numbers), max(numbers)), [wanted])
            held = set(index.articles(db, sought, _ON_TOPIC))
        days = [day for number in numbers if number in held and (day := day_of(number))]
        count = sum(number in held for number in numbers)
        found.append(OnPhrases(count, min(days, default=None), max(days, default=None)))
    return found


def _spellings(surname: Sequence[str]) -> AnyOf:
    """A surname, and what differs from it by a letter doubled or left out."""
    if len(surname) != 1:
        return [surname]
    (word,) = surname
    return [surname, *([other] for other in sorted(neighbours(word)) if one_letter_apart(word, other))]


def _speakers(db: Connection, index: Index, phrases: AnyOf, looked: int) -> list[str]:
    """Who is named in the newest quotes of speakers whose name holds one of the phrases, the most quoted first."""
    if not phrases:
        return []
    ids = index.quotes(db, QuotesSought(ids_within(None, None), speaker=phrases), looked)
    if not ids:
        return []
    count = func.count()
    query = select(quotes.c.speaker, count).where(quotes.c.id.in_(ids), quotes.c.anonymous.is_(False))
    query = query.where(quotes.c.speaker.is_not(None)).group_by(quotes.c.speaker)
    return list(db.execute(query.order_by(count.desc(), quotes.c.speaker)).scalars())


def _counted(db: Connection, names: Names) -> dict[str, int]:
    query = select(quotes.c.speaker, func.count()).where(_by(names)).group_by(quotes.c.speaker)
    return {row[0]: row[1] for row in db.execute(query)} if names else {}


def _ids(db: Connection, names: Names, limit: int, skip: int = 0) -> list[int]:
    query = select(quotes.c.id).where(_by(names)).order_by(quotes.c.id).limit(limit).offset(skip)
    return list(db.execute(query).scalars())


def _by(names: Names) -> ColumnElement[bool]:
    return and_(quotes.c.speaker.in_(names), quotes.c.anonymous.is_(False))


def _sources(db: Connection, numbers: Iterable[int]) -> dict[int, Source]:
    columns = (articles.c[name] for name in ("number", "id", "outlet", "published", "url", "title"))
    query = select(*columns).where(articles.c.number.in_(sorted(numbers)))
    return {row.number: Source(row.id, row.outlet, row.published, row.url, row.title) for row in db.execute(query)}

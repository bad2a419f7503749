"""Queries about one person: names they are quoted under, their roles, and their quotes.

Rule: names come from the full-text index, and counts from an index of `quotes`; only one page of quotes is read.
Only the newest quotes with a surname are searched for names, so a common surname never costs a scan.
"""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, Connection, and_, func, select

from briefings.attribution.features.person_names import Person, differ_by_one_letter
from briefings.model import Source
from briefings.storage.db.counters import FIRST_UNDATED, QUOTES_PER_ARTICLE, get_day, get_quote_id_range, to_quote_id
from briefings.storage.db.full_text import MAX_PHRASE_WORDS, AnyOf, ArticleQuery, FullTextIndex, QuoteQuery
from briefings.storage.db.row_mapping import to_source
from briefings.storage.db.schema import articles, quotes
from briefings.storage.db.types import RoleUsage, SearchHit, TopicCount
from briefings.storage.search.queries import SOURCE_COLUMNS
from briefings.storage.search.query_terms import find_neighbours, parse_words
from briefings.storage.search.results import read_quotes
from briefings.text.folding import make_search_key

#: newest quotes that are searched for speakers with a surname, and for speakers with a whole name
_MAX_SURNAME_QUOTES, _MAX_NAME_QUOTES = 500, 50
#: newest quotes of a speaker that are counted by topic
MAX_NEWEST_QUOTES = 1_000
#: names returned by one query, and words of a name that are searched
MAX_NAMES, _MAX_NAME_WORDS = 50, 3
#: least similarity of a suggested name: 0 to 100
_MIN_SIMILARITY = 60
#: articles on one topic that are compared with a speaker's articles
_MAX_TOPIC_ARTICLES = 10_000
_FIRST_UNDATED_QUOTE = to_quote_id(FIRST_UNDATED, 0)

Names = Sequence[str]


def find_speaker_names(db: Connection, index: FullTextIndex, name: str, *, exact: bool = False) -> dict[str, int]:
    """Return speakers' names with the surname of `name`, or a surname one letter apart, and their counts of quotes.

    With `exact`, return {} unless a speaker's name contains `name` as typed.
    """
    name_words, surname_words = parse_words(name), parse_words(Person(name).surname)
    if not name_words or not surname_words or len(name_words) > MAX_PHRASE_WORDS:
        return {}
    speakers = _find_speakers(db, index, [name_words], _MAX_NAME_QUOTES)
    if exact and not speakers:
        return {}
    speakers += _find_speakers(db, index, _list_spellings(surname_words), _MAX_SURNAME_QUOTES)
    return _count_quotes(db, list(dict.fromkeys(speakers))[:MAX_NAMES])


def find_similar_names(db: Connection, index: FullTextIndex, name: str, limit: int = 5) -> list[str]:
    """Return the speakers' names most similar to `name` that share a word with it, possibly with one typo."""
    words = parse_words(name)[:_MAX_NAME_WORDS]
    candidates = [[spelling] for word in words for spelling in [word, *sorted(find_neighbours(word))]]
    key = make_search_key(name)
    rated_names = [
        (fuzz.WRatio(key, make_search_key(speaker)), speaker)
        for speaker in _find_speakers(db, index, candidates, _MAX_SURNAME_QUOTES)
    ]
    rated_names.sort(key=lambda pair: (-pair[0], pair[1]))
    return [speaker for similarity, speaker in rated_names if similarity >= _MIN_SIMILARITY][:limit]


def count_roles(db: Connection, names: Names) -> list[RoleUsage]:
    """Return the roles that articles give these names, the most frequent first and quotes without a role last."""
    id_column = quotes.c.id
    oldest = func.max(id_column).filter(id_column < _FIRST_UNDATED_QUOTE)
    query = (
        select(quotes.c.role, func.count(), func.min(id_column), oldest)
        .where(_match_speakers(names))
        .group_by(quotes.c.role)
    )
    rows = [tuple(row) for row in db.execute(query)]
    rows.sort(key=lambda row: (row[0] is None, -row[1], row[0] or ""))
    sources = _load_sources(db, {key // QUOTES_PER_ARTICLE for _, _, *ends in rows for key in ends if key is not None})
    return [
        RoleUsage(
            role,
            number,
            None if first is None else sources[first // QUOTES_PER_ARTICLE],
            sources[last // QUOTES_PER_ARTICLE],
        )
        for role, number, last, first in rows
    ]


def list_quotes(db: Connection, names: Names, limit: int, skip: int = 0) -> list[SearchHit]:
    """Return quotes of these names, newest first: at most `limit`, after the first `skip`."""
    return read_quotes(db, _list_quote_ids(db, names, limit, skip))


def count_by_topic(
    db: Connection, index: FullTextIndex, names: Names, topics: Sequence[Sequence[str]]
) -> list[TopicCount]:
    """Count, for each topic (a list of phrases), the newest quotes of these names in articles on that topic."""
    ids = _list_quote_ids(db, names, MAX_NEWEST_QUOTES)
    numbers = [key // QUOTES_PER_ARTICLE for key in ids]
    topic_counts = []
    for phrases in topics:
        word_lists = [words for phrase in phrases if 0 < len(words := parse_words(phrase)) <= MAX_PHRASE_WORDS]
        matching_numbers = set()
        if numbers and word_lists:
            query = ArticleQuery((min(numbers), max(numbers)), [word_lists])
            matching_numbers = set(index.search_articles(db, query, _MAX_TOPIC_ARTICLES))
        days = [day for number in numbers if number in matching_numbers and (day := get_day(number))]
        count = sum(number in matching_numbers for number in numbers)
        topic_counts.append(TopicCount(count, min(days, default=None), max(days, default=None)))
    return topic_counts


def _list_spellings(surname: Sequence[str]) -> AnyOf:
    """Return a surname and its spellings with one letter doubled or left out."""
    if len(surname) != 1:
        return [surname]
    (word,) = surname
    spellings = [spelling for spelling in sorted(find_neighbours(word)) if differ_by_one_letter(word, spelling)]
    return [surname, *([spelling] for spelling in spellings)]


def _find_speakers(db: Connection, index: FullTextIndex, phrases: AnyOf, limit: int) -> list[str]:
    """Return the speakers of the newest quotes whose speaker name has one of the phrases, the most quoted first."""
    if not phrases:
        return []
    ids = index.search_quotes(db, QuoteQuery(get_quote_id_range(None, None), speaker=phrases), limit)
    if not ids:
        return []
    count = func.count()
    query = select(quotes.c.speaker, count).where(quotes.c.id.in_(ids), quotes.c.anonymous.is_(False))
    query = query.where(quotes.c.speaker.is_not(None)).group_by(quotes.c.speaker)
    return list(db.execute(query.order_by(count.desc(), quotes.c.speaker)).scalars())


def _count_quotes(db: Connection, names: Names) -> dict[str, int]:
    query = select(quotes.c.speaker, func.count()).where(_match_speakers(names)).group_by(quotes.c.speaker)
    return {row[0]: row[1] for row in db.execute(query)} if names else {}


def _list_quote_ids(db: Connection, names: Names, limit: int, skip: int = 0) -> list[int]:
    query = select(quotes.c.id).where(_match_speakers(names)).order_by(quotes.c.id).limit(limit).offset(skip)
    return list(db.execute(query).scalars())


def _match_speakers(names: Names) -> ColumnElement[bool]:
    return and_(quotes.c.speaker.in_(names), quotes.c.anonymous.is_(False))


def _load_sources(db: Connection, numbers: Iterable[int]) -> dict[int, Source]:
    query = select(articles.c.number, *SOURCE_COLUMNS).where(articles.c.number.in_(sorted(numbers)))
    return {row.number: to_source(row) for row in db.execute(query)}

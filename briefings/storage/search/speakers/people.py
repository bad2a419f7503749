"""Queries about one person: names they are quoted under, their roles, and their quotes.

Rule: names come from the full-text index, and counts from an index of `quotes`; only one page of quotes is read.
Only the newest quotes with a surname are searched for names, so a common surname never costs a scan.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, Connection, and_, func, select

from briefings.attribution.features.person_names import Person, differ_by_one_letter
from briefings.model import Source
from briefings.storage.db.counters import (
    FIRST_UNDATED,
    QUOTES_PER_ARTICLE,
    get_day,
    get_quote_id_range,
    to_article_number,
    to_quote_id,
)
from briefings.storage.db.full_text import MAX_PHRASE_WORDS, AnyOf, ArticleQuery, FullTextIndex, QuoteQuery
from briefings.storage.db.raw_rows import fetch_listed
from briefings.storage.db.row_mapping import to_sources
from briefings.storage.db.schema import articles, quotes
from briefings.storage.db.types import RoleUsage, SearchHit, TopicCount
from briefings.storage.search.left_out import MAX_ROWS, drop_left_out, get_left_out, take_allowed
from briefings.storage.search.queries import SOURCE_COLUMNS
from briefings.storage.search.query_terms import find_neighbours, parse_words
from briefings.storage.search.results import read_quotes
from briefings.storage.search.speakers.verified_names import find_unverified, find_unverified_roles
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
#: newest quotes of a speaker that are looked through for a subject
MAX_QUOTES_LOOKED_THROUGH = 20_000
_SELECT_SPEAKERS = "SELECT id, speaker, anonymous FROM quotes WHERE id {}"
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
    return _count_quotes(db, index, list(dict.fromkeys(speakers))[:MAX_NAMES])


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


def count_roles(db: Connection, index: FullTextIndex, names: Names) -> list[RoleUsage]:
    """Return the roles that articles give these names, the most frequent first and quotes without a role last."""
    rows = _group_roles(db, names) if not get_left_out(index) else _group_allowed_roles(db, index, names)
    damaged_roles = find_unverified_roles(db, names, {role: newest for role, _, newest, _ in rows if role is not None})
    rows = [row for row in rows if row[0] not in damaged_roles]
    rows.sort(key=lambda row: (row[0] is None, -row[1], row[0] or ""))
    sources = _load_sources(db, {key // QUOTES_PER_ARTICLE for _, _, *ends in rows for key in ends if key is not None})
    return [
        RoleUsage(
            role,
            number,
            None if first is None else sources.get(first // QUOTES_PER_ARTICLE),
            sources[last // QUOTES_PER_ARTICLE],
        )
        for role, number, last, first in rows
        if last // QUOTES_PER_ARTICLE in sources  # not in a damaged article
    ]


def list_quotes(db: Connection, index: FullTextIndex, names: Names, limit: int, skip: int = 0) -> list[SearchHit]:
    """Return quotes of these names, newest first: at most `limit`, after the first `skip`."""
    return read_quotes(db, _list_quote_ids(db, index, names, limit, skip))


def find_quotes_about(
    db: Connection,
    index: FullTextIndex,
    names: Names,
    phrases: Sequence[str] | None,
    days: tuple[date | None, date | None],
    limit: int,
) -> tuple[list[SearchHit], bool]:
    """Return the newest quotes of these names in articles with one of the phrases, and whether there may be others.

    Without `phrases` (None), all articles count. `days` are the first and last day, both included.
    """
    ids = _list_quote_ids(db, index, names, MAX_QUOTES_LOOKED_THROUGH + 1, ids=get_quote_id_range(*days))
    is_bounded = len(ids) > MAX_QUOTES_LOOKED_THROUGH
    if phrases is not None and ids:
        word_lists = [words for phrase in phrases if 0 < len(words := parse_words(phrase)) <= MAX_PHRASE_WORDS]
        numbers = ids[0] // QUOTES_PER_ARTICLE, ids[-1] // QUOTES_PER_ARTICLE
        article_query = ArticleQuery(numbers, [word_lists])
        found_numbers = index.search_articles(db, article_query, _MAX_TOPIC_ARTICLES) if word_lists else []
        matching_numbers = set(found_numbers)
        is_bounded = is_bounded or len(found_numbers) == _MAX_TOPIC_ARTICLES
        ids = [key for key in ids if key // QUOTES_PER_ARTICLE in matching_numbers]
    return read_quotes(db, ids[:limit]), is_bounded or len(ids) > limit


def count_by_topic(
    db: Connection, index: FullTextIndex, names: Names, topics: Sequence[Sequence[str]]
) -> list[TopicCount]:
    """Count, for each topic (a list of phrases), the newest quotes of these names in articles on that topic."""
    ids = _list_quote_ids(db, index, names, MAX_NEWEST_QUOTES)
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
    ids_by_name: dict[str, list[int]] = {}
    for quote_id, speaker, is_anonymous in fetch_listed(db, _SELECT_SPEAKERS, ids):
        if speaker is not None and not is_anonymous:
            ids_by_name.setdefault(speaker, []).append(quote_id)
    most_quoted = sorted(ids_by_name, key=lambda speaker: (-len(ids_by_name[speaker]), speaker.encode()))
    quote_ids: dict[tuple[str, ...], int] = {(speaker,): min(ids_by_name[speaker]) for speaker in most_quoted}
    unverified = find_unverified(db, quote_ids)
    return [names[0] for names in quote_ids if names not in unverified]


def _count_quotes(db: Connection, index: FullTextIndex, names: Names) -> dict[str, int]:
    if not names:
        return {}
    if get_left_out(index):
        return Counter(speaker or "" for _, speaker in _list_allowed(db, index, names, quotes.c.speaker))
    query = select(quotes.c.speaker, func.count()).where(_match_speakers(names)).group_by(quotes.c.speaker)
    return {row[0]: row[1] for row in db.execute(query)}


#: a role, its count of quotes, and the newest and the oldest dated quote id
_RoleRow = tuple[str | None, int, int, int | None]


def _group_roles(db: Connection, names: Names) -> list[_RoleRow]:
    id_column = quotes.c.id
    oldest = func.max(id_column).filter(id_column < _FIRST_UNDATED_QUOTE)
    columns = (quotes.c.role, func.count(), func.min(id_column), oldest)
    query = select(*columns).where(_match_speakers(names)).group_by(quotes.c.role)
    return [(role, number, newest, oldest) for role, number, newest, oldest in db.execute(query)]


def _group_allowed_roles(db: Connection, index: FullTextIndex, names: Names) -> list[_RoleRow]:
    ids_by_role: dict[str | None, list[int]] = {}
    for quote_id, role in _list_allowed(db, index, names, quotes.c.role):
        ids_by_role.setdefault(role, []).append(quote_id)
    return [
        (role, len(ids), ids[0], max((key for key in ids if key < _FIRST_UNDATED_QUOTE), default=None))
        for role, ids in ids_by_role.items()
    ]


def _list_allowed(
    db: Connection, index: FullTextIndex, names: Names, column: ColumnElement[str | None]
) -> list[tuple[int, str | None]]:
    """Return the ids of these names' newest quotes that the index does not leave out, with the value of a column."""
    query = select(quotes.c.id, column).where(_match_speakers(names)).order_by(quotes.c.id).limit(MAX_ROWS)
    values: dict[int, str | None] = {row[0]: row[1] for row in db.execute(query)}
    allowed_ids = drop_left_out(db, get_left_out(index), list(values), to_article_number)
    return [(quote_id, values[quote_id]) for quote_id in allowed_ids]


def _list_quote_ids(
    db: Connection,
    index: FullTextIndex,
    names: Names,
    limit: int,
    skip: int = 0,
    ids: tuple[int, int] | None = None,
) -> list[int]:
    query = select(quotes.c.id).where(_match_speakers(names)).order_by(quotes.c.id)
    query = query if ids is None else query.where(quotes.c.id.between(*ids))
    sources = get_left_out(index)
    if not sources:
        return list(db.execute(query.limit(limit).offset(skip)).scalars())
    allowed_ids = take_allowed(
        db,
        sources,
        limit + skip,
        lambda size: list(db.execute(query.limit(size)).scalars()),
        to_article_number,
    )
    return allowed_ids[skip:]


def _match_speakers(names: Names) -> ColumnElement[bool]:
    return and_(quotes.c.speaker.in_(names), quotes.c.anonymous.is_(False))


def _load_sources(db: Connection, numbers: Iterable[int]) -> dict[int, Source]:
    query = select(articles.c.number, *SOURCE_COLUMNS).where(articles.c.number.in_(sorted(numbers)))
    return {row.number: source for row, source in to_sources(db.execute(query))}

"""Tell people of one name apart: their articles give unrelated roles, and have few names in common.

Rule: articles belong to one person if a role of one says the same as a role of the other ("director", "former FBI
director"), or if they have many names in common. An article without a role belongs to the person with whose articles
it has names in common, or else to the most quoted one. Only a name in few articles is examined.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from briefings.source_filter import NO_SOURCES, SourceFilter
from briefings.storage.db.counters import QUOTES_PER_ARTICLE
from briefings.storage.db.schema import articles, quotes
from briefings.storage.search.left_out import MAX_ROWS, drop_left_out
from briefings.text import lexicon
from briefings.text.folding import make_search_key

#: a name in more articles is one person's: some of them have names in common
_MAX_ARTICLES = 100
#: pairs of an article and a role that are read
_MAX_ROWS = 2 * _MAX_ARTICLES
#: names that the articles of one person have in common: so many words, and this share of the shorter list. All pairs
#: of articles on one story have them, and 8 % of the pairs on two stories
_MIN_SHARED_NAMES, _MIN_SHARE = 4, 0.2
#: an article with fewer names proves nothing
_MIN_NAMES = 2
#: characters of an article that are read for names
_MAX_CHARACTERS = 8_000
#: a capitalised word of four letters or more that does not open a sentence or a line
_NAME_WORD = re.compile(r"(?<![.!?“\"] )(?<!\n)\b[A-Z][^\W\d_]{3,}")
_ARTICLE = quotes.c.id // QUOTES_PER_ARTICLE


@dataclass(frozen=True, slots=True)
class Bearer:
    """One bearer of a name: roles, the most frequent first, and counts of quotes and articles."""

    roles: tuple[str, ...]
    quotes: int
    articles: int


@dataclass(slots=True)
class _Group:
    """Articles of one bearer."""

    numbers: set[int]
    roles: Counter[str]


def find_bearers(db: Connection, spellings: Sequence[str], left_out: SourceFilter = NO_SOURCES) -> tuple[Bearer, ...]:
    """Return the bearers of a name with these spellings, the most quoted first; () if there is only one.

    Articles of the sources `left_out` do not count.
    """
    query = (
        select(_ARTICLE.label("number"), quotes.c.role, func.count().label("quote_count"))
        .where(quotes.c.speaker.in_(spellings), quotes.c.anonymous.is_(False))
        .group_by(_ARTICLE, quotes.c.role)
        .order_by(_ARTICLE)
        .limit(MAX_ROWS if left_out else _MAX_ROWS)
    )
    rows = db.execute(query).all()
    allowed_numbers = set(drop_left_out(db, left_out, [row.number for row in rows]))
    quote_counts, roles_by_article = Counter[int](), defaultdict[int, Counter[str]](Counter)
    for row in [row for row in rows if row.number in allowed_numbers][:_MAX_ROWS]:
        quote_counts[row.number] += row.quote_count
        if row.role:
            roles_by_article[row.number][row.role] += row.quote_count
    groups = _group_by_role(roles_by_article)
    if len(groups) < 2 or len(quote_counts) > _MAX_ARTICLES:
        return ()
    names = _read_names(db, list(quote_counts), spellings)
    groups = _join_by_names(groups, names)
    if len(groups) < 2:
        return ()
    groups.sort(key=lambda group: (-sum(quote_counts[number] for number in group.numbers), min(group.numbers)))
    for number in sorted(quote_counts.keys() - roles_by_article.keys()):
        owner = next((group for group in groups if _share_names([number], group.numbers, names)), groups[0])
        owner.numbers.add(number)
    return tuple(
        Bearer(sort_roles(group.roles), sum(quote_counts[number] for number in group.numbers), len(group.numbers))
        for group in groups
    )


def sort_roles(role_counts: Counter[str]) -> tuple[str, ...]:
    """Return roles, the most frequent first; spellings that differ only in capitals are one role."""
    counts, spellings = Counter[str](), defaultdict[str, list[str]](list)
    for role in sorted(role_counts, key=lambda role: (-role_counts[role], role)):
        counts[role.casefold()] += role_counts[role]
        spellings[role.casefold()].append(role)
    return tuple(spellings[key][0] for key in sorted(counts, key=lambda key: (-counts[key], spellings[key][0])))


def say_the_same(role: str, other_role: str) -> bool:
    """Whether two roles can be one office: one has all words of the other, or they share more than a common office."""
    words, other_words = _read_words(role), _read_words(other_role)
    return words <= other_words or other_words <= words or bool((words & other_words) - lexicon.load_words("offices"))


def _read_words(role: str) -> frozenset[str]:
    ignored_words = lexicon.load_words("stop_words") | {"former", "ex", "then", "acting", "new", "longtime"}
    return frozenset(word for word in make_search_key(role).split() if word not in ignored_words)


def _group_by_role(roles_by_article: dict[int, Counter[str]]) -> list[_Group]:
    groups: list[_Group] = []
    for number, roles in sorted(roles_by_article.items()):
        same = [group for group in groups if any(say_the_same(a, b) for a in roles for b in group.roles)]
        groups = [group for group in groups if group not in same]
        groups.append(_merge([*same, _Group({number}, roles)]))
    return groups


def _join_by_names(groups: Sequence[_Group], names: dict[int, frozenset[str]]) -> list[_Group]:
    joined_groups: list[_Group] = []
    for group in groups:
        linked = [other for other in joined_groups if _share_names(group.numbers, other.numbers, names)]
        joined_groups = [other for other in joined_groups if other not in linked]
        joined_groups.append(_merge([*linked, group]))
    return joined_groups


def _merge(groups: Sequence[_Group]) -> _Group:
    roles = Counter[str]()
    for group in groups:
        roles.update(group.roles)
    return _Group({number for group in groups for number in group.numbers}, roles)


def _share_names(numbers: Iterable[int], other_numbers: Iterable[int], names: dict[int, frozenset[str]]) -> bool:
    """Whether an article of each group have many names in common."""
    pairs = [(names[number], names[other]) for number in numbers for other in other_numbers]
    return any(
        min(len(first), len(second)) < _MIN_NAMES
        or len(first & second) >= max(_MIN_SHARED_NAMES, _MIN_SHARE * min(len(first), len(second)))
        for first, second in pairs
    )


def _read_names(db: Connection, numbers: Sequence[int], spellings: Sequence[str]) -> dict[int, frozenset[str]]:
    """Return the capitalised words within sentences of each article, without those of the name itself."""
    opening = func.substr(articles.c.text, 1, _MAX_CHARACTERS).label("opening")
    own_words = {word for spelling in spellings for word in make_search_key(spelling).split()}
    ignored_words = own_words | lexicon.load_words("stop_words") | lexicon.load_words("months_and_days")
    return {
        row.number: frozenset(word.lower() for word in _NAME_WORD.findall(row.opening)) - ignored_words
        for row in db.execute(select(articles.c.number, opening).where(articles.c.number.in_(numbers)))
    }

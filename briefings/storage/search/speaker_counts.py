"""Who is quoted by name in the whole record, and how much.

Rule: an index of the quotes alone is read. A surname counts as the one speaker of the record who bears it; one that two
bear, or nobody does by a longer name, stays by itself.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, and_, distinct, func, select

from briefings.attribution.features.person_names import Person as Name
from briefings.storage.db.counters import QUOTES_PER_ARTICLE
from briefings.storage.db.schema import quotes
from briefings.storage.db.types import QuotedPerson

_HAS_NAME = and_(quotes.c.speaker.is_not(None), quotes.c.anonymous.is_(False))
#: rows of name, count of quotes and count of articles; the article is in the number of each quote
_QUOTE_COUNTS = (
    select(quotes.c.speaker, func.count(), func.count(distinct(quotes.c.id // QUOTES_PER_ARTICLE)))
    .where(_HAS_NAME)
    .group_by(quotes.c.speaker)
)
_ROLE_COUNTS = (
    select(quotes.c.speaker, quotes.c.role, func.count())
    .where(_HAS_NAME, quotes.c.role.is_not(None))
    .group_by(quotes.c.speaker, quotes.c.role)
)


def list_speakers(db: Connection, limit: int) -> tuple[QuotedPerson, ...]:
    """The most quoted first, at most `limit`, with every role the articles give, the one given most often first."""
    count_rows = [(name, number, article_count) for name, number, article_count in db.execute(_QUOTE_COUNTS)]
    whole_names = _map_surnames(name for name, _, _ in count_rows)
    quote_counts, article_counts, roles = Counter[str](), Counter[str](), defaultdict[str, Counter[str]](Counter)
    for (
        name,
        number,
        article_count,
    ) in count_rows:  # an article calls one person by one name, so that no article is counted twice
        quote_counts[whole_names.get(name, name)] += number
        article_counts[whole_names.get(name, name)] += article_count
    top_names = sorted(quote_counts, key=lambda name: (-quote_counts[name], name))[:limit]
    for name, role, number in db.execute(_ROLE_COUNTS):
        roles[whole_names.get(name, name)][role] += number
    return tuple(
        QuotedPerson(name, _sort_by_count(roles[name]), quote_counts[name], article_counts[name]) for name in top_names
    )


def _map_surnames(names: Iterable[str]) -> dict[str, str]:
    """Surnames that stand alone, with the name of the one who bears them."""
    surnames, full_names = set[str](), defaultdict[str, list[str]](list)
    for name in names:
        if " " in name:
            full_names[Name(name).surname].append(name)
        else:
            surnames.add(name)
    return {name: matches[0] for name in surnames if len(matches := full_names.get(Name(name).surname, [])) == 1}


def _sort_by_count(role_counts: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(role_counts, key=lambda role: (-role_counts[role], role)))

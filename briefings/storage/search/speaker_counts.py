"""List the speakers in the database with their counts of quotes.

Rule: only an index of `quotes` is read. A bare surname counts for the speaker with that surname if there is exactly
one; otherwise it is listed separately.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, and_, distinct, func, select

from briefings.attribution.features.person_names import Person as Name
from briefings.storage.db.counters import QUOTES_PER_ARTICLE
from briefings.storage.db.schema import quotes
from briefings.storage.db.types import QuotedPerson

_HAS_NAME = and_(quotes.c.speaker.is_not(None), quotes.c.anonymous.is_(False))
#: rows of name, count of quotes and count of articles; a quote id contains the article number
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
    """Return up to `limit` speakers, the most quoted first, with their roles, the most frequent first."""
    count_rows = [(name, number, article_count) for name, number, article_count in db.execute(_QUOTE_COUNTS)]
    whole_names = _map_surnames(name for name, _, _ in count_rows)
    quote_counts, article_counts, roles = Counter[str](), Counter[str](), defaultdict[str, Counter[str]](Counter)
    # an article uses one name per person, so no article is counted twice
    for name, number, article_count in count_rows:
        quote_counts[whole_names.get(name, name)] += number
        article_counts[whole_names.get(name, name)] += article_count
    top_names = sorted(quote_counts, key=lambda name: (-quote_counts[name], name))[:limit]
    for name, role, number in db.execute(_ROLE_COUNTS):
        roles[whole_names.get(name, name)][role] += number
    return tuple(
        QuotedPerson(name, _sort_by_count(roles[name]), quote_counts[name], article_counts[name]) for name in top_names
    )


def _map_surnames(names: Iterable[str]) -> dict[str, str]:
    """Map each bare surname to the only full name with it."""
    surnames, full_names = set[str](), defaultdict[str, list[str]](list)
    for name in names:
        if " " in name:
            full_names[Name(name).surname].append(name)
        else:
            surnames.add(name)
    return {name: matches[0] for name in surnames if len(matches := full_names.get(Name(name).surname, [])) == 1}


def _sort_by_count(role_counts: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(role_counts, key=lambda role: (-role_counts[role], role)))

"""Who is quoted by name in the whole record, and how much.

Rule: an index of the quotes alone is read. A surname counts as the one speaker of the record who bears it; one that two
bear, or nobody does by a longer name, stays by itself.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, and_, distinct, func, select

from briefings.quotes.names import Person as Name
from briefings.record.numbers import PLACES
from briefings.record.schema import quotes
from briefings.record.values import Person

_NAMED = and_(quotes.c.speaker.is_not(None), quotes.c.anonymous.is_(False))
#: rows of name, count of quotes and count of articles; the article is in the number of each quote
_SAID = (
    select(quotes.c.speaker, func.count(), func.count(distinct(quotes.c.id // PLACES)))
    .where(_NAMED)
    .group_by(quotes.c.speaker)
)
_ROLES = (
    select(quotes.c.speaker, quotes.c.role, func.count())
    .where(_NAMED, quotes.c.role.is_not(None))
    .group_by(quotes.c.speaker, quotes.c.role)
)


def speakers(db: Connection, limit: int) -> tuple[Person, ...]:
    """The most quoted first, at most `limit`, with every role the articles give, the one given most often first."""
    said = [(name, number, where) for name, number, where in db.execute(_SAID)]
    whole = _whole_names(name for name, _, _ in said)
    numbers, places, roles = Counter[str](), Counter[str](), defaultdict[str, Counter[str]](Counter)
    for name, number, where in said:  # an article calls one person by one name, so that no article is counted twice
        numbers[whole.get(name, name)] += number
        places[whole.get(name, name)] += where
    first = sorted(numbers, key=lambda name: (-numbers[name], name))[:limit]
    for name, role, number in db.execute(_ROLES):
        roles[whole.get(name, name)][role] += number
    return tuple(Person(name, _in_order(roles[name]), numbers[name], places[name]) for name in first)


def _whole_names(names: Iterable[str]) -> dict[str, str]:
    """Surnames that stand alone, with the name of the one who bears them."""
    alone, bearers = set[str](), defaultdict[str, list[str]](list)
    for name in names:
        if " " in name:
            bearers[Name(name).surname].append(name)
        else:
            alone.add(name)
    return {name: one[0] for name in alone if len(one := bearers.get(Name(name).surname, [])) == 1}


def _in_order(given: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(given, key=lambda role: (-given[role], role)))

"""List the people in the database who are quoted, with their counts of quotes: one entry a person.

Rule: spellings of one name are one person. A bare surname counts for the only person with it; if several people have
it, for the one whose role an article gives with it. Otherwise it has its own entry, which says who shares it.
Rule: bodies, places and documents speak too, but are no people. A person is named in full by an article, or has a
known first name. Counts are read from an index of `quotes` only.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from sqlalchemy import Connection, and_, distinct, func, select

from briefings.attribution.features.person_names import Person as Name
from briefings.attribution.name_clustering import cluster_names
from briefings.storage.db.counters import QUOTES_PER_ARTICLE
from briefings.storage.db.schema import people, quotes
from briefings.storage.db.types import QuotedPerson
from briefings.storage.search.speakers.namesakes import find_bearers, say_the_same, sort_roles
from briefings.storage.search.speakers.verified_names import Names, find_unverified
from briefings.text import lexicon
from briefings.text.folding import make_search_key
from briefings.text.words import load_table

#: last words of a headline scrap: "Tribune CEO"
_OFFICE_ENDS = frozenset(["ceo", "cfo", "md", "mp", "vp"])
_HAS_NAME = and_(quotes.c.speaker.is_not(None), quotes.c.anonymous.is_(False))
#: rows of name, count of quotes, count of articles and a quote's id; a quote id contains the article number
_QUOTE_COUNTS = (
    select(
        quotes.c.speaker, func.count(), func.count(distinct(quotes.c.id // QUOTES_PER_ARTICLE)), func.min(quotes.c.id)
    )
    .where(_HAS_NAME)
    .group_by(quotes.c.speaker)
)
_ROLE_COUNTS = (
    select(
        quotes.c.speaker,
        quotes.c.role,
        func.count(),
        func.count(distinct(quotes.c.id // QUOTES_PER_ARTICLE)),
        func.min(quotes.c.id),
    )
    .where(_HAS_NAME, quotes.c.role.is_not(None))
    .group_by(quotes.c.speaker, quotes.c.role)
)


@dataclass(slots=True)
class _Entry:
    """One person while the counts are added up. `spellings` has the name first."""

    spellings: tuple[str, ...]
    quotes: int = 0
    articles: int = 0
    roles: Counter[str] = field(default_factory=Counter)
    sharers: tuple[str, ...] = ()

    def add(self, quote_count: int, article_count: int) -> None:
        # an article uses one name per person, so no article is counted twice
        self.quotes += quote_count
        self.articles += article_count

    def has_role(self, role: str) -> bool:
        return any(say_the_same(role, other_role) for other_role in self.roles)


def list_speakers(db: Connection, limit: int) -> tuple[QuotedPerson, ...]:
    """Return up to `limit` people, the most quoted first, with their roles, the most frequent first."""
    counts: dict[str, tuple[int, int]] = {}
    roles: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    quote_ids: dict[Names, int] = {}
    for name, quote_count, article_count, quote_id in db.execute(_QUOTE_COUNTS):
        counts[name] = quote_count, article_count
        quote_ids[name,] = quote_id
    for name, role, quote_count, article_count, quote_id in db.execute(_ROLE_COUNTS):
        roles[name][role] = (quote_count, article_count)
        quote_ids[name, role] = quote_id
    entries = _build_entries(counts, roles)
    listed_people = _drop_unverified(db, list(islice(_iterate_people(db, entries), limit)), quote_ids)
    return tuple(sorted(listed_people, key=lambda person: -person.quotes))


def _drop_unverified(
    db: Connection, listed_people: Sequence[QuotedPerson], quote_ids: dict[Names, int]
) -> list[QuotedPerson]:
    """Leave out names and roles that no intact quote has: the counts come from an index, which can be damaged."""
    spellings = {name for person in listed_people for name in (person.name, *person.aliases)}
    unverified = find_unverified(db, {names: key for names, key in quote_ids.items() if names[0] in spellings})
    if not unverified:
        return list(listed_people)
    wrong_roles = {names[1] for names in unverified if len(names) > 1}
    return [
        replace(
            person,
            aliases=tuple(name for name in person.aliases if (name,) not in unverified),
            roles=tuple(role for role in person.roles if role not in wrong_roles),
            shared_by=tuple(name for name in person.shared_by if (name,) not in unverified),
        )
        for person in listed_people
        if (person.name,) not in unverified
    ]


def _build_entries(counts: dict[str, tuple[int, int]], roles: dict[str, dict[str, tuple[int, int]]]) -> list[_Entry]:
    """Return an entry for each person and each shared surname, the most quoted first."""
    entries = []
    for cluster in cluster_names({name: count for name, (count, _) in counts.items()}):
        entry = _Entry(cluster.spellings)
        for name in cluster.spellings:
            entry.add(*counts[name])
            entry.roles.update({role: number for role, (number, _) in roles[name].items()})
        entries.append(entry)
    entries_by_name: dict[str, list[_Entry]] = defaultdict(list)
    for entry in entries:
        if " " in make_search_key(entry.spellings[0]):
            full_name = Name(entry.spellings[0])
            for key in {full_name.surname, full_name.first_name}:
                entries_by_name[make_search_key(key)].append(entry)
    for entry in entries:
        if " " not in make_search_key(entry.spellings[0]):
            _assign_single_name(entry, entries_by_name[make_search_key(entry.spellings[0])], roles)
    return sorted((entry for entry in entries if entry.quotes), key=lambda entry: (-entry.quotes, entry.spellings[0]))


def _assign_single_name(entry: _Entry, bearers: Sequence[_Entry], roles: dict[str, dict[str, tuple[int, int]]]) -> None:
    """Move the quotes of a single name that are given with the role of exactly one bearer to that person."""
    key = make_search_key(entry.spellings[0])
    entry.sharers = tuple(
        bearer.spellings[0] for bearer in bearers if make_search_key(Name(bearer.spellings[0]).surname) == key
    )
    for name in entry.spellings:
        for role, (quote_count, article_count) in roles[name].items():
            owners = [bearer for bearer in bearers if bearer.has_role(role)]
            if len(owners) == 1:
                owners[0].add(quote_count, article_count)
                owners[0].spellings = tuple(dict.fromkeys([*owners[0].spellings, name]))
                entry.add(-quote_count, -article_count)
                del entry.roles[role]


def _iterate_people(db: Connection, entries: Iterable[_Entry]) -> Iterator[QuotedPerson]:
    for entry in entries:
        sharers = tuple(name for name in entry.sharers if _is_full_name_of_person(db, [name]))
        if _is_person(db, entry, sharers):
            yield from _build_people(db, entry, sharers if len(sharers) > 1 else ())


def _build_people(db: Connection, entry: _Entry, sharers: tuple[str, ...]) -> Iterator[QuotedPerson]:
    """Yield the person of an entry, or several people of one name."""
    name, *aliases = entry.spellings
    person = QuotedPerson(
        name, sort_roles(entry.roles), entry.quotes, entry.articles, tuple(aliases), shared_by=sharers
    )
    bearers = find_bearers(db, _list_full_names(entry)) if len(person.roles) > 1 else ()
    if not bearers:
        yield person
    for bearer in bearers:
        yield replace(person, roles=bearer.roles, quotes=bearer.quotes, articles=bearer.articles, bearers=len(bearers))


def _is_person(db: Connection, entry: _Entry, sharers: Sequence[str]) -> bool:
    """Whether an entry is a person. A single name is one if several people share it, or if it has a role."""
    if full_names := _list_full_names(entry):
        return _is_full_name_of_person(db, full_names)
    return len(sharers) > 1 or (bool(entry.roles) and not entry.spellings[0].isupper())


def _is_full_name_of_person(db: Connection, full_names: Sequence[str]) -> bool:
    words = make_search_key(full_names[0]).split()
    if words[0] in load_table("first_names") or words[0] in load_table("given_names"):
        return True
    if lexicon.load_words("organisations").intersection(words) or words[-1] in _OFFICE_ENDS | lexicon.load_words(
        "offices"
    ):
        return False
    return bool(db.execute(select(people.c.name).where(people.c.name.in_(full_names)).limit(1)).first())


def _list_full_names(entry: _Entry) -> list[str]:
    return [name for name in entry.spellings if " " in make_search_key(name)]

"""Complete speaker names from the articles of one story, and resolve descriptions such as "the Labour leader".

Rule: a surname is completed only if one person of the story has it; the order of the articles does not matter. Rule:
a description resolves only if the article itself uses those words, always for the same person.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import itemgetter
from typing import TypeVar

from briefings.article.marked_view import build_prose_view
from briefings.attribution.features.person_names import (
    differ_by_one_letter,
    normalise_name,
    split_name,
)
from briefings.attribution.people.naming.known_roles import load_known_roles
from briefings.model import Article, Quote, Speaker
from briefings.similarity.story_memory import StoryMemory
from briefings.text.folding import make_search_key

#: number of articles whose names are cached
_CACHE_SIZE = 2_048
#: number of articles whose descriptions are cached
_DESCRIPTION_CACHE_SIZE = 256
#: number of surnames whose possible spellings are cached
_SPELLINGS_CACHE_SIZE = 4_096
#: a description is a person's from this probability on
MIN_DESCRIPTION_CONFIDENCE = 0.5

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person of the story: the most common spelling, and the job titles from its articles, most common first."""

    name: str
    roles: tuple[str, ...]


#: returns the people that an article names in full; lets callers pass stored results
PeopleLookup = Callable[[Article], Sequence[KnownPerson]]


@lru_cache(maxsize=_CACHE_SIZE)
def find_full_names(article: Article) -> tuple[KnownPerson, ...]:
    """Return the people that one article names in full. Cached, because a story is requested often."""
    # the models are slow to import, and these names are stored with each article
    from briefings.attribution.attributions import split_into_parts
    from briefings.attribution.features.document import parse_document
    from briefings.attribution.models.weights import load_models
    from briefings.attribution.people.models import load_people_models
    from briefings.attribution.people.resolver import find_people_in_full

    return tuple(
        KnownPerson(name, roles)
        for _, part in split_into_parts(build_prose_view(article))
        for name, roles in find_people_in_full(parse_document(part, load_models().tagger), load_people_models())
    )


def complete_speakers(
    batch: Sequence[tuple[Article, tuple[Quote, ...]]],
    find_names: PeopleLookup = find_full_names,
    surnames: Container[str | None] | None = None,
    memory: StoryMemory | None = None,
) -> list[tuple[Article, tuple[Quote, ...]]]:
    """Return the quotes of one story's articles in the same order, with names and job titles completed.

    If `surnames` is given, speakers with other surnames are unchanged. `memory` is what is known of the story.
    """
    memory = memory or StoryMemory()
    people_by_surname = collect_people((article for article, _ in batch), find_names, memory)
    completed_batch = []
    for article, quotes in batch:
        surname_of_quotes = memory.recall(article.id, _list_surnames, quotes)
        # the order in which one article's people are looked up is that of its quotes
        relevant_people = _select_namesakes(people_by_surname, surname_of_quotes, surnames)
        completed_batch.append((article, memory.recall(article.id, _complete_speakers, quotes, relevant_people)))
    return completed_batch


def complete_quotes(
    quotes: tuple[Quote, ...],
    people_by_article: Iterable[Sequence[KnownPerson]],
    surnames: Container[str | None] | None = None,
) -> tuple[Quote, ...]:
    """Return the quotes of one article, with names and job titles completed from the people of its story's articles.

    If `surnames` is given, speakers with other surnames are unchanged.
    """
    split_people = (pair for people in people_by_article for pair in _split_names(tuple(people)))
    people_by_surname = _index_by_surname(_group_by_first_name(split_people), StoryMemory())
    return complete_from_index(quotes, people_by_surname, surnames)


def complete_from_index(
    quotes: tuple[Quote, ...],
    people_by_surname: Mapping[str, tuple[KnownPerson, ...]],
    surnames: Container[str | None] | None = None,
) -> tuple[Quote, ...]:
    """Return the quotes of one article, completed as `complete_quotes` does, from what `collect_people` returned."""
    return _complete_speakers(quotes, _select_namesakes(people_by_surname, _list_surnames(quotes), surnames))


def get_surname(quote: Quote) -> str | None:
    """Return the surname of a named speaker, or None."""
    return None if quote.speaker is None or quote.speaker.anonymous else split_name(quote.speaker.name)[1]


def complete_by_surname(
    quotes: tuple[Quote, ...], people_by_surname: Mapping[str, Iterable[Sequence[KnownPerson]]]
) -> tuple[Quote, ...]:
    """Return the quotes of one article, with the names of speakers with these surnames completed.

    Each surname is completed from articles of its own: what each of them names in full.
    """
    namesakes: dict[str, tuple[KnownPerson, ...]] = {}
    for surname, people_by_article in people_by_surname.items():
        related_people = select_related_people(dict(enumerate(people_by_article)), {surname}).values()
        split_people = (pair for people in related_people for pair in _split_names(tuple(people)))
        index = _index_by_surname(_group_by_first_name(split_people), StoryMemory())
        namesakes[surname] = index.get(surname, ())
    return complete_from_index(quotes, namesakes, namesakes)


@lru_cache(maxsize=_SPELLINGS_CACHE_SIZE)
def list_possible_spellings(surname: str) -> frozenset[str]:
    """Return a surname and all that differ from it by one letter, as `differ_by_one_letter` says. Cached."""
    longer = {
        surname[:place] + letter + surname[place:]
        for place in range(len(surname) + 1)
        for letter in ("e", "h", surname[max(0, place - 1) : place])
    }
    shorter = {surname[:place] + surname[place + 1 :] for place in range(len(surname))}
    return frozenset({surname, *(other for other in longer | shorter if differ_by_one_letter(surname, other))})


def select_related_people(
    people_by_article: Mapping[_Key, Sequence[KnownPerson]], surnames: Container[str | None]
) -> dict[_Key, list[KnownPerson]]:
    """Select the people that are needed to complete `surnames`, by article.

    These are all people who share a first name with a person of those surnames. For these surnames, `collect_people`
    gives the same result with the selection as with everyone.
    """
    first_names = {
        first
        for known_people in people_by_article.values()
        for person in known_people
        for first, surname in [split_name(person.name)]
        if surname in surnames
    }
    return {
        key: [person for person in known_people if split_name(person.name)[0] in first_names]
        for key, known_people in people_by_article.items()
    }


def collect_people(
    articles: Iterable[Article], find_names: PeopleLookup = find_full_names, memory: StoryMemory | None = None
) -> dict[str, tuple[KnownPerson, ...]]:
    """Return everyone that the articles name in full, by surname. Spellings one letter apart are one person."""
    memory = memory or StoryMemory()
    split_people = (
        pair for article in articles for pair in memory.recall(article.id, _split_names, tuple(find_names(article)))
    )
    return _index_by_surname(_group_by_first_name(split_people), memory)


def _group_by_first_name(split_people: Iterable[tuple[str, KnownPerson]]) -> dict[str, list[KnownPerson]]:
    people_by_first_name: dict[str, list[KnownPerson]] = defaultdict(list)
    for first_name, person in split_people:
        people_by_first_name[first_name].append(person)
    return people_by_first_name


def _index_by_surname(
    people_by_first_name: Mapping[str, Sequence[KnownPerson]], memory: StoryMemory
) -> dict[str, tuple[KnownPerson, ...]]:
    """Return everyone by surname, with the spellings of one person merged."""
    merged_people = sorted(
        (
            merged_person
            for first_name, people in people_by_first_name.items()
            for merged_person in memory.recall(first_name, _merge_people, tuple(people))
        ),
        key=itemgetter(0),
    )
    people_by_surname: dict[str, list[KnownPerson]] = {}
    for _, surnames, person in merged_people:
        for surname in surnames:
            people_by_surname.setdefault(surname, []).append(person)
    return {surname: tuple(people) for surname, people in people_by_surname.items()}


def _select_namesakes(
    people_by_surname: Mapping[str, tuple[KnownPerson, ...]],
    quote_surnames: Sequence[str | None],
    surnames: Container[str | None] | None,
) -> tuple[tuple[KnownPerson, ...] | None, ...]:
    """Return the people with the surname of each quote's speaker; None for a surname that is not asked for."""
    return tuple(
        people_by_surname.get(surname or "", ()) if surnames is None or surname in surnames else None
        for surname in quote_surnames
    )


def _split_names(people: tuple[KnownPerson, ...]) -> tuple[tuple[str, KnownPerson], ...]:
    return tuple((split_name(person.name)[0], person) for person in people)


def _merge_people(people: tuple[KnownPerson, ...]) -> tuple[tuple[str, tuple[str, ...], KnownPerson], ...]:
    """Return everyone among people with one first name: a sort key, their surnames as spelt, and the person."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    roles: dict[str, Counter[str]] = defaultdict(Counter)
    for person in people:
        key = normalise_name(person.name)
        spellings[key][person.name] += 1
        roles[key].update(person.roles)
    merged_people = []
    for key, (spelling_counts, role_counts) in _merge_spellings(spellings, roles).items():
        best_spelling = min(spelling_counts, key=lambda name: (-spelling_counts[name], -len(name), name))
        ranked_roles = sorted(role_counts, key=lambda role: (-role_counts[role], role))
        surnames = tuple(sorted({split_name(name)[1] for name in spelling_counts}))
        merged_people.append((key, surnames, KnownPerson(best_spelling, tuple(ranked_roles))))
    return tuple(merged_people)


def _list_surnames(quotes: tuple[Quote, ...]) -> tuple[str | None, ...]:
    return tuple(map(get_surname, quotes))


def _complete_speakers(
    quotes: tuple[Quote, ...], people: tuple[Sequence[KnownPerson] | None, ...]
) -> tuple[Quote, ...]:
    """Complete each speaker from the people with the surname; one without people (None) is unchanged."""
    return tuple(
        quote if namesakes is None else _complete_speaker(quote, namesakes)
        for quote, namesakes in zip(quotes, people, strict=True)
    )


def resolve_description(article: Article, words: str) -> str | None:
    """Return the name of the person that `article` describes with `words` ("Labour leader"), or None if unclear."""
    matching_names = {name for key, name in _find_descriptions(article) if key == make_search_key(words)}
    return matching_names.pop() if len(matching_names) == 1 else None


def _merge_spellings(
    spellings: dict[str, Counter[str]], roles: dict[str, Counter[str]]
) -> dict[str, tuple[Counter[str], Counter[str]]]:
    merged_people: dict[str, tuple[Counter[str], Counter[str]]] = {}
    by_first: dict[str, list[str]] = defaultdict(list)
    for key in sorted(spellings, key=lambda name: (-len(name), name)):
        first, surname = split_name(key)
        matches = [
            other_key for other_key in by_first[first] if differ_by_one_letter(split_name(other_key)[1], surname)
        ]
        if matches:
            merged_people[matches[0]][0].update(spellings[key])
            merged_people[matches[0]][1].update(roles[key])
        else:
            merged_people[key] = (Counter(spellings[key]), Counter(roles[key]))
            by_first[first].append(key)
    return merged_people


def _complete_speaker(quote: Quote, namesakes: Sequence[KnownPerson]) -> Quote:
    speaker = quote.speaker
    if speaker is None or speaker.anonymous:
        return quote
    person = _find_person(speaker.name, namesakes)
    if person is None or _is_namesake(speaker, person):
        return quote
    role = speaker.role or (person.roles[0] if person.roles else None)
    if (person.name, role) == (speaker.name, speaker.role):
        return quote
    reason_suffix = "" if person.name == speaker.name or " " in speaker.name else "; full name from another article"
    return replace(quote, speaker=Speaker(person.name, role), reason=quote.reason + reason_suffix)


def _find_person(name: str, namesakes: Sequence[KnownPerson]) -> KnownPerson | None:
    """Return the only person with the surname that `name` can mean, or None."""
    if first := split_name(name)[0]:
        namesakes = [person for person in namesakes if split_name(person.name)[0] == first]
    return namesakes[0] if len(namesakes) == 1 else None


def _is_namesake(speaker: Speaker, person: KnownPerson) -> bool:
    """Whether a speaker known by the surname is probably someone else than `person` of another article.

    That is so if their job titles share no word, or if the surname alone means a better known bearer.
    """
    if " " in speaker.name:
        return False
    if speaker.role and person.roles:
        words = set(make_search_key(speaker.role).split())
        if words.isdisjoint(word for role in person.roles for word in make_search_key(role).split()):
            return True
    return load_known_roles().is_lesser_bearer(split_name(person.name))


@lru_cache(maxsize=_DESCRIPTION_CACHE_SIZE)
def _find_descriptions(article: Article) -> tuple[tuple[str, str], ...]:
    """Return each description of a person in `article` as a search key, with the person's name."""
    # the models are slow to import, and only drafts need this
    from briefings.attribution.attributions import split_into_parts
    from briefings.attribution.models.pipeline import analyse
    from briefings.attribution.models.weights import load_models
    from briefings.attribution.people.describing import describe_mention
    from briefings.attribution.people.models import load_people_models
    from briefings.attribution.people.resolver import Resolver, find_descriptions

    descriptions: list[tuple[str, str]] = []
    for _, part in split_into_parts(build_prose_view(article)):
        analysis = analyse(part, load_models())
        if analysis is None:
            continue
        document = analysis.document
        descriptions += [
            (make_search_key(describe_mention(document, number)), speaker.name)
            for number, speaker in find_descriptions(
                Resolver(analysis, load_people_models()), MIN_DESCRIPTION_CONFIDENCE
            )
        ]
    return tuple(descriptions)

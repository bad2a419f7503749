"""Completes speakers over the articles of one story: "Corbyn" is Jeremy Corbyn once any of them says so.

Rule: a surname is completed only while one person of the story bears it; the order of the articles never matters.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from briefings.model import Article, Quote, Speaker
from briefings.quotes.attributions import parts
from briefings.quotes.names import ends, names, one_letter_apart, plain
from briefings.quotes.offices import shown
from briefings.quotes.parse import parse
from briefings.quotes.weights import models
from briefings.text.blank import blanked

#: articles whose names are kept at hand
_REMEMBERED = 2_048


@dataclass(frozen=True, slots=True)
class Known:
    """A person of the story: the spelling most of its articles use, and the offices they give, commonest first."""

    name: str
    roles: tuple[str, ...]


#: whom an article names in full; what has been found once need not be found again
Naming = Callable[[Article], Sequence[Known]]


@lru_cache(maxsize=_REMEMBERED)
def named_in_full(article: Article) -> tuple[Known, ...]:
    """Whom one article names in full: pure, and remembered, since a story is asked for again and again."""
    out: list[Known] = []
    for _, part in parts(blanked(article.text, article.boilerplate)):
        parsed = parse(part, models().tagger)
        if len(parsed.mentions):
            full = [person for person in names(parsed).people if person.first and not person.body]
            out += [Known(person.name, tuple(filter(None, map(shown, person.roles)))) for person in full]
    return tuple(out)


def resolve(
    batch: Sequence[tuple[Article, tuple[Quote, ...]]],
    naming: Naming = named_in_full,
    surnames: Container[str | None] | None = None,
) -> list[tuple[Article, tuple[Quote, ...]]]:
    """The quotes of one story's articles, in the order given, names completed and offices told by any of them.

    With `surnames`, those of speakers with another one are left as they are.
    """
    story = people((article for article, _ in batch), naming)
    return [
        (
            article,
            tuple(
                _completed(quote, story) if surnames is None or surname_of(quote) in surnames else quote
                for quote in quotes
            ),
        )
        for article, quotes in batch
    ]


def surname_of(quote: Quote) -> str | None:
    """The surname of whoever is quoted by name."""
    return None if quote.speaker is None or quote.speaker.anonymous else ends(quote.speaker.name)[1]


def bearing_on(named: Mapping[str, Sequence[Known]], surnames: Container[str | None]) -> dict[str, list[Known]]:
    """Of whom articles name, by id, those of some surnames, and who may be one of them: all with their first names.

    For these surnames `people` tells the same of them as of everybody.
    """
    firsts = {
        first
        for found in named.values()
        for known in found
        for first, surname in [ends(known.name)]
        if surname in surnames
    }
    return {key: [known for known in found if ends(known.name)[0] in firsts] for key, found in named.items()}


def people(articles: Iterable[Article], naming: Naming = named_in_full) -> dict[str, list[Known]]:
    """Everybody whom the articles name in full, by surname; spellings one letter apart are one person."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    roles: dict[str, Counter[str]] = defaultdict(Counter)
    for article in articles:
        for person in naming(article):
            spellings[plain(person.name)][person.name] += 1
            roles[plain(person.name)].update(person.roles)
    merged = _one_person(spellings, roles)
    out: dict[str, list[Known]] = defaultdict(list)
    for key in sorted(merged):
        count, offices = merged[key]
        best = min(count, key=lambda name: (-count[name], -len(name), name))
        ranked = sorted(offices, key=lambda role: (-offices[role], role))
        for ending in sorted({ends(name)[1] for name in count}):
            out[ending].append(Known(best, tuple(ranked)))
    return out


def _one_person(
    spellings: dict[str, Counter[str]], roles: dict[str, Counter[str]]
) -> dict[str, tuple[Counter[str], Counter[str]]]:
    merged: dict[str, tuple[Counter[str], Counter[str]]] = {}
    by_first: dict[str, list[str]] = defaultdict(list)
    for key in sorted(spellings, key=lambda name: (-len(name), name)):
        first, surname = ends(key)
        like = [other for other in by_first[first] if one_letter_apart(ends(other)[1], surname)]
        if like:
            merged[like[0]][0].update(spellings[key])
            merged[like[0]][1].update(roles[key])
        else:
            merged[key] = (Counter(spellings[key]), Counter(roles[key]))
            by_first[first].append(key)
    return merged


def _completed(quote: Quote, story: dict[str, list[Known]]) -> Quote:
    speaker = quote.speaker
    if speaker is None or speaker.anonymous:
        return quote
    known = _known(speaker.name, story)
    if known is None:
        return quote
    told = "" if known.name == speaker.name or " " in speaker.name else "; full name from another article of the story"
    role = speaker.role or (known.roles[0] if known.roles else None)
    return replace(quote, speaker=Speaker(known.name, role), reason=quote.reason + told)


def _known(name: str, story: dict[str, list[Known]]) -> Known | None:
    """The one person of the story whom `name` can mean."""
    first, surname = ends(name)
    bearers = story.get(surname, [])
    if first:
        bearers = [known for known in bearers if ends(known.name)[0] == first]
    return bearers[0] if len(bearers) == 1 else None

"""Find pairs of outlets that name different people or bodies for something that only one can have done.

Rule: both report the same event, on days that do not conflict, from independent outlets, and share no name. A surname
means the person of the story with that surname. A person is never compared with a body. Where both may have done it
together, the note says so.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from briefings.attribution.name_completion import KnownPerson, collect_people
from briefings.compose.candidates import Candidates
from briefings.compose.selection import stem
from briefings.compose.story.article_reading import ArticleReading
from briefings.facts.unique_events import UniqueEvent, Uniqueness, find_unique_events
from briefings.model import Article, Span
from briefings.similarity.tfidf import extract_terms
from briefings.text import lexicon
from briefings.text.dates import find_day_expressions
from briefings.text.folding import make_search_key
from briefings.text.periods import Period

#: longest interval between two reports of the same event
_MAX_DAYS_APART = timedelta(days=3)
#: maximum number of events to compare; the number of pairs is quadratic
_MAX_COMPARED_EVENTS = 150
#: maximum number of additional words in one of the two descriptions
_MAX_EXTRA_WORDS = 3
_NOTES = {
    Uniqueness.RANK: "the sources differ on who it was",
    Uniqueness.OFFICE: "the sources differ on who holds the office",
    Uniqueness.EVENT: "the sources differ on who did it; it may have been both",
    Uniqueness.ORDER: "the sources differ on who did it; it may have been both",
}
_YEAR_PATTERN = re.compile(r"\b(?:19|20)\d\d\b")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii"})


@dataclass(frozen=True, slots=True)
class ReportedEvent:
    """Event as an article reports it, with the stems of its object and the days, periods and years that it names."""

    article: Article
    event: UniqueEvent
    stems: frozenset[str]
    days: frozenset[date]
    #: "last year", "in 2007", a bare "2007"
    times: frozenset[Period | str]


@dataclass(frozen=True, slots=True)
class AgentConflict:
    """Two reports of one event with different agents, and a note that describes the difference."""

    first: ReportedEvent
    second: ReportedEvent
    note: str


def find_agent_conflicts(candidates: Candidates) -> Iterator[AgentConflict]:
    """Yield pairs of reports that name different agents for one event, in the order of the articles."""
    reported_events = [
        reported_event
        for reading in candidates.readings
        for sentence, event in reading.derive(_find_events)
        for reported_event in [_build_reported_event(candidates, reading, sentence, event)]
    ][:_MAX_COMPARED_EVENTS]
    same_event_pairs = [
        (first_event, second_event)
        for first_event, second_event in combinations(reported_events, 2)
        if _is_same_event(first_event, second_event) and _are_independent(candidates, first_event, second_event)
    ]
    if same_event_pairs:
        people_by_surname = collect_people(candidates.articles, candidates.people_lookup)
        for first, second in same_event_pairs:
            if _have_different_agents(_find_agents(first, people_by_surname), _find_agents(second, people_by_surname)):
                yield AgentConflict(first, second, _NOTES[first.event.uniqueness])


def _find_events(reading: ArticleReading) -> tuple[tuple[Span, UniqueEvent], ...]:
    return tuple(
        (sentence, event) for sentence in reading.spans for event in find_unique_events(reading.unquoted_text, sentence)
    )


def _build_reported_event(
    candidates: Candidates, reading: ArticleReading, sentence: Span, event: UniqueEvent
) -> ReportedEvent:
    facts = candidates.extract_facts(reading.article, sentence)
    years = _YEAR_PATTERN.findall(sentence.of(reading.unquoted_text))
    times = frozenset[Period | str]([*(period_mention.period for period_mention in facts.periods), *years])
    return ReportedEvent(reading.article, event, _stem_thing(event), frozenset(day.day for day in facts.days), times)


def _stem_thing(event: UniqueEvent) -> frozenset[str]:
    """Return the stems of what was done, without day expressions."""
    thing = event.object_text
    for words in reversed(list(find_day_expressions(thing))):
        thing = thing[: words.span.start] + thing[words.span.end :]
    # "to go" consists of stop words only
    return frozenset(map(stem, extract_terms(thing) or make_search_key(thing).split()))


def _is_same_event(first: ReportedEvent, second: ReportedEvent) -> bool:
    if first.article.id == second.article.id or first.event.uniqueness is not second.event.uniqueness:
        return False
    if make_search_key(first.event.verb) != make_search_key(second.event.verb) or not _is_same_thing(first, second):
        return False
    if first.times != second.times:
        return False  # an event of last year or of 2007 is another event
    if first.days and second.days:
        return not first.days.isdisjoint(second.days)
    days = (first.article.published, second.article.published)
    if first.event.uniqueness is Uniqueness.ORDER:
        return None not in days and days[0] == days[1]  # another day means another event
    return days[0] is None or days[1] is None or abs(days[0] - days[1]) <= _MAX_DAYS_APART


def _is_same_thing(first: ReportedEvent, second: ReportedEvent) -> bool:
    """Tell whether one description contains all words of the other and few more; ranks and offices must be equal."""
    fewer_stems, more_stems = sorted((first.stems, second.stems), key=len)
    if first.event.uniqueness is not Uniqueness.EVENT:
        return fewer_stems == more_stems and bool(fewer_stems)
    return bool(fewer_stems) and fewer_stems <= more_stems and len(more_stems - fewer_stems) <= _MAX_EXTRA_WORDS


def _are_independent(candidates: Candidates, first: ReportedEvent, second: ReportedEvent) -> bool:
    return candidates.outlets.count((first.article.id, second.article.id)) > 1


def _find_agents(
    reported_event: ReportedEvent, people_by_surname: Mapping[str, Sequence[KnownPerson]]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the search keys of the people among the agents, and the whole agent phrase if it names a body.

    "Downing Street" and "MPs" are neither: they may mean the agent that the other outlet names.
    """
    person_keys = set[str]()
    for name in reported_event.event.actors:
        key = make_search_key(name.of(reported_event.article.text))
        words = [word for word in key.split() if word not in _SUFFIXES]
        namesakes = people_by_surname.get(words[-1], ()) if words else ()
        if namesakes:
            person_keys.add(make_search_key(namesakes[0].name) if len(namesakes) == 1 else key)
    agent_key = make_search_key(reported_event.event.actor_span.of(reported_event.article.text))
    is_body = not lexicon.load_words("bodies").isdisjoint(agent_key.split())
    return frozenset(person_keys), frozenset([agent_key] if is_body and reported_event.event.actors else ())


def _have_different_agents(
    first: tuple[frozenset[str], frozenset[str]], second: tuple[frozenset[str], frozenset[str]]
) -> bool:
    """Tell whether no name in one can be a name in the other. People are not compared with bodies."""
    if bool(first[0]) != bool(second[0]):
        return False
    first_names, second_names = (first[0], second[0]) if first[0] else (first[1], second[1])
    return bool(first_names and second_names) and not any(
        _may_be_same_name(first_name, second_name) for first_name in first_names for second_name in second_names
    )


def _may_be_same_name(first: str, second: str) -> bool:
    """Tell whether two names share a significant word, or one is the initials of the other."""
    first_terms, second_terms = extract_terms(first), extract_terms(second)
    initials = ("".join(word[0] for word in first_terms), "".join(word[0] for word in second_terms))
    return bool(set(first_terms) & set(second_terms)) or initials[0] in second_terms or initials[1] in first_terms

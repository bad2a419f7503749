"""Find people who leave a post in different ways by two outlets: resigned, retired, or dismissed.

Rule: the person is named close before the word that tells the departure, outside quotation marks, and the two
outlets are independent. A sentence with two ways of leaving tells no difference.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from briefings.compose.candidates import Candidates
from briefings.compose.story.article_reading import ArticleReading
from briefings.model import Article, Span
from briefings.text import lexicon
from briefings.text.folding import fold
from briefings.text.words import load_table

#: characters before the word in which the person is named
_MAX_DISTANCE = 150
_POST = re.compile(r"['’]?\s+(?:as|at|by|from)\s[^,.;:]{0,60}")
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w-]+")
#: words right before a departure that did not take place
_UNREAL = re.compile(r"(?:be|could|may|might|must|n't|not|should|to|would)\s+$")
#: a pronoun right before the departure may mean any of the people before
_PRONOUN_END = re.compile(r"\b(?:she|he|they)\s*$", re.IGNORECASE)
#: words after the name that make the departure one of other people: "a list of officials who have resigned"
_OF_OTHERS = re.compile(r"\w\s+(?:who|whose)\b|\beither\b")
#: maximum number of departures to compare; the number of pairs is quadratic
_MAX_DEPARTURES = 150


@dataclass(frozen=True, slots=True, eq=False)
class Departure:
    """Departure of a person, by surname, as a sentence tells it."""

    article: Article
    sentence: Span
    words: Span
    surname: str
    manner: str

    @property
    def is_reported(self) -> bool:
        """Tell whether the sentence reports the departure ("has resigned"): not "resignation" or "is resigning"."""
        return not fold(self.words.of(self.article.text)).endswith(("ation", "ment", "ing"))


def find_departure_conflicts(candidates: Candidates) -> Iterator[tuple[Departure, Departure]]:
    """Yield pairs of departures of one person in different manners, in the order of the articles."""
    surnames = {
        person.name.split()[-1]
        for article in candidates.articles
        for person in candidates.people_lookup(article)
        if " " in person.name
    }
    departures = [
        departure
        for reading in candidates.readings
        for sentence in reading.derive(_find_departure_sentences)
        for departure in _find_departures(candidates, reading.article, sentence, surnames)
    ]
    for first, second in combinations(departures[:_MAX_DEPARTURES], 2):
        if (
            first.surname == second.surname
            and first.manner != second.manner
            and not _leave_other_posts(first, second)
            and candidates.outlets.count((first.article.id, second.article.id)) > 1
        ):
            yield first, second


def _leave_other_posts(first: Departure, second: Departure) -> bool:
    """Tell whether two departures name different bodies: "as chairman of Acme" and "by the White House"."""
    first_bodies, second_bodies = _find_bodies(first), _find_bodies(second)
    return bool(first_bodies and second_bodies) and first_bodies.isdisjoint(second_bodies)


def _find_bodies(departure: Departure) -> set[str]:
    """Return the names in the phrase after the departure, without months and days."""
    phrase = _POST.match(departure.article.text, departure.words.end, departure.sentence.end)
    words = {match.group() for match in _NAME.finditer(phrase.group())} if phrase else set[str]()
    return {word for word in map(fold, words) if word not in lexicon.load_words("months_and_days")}


def _find_departure_sentences(reading: ArticleReading) -> tuple[Span, ...]:
    """Return the sentences with a word for a departure."""
    return tuple(span for span in reading.spans if _compile_cues().search(fold(span.of(reading.unquoted_text))))


def _find_departures(
    candidates: Candidates, article: Article, sentence: Span, surnames: set[str]
) -> Iterator[Departure]:
    text = candidates.get_unquoted_text(article)
    matches = list(_compile_cues().finditer(fold(sentence.of(text))))
    manners = {load_table("departures")[" ".join(match.group().split())] for match in matches}
    if len(manners) != 1:
        return
    words = Span(sentence.start + matches[0].start(), sentence.start + matches[0].end())
    nearby_text = text[max(sentence.start, words.start - _MAX_DISTANCE) : words.start]
    names = [match.group() for match in _NAME.finditer(nearby_text)]
    known_names = [name for name in names if name in surnames]
    is_another_person = bool(names) and nearby_text.rstrip().endswith(names[-1]) and names[-1] not in surnames
    is_of_others = bool(known_names) and _OF_OTHERS.search(
        fold(nearby_text[nearby_text.rindex(known_names[-1]) + len(known_names[-1]) :])
    )
    is_unclear = _PRONOUN_END.search(nearby_text) is not None and len(set(known_names)) > 1
    if (
        known_names
        and not is_another_person
        and not is_of_others
        and not is_unclear
        and not _UNREAL.search(fold(nearby_text))
    ):
        yield Departure(article, sentence, words, known_names[-1], manners.pop())


@cache
def _compile_cues() -> re.Pattern[str]:
    longest_first = sorted(load_table("departures"), key=lambda cue: (-len(cue), cue))
    alternation = "|".join(r"\s+".join(map(re.escape, cue.split())) for cue in longest_first)
    return re.compile(rf"(?<!\w)(?:{alternation})(?!\w)")

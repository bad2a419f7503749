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
from briefings.model import Article, Span
from briefings.text.folding import fold
from briefings.text.words import load_table

#: characters before the word in which the person is named
_MAX_DISTANCE = 150
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w-]+")
#: words right before a departure that did not take place
_UNREAL = re.compile(r"(?:be|could|may|might|must|n't|not|should|to|would)\s+$")
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
    def is_told(self) -> bool:
        """Tell whether the sentence tells the departure ("has resigned"): not "resignation", nor "is resigning"."""
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
        for article in candidates.articles
        for sentence in candidates.get_sentence_spans(article)
        for departure in _find_departures(candidates, article, sentence, surnames)
    ]
    for first, second in combinations(departures[:_MAX_DEPARTURES], 2):
        if (
            first.surname == second.surname
            and first.manner != second.manner
            and candidates.outlets.count((first.article.id, second.article.id)) > 1
        ):
            yield first, second


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
    if known_names and not is_another_person and not _UNREAL.search(fold(nearby_text)):
        yield Departure(article, sentence, words, known_names[-1], manners.pop())


@cache
def _compile_cues() -> re.Pattern[str]:
    longest_first = sorted(load_table("departures"), key=lambda cue: (-len(cue), cue))
    alternation = "|".join(r"\s+".join(map(re.escape, cue.split())) for cue in longest_first)
    return re.compile(rf"(?<!\w)(?:{alternation})(?!\w)")

"""The facts of one sentence, read once: its days, quantities and names, and whether it tells of what is to come.

Rule: what is said to be expected is never told as done; a day is resolved only against an article that is dated.

The names in a sentence: people, places, parties, events, as the text writes them.

Rule: a name is a run of capitalised words; one word that opens a sentence is none unless the caller knows it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from briefings.facts.factuality import Factuality, classify_factuality
from briefings.facts.quantities import Quantity, find_quantities
from briefings.facts.temporal import Anchor, NamedDay, NamedPeriod, find_days, find_periods
from briefings.model import Span
from briefings.text import lexicon
from briefings.text.folding import fold

_CAPITALISED_WORD = r"[A-ZÀ-ÖØ-Þ][\w]*(?:[-’'](?!s\b)[^\W\d_][\w]*)*"
_NAME = re.compile(rf"\b{_CAPITALISED_WORD}(?: {_CAPITALISED_WORD})*")
_WORD = re.compile(r"\S+")
#: words of a name; a longer run is a headline in capitals
_MAX_NAME_WORDS = 6


def find_names(text: str, span: Span) -> Iterator[Span]:
    """The names in the part `within` of `text`, in order, without the stop words and titles they open with."""
    for match in _NAME.finditer(text, span.start, span.end):
        words = list(_WORD.finditer(match.group()))
        skip_count = 0
        while skip_count < len(words) and _is_not_name(words[skip_count].group()):
            skip_count += 1
        is_first_word = match.start() == span.start and skip_count == 0 and len(words) == 1
        if skip_count < len(words) <= _MAX_NAME_WORDS + skip_count and not is_first_word:
            yield Span(match.start() + words[skip_count].start(), match.end())


def _is_not_name(word: str) -> bool:
    return fold(word) in lexicon.load_words("stop_words") | lexicon.load_words("titles") | lexicon.load_words("openers")


@dataclass(frozen=True, slots=True)
class SentenceFacts:
    """What one sentence tells: its days and periods, its quantities, the names, and how far it is so."""

    span: Span
    days: tuple[NamedDay, ...]
    periods: tuple[NamedPeriod, ...]
    quantities: tuple[Quantity, ...]
    names: tuple[Span, ...]
    factuality: Factuality

    @property
    def is_expected(self) -> bool:
        """Whether it speaks of something still to come."""
        return self.factuality is Factuality.EXPECTED

    @property
    def time_references(self) -> tuple[NamedDay, ...] | tuple[NamedPeriod, ...]:
        """The days it names; where it names none, the period, unless it names several that differ."""
        if self.days or len({period.period for period in self.periods}) > 1:
            return self.days
        return self.periods


@lru_cache(maxsize=2_048)
def extract_facts(
    text: str, view: str, sentence: Span, anchor: Anchor | None, previous_day: NamedDay | None = None
) -> SentenceFacts:
    """The facts of `sentence`; `view` is `text` with quoted words blanked, so that nobody's promise passes for news.

    `told` is the day that the sentence before names, from which "the day before" is counted. Remembered, since a story
    is asked for again and again.
    """
    return SentenceFacts(
        span=sentence,
        days=find_days(view, sentence, anchor),
        periods=find_periods(view, sentence, anchor, previous_day),
        quantities=tuple(find_quantities(text, sentence)),
        names=tuple(find_names(view, sentence)),
        factuality=classify_factuality(view, sentence),
    )

"""Extract the facts of one sentence: days, periods, quantities, names, and whether it is about the future.

Rule: an expected event is never reported as done. A relative day is resolved only in a dated article. Rule: a name is
a run of capitalised words. A single word that opens a sentence is not a name.
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
#: words in a name; a longer run is a headline in capitals
_MAX_NAME_WORDS = 6


def find_names(text: str, span: Span) -> Iterator[Span]:
    """Yield the names within `span` of `text`, in order, without the stop words and titles that they open with."""
    for match in _NAME.finditer(text, span.start, span.end):
        words = list(_WORD.finditer(match.group()))
        skip_count = 0
        while skip_count < len(words) and _is_not_name(words[skip_count].group()):
            skip_count += 1
        is_first_word = match.start() == span.start and skip_count == 0 and len(words) == 1
        if skip_count < len(words) <= _MAX_NAME_WORDS + skip_count and not is_first_word:
            yield Span(match.start() + words[skip_count].start(), match.end())


@dataclass(frozen=True, slots=True)
class SentenceFacts:
    """Facts of one sentence: its days and periods, quantities, names and factuality."""

    span: Span
    days: tuple[NamedDay, ...]
    periods: tuple[NamedPeriod, ...]
    quantities: tuple[Quantity, ...]
    names: tuple[Span, ...]
    factuality: Factuality

    @property
    def is_expected(self) -> bool:
        """Whether the sentence is about something still to come."""
        return self.factuality is Factuality.EXPECTED

    @property
    def time_references(self) -> tuple[NamedDay, ...] | tuple[NamedPeriod, ...]:
        """The days that the sentence names. If there are none, its periods, unless several of them differ."""
        if self.days or len({period.period for period in self.periods}) > 1:
            return self.days
        return self.periods


@lru_cache(maxsize=2_048)
def extract_facts(
    text: str, view: str, sentence: Span, anchor: Anchor | None, previous_day: NamedDay | None = None
) -> SentenceFacts:
    """Extract the facts of `sentence`.

    `view` is `text` with quoted words blanked, so that a quoted promise is not taken for news. `previous_day` is the
    day that the sentence before names; "the day before" is counted from it. Results are cached, because a story is
    requested often.
    """
    return SentenceFacts(
        span=sentence,
        days=find_days(view, sentence, anchor),
        periods=find_periods(view, sentence, anchor, previous_day),
        quantities=tuple(find_quantities(text, sentence)),
        names=tuple(find_names(view, sentence)),
        factuality=classify_factuality(view, sentence),
    )


def _is_not_name(word: str) -> bool:
    return fold(word) in lexicon.load_words("stop_words") | lexicon.load_words("titles") | lexicon.load_words("openers")

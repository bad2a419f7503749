"""The facts of one sentence, read once: its days, quantities and names, and whether it tells of what is to come.

Rule: what is said to be expected is never told as done; a day is resolved only against an article that is dated.
"""

from dataclasses import dataclass
from functools import lru_cache

from briefings.facts.amounts import Quantity, find_quantities
from briefings.facts.names import find_names
from briefings.facts.state import Factuality, classify_factuality
from briefings.facts.when import Anchor, NamedDay, NamedPeriod, find_days, find_periods
from briefings.model import Span


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

"""The facts of one sentence, read once: its days, quantities and names, and whether it tells of what is to come.

Rule: what is said to be expected is never told as done; a day is resolved only against an article that is dated.
"""

from dataclasses import dataclass
from functools import lru_cache

from briefings.facts.amounts import Amount, amounts
from briefings.facts.names import names
from briefings.facts.state import State, state_of
from briefings.facts.when import Anchor, Day, NamedPeriod, days, periods
from briefings.model import Span


@dataclass(frozen=True, slots=True)
class SentenceFacts:
    """What one sentence tells: its days and periods, its quantities, the names, and how far it is so."""

    span: Span
    days: tuple[Day, ...]
    periods: tuple[NamedPeriod, ...]
    amounts: tuple[Amount, ...]
    names: tuple[Span, ...]
    state: State

    @property
    def expected(self) -> bool:
        """Whether it speaks of something still to come."""
        return self.state is State.EXPECTED

    @property
    def when(self) -> tuple[Day, ...] | tuple[NamedPeriod, ...]:
        """The days it names; where it names none, the period, unless it names several that differ."""
        if self.days or len({each.period for each in self.periods}) > 1:
            return self.days
        return self.periods


@lru_cache(maxsize=2_048)
def facts_of(text: str, view: str, sentence: Span, anchor: Anchor | None, told: Day | None = None) -> SentenceFacts:
    """The facts of `sentence`; `view` is `text` with quoted words blanked, so that nobody's promise passes for news.

    `told` is the day that the sentence before names, from which "the day before" is counted. Remembered, since a story
    is asked for again and again.
    """
    return SentenceFacts(
        span=sentence,
        days=days(view, sentence, anchor),
        periods=periods(view, sentence, anchor, told),
        amounts=tuple(amounts(text, sentence)),
        names=tuple(names(view, sentence)),
        state=state_of(view, sentence),
    )

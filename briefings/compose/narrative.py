"""The two slots told in the papers' own sentences: where it stands, and what happened day by day.

Rule: what is still to come is marked as expected, and a day is shown with the words that gave it.
"""

from collections.abc import Callable, Sequence
from datetime import date

from briefings.compose.budget import Budget
from briefings.compose.material import Material, Sentence
from briefings.facts import Day
from briefings.model import Line, Slot
from briefings.ranking import cosine, pick

#: how much one more line from the same article costs a candidate, so that all sources are heard
_SPREAD = 0.06
_MOST_STATUS = 4
_MOST_A_DAY = 2


class Narrative:
    """Picks sentences for a briefing; remembers what is taken, so that no slot repeats another."""

    def __init__(self, material: Material, budget: Budget) -> None:
        self._material = material
        self._budget = budget
        self._taken: list[Sentence] = []

    def status(self) -> list[Line]:
        """The newest state of affairs: what is expected next, and what holds now, from the newest articles."""
        now = [s for s in self._material.sentences if self._is_current(s)]
        awaited = self._pick_all([s for s in now if s.facts.expected], 1)
        holds = self._pick_all([s for s in now if not s.facts.expected], _MOST_STATUS - len(awaited))
        return [self._line(Slot.STATUS, sentence, None) for sentence in [*holds, *awaited]]

    def timeline(self) -> list[Line]:
        """Day by day: a sentence for each day, those most is told of first, then more for the days that have more."""
        told: dict[date, list[Sentence]] = {}
        for sentence in self._material.sentences:
            if sentence.facts.days:
                told.setdefault(sentence.facts.days[0].day, []).append(sentence)
        days = sorted(told, key=lambda day: (-sum(sentence.score for sentence in told[day]), day))
        chosen: list[Sentence] = []
        for _ in range(_MOST_A_DAY):
            for day in days:
                chosen += self._pick_all(told[day], 1)
        chosen.sort(key=lambda s: (s.facts.days[0].day, s.facts.expected, -s.score, s.article.id, s.facts.span))
        return [self._line(Slot.TIMELINE, sentence, sentence.facts.days[0]) for sentence in chosen]

    def _is_current(self, sentence: Sentence) -> bool:
        """From a newest article; told of no day, which would be the timeline's, unless it is still to come."""
        return sentence.article.published == self._material.newest and (
            sentence.facts.expected or not sentence.facts.days
        )

    def _pick_all(self, candidates: Sequence[Sentence], most: int) -> list[Sentence]:
        chosen: list[Sentence] = []
        while len(chosen) < most:
            best = pick(
                [s for s in candidates if s not in self._taken],
                score=self._spread(),
                similarity=lambda a, b: cosine(a.vector, b.vector),
                taken=self._taken,
                fits=lambda s: self._budget.fits(s.text),
            )
            if best is None:
                break
            self._budget.spend(best.text)
            self._taken.append(best)
            chosen.append(best)
        return chosen

    def _spread(self) -> Callable[[Sentence], float]:
        heard = [s.article.id for s in self._taken]
        return lambda s: s.score - _SPREAD * heard.count(s.article.id)

    def _line(self, slot: Slot, sentence: Sentence, day: Day | None) -> Line:
        return Line(
            slot=slot,
            text=sentence.text,
            evidence=(self._material.evidence(sentence.article, sentence.facts.span),),
            day=day.day if day else None,
            date_words=day.words.of(sentence.article.text) if day else None,
            anchor=day.anchor if day and day.anchor not in ("", sentence.article.id) else None,
            expected=sentence.facts.expected,
            outlets=sentence.outlets,
        )

"""The two slots told in the papers' own sentences: where it stands, and what happened day by day.

Rule: what is still to come is marked as expected, a day is shown with the words that gave it, a period with the days it
leaves open, standing by its first, and what no day is known of comes last. A sentence may be shortened as `shorten`
allows, and is never shown twice.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import nlargest

from briefings.compose.budget import Budget
from briefings.compose.choice import Choice, choose
from briefings.compose.material import Material, Sentence
from briefings.compose.shorten import variants
from briefings.compose.worth import Concept, concepts, words_of
from briefings.facts import Day, NamedPeriod, state_of
from briefings.facts.state import State
from briefings.model import ELISION, Line, Slot, Span
from briefings.ranking import cosine
from briefings.text.days import spelt_between
from briefings.text.periods import Period
from briefings.text.words import count

#: lines where it stands, lines of one day or period, and lines of no known day, at most
_MOST_STATUS, _MOST_A_DAY, _MOST_UNDATED = 8, 3, 5
#: sentences looked at in depth, those that matter most
_WEIGHED = 200
#: sentences as like as this are not both told
_SAME = 0.45
#: what a sentence is worth whatever it tells, beside its score
_GROUND = 0.2
#: what a sentence adds even when nothing in it weighs
_SOMETHING = 0.1
#: what it is worth beside that to tell what is expected next
_AWAITED = 3.0
#: days before the newest article's within which an article still tells where it stands
_CURRENT = timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """A sentence in one of its lengths: the pieces shown, the slot it would stand in, and its day or period if any."""

    sentence: Sentence
    pieces: tuple[Span, ...]
    slot: Slot
    when: Day | NamedPeriod | None

    @property
    def text(self) -> str:
        """The pieces as they are shown."""
        return ELISION.join(piece.of(self.sentence.article.text) for piece in self.pieces)

    @property
    def days(self) -> frozenset[date]:
        """The days that the pieces name."""
        return frozenset(day.day for day in self.sentence.facts.days if _shown(day.words, self))


def _any(_: Telling) -> bool:
    return True


class Narrative:
    """Picks sentences for a briefing; remembers what is taken, so that nothing is told twice.

    Only those are picked that `wanted` says yes to.
    """

    def __init__(
        self, material: Material, budget: Budget, told: set[Concept], wanted: Callable[[Telling], bool] = _any
    ) -> None:
        self._material = material
        self._budget = budget
        self._told = told
        self._taken: list[Telling] = []
        weighed = nlargest(_WEIGHED, material.sentences, key=lambda sentence: sentence.score)
        lengths = (telling for sentence in weighed for telling in self._lengths(sentence))
        self._tellings = [telling for telling in lengths if wanted(telling)]
        self._choices = [self._choice(telling) for telling in self._tellings]

    def tell(self, rounds: int = 1) -> None:
        """Takes as many sentences as the budget holds open, those first that tell most a word.

        With more `rounds`, so many times as many lines may stand in one place.
        """
        choose(
            self._choices,
            self._material.worth,
            self._budget,
            told=self._told,
            allowed=lambda at: self._may_join(self._tellings[at], rounds),
            taken=lambda at: self._taken.append(self._tellings[at]),
        )

    def taken(self) -> list[Telling]:
        """What was taken: where it stands (what is expected last), then day by day."""
        return sorted(self._taken, key=_order)

    def lines(self) -> list[Line]:
        """What was taken, as lines."""
        return [self.line(telling) for telling in self.taken()]

    def state(self, telling: Telling) -> State:
        """How far what the pieces tell is established."""
        view = self._material.view(telling.sentence.article)
        return state_of(ELISION.join(piece.of(view) for piece in telling.pieces), Span(0, len(telling.text)))

    def line(self, telling: Telling) -> Line:
        """A telling as a line."""
        sentence, when = telling.sentence, telling.when
        return Line(
            slot=telling.slot,
            text=telling.text,
            evidence=tuple(self._material.evidence(sentence.article, piece) for piece in telling.pieces),
            day=when.day if when else None,
            date_words=when.words.of(sentence.article.text) if when else None,
            anchor=when.anchor if when and when.anchor not in ("", sentence.article.id) else None,
            expected=self.state(telling) is State.EXPECTED,
            outlets=sentence.outlets,
            note=_note(telling),
        )

    def _lengths(self, sentence: Sentence) -> list[Telling]:
        view = self._material.view(sentence.article)
        found: list[Telling] = []
        for pieces in variants(sentence.article.text, view, sentence.facts.span):
            named = [each for each in sentence.facts.when if any(piece.covers(each.words) for piece in pieces)]
            if bool(named) == bool(sentence.facts.when):
                when = named[0] if named else None
                found.append(Telling(sentence, pieces, self._slot(sentence, when), when))
        return found

    def _slot(self, sentence: Sentence, when: Day | NamedPeriod | None) -> Slot:
        """Where it stands is told by the newest articles: of no past day, of what goes on, or of what is to come."""
        published, newest = sentence.article.published, self._material.newest
        current = published == newest or (published and newest and newest - published <= _CURRENT)
        ongoing = when is None or (when.day is None and published is not None and when.period.last >= published)
        return Slot.STATUS if current and (sentence.facts.expected or ongoing) else Slot.TIMELINE

    def _choice(self, telling: Telling) -> Choice:
        sentence, text = telling.sentence, telling.text
        facts = sentence.facts
        return Choice(
            text=text,
            words=count(text),
            concepts=words_of(text)
            | concepts(
                sentence.article.text,
                [name for name in facts.names if _shown(name, telling)],
                [amount for amount in facts.amounts if _shown(amount.span, telling)],
                [day for day in facts.days if _shown(day.words, telling)],
            ),
            quality=_GROUND + sentence.score,
            bonus=_SOMETHING + _AWAITED * (telling.slot is Slot.STATUS and sentence.facts.expected),
        )

    def _may_join(self, telling: Telling, rounds: int) -> bool:
        if any(cosine(telling.sentence.vector, other.sentence.vector) >= _SAME for other in self._taken):
            return False
        if any(telling.sentence is other.sentence for other in self._taken):
            return False
        places = Counter(map(_place, self._taken))
        most = {"status": _MOST_STATUS, "undated": _MOST_UNDATED}.get(str(_place(telling)), _MOST_A_DAY)
        return places[_place(telling)] < most * rounds


def _shown(span: Span, telling: Telling) -> bool:
    return any(piece.covers(span) for piece in telling.pieces)


def _note(telling: Telling) -> str | None:
    """Whom the opening pronoun means, and between which days it was when that is all that is known."""
    when = telling.when
    between = spelt_between(when.period.first, when.period.last) if when and when.day is None else None
    return "; ".join(filter(None, (telling.sentence.note, between))) or None


def _place(telling: Telling) -> Period | str:
    if telling.slot is Slot.STATUS:
        return "status"
    return telling.when.period if telling.when else "undated"


def _order(telling: Telling) -> tuple[object, ...]:
    sentence = telling.sentence
    stands = telling.when.period.first if telling.when and telling.slot is Slot.TIMELINE else date.max
    return (
        telling.slot is not Slot.STATUS,
        stands,
        sentence.facts.expected,
        -sentence.score,
        sentence.article.id,
        sentence.facts.span,
    )

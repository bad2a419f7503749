"""Chooses the lines of a slot: greedily, whichever adds most to what is told for the words it takes.

Rule: a choice depends on the candidates and what was told before only; ties go to the earlier candidate.
Source: lazy evaluation (Minoux 1978); it gives the lines of the plain greedy choice, for what a line adds only shrinks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from briefings.compose.budget import Budget
from briefings.compose.worth import Concept, Worth

#: how much a line's length counts against it: at 0 not at all, at 1 all that matters is what it tells a word
_BREVITY = 0.9
#: a line must be this new, as a share of all that it tells
_FRESH = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One way to say something: its words, what it tells, and how good it is by itself (a factor, about 1)."""

    text: str
    words: int
    concepts: frozenset[Concept]
    quality: float
    #: added to what it tells, whatever was told before
    bonus: float = 0.0


def choose(
    candidates: Sequence[Choice],
    worth: Worth,
    budget: Budget,
    *,
    told: set[Concept],
    allowed: Callable[[int], bool],
    taken: Callable[[int], None],
) -> None:
    """Picks candidates (by place) until none fits any more; spends `budget` and adds to `told`.

    `allowed` says whether the candidate at a place may still join; once it may not, it never may again. `taken` is told
    of each pick, best first.
    """
    queue = [(-_value(each, worth, told), at) for at, each in enumerate(candidates)]
    heapify(queue)
    while queue:
        _, at = heappop(queue)
        each = candidates[at]
        if not budget.fits(each.text) or not allowed(at):
            continue
        value = _value(each, worth, told)
        if queue and (-value, at) > queue[0]:
            heappush(queue, (-value, at))
        elif value > 0 and worth.of(each.concepts - told) >= _FRESH * worth.of(each.concepts):
            taken(at)
            told |= each.concepts
            budget.spend(each.text)


def _value(choice: Choice, worth: Worth, told: set[Concept]) -> float:
    gain = worth.of(choice.concepts - told) + choice.bonus
    return choice.quality * gain / float(choice.words**_BREVITY)

"""Chooses the lines of a slot: greedily, whichever adds most to what is told for the words it takes.

Rule: a choice depends on the candidates and what was told before only; ties go to the earlier candidate.
Source: lazy evaluation (Minoux 1978); it gives the lines of the plain greedy choice, for what a line adds only shrinks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from briefings.compose.budget import WordBudget
from briefings.compose.worth import Concept, ConceptWeights

#: how much a line's length counts against it: at 0 not at all, at 1 all that matters is what it tells a word
_LENGTH_EXPONENT = 0.9
#: a line must be this new, as a share of all that it tells
_MIN_NEW_SHARE = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """One way to say something: its words, what it tells, and how good it is by itself (a factor, about 1)."""

    text: str
    word_count: int
    concepts: frozenset[Concept]
    quality: float
    #: added to what it tells, whatever was told before
    bonus: float = 0.0


def select_greedily(
    candidates: Sequence[Selection],
    concept_weights: ConceptWeights,
    budget: WordBudget,
    *,
    covered_concepts: set[Concept],
    is_allowed: Callable[[int], bool],
    on_selected: Callable[[int], None],
) -> None:
    """Picks candidates (by place) until none fits any more; spends `budget` and adds to `told`.

    `allowed` says whether the candidate at a place may still join; once it may not, it never may again. `taken` is told
    of each pick, best first.
    """
    queue = [
        (-_compute_value(candidate, concept_weights, covered_concepts), index)
        for index, candidate in enumerate(candidates)
    ]
    heapify(queue)
    while queue:
        _, index = heappop(queue)
        candidate = candidates[index]
        if not budget.fits(candidate.text) or not is_allowed(index):
            continue
        value = _compute_value(candidate, concept_weights, covered_concepts)
        if queue and (-value, index) > queue[0]:
            heappush(queue, (-value, index))
        elif value > 0 and concept_weights.sum_weights(
            candidate.concepts - covered_concepts
        ) >= _MIN_NEW_SHARE * concept_weights.sum_weights(candidate.concepts):
            on_selected(index)
            covered_concepts |= candidate.concepts
            budget.spend(candidate.text)


def _compute_value(candidate: Selection, concept_weights: ConceptWeights, covered_concepts: set[Concept]) -> float:
    gain = concept_weights.sum_weights(candidate.concepts - covered_concepts) + candidate.bonus
    return candidate.quality * gain / float(candidate.word_count**_LENGTH_EXPONENT)

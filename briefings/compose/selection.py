"""Select lines greedily under a word budget by the weight of the new concepts that they add.

Rule: a selection depends only on the candidates and on the covered concepts; ties go to the earlier candidate. A
concept counts once. Concepts from several outlets weigh more, as do decisive words ("resigned", "binding").

Source: coverage of concepts (words, names, quantities, days) under a budget of words (Gillick and Favre 2009), and lazy
greedy evaluation (Minoux 1978). Both give the same lines as plain greedy selection, because a line's gain only shrinks.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import heapify, heappop, heappush
from math import fsum, log2

from briefings.facts import NamedDay, Quantity, QuantityKind
from briefings.model import Span
from briefings.similarity.source_independence import IndependentOutlets
from briefings.similarity.tfidf import extract_terms
from briefings.text import lexicon
from briefings.text.folding import make_search_key
from briefings.text.words import count_words

Concept = tuple[str, ...]

#: weights added to the weight from outlets: of a name, a day, a decisive word, and a quantity by its kind
_NAME_WEIGHT, _DAY_WEIGHT, _DECISIVE_WEIGHT = 0.8, 0.5, 0.6
_AMOUNT_WEIGHTS = {
    QuantityKind.SCORE: 4.0,
    QuantityKind.PERCENT: 3.0,
    QuantityKind.MONEY: 3.0,
    QuantityKind.FRACTION: 3.0,
    QuantityKind.MULTITUDE: 2.0,
    QuantityKind.TIME: 0.3,
}
_COUNT_WEIGHT = 2.0
_ENDINGS = ("ations", "ation", "ings", "ing", "ed", "es", "s", "d")
_MIN_STEM_CHARACTERS = 4
#: how much length counts against a line: 0 ignores it, 1 divides the gain by the number of words
_LENGTH_EXPONENT = 0.9
#: minimum share of new concepts in a line, by weight
_MIN_NEW_SHARE = 0.3


class ConceptWeights:
    """Weights of a story's concepts. `concepts_by_article` maps article ids to the concepts of the article."""

    def __init__(self, concepts_by_article: Mapping[str, Iterable[Concept]], outlets: IndependentOutlets) -> None:
        articles_by_concept: dict[Concept, set[str]] = defaultdict(set)
        for article, concepts in concepts_by_article.items():
            for concept in concepts:
                articles_by_concept[concept].add(article)
        self._weights = {
            concept: _get_intrinsic_weight(concept)
            + _compute_spread_weight(len(article_ids), outlets.count(article_ids))
            for concept, article_ids in articles_by_concept.items()
        }

    def sum_weights(self, concepts: Iterable[Concept]) -> float:
        """Return the total weight of distinct concepts."""
        return fsum(self._weights.get(concept, 0.0) for concept in concepts)


def extract_concepts(
    text: str, names: Iterable[Span], amounts: Iterable[Quantity], days: Iterable[NamedDay]
) -> frozenset[Concept]:
    """Return the concepts of part of an article; all spans are offsets into its whole `text`."""
    name_words = [make_search_key(name.of(text)).split() for name in names]
    return frozenset(
        [
            *(("name", words[-1]) for words in name_words if words),
            *(("amount", amount.kind.value, *map(str, amount.values), amount.unit or "") for amount in amounts),
            *(("day", day.day.isoformat()) for day in days),
        ]
    )


def extract_word_concepts(text: str) -> frozenset[Concept]:
    """Return the stems of the significant words in a text."""
    return frozenset(("word", stem(term)) for term in extract_terms(text) if not term.isdigit())


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return `word` without a common English ending, so that "resigned" matches "resignations"."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM_CHARACTERS:
            return word[: -len(ending)]
    return word


class WordBudget:
    """Budget of whitespace-separated words that is released slot by slot. A slot's unused words go to the next slot."""

    def __init__(self, word_count: int) -> None:
        self.remaining = word_count
        self._available = 0

    def release(self, share: int) -> None:
        """Let the next slot spend `share` words in addition to the unused words of earlier slots."""
        self._available = min(self.remaining, self._available + share)

    def withhold(self) -> None:
        """Take back what was released and not spent."""
        self._available = 0

    @property
    def available(self) -> int:
        """Return how many words the current slot may spend."""
        return self._available

    def fits(self, text: str) -> bool:
        """Tell whether `text` fits into the available words."""
        return count_words(text) <= self._available

    def spend(self, text: str) -> None:
        """Subtract the words of `text`."""
        self.remaining -= count_words(text)
        self._available -= count_words(text)


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Candidate text with its length, its concepts, and a quality factor of about 1."""

    text: str
    word_count: int
    concepts: frozenset[Concept]
    quality: float
    #: gain added regardless of the covered concepts
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
    """Select candidates (by index) until none fits; spend `budget` and extend `covered_concepts`.

    `is_allowed` tells whether the candidate at an index may be selected. Once it returns False for an index, it must
    not return True later. `on_selected` is called with each selected index, best first.
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


def _get_intrinsic_weight(concept: Concept) -> float:
    kind = concept[0]
    if kind == "name":
        return _NAME_WEIGHT
    if kind == "day":
        return _DAY_WEIGHT
    if kind == "amount":
        return _AMOUNT_WEIGHTS.get(QuantityKind(concept[1]), _COUNT_WEIGHT)
    return _DECISIVE_WEIGHT if concept[1] in _load_decisive_stems() else 0.0


def _compute_spread_weight(article_count: int, outlet_count: int) -> float:
    return 0.1 + 0.15 * log2(article_count) + 0.1 * log2(outlet_count)


@cache
def _load_decisive_stems() -> frozenset[str]:
    return frozenset(map(stem, lexicon.load_words("decisive")))


def _compute_value(candidate: Selection, concept_weights: ConceptWeights, covered_concepts: set[Concept]) -> float:
    gain = concept_weights.sum_weights(candidate.concepts - covered_concepts) + candidate.bonus
    return candidate.quality * gain / float(candidate.word_count**_LENGTH_EXPONENT)

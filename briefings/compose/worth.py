"""What is worth telling: the things a story is made of, each with a weight, and how much of it a line would add.

Source: coverage of concepts under a budget of words (Gillick and Favre 2009), chosen greedily by gain a word. The
concepts are words, names, quantities and days. Rule: what several outlets tell weighs more than what one tells, a thing
once told adds nothing, and the words on which stories turn ("resigned", "binding") weigh more than others.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from math import fsum, log2

from briefings.corroboration import Outlets
from briefings.facts import Amount, Day, Sort
from briefings.model import Span
from briefings.ranking import terms
from briefings.text import lexicon
from briefings.text.search_key import search_key

Concept = tuple[str, ...]

#: weights beside what outlets give a concept: of a name, a day, a decisive word, and a quantity by its sort
_NAME, _DAY, _DECISIVE = 0.8, 0.5, 0.6
_AMOUNT = {Sort.SCORE: 4.0, Sort.PERCENT: 3.0, Sort.MONEY: 3.0, Sort.FRACTION: 3.0, Sort.MULTITUDE: 2.0, Sort.TIME: 0.3}
_COUNT = 2.0
_ENDINGS = ("ations", "ation", "ings", "ing", "ed", "es", "s", "d")
_STEM = 4


class Worth:
    """The weights of a story's concepts. `told` gives, for every article id, the concepts it tells."""

    def __init__(self, told: Mapping[str, Iterable[Concept]], outlets: Outlets) -> None:
        tellers: dict[Concept, set[str]] = defaultdict(set)
        for article, concepts in told.items():
            for concept in concepts:
                tellers[concept].add(article)
        self._weights = {
            concept: _intrinsic(concept) + _shared(len(by), outlets.count(by)) for concept, by in tellers.items()
        }

    def of(self, concepts: Iterable[Concept]) -> float:
        """The weight of distinct concepts together."""
        return fsum(self._weights.get(concept, 0.0) for concept in concepts)


def concepts(text: str, names: Iterable[Span], amounts: Iterable[Amount], days: Iterable[Day]) -> frozenset[Concept]:
    """What some words of an article tell; spans are into its whole `text`."""
    named = [search_key(name.of(text)).split() for name in names]
    return frozenset(
        [
            *(("name", words[-1]) for words in named if words),
            *(("amount", amount.sort.value, *map(str, amount.values), amount.unit or "") for amount in amounts),
            *(("day", day.day.isoformat()) for day in days),
        ]
    )


def words_of(text: str) -> frozenset[Concept]:
    """The words of a text that tell something, without their endings."""
    return frozenset(("word", stem(term)) for term in terms(text) if not term.isdigit())


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """`word` without a common English ending, so that "resigned" meets "resignations"."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word[: -len(ending)]
    return word


def _intrinsic(concept: Concept) -> float:
    kind = concept[0]
    if kind == "name":
        return _NAME
    if kind == "day":
        return _DAY
    if kind == "amount":
        return _AMOUNT.get(Sort(concept[1]), _COUNT)
    return _DECISIVE if concept[1] in _decisive() else 0.0


def _shared(articles: int, outlets: int) -> float:
    return 0.1 + 0.15 * log2(articles) + 0.1 * log2(outlets)


@cache
def _decisive() -> frozenset[str]:
    return frozenset(map(stem, lexicon.words("decisive")))

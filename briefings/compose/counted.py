"""The figures of a story, each with where it stands, what it counts and what the words around it are about.

Rule: two figures are of one thing only when they count the same thing, or when the words around them that are rare in
this story are largely the same. What every article of the story talks of says nothing. Money and measures are left out.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum, log

from briefings.compose.worth import stem
from briefings.facts import Amount, Sort, figures
from briefings.model import Article, Span
from briefings.ranking import terms
from briefings.text import lexicon

#: how far two counts of one thing may lie apart, as the larger over the smaller
NEAR = 1.15
#: percentage points
NEAR_POINTS = 5.0
#: a count must be this large to be worth a comparison
LARGE = 1000
#: figures with the next larger values that one is compared with: a story of nothing but figures has no time for more
_COMPARED = 50
#: terms that the words around two figures must share, and what those must weigh together when they count the same thing
#: and when they do not; a term that only one in a hundred sentences holds weighs 4.6
_SHARED, _ENOUGH, _MUCH = 3, 0.5, 7.0
#: characters after a figure in which the thing counted is named
_REACH = 60
_CLAUSE_END = re.compile(r"[,;:.()–—]|$")


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure, its article and sentence, the stem of what it counts, and the stems around it."""

    article: Article
    figure: Amount
    sentence: Span
    #: the first telling word after it: "signatur"; "" when there is none
    unit: str
    #: of its sentence and the two before
    around: frozenset[str]
    #: its sentence has other figures of its kind: which of them another article's is to be held against is open
    among_others: bool

    @property
    def value(self) -> float:
        """What the figure amounts to; of a tally, the first of its two."""
        return self.figure.values[0]


class Background:
    """How much it says that two passages of one story share a term: little for what the whole story is about."""

    def __init__(self, passages: Iterable[frozenset[str]]) -> None:
        held = list(passages)
        self._count = len(held)
        self._spread = Counter(term for passage in held for term in passage)

    def weight(self, shared: Iterable[str]) -> float:
        """What the terms `shared` weigh together."""
        return fsum(log((1 + self._count) / self._spread[term]) for term in shared if self._spread[term])


@lru_cache(maxsize=1_024)
def placed(article: Article, spans: tuple[Span, ...]) -> tuple[Placed, ...]:
    """The figures in the sentences `spans` of an article, in order. Remembered, since stories are asked for again."""
    return tuple(_placed(article, spans))


def stems(article: Article, spans: Sequence[Span]) -> Iterator[frozenset[str]]:
    """The stems of each of the sentences `spans` of an article."""
    for span in spans:
        yield frozenset(map(stem, terms(span.of(article.text))))


def near_pairs(found: Sequence[Placed]) -> Iterator[tuple[Placed, Placed]]:
    """Figures of different articles that are the same or nearly, each pair once, in the order of `found`."""
    ordered = sorted(enumerate(found), key=lambda item: (item[1].figure.sort, item[1].value, item[0]))
    for at, one in enumerate(ordered):
        for other in ordered[at + 1 : at + 1 + _COMPARED]:
            if not are_near(one[1], other[1]):
                break
            if one[1].article.id != other[1].article.id:
                (_, first), (_, second) = sorted((one, other), key=lambda item: item[0])
                yield first, second


def are_near(small: Placed, large: Placed) -> bool:
    """Whether two figures, the smaller first, are of one kind and the same or nearly."""
    if small.figure.sort is not large.figure.sort:
        return False
    if small.figure.sort is Sort.SCORE:
        return small.figure.values == large.figure.values
    if small.figure.sort is Sort.PERCENT:
        return large.value - small.value <= NEAR_POINTS
    return small.value == large.value or (small.value >= LARGE and large.value <= NEAR * small.value)


def likeness(one: Placed, other: Placed, background: Background) -> float:
    """How surely two figures are of one thing, as the weight of what is shared around them; 0 when they are not."""
    if one.value != other.value and (one.among_others or other.among_others):
        return 0.0
    shared = {term for term in one.around & other.around if not term.isdigit()}
    weight = background.weight(shared)
    enough = _ENOUGH if one.unit and one.unit == other.unit else _MUCH
    return weight if len(shared) >= _SHARED and weight >= enough else 0.0


def _placed(article: Article, spans: Sequence[Span]) -> Iterator[Placed]:
    for index, sentence in enumerate(spans):
        found = list(figures(article.text, sentence))
        if found:
            before = spans[max(0, index - 2) : index + 1]
            around = frozenset(stem(term) for span in before for term in terms(span.of(article.text)))
            for figure in found:
                unit = _unit(article.text, figure, sentence)
                if unit is not None:
                    others = sum(other.sort is figure.sort for other in found) > 1
                    yield Placed(article, figure, sentence, unit, around, others)


def _unit(text: str, figure: Amount, sentence: Span) -> str | None:
    """What is counted; None for money and measures, "" where nothing is named."""
    after = text[figure.bare.end : min(sentence.end, figure.bare.end + _REACH)]
    end = _CLAUSE_END.search(after)
    named = terms(after[: end.start() if end else 0])
    if any(word in lexicon.words("currencies") | lexicon.words("measures") for word in named[:2]):
        return None
    return stem(named[0]) if named else ""

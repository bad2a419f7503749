"""The figures of a story, each with where it stands and what the words around it are about, and which to compare.

Rule: figures are of one thing only when enough of the words around them are the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefings.facts.figures import Figure, figures
from briefings.model import Article, Span
from briefings.ranking import terms
from briefings.text.sentences import sentences
from briefings.text.spans import touching

#: how far two counts of one thing may lie apart, as the larger over the smaller
NEAR = 1.25
#: percentage points
NEAR_POINTS = 5.0
#: a count must be this large to be worth a comparison
LARGE = 1000
#: figures with the next larger values that one is compared with: a story of nothing but figures has no time for more
_COMPARED = 50


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure, its article and sentence, and the terms of that sentence and the two before."""

    article: Article
    figure: Figure
    sentence: Span
    around: frozenset[str]


def placed(article: Article) -> Iterator[Placed]:
    """The figures of an article outside its boilerplate, in order."""
    spans = [span for span in sentences(article.text) if not touching(article.boilerplate, span)]
    for index, sentence in enumerate(spans):
        found = list(figures(article.text, sentence))
        if found:
            before = spans[max(0, index - 2) : index + 1]
            around = frozenset(term for span in before for term in terms(span.of(article.text)))
            yield from (Placed(article, figure, sentence, around) for figure in found)


def near_pairs(found: Sequence[Placed]) -> Iterator[tuple[Placed, Placed]]:
    """Figures of different articles that are the same or nearly, each pair once, in the order of `found`."""
    ordered = sorted(enumerate(found), key=lambda item: (item[1].figure.percent, item[1].figure.value, item[0]))
    for at, one in enumerate(ordered):
        for other in ordered[at + 1 : at + 1 + _COMPARED]:
            if not _are_near(one[1].figure, other[1].figure):
                break
            if one[1].article.id != other[1].article.id:
                (_, first), (_, second) = sorted((one, other), key=lambda item: item[0])
                yield first, second


def _are_near(small: Figure, large: Figure) -> bool:
    if small.percent != large.percent:
        return False
    if small.percent:
        return large.value - small.value <= NEAR_POINTS
    return small.value == large.value or (small.value >= LARGE and large.value <= NEAR * small.value)

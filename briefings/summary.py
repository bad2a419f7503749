"""The sentences that tell a set of articles best in so many words: spans of the articles, most telling first.

Rule: the choice depends on the articles alone, never on their order, and every line is a whole sentence as it stands.
Source: centroid summarisation (Radev et al. 2004) over words and pairs of words, with the headlines as the editors' own
summary, the place in the article (Edmundson 1969), and maximal marginal relevance (Carbonell and Goldstein 1998).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from math import log

from briefings.article import headline
from briefings.model import Article, Span
from briefings.ranking import Vector, centroid, cosine, unit
from briefings.text import lexicon
from briefings.text.search_key import search_key
from briefings.text.sentences import sentences
from briefings.text.words import count

#: words of a sentence that can stand for itself
_SHORTEST = 5
#: how much more two words in a row tell than one
_PAIR = 1.4
#: how much the headlines weigh beside all the sentences together
_HEADLINES = 4.0
#: what opening an article is worth, beside the 1 of the sentence nearest to the centroid; the second gets half of it
_PLACE = 0.4
#: how far a sentence's length counts against it (its words to this power): short ones leave room for others
_BREVITY = -0.2
#: how much likeness to a chosen sentence costs, and from where it is the same again
_REPETITION, _SAME = 0.6, 0.6
#: sentences weighed in all; of many articles only the openings are read
_MOST_SENTENCES = 2_000
#: the most telling of them, among which the lines are chosen: ten times what the longest answer holds
_MOST_CANDIDATES = 400


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence of an article."""

    article: Article
    span: Span

    @property
    def text(self) -> str:
        """The sentence as the article has it."""
        return self.span.of(self.article.text)


@dataclass(slots=True, eq=False)
class _Candidate:
    """A sentence with its length in words, its vector, what it is worth, and its likeness to those chosen so far."""

    excerpt: Excerpt
    words: int
    vector: Vector
    worth: float
    likeness: float = 0.0


def summarise(articles: Iterable[Article], words: int) -> tuple[Excerpt, ...]:
    """The most telling sentences of `articles` with at most `words` words together (whitespace-separated).

    Boilerplate and headlines are left out; nothing fits, or nothing is there: ().
    """
    candidates = _candidates(sorted(articles, key=lambda a: (a.id, a.text, a.title or "")), words)
    left = sorted(candidates, key=lambda c: -round(c.worth, 9))[:_MOST_CANDIDATES]
    chosen: list[_Candidate] = []
    while left := [c for c in left if c.words <= words and c.likeness < _SAME]:
        best = max(left, key=lambda c: round(c.worth - _REPETITION * c.likeness, 9))  # the first of equals
        left.remove(best)
        chosen.append(best)
        words -= best.words
        for candidate in left:
            candidate.likeness = max(candidate.likeness, cosine(candidate.vector, best.vector))
    return tuple(candidate.excerpt for candidate in chosen)


def _candidates(articles: Sequence[Article], words: int) -> list[_Candidate]:
    share = max(1, _MOST_SENTENCES // max(1, len(articles)))
    found = [(Excerpt(a, span), place) for a in articles for place, span in enumerate(islice(_running(a), share))]
    vectors = [_vector(excerpt.text) for excerpt, _ in found]
    middle = _middle(vectors, [article.title for article in articles if article.title])
    nearness = [cosine(vector, middle) for vector in vectors]
    nearest = max(nearness, default=0.0) or 1.0
    return [
        _Candidate(excerpt, length, vector, (near / nearest + _PLACE / (1 + place)) * length**_BREVITY)
        for (excerpt, place), vector, near in zip(found, vectors, nearness, strict=True)
        if _SHORTEST <= (length := count(excerpt.text)) <= words
    ]


def _running(article: Article) -> Iterable[Span]:
    """The sentences of the running text, in order."""
    head = headline(article)
    barred = [*article.boilerplate, *([head] if head else [])]
    return (span for span in sentences(article.text) if not any(span.overlaps(other) for other in barred))


def _middle(vectors: Sequence[Vector], titles: Sequence[str]) -> Vector:
    """What the sentences have in common, and `_HEADLINES` times what the headlines have."""
    middle = centroid(vectors)
    for term, weight in centroid(map(_vector, titles)).items():
        middle[term] = middle.get(term, 0.0) + _HEADLINES * weight
    return unit(middle)


def _vector(text: str) -> Vector:
    """Words and pairs of words by the logarithm of their count; stop words, and pairs of them, aside."""
    common = lexicon.words("stop_words")
    tokens = search_key(text).split()
    single = Counter(token for token in tokens if token not in common)
    double = Counter(f"{a} {b}" for a, b in pairwise(tokens) if a not in common or b not in common)
    weights = {term: 1 + log(n) for term, n in single.items()}
    return unit(weights | {term: _PAIR * (1 + log(n)) for term, n in double.items()})

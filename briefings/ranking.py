"""Which sentences matter: TF-IDF vectors, their centroid, and picking without repeating oneself.

Source: centroid summarisation (Radev et al. 2004) with maximal marginal relevance (Carbonell and Goldstein 1998).
Rule: the result depends on the texts only, never on the order of equals; ties go to the earlier one.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import log, sqrt
from typing import TypeVar

from briefings.text import lexicon
from briefings.text.search_key import search_key

T = TypeVar("T")
#: terms and their weights, of length one unless empty
Vector = dict[str, float]


def vectors(texts: Sequence[str]) -> list[Vector]:
    """One unit TF-IDF vector a text, over the terms of all of them; stop words aside."""
    counts = [Counter(terms(text)) for text in texts]
    documents = Counter(term for count in counts for term in count)
    return [
        unit({term: (1 + log(n)) * log(1 + len(texts) / documents[term]) for term, n in sorted(count.items())})
        for count in counts
    ]


def terms(text: str) -> list[str]:
    """The words of `text` that tell what it is about, folded."""
    return [word for word in search_key(text).split() if word not in lexicon.words("stop_words")]


def unit(vector: Vector) -> Vector:
    """`vector` at length one; an empty one stays empty."""
    length = sqrt(sum(weight * weight for weight in vector.values()))
    return {term: weight / length for term, weight in vector.items()} if length else {}


def cosine(one: Vector, other: Vector) -> float:
    """Similarity of two unit vectors, 0 to 1."""
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other[term] for term, weight in one.items() if term in other)


def centroid(members: Iterable[Vector]) -> Vector:
    """The unit vector in the middle of `members`."""
    total: Vector = {}
    for vector in members:
        for term, weight in vector.items():
            total[term] = total.get(term, 0.0) + weight
    return unit(total)


def pick(
    candidates: Sequence[T],
    *,
    score: Callable[[T], float],
    similarity: Callable[[T, T], float],
    taken: Sequence[T] = (),
    fits: Callable[[T], bool],
    repetition: float = 0.7,
    same: float = 0.6,
) -> T | None:
    """The best candidate that fits: `score` less `repetition` times its likeness to what is `taken` already.

    One that is as like a taken one as `same` is not picked at all. None when nothing is left.
    """
    best: T | None = None
    best_value = float("-inf")
    for candidate in candidates:
        likeness = max((similarity(candidate, other) for other in taken), default=0.0)
        value = score(candidate) - repetition * likeness
        if likeness < same and value > best_value + 1e-9 and fits(candidate):
            best, best_value = candidate, value
    return best

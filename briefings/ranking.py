"""Which sentences matter: TF-IDF vectors, their centroid, and picking without repeating oneself.

Source: centroid summarisation (Radev et al. 2004) with maximal marginal relevance (Carbonell and Goldstein 1998).
Rule: the result depends on the texts only, never on the order of equals; ties go to the earlier one.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum, log, sqrt
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
    return list(_terms(text))


def unit(vector: Vector) -> Vector:
    """`vector` at length one; an empty one stays empty."""
    length = sqrt(sum(weight * weight for weight in vector.values()))
    return {term: weight / length for term, weight in vector.items()} if length else {}


def cosine(one: Vector, other: Vector) -> float:
    """Similarity of two unit vectors, 0 to 1."""
    # exactly rounded, for a set's order is not the same in two runs
    return fsum(one[term] * other[term] for term in one.keys() & other.keys())


def bearers(weighed: Sequence[Vector], owners: Sequence[str], least: float) -> list[frozenset[str]]:
    """For each vector, the owners of those at least `least` like it (a cosine above 0), its own owner among them.

    Source: prefix filtering (Bayardo, Ma and Srikant 2007). The commonest terms of a unit vector, as long as their
    weights together stay under `least`, cannot make two vectors alike on their own: one of the others is shared.
    """
    keys = [tuple(vector.items()) for vector in weighed]
    owned: dict[tuple[tuple[str, float], ...], set[str]] = {}
    for key, owner in zip(keys, owners, strict=True):
        owned.setdefault(key, set()).add(owner)
    spread = Counter(term for key in owned for term, _ in key)
    distinct = [_Owned(dict(key), frozenset(of), _telling(dict(key), spread, least)) for key, of in owned.items()]
    holders: dict[str, list[int]] = {}
    for at, one in enumerate(distinct):
        for term in one.telling:
            holders.setdefault(term, []).append(at)
    found = [_bearers(one, distinct, holders, least, len(set(owners))) for one in distinct]
    by_key = dict(zip(owned, found, strict=True))
    return [by_key[key] for key in keys]


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


@dataclass(frozen=True, slots=True)
class _Owned:
    """One vector, who has it, and those of its terms of which one must be shared by whatever is like it."""

    vector: Vector
    owners: frozenset[str]
    telling: list[str]


@lru_cache(maxsize=16_384)
def _terms(text: str) -> tuple[str, ...]:
    common = lexicon.words("stop_words")
    return tuple(word for word in search_key(text).split() if word not in common)


def _telling(vector: Vector, spread: Counter[str], least: float) -> list[str]:
    """The terms of `vector` without the commonest ones whose weights stay under `least` together."""
    ordered = sorted(vector, key=lambda term: (-spread[term], term))
    mass = 0.0
    for at, term in enumerate(ordered):
        mass += vector[term] ** 2
        if mass >= (least - 1e-9) ** 2:
            return ordered[at:]
    return []


def _bearers(
    one: _Owned, distinct: Sequence[_Owned], holders: dict[str, list[int]], least: float, most: int
) -> frozenset[str]:
    found, seen = set(one.owners), set[int]()
    for at in (at for term in one.telling for at in holders[term]):
        if len(found) == most:
            break
        other = distinct[at]
        if at not in seen and not other.owners <= found and cosine(one.vector, other.vector) >= least:
            found |= other.owners
        seen.add(at)
    return frozenset(found)

"""Which vectors may be alike: those that share their rarest terms.

Rule: what is looked at for each is bounded, so that time and memory grow with their number and not with its square.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import chain

import numpy as np

from briefings.ranking import Vector

#: entries of the index that are looked at for one vector, from its rarest term on
MOST_LOOKED_AT = 1_000
#: neighbours that one vector chooses; others may choose it
MOST = 12


def neighbours(vectors: Sequence[Vector]) -> dict[int, set[int]]:
    """For each vector those it shares its rarest terms with, both ways; at most `MOST` from each side."""
    holders = _Holders(vectors)
    near: dict[int, set[int]] = {at: set() for at in range(len(vectors))}
    for at in near:
        for other in holders.likeliest(at):
            near[at].add(other)
            near[other].add(at)
    return near


class _Holders:
    """Which vectors hold each term, and how heavily: one list after the other, that of the rarest term first."""

    def __init__(self, vectors: Sequence[Vector]) -> None:
        spread = Counter(chain.from_iterable(vectors))
        place = {term: at for at, term in enumerate(sorted(spread, key=lambda term: (spread[term], term)))}
        lengths = [len(vector) for vector in vectors]
        terms_of = np.fromiter((place[term] for vector in vectors for term in vector), np.intp, sum(lengths))
        weights = np.fromiter(chain.from_iterable(vector.values() for vector in vectors), float, sum(lengths))
        order = np.lexsort((np.repeat(np.arange(len(vectors)), lengths), terms_of))
        self._number = len(vectors)
        self._held_by = np.repeat(np.arange(len(vectors)), lengths)[order]
        self._weights = weights[order]
        self._holders = np.bincount(terms_of, minlength=len(place))
        self._begins = np.cumsum(self._holders) - self._holders
        ends = np.cumsum(lengths)
        self._terms = [np.sort(terms_of[end - length : end]) for end, length in zip(ends, lengths, strict=True)]

    def likeliest(self, at: int) -> list[int]:
        """The vectors that have most in common with one, by its rarest terms, the likeliest first."""
        terms_of = self._terms[at]
        looked_at = np.cumsum(self._holders[terms_of])
        number = int(np.searchsorted(looked_at, MOST_LOOKED_AT, "right"))
        if number == 0:
            return []
        each, begins = self._holders[terms_of[:number]], self._begins[terms_of[:number]]
        entries = np.repeat(begins - looked_at[:number] + each, each) + np.arange(looked_at[number - 1])
        held_by, weights = self._held_by[entries], self._weights[entries]
        own = np.repeat(weights[held_by == at], each)  # each of its terms is held by it, once
        shared = np.bincount(held_by, own * weights, self._number)
        shared[at] = 0.0
        others = np.flatnonzero(shared)
        order = np.lexsort((others, -shared[others]))[:MOST]
        return [int(other) for other in others[order]]

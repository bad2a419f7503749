"""The neighbours of a vector are those with which it shares most by its rarest terms, and it theirs."""

from heapq import nsmallest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.similarity.tfidf import Vector
from briefings.stories import clustering as module
from briefings.stories.clustering import find_neighbours

VECTORS = st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.01, 1), max_size=6), max_size=12)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds that some letters reach."""
    monkeypatch.setattr(module, "MAX_POSTINGS", 14)
    monkeypatch.setattr(module, "MAX_NEIGHBOURS", 3)


def counted(vectors: list[Vector]) -> dict[int, set[int]]:
    """The same, entry by entry."""
    holders = {t: [at for at, vector in enumerate(vectors) if t in vector] for vector in vectors for t in vector}
    near: dict[int, set[int]] = {at: set() for at in range(len(vectors))}
    for at, vector in enumerate(vectors):
        shared: dict[int, float] = {}
        looked_at = 0
        for term in sorted(vector, key=lambda term: (len(holders[term]), term)):
            looked_at += len(holders[term])
            if looked_at > module.MAX_POSTINGS:
                break
            for other in holders[term]:
                shared[other] = shared.get(other, 0.0) + vector[term] * vectors[other][term]
        shared.pop(at, None)
        for other in nsmallest(module.MAX_NEIGHBOURS, shared, key=lambda other: (-shared[other], other)):
            near[at].add(other)
            near[other].add(at)
    return near


@given(VECTORS)
def test_neighbours_are_those_that_counting_one_by_one_finds(vectors: list[Vector]) -> None:
    assert find_neighbours(vectors) == counted(vectors)


def test_nothing_has_no_neighbours() -> None:
    assert find_neighbours([]) == {}
    assert find_neighbours([{}, {"a": 1.0}]) == {0: set(), 1: set()}

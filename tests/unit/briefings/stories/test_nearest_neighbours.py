"""The neighbours of a vector are those with the largest overlap in its rarest terms, in both directions."""

from heapq import nsmallest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.similarity.tfidf import Vector
from briefings.stories import clustering
from briefings.stories.clustering import find_neighbours

VECTORS = st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.01, 1), max_size=6), max_size=12)


@pytest.fixture(autouse=True)
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set bounds that the small test vectors reach."""
    monkeypatch.setattr(clustering, "MAX_POSTINGS", 14)
    monkeypatch.setattr(clustering, "MAX_NEIGHBOURS", 3)


def find_neighbours_slowly(vectors: list[Vector]) -> dict[int, set[int]]:
    """Find the neighbours with plain loops, as the reference."""
    postings = {
        term: [index for index, vector in enumerate(vectors) if term in vector] for vector in vectors for term in vector
    }
    neighbours: dict[int, set[int]] = {index: set() for index in range(len(vectors))}
    for index, vector in enumerate(vectors):
        scores: dict[int, float] = {}
        posting_count = 0
        for term in sorted(vector, key=lambda term: (len(postings[term]), term)):
            posting_count += len(postings[term])
            if posting_count > clustering.MAX_POSTINGS:
                break
            for neighbour in postings[term]:
                scores[neighbour] = scores.get(neighbour, 0.0) + vector[term] * vectors[neighbour][term]
        scores.pop(index, None)
        for neighbour in nsmallest(clustering.MAX_NEIGHBOURS, scores, key=lambda item: (-scores[item], item)):
            neighbours[index].add(neighbour)
            neighbours[neighbour].add(index)
    return neighbours


@given(VECTORS)
def test_neighbours_equal_those_of_the_reference(vectors: list[Vector]) -> None:
    assert find_neighbours(vectors) == find_neighbours_slowly(vectors)


def test_empty_input_and_empty_vectors_have_no_neighbours() -> None:
    assert find_neighbours([]) == {}
    assert find_neighbours([{}, {"a": 1.0}]) == {0: set(), 1: set()}

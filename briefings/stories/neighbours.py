"""Which vectors may be alike: those that share their rarest terms.

Rule: what is looked at for each is bounded, so that time and memory grow with their number and not with its square.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import chain

import numpy as np

from briefings.ranking import Vector

#: entries of the index that are looked at for one vector, from its rarest term on
MAX_POSTINGS = 1_000
#: neighbours that one vector chooses; others may choose it
MAX_NEIGHBOURS = 12


def find_neighbours(vectors: Sequence[Vector]) -> dict[int, set[int]]:
    """For each vector those it shares its rarest terms with, both ways; at most `MOST` from each side."""
    index = _InvertedIndex(vectors)
    neighbours_of: dict[int, set[int]] = {vector_index: set() for vector_index in range(len(vectors))}
    for vector_index in neighbours_of:
        for neighbour_index in index.find_most_similar(vector_index):
            neighbours_of[vector_index].add(neighbour_index)
            neighbours_of[neighbour_index].add(vector_index)
    return neighbours_of


class _InvertedIndex:
    """Which vectors hold each term, and how heavily: one list after the other, that of the rarest term first."""

    def __init__(self, vectors: Sequence[Vector]) -> None:
        document_counts = Counter(chain.from_iterable(vectors))
        term_ids = {
            term: term_id
            for term_id, term in enumerate(sorted(document_counts, key=lambda term: (document_counts[term], term)))
        }
        lengths = [len(vector) for vector in vectors]
        posting_terms = np.fromiter((term_ids[term] for vector in vectors for term in vector), np.intp, sum(lengths))
        weights = np.fromiter(chain.from_iterable(vector.values() for vector in vectors), float, sum(lengths))
        order = np.lexsort((np.repeat(np.arange(len(vectors)), lengths), posting_terms))
        self._vector_count = len(vectors)
        self._posting_vectors = np.repeat(np.arange(len(vectors)), lengths)[order]
        self._posting_weights = weights[order]
        self._posting_counts = np.bincount(posting_terms, minlength=len(term_ids))
        self._posting_starts = np.cumsum(self._posting_counts) - self._posting_counts
        ends = np.cumsum(lengths)
        self._vector_terms = [
            np.sort(posting_terms[end - length : end]) for end, length in zip(ends, lengths, strict=True)
        ]

    def find_most_similar(self, vector_index: int) -> list[int]:
        """The vectors that have most in common with one, by its rarest terms, the likeliest first."""
        term_ids = self._vector_terms[vector_index]
        posting_totals = np.cumsum(self._posting_counts[term_ids])
        term_count = int(np.searchsorted(posting_totals, MAX_POSTINGS, "right"))
        if term_count == 0:
            return []
        posting_counts, posting_starts = (
            self._posting_counts[term_ids[:term_count]],
            self._posting_starts[term_ids[:term_count]],
        )
        posting_indexes = np.repeat(
            posting_starts - posting_totals[:term_count] + posting_counts, posting_counts
        ) + np.arange(posting_totals[term_count - 1])
        posting_vectors, posting_weights = (
            self._posting_vectors[posting_indexes],
            self._posting_weights[posting_indexes],
        )
        own_weights = np.repeat(
            posting_weights[posting_vectors == vector_index], posting_counts
        )  # each of its terms is held by it, once
        similarities = np.bincount(posting_vectors, own_weights * posting_weights, self._vector_count)
        similarities[vector_index] = 0.0
        similar_vectors = np.flatnonzero(similarities)
        order = np.lexsort((similar_vectors, -similarities[similar_vectors]))[:MAX_NEIGHBOURS]
        return [int(similar_vector) for similar_vector in similar_vectors[order]]

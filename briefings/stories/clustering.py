"""Cluster articles into stories without topics, by average linkage over the terms of their openings.

Rule: the clusters depend on the articles, never on their order, and one setting fits sets of any size. Two clusters are
merged while the average similarity of their articles is at least `MIN_STORY_SIMILARITY`.

Source: average linkage (Sokal and Michener 1958) over sums of unit TF-IDF vectors, which give each average exactly.

Bounds: each article is compared with a few others that share its rarest terms (`find_neighbours`). So time and memory
grow linearly with the number of articles.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import heapify, heappop, heappush
from itertools import chain
from math import log

import numpy as np

from briefings.model import Article
from briefings.similarity.tfidf import Vector, cosine_similarity, extract_terms, normalize
from briefings.text.folding import make_search_key
from briefings.text.spans import mask_spans

#: maximum number of index entries to read per vector, starting with its rarest term
MAX_POSTINGS = 1_000
#: maximum number of neighbours that a vector chooses; others may choose it as well
MAX_NEIGHBOURS = 12
#: minimum average cosine of two clusters of one story
MIN_STORY_SIMILARITY = 0.18
#: characters of an article that are used: about 500 words show its subject, the rest is background
_MAX_OPENING_CHARACTERS = 3_000
#: weight of a name relative to another word: names separate stories about similar subjects
_NAME_WEIGHT = 1.4
#: number of imaginary articles about other stories. So terms that all articles of a small set share keep some weight,
#: and a term's weight hardly depends on the number of stories
_BACKGROUND_ARTICLES = 50
#: distance in days that halves the similarity; a few days cost almost nothing, a year almost all of it
_HALF_SIMILARITY_DAYS = 30
#: maximum number of terms per article, the heaviest
_MAX_TERMS = 300
#: number of articles whose terms are cached, at about 25 kB each
_CACHE_SIZE = 512

_CAPITALISED_WORD = re.compile(r"\b[^\W\d_a-z][^\W_]+")
_LOWER_CASE_WORD = re.compile(r"\b[a-z][^\W_]+")


def find_neighbours(vectors: Sequence[Vector]) -> dict[int, set[int]]:
    """Map each vector to its neighbours, which share its rarest terms. At most `MAX_NEIGHBOURS` come from each side."""
    index = _InvertedIndex(vectors)
    neighbours_of: dict[int, set[int]] = {vector_index: set() for vector_index in range(len(vectors))}
    for vector_index in neighbours_of:
        for neighbour_index in index.find_most_similar(vector_index):
            neighbours_of[vector_index].add(neighbour_index)
            neighbours_of[neighbour_index].add(vector_index)
    return neighbours_of


def cluster_articles(articles: Sequence[Article]) -> tuple[str, ...]:
    """Return the story of each article, in the given order.

    A story's label is the smallest id in it, with a suffix such as "#2" if another story has that label. Articles may
    share an id. An article without similar ones is its own story.
    """
    order = sorted(range(len(articles)), key=lambda index: _make_sort_key(articles[index]))
    sorted_articles = [articles[index] for index in order]
    label_of: dict[int, str] = {}
    used_labels: set[str] = set()
    for members in _cluster_vectors(
        _compute_vectors(sorted_articles), [_get_day_number(article) for article in sorted_articles]
    ):
        label = _make_unique_label(sorted_articles[members[0]].id, used_labels)
        label_of.update((order[index], label) for index in members)
    return tuple(label_of[index] for index in range(len(articles)))


class _InvertedIndex:
    """Inverted index: the vectors that contain each term, with their weights, rarest term first."""

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
        """Return the vectors with the largest overlap in rare terms, most similar first."""
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
        )  # the vector itself is in the postings of each of its terms, once
        similarities = np.bincount(posting_vectors, own_weights * posting_weights, self._vector_count)
        similarities[vector_index] = 0.0
        similar_vectors = np.flatnonzero(similarities)
        order = np.lexsort((similar_vectors, -similarities[similar_vectors]))[:MAX_NEIGHBOURS]
        return [int(similar_vector) for similar_vector in similar_vectors[order]]


@dataclass(slots=True)
class _Cluster:
    """Articles of one cluster: their indexes in canonical order, and the sums of their vectors and days."""

    members: list[int]
    total: Vector
    day_sum: int
    dated_count: int

    def measure_similarity(self, other: "_Cluster") -> float:
        """Return the average cosine between the articles of both, reduced by their distance in time."""
        average = cosine_similarity(self.total, other.total) / (len(self.members) * len(other.members))
        if not (self.dated_count and other.dated_count):
            return average
        day_distance = abs(self.day_sum / self.dated_count - other.day_sum / other.dated_count)
        return average / (1 + (day_distance / _HALF_SIMILARITY_DAYS) ** 2)

    def merge(self, other: "_Cluster") -> None:
        """Add the articles of `other`."""
        self.members += other.members
        total = dict(self.total)
        for term, weight in other.total.items():
            total[term] = total.get(term, 0.0) + weight
        self.total = total
        self.day_sum += other.day_sum
        self.dated_count += other.dated_count


def _cluster_vectors(vectors: Sequence[Vector], days: Sequence[int | None]) -> list[list[int]]:
    """Return the clusters, each in canonical order, sorted by their first member."""
    clusters = {
        index: _Cluster([index], vectors[index], day or 0, int(day is not None)) for index, day in enumerate(days)
    }
    neighbours_of = find_neighbours(vectors)
    heap = [
        (-similarity, first, second)
        for first, neighbour_indexes in neighbours_of.items()
        for second in neighbour_indexes
        if first < second
        and (similarity := clusters[first].measure_similarity(clusters[second])) >= MIN_STORY_SIMILARITY
    ]
    heapify(heap)
    number = len(vectors)
    while heap:
        _, first, second = heappop(heap)
        if first not in clusters or second not in clusters:
            continue
        merged_cluster, absorbed_cluster = sorted(
            (clusters.pop(first), clusters.pop(second)), key=lambda cluster: -len(cluster.members)
        )
        merged_cluster.merge(absorbed_cluster)
        neighbours_of[number] = (neighbours_of.pop(first) | neighbours_of.pop(second)) - {first, second}
        for third in sorted(neighbours_of[number]):
            neighbours_of[third] = (neighbours_of[third] - {first, second}) | {number}
            similarity = merged_cluster.measure_similarity(clusters[third])
            if similarity >= MIN_STORY_SIMILARITY:
                heappush(heap, (-similarity, third, number))
        clusters[number] = merged_cluster
        number += 1
    return sorted(sorted(cluster.members) for cluster in clusters.values())


def _compute_vectors(articles: Sequence[Article]) -> list[Vector]:
    """Return one unit vector per article: log counts, with more weight for names and for rare terms."""
    weights = [_weigh_terms(article) for article in articles]
    document_counts = Counter(term for weight in weights for term in weight)
    rarity = {
        term: log(1 + (len(articles) + _BACKGROUND_ARTICLES) / (document_count + 0.5))
        for term, document_count in document_counts.items()
    }
    return [
        normalize(_keep_heaviest_terms({term: term_weight * rarity[term] for term, term_weight in weight.items()}))
        for weight in weights
    ]


@lru_cache(maxsize=_CACHE_SIZE)
def _weigh_terms(article: Article) -> Vector:
    """Return the weight of each term in an article's opening.

    Cached, because the newest articles are requested most.
    """
    title = article.title or ""
    opening = f"{title}\n{mask_spans(article.text, article.boilerplate)[:_MAX_OPENING_CHARACTERS]}"
    capitalised_counts, lower_case_counts = (
        _count_words(_CAPITALISED_WORD.findall(opening)),
        _count_words(_LOWER_CASE_WORD.findall(opening)),
    )
    return {
        term: (1 + log(term_count)) * (_NAME_WEIGHT if capitalised_counts[term] > lower_case_counts[term] else 1.0)
        for term, term_count in sorted(Counter(extract_terms(opening)).items())
    }


def _count_words(words: Iterable[str]) -> Counter[str]:
    return Counter(make_search_key(" ".join(words)).split())


def _keep_heaviest_terms(vector: Vector) -> Vector:
    heaviest_terms = sorted(vector, key=lambda term: (-vector[term], term))[:_MAX_TERMS]
    return {term: vector[term] for term in sorted(heaviest_terms)}


def _make_sort_key(article: Article) -> tuple[str, str, str, str]:
    return article.id, article.text, article.title or "", str(article.published)


def _get_day_number(article: Article) -> int | None:
    return article.published.toordinal() if article.published else None


def _make_unique_label(label: str, used_labels: set[str]) -> str:
    number, unique_label = 1, label
    while unique_label in used_labels:
        number += 1
        unique_label = f"{label}#{number}"
    used_labels.add(unique_label)
    return unique_label

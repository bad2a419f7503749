"""Compute TF-IDF vectors of texts, and compare them.

Rule: results depend on the texts only; ties go to the earlier one.

Source: centroid summarisation (Radev et al. 2004).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum, log, sqrt

from briefings.text import lexicon
from briefings.text.folding import make_search_key

#: characters of a text in which its first or last significant words are looked for before all of it is read
_NEAR_LENGTH = 300

#: terms and their weights; the norm is one, or zero for an empty vector
Vector = dict[str, float]


def compute_tfidf_vectors(texts: Sequence[str]) -> list[Vector]:
    """Return one unit TF-IDF vector per text, over the terms of all texts except stop words."""
    counts = [Counter(extract_terms(text)) for text in texts]
    document_counts = Counter(term for count in counts for term in count)
    return [
        normalize(
            {
                term: (1 + log(term_count)) * log(1 + len(texts) / document_counts[term])
                for term, term_count in sorted(count.items())
            }
        )
        for count in counts
    ]


def extract_terms(text: str) -> list[str]:
    """Return the significant words of `text`, folded, in order."""
    return list(_extract_terms(text))


def extract_first_terms(text: str, count: int) -> list[str]:
    """Return the first `count` significant words of `text`, folded. Of a long text, only its beginning is read."""
    if len(text) > _NEAR_LENGTH:
        terms = extract_terms(text[:_NEAR_LENGTH].rsplit(None, 1)[0])
        if len(terms) > count:  # the word at the cut may be incomplete
            return terms[:count]
    return extract_terms(text)[:count]


def extract_last_terms(text: str, count: int) -> list[str]:
    """Return the last `count` significant words of `text`, folded. Of a long text, only its end is read."""
    if len(text) > _NEAR_LENGTH:
        terms = extract_terms(text[-_NEAR_LENGTH:].split(None, 1)[-1])
        if len(terms) > count:  # the word at the cut may be incomplete
            return terms[-count:]
    return extract_terms(text)[-count:]


def normalize(vector: Vector) -> Vector:
    """Return `vector` scaled to norm one; an empty vector stays empty."""
    norm = sqrt(sum(weight * weight for weight in vector.values()))
    return {term: weight / norm for term, weight in vector.items()} if norm else {}


def cosine_similarity(first: Vector, second: Vector) -> float:
    """Return the cosine similarity of two unit vectors, 0 to 1."""
    # fsum rounds exactly, in any order of the terms
    return fsum([weight * second[term] for term, weight in first.items() if term in second])


def find_similar_owners(
    unit_vectors: Sequence[Vector], owners: Sequence[str], min_similarity: float
) -> list[frozenset[str]]:
    """For each vector, return the owners of vectors with a cosine of at least `min_similarity` (above 0), and its own.

    Source: prefix filtering (Bayardo, Ma and Srikant 2007). The most frequent terms of a unit vector cannot make two
    vectors similar while their total weight is under `min_similarity`. So similar vectors share at least one other
    term.
    """
    keys = [tuple(vector.items()) for vector in unit_vectors]
    owners_by_key: dict[tuple[tuple[str, float], ...], set[str]] = {}
    for key, owner in zip(keys, owners, strict=True):
        owners_by_key.setdefault(key, set()).add(owner)
    document_counts = Counter(term for key in owners_by_key for term, _ in key)
    distinct = [
        _OwnedVector(dict(key), frozenset(key_owners), _choose_prefix_terms(dict(key), document_counts, min_similarity))
        for key, key_owners in owners_by_key.items()
    ]
    holders: dict[str, list[int]] = {}
    for index, owned_vector in enumerate(distinct):
        for term in owned_vector.prefix_terms:
            holders.setdefault(term, []).append(index)
    similar_owners = [
        _find_similar_owners(owned_vector, distinct, holders, min_similarity, len(set(owners)))
        for owned_vector in distinct
    ]
    by_key = dict(zip(owners_by_key, similar_owners, strict=True))
    return [by_key[key] for key in keys]


def compute_centroid(members: Iterable[Vector]) -> Vector:
    """Return the unit vector in the direction of the sum of `members`."""
    total: Vector = {}
    for vector in members:
        for term, weight in vector.items():
            total[term] = total.get(term, 0.0) + weight
    return normalize(total)


@dataclass(frozen=True, slots=True)
class _OwnedVector:
    """Vector with its owners and its prefix: every similar vector shares one of the prefix terms."""

    vector: Vector
    owners: frozenset[str]
    prefix_terms: list[str]


@lru_cache(maxsize=16_384)
def _extract_terms(text: str) -> tuple[str, ...]:
    stop_words = lexicon.load_words("stop_words")
    return tuple(word for word in make_search_key(text).split() if word not in stop_words)


def _choose_prefix_terms(vector: Vector, document_counts: Counter[str], min_similarity: float) -> list[str]:
    """Return the terms of `vector` without the most frequent ones whose total weight stays under `min_similarity`."""
    sorted_terms = sorted(vector, key=lambda term: (-document_counts[term], term))
    squared_weight = 0.0
    for index, term in enumerate(sorted_terms):
        squared_weight += vector[term] ** 2
        if squared_weight >= (min_similarity - 1e-9) ** 2:
            return sorted_terms[index:]
    return []


def _find_similar_owners(
    owned_vector: _OwnedVector,
    distinct: Sequence[_OwnedVector],
    holders: dict[str, list[int]],
    min_similarity: float,
    owner_count: int,
) -> frozenset[str]:
    similar_owners, compared_indexes = set(owned_vector.owners), set[int]()
    for index in (index for term in owned_vector.prefix_terms for index in holders[term]):
        if len(similar_owners) == owner_count:
            break
        other = distinct[index]
        if (
            index not in compared_indexes
            and not other.owners <= similar_owners
            and cosine_similarity(owned_vector.vector, other.vector) >= min_similarity
        ):
            similar_owners |= other.owners
        compared_indexes.add(index)
    return frozenset(similar_owners)

"""Measure how alike two articles are, by the names and other words of their titles and openings.

Rule: the likeness of two articles depends on these two only. Words weigh by a list of counts that ships with the
program (`article_counts.txt`), not by the articles that happen to be compared. It is computed from whole numbers, so it
is the same on every machine. The database stores the sketches: a change to them needs a migration that rebuilds them.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from briefings.model import Article
from briefings.text import lexicon
from briefings.text.folding import make_search_key, split_words
from briefings.text.spans import mask_spans
from briefings.text.tokenizer import hash_word
from briefings.text.words import load_table

#: least likeness of two articles that tell one story
MIN_LIKENESS = 0.16
#: characters of an article that are used: about 500 words show its subject, the rest is background
MAX_OPENING_CHARACTERS = 3_000
#: weight of a name relative to another word: names separate stories about similar subjects
_NAME_WEIGHT = 1.4
#: heaviest terms of an article that are compared
MAX_TERMS = 64
#: articles that were counted for the list
_COUNTED_ARTICLES = 969
#: a term weighs its rarity to this power: rare names separate stories about similar subjects
_RARITY_EXPONENT = 1.5
#: whole weight of a term that is the only one
_MAX_WEIGHT = 255
#: more than rounding adds to a likeness
_ROUNDING = 1e-5
#: bytes of a term: four of its hash, one of its weight
_BYTES_PER_TERM = 5

_Array = NDArray[np.int64]
_Weights = NDArray[np.float64]


def build_sketches(articles: Sequence[Article]) -> list[bytes]:
    """Return a sketch of each article: the hashes of its heaviest terms, ascending, and then their weights.

    The terms of a title and opening weigh more if they are rare or frequent there, and if they are names. A term takes
    5 bytes.
    """
    vocabulary = defaultdict[str, int](count().__next__)
    words, word_counts = array("q"), []
    for article in articles:  # one at a time, so that its words are counted while they are in the processor's cache
        opening = f"{article.title or ''}\n{mask_spans(article.text, article.boilerplate)[:MAX_OPENING_CHARACTERS]}"
        found_words = [word for word in split_words(opening) if len(word) > 1]
        word_counts.append(len(found_words))
        words.extend(map(vocabulary.__getitem__, found_words))
    terms = _Terms.fold(vocabulary)
    word_array = np.frombuffer(words, np.int64)
    owners = np.repeat(np.arange(len(articles)), word_counts)
    counts = terms.counts[word_array]
    places = list_ranges(terms.starts[word_array], counts)
    return _pack(*_weigh(np.repeat(owners, counts), places, terms), terms, len(articles))


@dataclass(frozen=True, slots=True, eq=False)
class _Terms:
    """The terms of some words. A word has `counts` of the places from its start on, usually one."""

    starts: _Array
    counts: _Array
    #: of each place: the number of its term, in alphabetical order, and whether the word has a capital
    numbers: _Array
    are_capitalised: _Array
    #: of each term
    hashes: _Array
    rarities: _Weights

    @classmethod
    def fold(cls, words: Iterable[str]) -> "_Terms":
        """Fold words, which are given once each."""
        stop_words = lexicon.load_words("stop_words")
        pairs = [(word, [term for term in _fold_word(word) if term not in stop_words]) for word in words]
        names = sorted({term for _, terms in pairs for term in terms})
        number_by_name = {name: number for number, name in enumerate(names)}
        counts = np.array([len(terms) for _, terms in pairs], dtype=np.int64)
        return cls(
            np.cumsum(counts) - counts,
            counts,
            np.array([number_by_name[term] for _, terms in pairs for term in terms], dtype=np.int64),
            np.array([word[0].isupper() for word, terms in pairs for _ in terms], dtype=np.int64),
            np.array([hash_word(name) for name in names], dtype=np.int64),
            np.array([_compute_rarity(name) for name in names], dtype=np.float64),
        )


def _weigh(owners: _Array, places: _Array, terms: _Terms) -> tuple[_Array, _Array, _Weights]:
    """Return the heaviest terms of all articles, article by article: the article, the term, and its weight.

    `owners` and `places` tell the article and the term of each word.
    """
    factor = len(terms.hashes) + 1
    codes, positions, counts = np.unique(
        owners * factor + terms.numbers[places], return_inverse=True, return_counts=True
    )
    capital_counts = np.bincount(positions, terms.are_capitalised[places], len(codes))
    owners, numbers = codes // factor, codes % factor
    #: by count, from the library of Python: numpy's differs between processors
    logarithms = np.array([1.0, *(1 + log(number) for number in range(1, counts.max(initial=0) + 1))])
    weights = logarithms[counts] * np.where(2 * capital_counts > counts, _NAME_WEIGHT, 1.0) * terms.rarities[numbers]
    order = np.lexsort((numbers, -weights, owners))
    owners, numbers, weights = owners[order], numbers[order], weights[order]
    is_heavy = _count_ranks(owners) < MAX_TERMS
    return owners[is_heavy], numbers[is_heavy], weights[is_heavy]


def _pack(owners: _Array, numbers: _Array, weights: _Weights, terms: _Terms, article_count: int) -> list[bytes]:
    """Return the sketches of all articles. Of two terms with one hash, the heavier one counts."""
    table = np.zeros((article_count, MAX_TERMS))
    table[owners, _count_ranks(owners)] = weights
    # a running sum adds in a fixed order, so the result is the same on every machine
    sums = np.cumsum(table * table, axis=1)[:, -1]
    factors = _MAX_WEIGHT / np.sqrt(np.where(sums > 0, sums, 1.0))
    hashes, whole_weights = terms.hashes[numbers], np.rint(weights * factors[owners])
    order = np.lexsort((-weights, hashes, owners))
    owners, hashes, whole_weights = owners[order], hashes[order], whole_weights[order]
    is_new = np.ones(len(owners), dtype=np.bool_)
    is_new[1:] = (owners[1:] != owners[:-1]) | (hashes[1:] != hashes[:-1])
    owners, hashes, whole_weights = owners[is_new], hashes[is_new], whole_weights[is_new]
    all_hashes, all_weights = hashes.astype("<u4").tobytes(), whole_weights.astype(np.uint8).tobytes()
    bounds = np.searchsorted(owners, np.arange(article_count + 1)).tolist()
    return [all_hashes[4 * start : 4 * end] + all_weights[start:end] for start, end in pairwise(bounds)]


def _count_ranks(owners: _Array) -> _Array:
    """Return the position of each entry among those of its owner; the owners are sorted."""
    return np.arange(len(owners)) - np.searchsorted(owners, owners)


def list_ranges(starts: _Array, lengths: _Array) -> _Array:
    """Return the positions from each start on, as many as its length, one range after the other."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)


def measure_likeness(sketch: bytes, other_sketches: Sequence[bytes]) -> list[float]:
    """Return the likeness of one article and each of the others, from 0 to 1, rounded to six places."""
    hashes, weights = _unpack([sketch])
    if not other_sketches or not len(hashes):
        return [0.0] * len(other_sketches)
    other_hashes, other_weights = _unpack(other_sketches)
    owners = np.repeat(np.arange(len(other_sketches)), [len(other) // _BYTES_PER_TERM for other in other_sketches])
    places = np.minimum(np.searchsorted(hashes, other_hashes), len(hashes) - 1)
    own_weights = np.where(hashes[places] == other_hashes, weights[places], 0)
    # sums of whole numbers below 2**53 are exact in any order
    products = np.bincount(owners, own_weights * other_weights, len(other_sketches))
    squares = np.bincount(owners, other_weights * other_weights, len(other_sketches))
    norms = np.sqrt(float((weights * weights).sum()) * squares)
    return [round(float(value), 6) for value in products / np.maximum(norms, 1.0)]


class SketchTable:
    """Some sketches, prepared for many comparisons with each other; positions are those of the sketches."""

    def __init__(self, sketches: Sequence[bytes]) -> None:
        hashes, self._weights = _unpack(sketches)
        terms, ranks = np.unique(hashes, return_inverse=True)
        self._ranks = ranks.astype(np.int64)
        self._counts = np.array([len(sketch) // _BYTES_PER_TERM for sketch in sketches], dtype=np.int64)
        self._starts = np.cumsum(self._counts) - self._counts
        owners = np.repeat(np.arange(len(sketches)), self._counts)
        self._squares = np.bincount(owners, self._weights * self._weights, len(sketches))
        #: weight of each term in the article that is compared, elsewhere 0
        self._own_weights = np.zeros(len(terms), dtype=np.int64)

    def find_alike(self, position: int, others: _Array) -> list[tuple[int, float]]:
        """Return those of the others that are alike, with the likeness that `measure_likeness` gives."""
        start, count = self._starts[position], self._counts[position]
        if not count:
            return []
        own = self._ranks[start : start + count]
        self._own_weights[own] = self._weights[start : start + count]
        counts = self._counts[others]
        places = list_ranges(self._starts[others], counts)
        products = np.bincount(
            np.repeat(np.arange(len(others)), counts),
            self._own_weights[self._ranks[places]] * self._weights[places],
            len(others),
        )
        self._own_weights[own] = 0
        values = products / np.maximum(np.sqrt(self._squares[position] * self._squares[others]), 1.0)
        # rounded afterwards, as the bound is compared with rounded values
        candidates = np.flatnonzero(values >= MIN_LIKENESS - _ROUNDING)
        pairs = zip(others[candidates].tolist(), values[candidates].tolist(), strict=True)
        return [(other, likeness) for other, value in pairs if (likeness := round(value, 6)) >= MIN_LIKENESS]


def _unpack(sketches: Sequence[bytes]) -> tuple[_Array, _Array]:
    """Return the hashes and weights of all sketches, one after the other."""
    cuts = [len(sketch) // _BYTES_PER_TERM * 4 for sketch in sketches]
    hashes = b"".join(sketch[:cut] for sketch, cut in zip(sketches, cuts, strict=True))
    weights = b"".join(sketch[cut:] for sketch, cut in zip(sketches, cuts, strict=True))
    return np.frombuffer(hashes, "<u4").astype(np.int64), np.frombuffer(weights, np.uint8).astype(np.int64)


def _fold_word(word: str) -> list[str]:
    # letters and digits that are ASCII have no marks or accents
    return [word.lower()] if word.isascii() else make_search_key(word).split()


def _compute_rarity(term: str) -> float:
    return float(log(1 + _COUNTED_ARTICLES / (_load_counts().get(term, 0) + 0.5)) ** _RARITY_EXPONENT)


@cache
def _load_counts() -> dict[str, int]:
    return {word: int(count) for word, count in load_table("article_counts").items()}

"""Measure how alike two articles are, by the names and other words of their titles and openings.

Rule: the likeness of two articles depends on these two only. Words weigh by a list of counts that ships with the
program (`article_counts.txt`), not by the articles that happen to be compared. It is computed from whole numbers, so it
is the same on every machine. The database stores the sketches: a change to them needs a migration that rebuilds them.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from heapq import nsmallest
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from briefings.model import Article
from briefings.text import lexicon
from briefings.text.folding import make_search_key
from briefings.text.spans import mask_spans
from briefings.text.tokenizer import hash_word
from briefings.text.words import load_table

#: least likeness of two articles that tell one story
MIN_LIKENESS = 0.16
#: characters of an article that are used: about 500 words show its subject, the rest is background
_MAX_OPENING_CHARACTERS = 3_000
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
#: bytes of a term: four of its hash, one of its weight
_BYTES_PER_TERM = 5
#: number of words whose weights are cached
_CACHE_SIZE = 1 << 15

_WORD = re.compile(r"[^\W_]{2,}")
_Array = NDArray[np.int64]


def weigh_terms(article: Article) -> dict[str, float]:
    """Return the weight of each term in an article's title and opening: more for frequent words and for names."""
    opening = f"{article.title or ''}\n{mask_spans(article.text, article.boilerplate)[:_MAX_OPENING_CHARACTERS]}"
    counts: dict[str, int] = {}
    capitalised_counts: dict[str, int] = {}
    for word, count in Counter(_WORD.findall(opening)).items():
        for term in _list_terms(word):
            counts[term] = counts.get(term, 0) + count
            if word[0].isupper():
                capitalised_counts[term] = capitalised_counts.get(term, 0) + count
    return {
        term: (1.0 if count == 1 else 1 + log(count))
        * (_NAME_WEIGHT if 2 * capitalised_counts.get(term, 0) > count else 1.0)
        for term, count in counts.items()
    }


def build_sketch(article: Article) -> bytes:
    """Return the hashes of an article's heaviest terms, ascending, and then their weights: 5 bytes a term."""
    weights = [(-weight * _compute_rarity(term), term) for term, weight in weigh_terms(article).items()]
    heaviest_terms = nsmallest(MAX_TERMS, weights)
    factor = _MAX_WEIGHT / sqrt(sum(weight * weight for weight, _ in heaviest_terms)) if heaviest_terms else 0.0
    weight_by_hash = {hash_word(term): round(-weight * factor) for weight, term in reversed(heaviest_terms)}
    hashes = sorted(weight_by_hash)
    return np.array(hashes, "<u4").tobytes() + bytes([weight_by_hash[key] for key in hashes])


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


def _unpack(sketches: Sequence[bytes]) -> tuple[_Array, _Array]:
    """Return the hashes and weights of all sketches, one after the other."""
    cuts = [len(sketch) // _BYTES_PER_TERM * 4 for sketch in sketches]
    hashes = b"".join(sketch[:cut] for sketch, cut in zip(sketches, cuts, strict=True))
    weights = b"".join(sketch[cut:] for sketch, cut in zip(sketches, cuts, strict=True))
    return np.frombuffer(hashes, "<u4").astype(np.int64), np.frombuffer(weights, np.uint8).astype(np.int64)


@lru_cache(maxsize=_CACHE_SIZE)
def _list_terms(word: str) -> tuple[str, ...]:
    """Return the folded terms of a word: none for a stop word, usually one."""
    stop_words = lexicon.load_words("stop_words")
    return tuple(term for term in make_search_key(word).split() if term not in stop_words)


@lru_cache(maxsize=_CACHE_SIZE)
def _compute_rarity(term: str) -> float:
    return float(log(1 + _COUNTED_ARTICLES / (_load_counts().get(term, 0) + 0.5)) ** _RARITY_EXPONENT)


@cache
def _load_counts() -> dict[str, int]:
    return {word: int(count) for word, count in load_table("article_counts").items()}

"""Sketches of texts: two openings that share most of their runs of words share a hash of their sketches.

Rule: a sketch is the least hash in each of a few classes of an opening's runs of words (one-permutation MinHash: Li,
Owen, Zhang 2012), over many texts at once. The hashes are kept in the record: whoever changes them adds a revision that
makes them anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from briefings.similarity.source_independence import MAX_OPENING_CHARACTERS, MAX_OPENING_WORDS, SHINGLE_SIZE
from briefings.text.folding import make_search_key

#: classes of a sketch: two openings that share half of their runs share none of these once in a hundred times
_CLASSES = 12
#: what the words of a run are multiplied with, by their place, and what mixes the bits (splitmix64: Steele 2014)
_POSITION_FACTORS = np.array(
    [pow(0x9E3779B97F4A7C15, place + 1, 1 << 64) for place in range(SHINGLE_SIZE)], dtype=np.uint64
)
_MIX_STEPS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
#: words of which the hash is kept at hand
_CACHE_SIZE = 1 << 16
_MAX_HASH = np.iinfo(np.int64).max

Hashes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sketch:
    """Of a text, the hashes of its opening's runs and the few of them that are kept: signed, of 64 bits."""

    runs: Sequence[int]
    hashes: Sequence[int]


def hash_text(text: str) -> int:
    """A signed number of 64 bits for a text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)


def build_sketches(texts: Sequence[str]) -> list[Sketch]:
    """The sketches of some texts, in their order."""
    runs, ends = _hash_all_runs(texts)
    owner = np.repeat(np.arange(len(texts)), np.diff(ends))
    min_hashes = np.full(len(texts) * _CLASSES, _MAX_HASH)
    np.minimum.at(min_hashes, owner * _CLASSES + runs % _CLASSES, runs)
    kept_hashes = [
        [key for key in row if key != _MAX_HASH] for row in min_hashes.reshape(len(texts), _CLASSES).tolist()
    ]
    return [
        Sketch(text_runs, text_hashes)
        for text_runs, text_hashes in zip(_split_by_text(runs, ends), kept_hashes, strict=True)
    ]


def hash_runs(texts: Sequence[str]) -> list[list[int]]:
    """The hashes of the runs of some texts' openings, in their order."""
    return _split_by_text(*_hash_all_runs(texts))


def _hash_all_runs(texts: Sequence[str]) -> tuple[Hashes, Hashes]:
    """The hashes of all runs, one text after the other, and where each text's begin and the last one's end."""
    openings = [make_search_key(text[:MAX_OPENING_CHARACTERS]).split()[:MAX_OPENING_WORDS] for text in texts]
    words = np.array([_hash_word(word) for opening in openings for word in opening], dtype=np.uint64)
    lengths = np.array([len(opening) for opening in openings], dtype=np.int64)
    ends = np.concatenate(([0], np.cumsum(np.maximum(lengths - SHINGLE_SIZE + 1, 0))))
    starts = np.concatenate(([0], np.cumsum(lengths)))[:-1]
    first_words = np.arange(ends[-1]) + np.repeat(starts - ends[:-1], np.diff(ends))
    hash_values = np.zeros(len(first_words), dtype=np.uint64)
    for position, factor in enumerate(_POSITION_FACTORS):
        hash_values += words[first_words + position] * factor
    for shift, factor in _MIX_STEPS:
        hash_values = (hash_values ^ (hash_values >> np.uint64(shift))) * np.uint64(factor)
    return (hash_values ^ (hash_values >> np.uint64(31))).view(np.int64), ends


def _split_by_text(runs: Hashes, ends: Hashes) -> list[list[int]]:
    hashes, bounds = runs.tolist(), ends.tolist()
    return [hashes[start:end] for start, end in pairwise(bounds)]


@lru_cache(maxsize=_CACHE_SIZE)
def _hash_word(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest())

"""MinHash sketches of texts: similar openings share at least one hash of their sketches.

Rule: a sketch has the lowest hash of each of 12 classes of an opening's word runs (one-permutation MinHash: Li, Owen,
Zhang 2012). Many texts are processed at once. The database stores the hashes: a change to them needs a migration that
rebuilds all sketches.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from briefings.similarity.source_independence import MAX_OPENING_CHARACTERS, MAX_OPENING_WORDS, SHINGLE_SIZE
from briefings.text.folding import make_search_key

#: classes of a sketch: two openings that share half of their runs have no common hash in 1% of cases
_CLASSES = 12
#: factors of the words of a run by position, and steps that mix the bits (splitmix64: Steele 2014)
_POSITION_FACTORS = np.array(
    [pow(0x9E3779B97F4A7C15, position + 1, 1 << 64) for position in range(SHINGLE_SIZE)], dtype=np.uint64
)
_MIX_STEPS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
#: words whose hash is cached
_CACHE_SIZE = 1 << 16
#: in place of the hash of a class without a run; never stored
NO_HASH = np.iinfo(np.int64).max

Hashes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Sketches:
    """Sketches of several texts, by position: signed 64-bit hashes."""

    #: one row per text and one column per class; NO_HASH for a class without a run
    hashes: Hashes
    _runs: Hashes
    _ends: Hashes

    def get_runs(self, position: int) -> list[int]:
        """Return the hashes of all runs of a text's opening."""
        runs: list[int] = self._runs[self._ends[position] : self._ends[position + 1]].tolist()
        return runs


def hash_text(text: str) -> int:
    """Return a signed 64-bit hash of a text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)


def build_sketches(texts: Sequence[str]) -> Sketches:
    """Return the sketches of the texts, in order."""
    runs, ends = _hash_all_runs(texts)
    owner = np.repeat(np.arange(len(texts)), np.diff(ends))
    min_hashes = np.full(len(texts) * _CLASSES, NO_HASH)
    np.minimum.at(min_hashes, owner * _CLASSES + runs % _CLASSES, runs)
    return Sketches(min_hashes.reshape(len(texts), _CLASSES), runs, ends)


def hash_runs(texts: Sequence[str]) -> list[list[int]]:
    """Return the hashes of the runs of each text's opening, in order."""
    return _split_by_text(*_hash_all_runs(texts))


def _hash_all_runs(texts: Sequence[str]) -> tuple[Hashes, Hashes]:
    """Return the hashes of all runs, text by text, and the bounds of each text's hashes: len(texts) + 1 offsets."""
    all_words, word_counts = array("Q"), []
    for text in texts:  # one at a time, so that the words of a text are hashed while they are in the processor's cache
        opening = make_search_key(text[:MAX_OPENING_CHARACTERS]).split(" ", MAX_OPENING_WORDS)[:MAX_OPENING_WORDS]
        word_counts.append(len(opening))
        all_words.extend(map(_hash_word, opening))
    words, lengths = np.frombuffer(all_words, np.uint64), np.array(word_counts, dtype=np.int64)
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

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

from briefings.corroboration import OPENING_CHARACTERS, OPENING_WORDS, RUN
from briefings.text.search_key import search_key

#: classes of a sketch: two openings that share half of their runs share none of these once in a hundred times
_CLASSES = 12
#: what the words of a run are multiplied with, by their place, and what mixes the bits (splitmix64: Steele 2014)
_PLACES = np.array([pow(0x9E3779B97F4A7C15, place + 1, 1 << 64) for place in range(RUN)], dtype=np.uint64)
_MIXED = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
#: words of which the hash is kept at hand
_REMEMBERED = 1 << 16
_GREATEST = np.iinfo(np.int64).max

Hashes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sketch:
    """Of a text, the hashes of its opening's runs and the few of them that are kept: signed, of 64 bits."""

    runs: Sequence[int]
    hashes: Sequence[int]


def hash_of(text: str) -> int:
    """A signed number of 64 bits for a text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)


def sketches_of(texts: Sequence[str]) -> list[Sketch]:
    """The sketches of some texts, in their order."""
    runs, ends = _hashed(texts)
    owner = np.repeat(np.arange(len(texts)), np.diff(ends))
    least = np.full(len(texts) * _CLASSES, _GREATEST)
    np.minimum.at(least, owner * _CLASSES + runs % _CLASSES, runs)
    kept = [[key for key in row if key != _GREATEST] for row in least.reshape(len(texts), _CLASSES).tolist()]
    return [Sketch(own, few) for own, few in zip(_parted(runs, ends), kept, strict=True)]


def runs_of(texts: Sequence[str]) -> list[list[int]]:
    """The hashes of the runs of some texts' openings, in their order."""
    return _parted(*_hashed(texts))


def _hashed(texts: Sequence[str]) -> tuple[Hashes, Hashes]:
    """The hashes of all runs, one text after the other, and where each text's begin and the last one's end."""
    openings = [search_key(text[:OPENING_CHARACTERS]).split()[:OPENING_WORDS] for text in texts]
    words = np.array([_word(word) for opening in openings for word in opening], dtype=np.uint64)
    lengths = np.array([len(opening) for opening in openings], dtype=np.int64)
    ends = np.concatenate(([0], np.cumsum(np.maximum(lengths - RUN + 1, 0))))
    starts = np.concatenate(([0], np.cumsum(lengths)))[:-1]
    first = np.arange(ends[-1]) + np.repeat(starts - ends[:-1], np.diff(ends))
    mixed = np.zeros(len(first), dtype=np.uint64)
    for place, factor in enumerate(_PLACES):
        mixed += words[first + place] * factor
    for shift, factor in _MIXED:
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return (mixed ^ (mixed >> np.uint64(31))).view(np.int64), ends


def _parted(runs: Hashes, ends: Hashes) -> list[list[int]]:
    hashes, bounds = runs.tolist(), ends.tolist()
    return [hashes[start:end] for start, end in pairwise(bounds)]


@lru_cache(maxsize=_REMEMBERED)
def _word(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest())

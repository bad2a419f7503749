"""Sketches of quoted words: few hashes, of which two reports of one utterance nearly always share one.

A feature is a long word, or a common word with the word after it. A sketch has the best feature of every run of four
words, the longest word first (winnowing: Schleimer, Wilkerson and Aiken 2003). So a short report inside a longer one is
found, wherever it is, and a sketch has about one hash per three words.
Rule: sketches depend on nothing but the words. The database stores their hashes: a change needs a migration.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from briefings.similarity.quote_matching import MIN_WORDS
from briefings.text.lexicon import load_words

#: words of a quote that are compared, so that a long one takes a bounded time
MAX_WORDS = 250
#: words of a run; fewer would find a little more, and store a fifth more hashes
_RUN = 4
#: bits of a feature's hash; the bits above hold its rank: 0 for the longest words, then shorter ones, then common ones
_HASH_BITS = 56
_LONG_WORD, _COMMON_RANK = 9, 15
_PAIR_FACTOR = np.uint64(0x9E3779B97F4A7C15)
#: steps that mix the bits (splitmix64: Steele 2014)
_MIX_STEPS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
#: characters that are processed together
_CHUNK_CHARACTERS = 1 << 18
#: base of the hash of a word, and the characters that end one
_BASE, _SPACE, _LINE_BREAK = 0xD6E8FEB86659FD93, ord(" "), ord("\n")
#: surnames whose hash is cached
_CACHE_SIZE = 1 << 16
#: a feature that no word has
_NOTHING = np.iinfo(np.uint64).max

Hashes = NDArray[np.int64]
_Features = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Sketches:
    """The sketches of many texts: all hashes, text by text, and the bounds of each text's hashes."""

    hashes: Hashes
    #: len(texts) + 1 offsets into `hashes`
    ends: Hashes


def hash_word_sequence(surname: str, key: str) -> int:
    """Return a 56-bit hash of a speaker's surname and the words of a quote, both search keys."""
    return int.from_bytes(blake2b(f"{surname}\n{key}".encode(), digest_size=7).digest())


def get_opening(key: str) -> str:
    """Return the words of a search key that are compared: the first 250."""
    return key if key.count(" ") < MAX_WORDS else " ".join(key.split(" ", MAX_WORDS)[:MAX_WORDS])


def build_sketches(surnames: Sequence[str], openings: Sequence[str]) -> Sketches:
    """Return the sketches of quoted words; those of people with other surnames share no hash.

    Openings are words separated by single spaces. Those of fewer than three words have no hashes; others have at most
    247.
    """
    parts = [_select_features(openings[start:end]) for start, end in pairwise(_list_chunk_bounds(openings))]
    counts = np.concatenate([np.zeros(1, dtype=np.int64), *(counts for _, counts in parts)])
    features = np.concatenate([np.zeros(0, dtype=np.uint64), *(features for features, _ in parts)])
    salts = np.array([_hash_surname(surname) for surname in surnames], dtype=np.uint64)
    salted_features = np.bitwise_xor(features, np.repeat(salts, counts[1:]), dtype=np.uint64)
    return Sketches(_mix(salted_features).view(np.int64), np.cumsum(counts))


def _list_chunk_bounds(openings: Sequence[str]) -> list[int]:
    """Return the bounds of runs of texts that are processed together, which bounds the memory."""
    bounds, size = [0], 0
    for position, opening in enumerate(openings):
        if size > _CHUNK_CHARACTERS:
            bounds.append(position)
            size = 0
        size += len(opening) + 1
    return [*bounds, len(openings)] if openings else []


def _select_features(openings: Sequence[str]) -> tuple[_Features, Hashes]:
    """Return the different best features of each text's runs, text by text, and the count of each text's features."""
    word_features, word_counts = _build_features(openings)
    is_compared = word_counts >= MIN_WORDS
    # shorter texts are padded to one run
    lengths = np.where(is_compared, np.maximum(word_counts, _RUN), 0)
    starts = np.concatenate(([0], np.cumsum(lengths)))
    counts = np.where(is_compared, word_counts, 0)
    features = np.full(starts[-1] + _RUN, _NOTHING, dtype=np.uint64)
    places = np.arange(counts.sum()) + np.repeat(starts[:-1] - np.concatenate(([0], np.cumsum(counts)))[:-1], counts)
    features[places] = word_features[np.repeat(is_compared, word_counts)]
    _pair_common_words(features, places, starts[1:] - 1)
    best = features[: starts[-1]].copy()
    for offset in range(1, _RUN):
        np.minimum(best, features[offset : offset + starts[-1]], out=best)
    owners = np.repeat(np.arange(len(openings)), lengths)
    is_run = np.arange(starts[-1]) <= (starts[1:] - _RUN)[owners]
    best, owners = _drop_repeated(best[is_run], owners[is_run])  # neighbours mostly share their best feature
    order = np.lexsort((best, owners))
    best, owners = _drop_repeated(best[order], owners[order])
    return best, np.bincount(owners, minlength=len(openings))


def _drop_repeated(features: _Features, owners: Hashes) -> tuple[_Features, Hashes]:
    """Leave out the features that equal the one before of the same text."""
    is_new = np.ones(len(features), dtype=bool)
    is_new[1:] = (features[1:] != features[:-1]) | (owners[1:] != owners[:-1])
    return features[is_new], owners[is_new]


def _pair_common_words(features: _Features, places: Hashes, last_places: Hashes) -> None:
    """Replace the feature of each common word by one of the word and its successor, which the last word has not."""
    common = places[features[places] >> np.uint64(_HASH_BITS) == _COMMON_RANK]
    successors = np.where(np.isin(common, last_places), np.uint64(_NOTHING), features[common + 1])
    pairs = _mix(features[common] * _PAIR_FACTOR + successors)
    features[common] = np.uint64(_COMMON_RANK << _HASH_BITS) | (pairs >> np.uint64(64 - _HASH_BITS))


def _build_features(openings: Sequence[str]) -> tuple[_Features, Hashes]:
    """Return a feature for each word of all texts, and the count of each text's words."""
    hashes, lengths, ends_text = _hash_words("\n".join(openings))
    common_hashes = _hash_common_words()
    places = np.minimum(np.searchsorted(common_hashes, hashes), len(common_hashes) - 1)
    ranks = np.maximum(0, _LONG_WORD - lengths).astype(np.uint64)
    ranks[common_hashes[places] == hashes] = _COMMON_RANK
    features = ranks << np.uint64(_HASH_BITS) | (hashes >> np.uint64(64 - _HASH_BITS))
    return features, np.diff(np.concatenate(([-1], np.flatnonzero(ends_text))))


def _hash_words(text: str) -> tuple[_Features, Hashes, NDArray[np.bool_]]:
    """Return the hash and length of each word of a text, and whether a line ends after it.

    Words end at a single space or line break. An empty line counts as a word. The hash is that of Karp and Rabin
    (1987), from sums over the whole text, so that no word is looked at alone.
    """
    codes = np.frombuffer(f"{text}\n".encode("utf-32-le"), dtype=np.uint32)
    is_break = codes == _LINE_BREAK
    ends = np.flatnonzero(is_break | (codes == _SPACE))
    starts = np.concatenate(([0], ends[:-1] + 1))
    powers, inverse_powers = _list_powers(max(2 * _CHUNK_CHARACTERS, 1 << len(codes).bit_length()))
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(_mix(codes.astype(np.uint64)) * powers[: len(codes)], out=sums[1:])
    return _mix((sums[ends] - sums[starts]) * inverse_powers[starts]), ends - starts, is_break[ends]


@lru_cache(maxsize=2)
def _list_powers(count: int) -> tuple[_Features, _Features]:
    """Return the powers of the hash's base, and their inverses, modulo 2 ** 64."""
    base = np.full(count, _BASE, dtype=np.uint64)
    inverse = np.full(count, pow(_BASE, -1, 1 << 64), dtype=np.uint64)
    base[0] = inverse[0] = 1
    return np.cumprod(base), np.cumprod(inverse)


@cache
def _hash_common_words() -> _Features:
    return np.sort(_hash_words("\n".join(sorted(load_words("commonest_words"))))[0])


@lru_cache(maxsize=_CACHE_SIZE)
def _hash_surname(surname: str) -> int:
    return int.from_bytes(blake2b(surname.encode(), digest_size=8).digest())


def _mix(values: _Features) -> _Features:
    for shift, factor in _MIX_STEPS:
        values = (values ^ (values >> np.uint64(shift))) * np.uint64(factor)
    return values ^ (values >> np.uint64(31))

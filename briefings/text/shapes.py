"""What a word shows by its letters alone: hashes of the word, its endings, its shape.

Rule: a pure function of one word, so that it is worked out once for each word and then looked up.
"""

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np

from briefings.text.arrays import Ints

#: columns of `shapes`
WORD, SUFFIX3, SUFFIX2, SHAPE, FIRST_UPPER, STEM = range(6)


#: dashes that are read alike
DASHES = {"―": "—", "‒": "–", "−": "–", "‑": "-"}


def shapes(words: Sequence[str]) -> Ints:
    """(words, 6): hashes of the lower-cased word and of its last three and two letters, shape, capital, stem."""
    if not words:
        return np.zeros((0, 6), dtype=np.int64)
    return np.array([_shape(word) for word in words], dtype=np.int64)


def word_hash(word: str) -> int:
    """A number for a lower-cased word, the same on every machine; never 0, which stands for "no word"."""
    return crc32(word.encode("utf-8", "surrogatepass")) | 1


def stem(lower: str) -> str:
    """A lower-cased word without its commonest verb endings: accuse, accuses, accused and accusing give one stem."""
    for ending, least in (("ies", 5), ("ied", 5), ("ing", 6), ("ed", 5), ("es", 5), ("s", 4), ("e", 4), ("y", 4)):
        if lower.endswith(ending) and len(lower) >= least and not lower.endswith("ss"):
            lower = lower[: -len(ending)]
            break
    return lower[:-1] if len(lower) > 3 and lower[-1] == lower[-2] else lower


@lru_cache(maxsize=60_000)
def _shape(word: str) -> tuple[int, int, int, int, int, int]:
    word = DASHES.get(word, word[:40])
    lower = word.lower().replace("’", "'")
    if any(letter.isdigit() for letter in lower):
        lower = "0" * len(lower) if lower.isdigit() else "0" + lower.lstrip("0123456789,.:")
    return (
        word_hash(lower),
        word_hash(lower[-3:]) + 2,
        word_hash(lower[-2:]) + 4,
        _form(word),
        int(word[:1].isupper()),
        word_hash(stem(lower)) + 6,
    )


def _form(word: str) -> int:
    """Bits: capital first, all capitals, a digit, a hyphen, a letter at all, longer than three."""
    return (
        1
        + word[:1].isupper()
        + 2 * (word.isupper() and len(word) > 1)
        + 4 * any(letter.isdigit() for letter in word)
        + 8 * ("-" in word)
        + 16 * any(letter.isalpha() for letter in word)
        + 32 * (len(word) > 3)
    )

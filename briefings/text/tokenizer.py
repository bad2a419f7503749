"""Words of a text with their offsets, in one pass.

Rule: every token is a slice of the text; nothing is normalised, and no pattern can backtrack beyond a few characters.

What a word shows by its letters alone: hashes of the word, its endings, its shape.

Rule: a pure function of one word, so that it is worked out once for each word and then looked up.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np

from briefings.text import lexicon
from briefings.text.learned_models import IntArray

_ABBREVIATIONS = "|".join(sorted(f"{word[0].upper()}{word[1:]}" for word in lexicon.load_words("abbreviations")))
_TOKEN = re.compile(
    r"[^\w\s]{12,}+"  # no writing at all
    r"|(?:[A-Z]\.){2,8}(?!\w)"  # U.S.
    rf"|\b(?:{_ABBREVIATIONS}|[A-Z])\.(?=[\s,)-])"  # Mr., Donald J.
    r"|\d++(?:[.,:]\d++)*+(?:st|nd|rd|th|s|m|bn|pm|am)?(?![^\W\d])%?"
    r"|['’]s\b"
    r"|\w++(?:[-&]\w++|['’](?![sS]\b)\w++)*+"
    r"|\.{2,}+|-{2,}+|``|''"
    r"|\S"
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one text: `words[i]` is `text[starts[i]:ends[i]]`; `paragraph[i]` counts lines that hold words."""

    words: list[str]
    starts: IntArray
    ends: IntArray
    paragraph: IntArray

    def __len__(self) -> int:
        return len(self.words)


def tokenise(text: str) -> Tokens:
    """Tokens of `text` in order. A paragraph is a line; possessive 's stands alone, n't does not."""
    matches = list(_TOKEN.finditer(text))
    words = [match.group() for match in matches]
    starts = np.array([match.start() for match in matches], dtype=np.int64)
    ends = np.array([match.end() for match in matches], dtype=np.int64)
    breaks = np.array([match.start() for match in re.finditer(r"\n\s*+", text)], dtype=np.int64)
    return Tokens(words, starts, ends, np.searchsorted(breaks, starts))


#: columns of `shapes`
WORD, SUFFIX3, SUFFIX2, SHAPE, FIRST_UPPER, STEM = range(6)


#: dashes that are read alike
DASHES = {"―": "—", "‒": "–", "−": "–", "‑": "-"}


def compute_shapes(words: Sequence[str]) -> IntArray:
    """(words, 6): hashes of the lower-cased word and of its last three and two letters, shape, capital, stem."""
    if not words:
        return np.zeros((0, 6), dtype=np.int64)
    return np.array([_compute_shape(word) for word in words], dtype=np.int64)


def hash_word(word: str) -> int:
    """A number for a lower-cased word, the same on every machine; never 0, which stands for "no word"."""
    return crc32(word.encode("utf-8", "surrogatepass")) | 1


def stem(word: str) -> str:
    """A lower-cased word without its commonest verb endings: accuse, accuses, accused and accusing give one stem."""
    for ending, min_length in (("ies", 5), ("ied", 5), ("ing", 6), ("ed", 5), ("es", 5), ("s", 4), ("e", 4), ("y", 4)):
        if word.endswith(ending) and len(word) >= min_length and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


@lru_cache(maxsize=60_000)
def _compute_shape(word: str) -> tuple[int, int, int, int, int, int]:
    word = DASHES.get(word, word[:40])
    lowered_word = word.lower().replace("’", "'")
    if any(letter.isdigit() for letter in lowered_word):
        lowered_word = "0" * len(lowered_word) if lowered_word.isdigit() else "0" + lowered_word.lstrip("0123456789,.:")
    return (
        hash_word(lowered_word),
        hash_word(lowered_word[-3:]) + 2,
        hash_word(lowered_word[-2:]) + 4,
        _compute_form_bits(word),
        int(word[:1].isupper()),
        hash_word(stem(lowered_word)) + 6,
    )


def _compute_form_bits(word: str) -> int:
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

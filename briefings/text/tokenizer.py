"""Split text into tokens with offsets in one pass, and hash the form of each word.

Rule: every token is an unchanged slice of the text. No pattern can backtrack beyond a few characters. The hashes of a
word (its letters, endings and shape) depend on the word only, so they are cached.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from zlib import crc32

import numpy as np

from briefings.text import lexicon
from briefings.text.learned_models import IntArray

_ABBREVIATIONS = "|".join(sorted(f"{word[0].upper()}{word[1:]}" for word in lexicon.load_words("abbreviations")))
_TOKEN = re.compile(
    r"[^\w\s]{12,}+"  # a run of symbols
    r"|(?:[A-Z]\.){2,8}(?!\w)"  # U.S.
    rf"|\b(?:{_ABBREVIATIONS}|[A-Z])\.(?=[\s,)-])"  # Mr., Donald J.
    r"|\d++(?:[.,:]\d++)*+(?:st|nd|rd|th|s|m|bn|pm|am)?(?![^\W\d])%?"
    r"|['’]s\b"
    r"|\w++(?:[-&]\w++|['’](?![sS]\b)\w++)*+"
    r"|\.{2,}+|-{2,}+|``|''"
    r"|\S"
)
#: columns of the array that `compute_shapes` returns
WORD, SUFFIX3, SUFFIX2, SHAPE, FIRST_UPPER, STEM = range(6)
#: dashes that are treated as the same
DASHES = {"―": "—", "‒": "–", "−": "–", "‑": "-"}


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of one text.

    `words[i]` is `text[starts[i]:ends[i]]`. `paragraph[i]` numbers the lines that contain words.
    """

    words: list[str]
    starts: IntArray
    ends: IntArray
    paragraph: IntArray

    def __len__(self) -> int:
        return len(self.words)


def tokenise(text: str) -> Tokens:
    """Split `text` into tokens, in order. A paragraph is a line. A possessive 's is a token, n't is not."""
    matches = list(_TOKEN.finditer(text))
    words = [match.group() for match in matches]
    starts = np.array([match.start() for match in matches], dtype=np.int64)
    ends = np.array([match.end() for match in matches], dtype=np.int64)
    breaks = np.array([match.start() for match in re.finditer(r"\n\s*+", text)], dtype=np.int64)
    return Tokens(words, starts, ends, np.searchsorted(breaks, starts))


def compute_shapes(words: Sequence[str]) -> IntArray:
    """Return an array of shape (words, 6).

    The columns are hashes of the lower-case word and of its last three and two letters, the shape, the capital and
    the hash of the stem.
    """
    if not words:
        return np.zeros((0, 6), dtype=np.int64)
    columns = chain.from_iterable(map(_compute_shape, words))
    return np.fromiter(columns, dtype=np.int64, count=6 * len(words)).reshape(-1, 6)


def hash_word(word: str) -> int:
    """Hash a lower-case word to the same number on every machine. Never returns 0, which means "no word"."""
    return crc32(word.encode("utf-8", "surrogatepass")) | 1


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return a lower-case word without its verb ending: accuse, accuses, accused and accusing give one stem."""
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
    """Return the form of a word as bits.

    The bits are: first letter is a capital, all capitals, has a digit, has a hyphen, has a letter, longer than three
    letters.
    """
    return (
        1
        + word[:1].isupper()
        + 2 * (word.isupper() and len(word) > 1)
        + 4 * any(letter.isdigit() for letter in word)
        + 8 * ("-" in word)
        + 16 * any(letter.isalpha() for letter in word)
        + 32 * (len(word) > 3)
    )

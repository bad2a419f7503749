"""Words of a text with their offsets, in one pass.

Rule: every token is a slice of the text; nothing is normalised, and no pattern can backtrack beyond a few characters.
"""

import re
from dataclasses import dataclass

import numpy as np

from briefings.text import lexicon
from briefings.text.arrays import IntArray

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

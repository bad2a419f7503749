"""Other ways to write what was asked: compounds apart and together, and words with one slip.

Rule: pure; what stands in the record is for others to look up. Words are lexemes.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from string import ascii_lowercase, digits

Words = tuple[str, ...]

#: characters of the longest word that may be misspelt, and that may be a compound
LONGEST = 40
#: characters of either half of a compound that is written as one word
_HALF = 3


def joined(words: Sequence[str]) -> Iterator[Words]:
    """`words` with two neighbours written as one, for each two: "lynch mob" as "lynchmob"."""
    for at, (one, other) in enumerate(pairwise(words)):
        if len(one) + len(other) <= LONGEST:
            yield (*words[:at], one + other, *words[at + 2 :])


def halves(word: str) -> Iterator[tuple[str, str]]:
    """The ways to write a word as two of three characters or more: "lynchmob" as "lynch" and "mob"."""
    if len(word) <= LONGEST:
        for at in range(_HALF, len(word) - _HALF + 1):
            yield word[:at], word[at:]


def neighbours(word: str) -> set[str]:
    """What is one slip away: a character left out, put in, exchanged, or two neighbours swapped.

    Characters put in are a to z, the digits where the word has one, and for a word in another script its own block of
    Unicode. Words of over 40 characters have none.
    """
    if len(word) > LONGEST:
        return set()
    letters = _letters(word)
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    near = {left + right[1:] for left, right in cuts if right}
    near.update(left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1)
    near.update(left + letter + right[1:] for left, right in cuts if right for letter in letters)
    near.update(left + letter + right for left, right in cuts for letter in letters)
    return near - {word, ""}


def _letters(word: str) -> set[str]:
    letters = set(ascii_lowercase)
    if any(char.isdigit() for char in word):
        letters.update(digits)
    for char in word:
        if not char.isascii():
            start = ord(char) & ~0x3F
            letters.update(c for c in map(chr, range(start, start + 0x40)) if c.isalnum() and c == c.casefold())
    return letters

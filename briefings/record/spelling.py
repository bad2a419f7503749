"""Other ways to write what was asked: compounds apart and together, and words with one slip.

Rule: pure; what stands in the record is for others to look up. Words are lexemes.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from string import ascii_lowercase, digits

Words = tuple[str, ...]

#: characters of the longest word that may be misspelt, and that may be a compound
MAX_WORD_LENGTH = 40
#: characters of either half of a compound that is written as one word
_MIN_HALF_LENGTH = 3


def join_words(words: Sequence[str]) -> Iterator[Words]:
    """`words` with two neighbours written as one, for each two: "lynch mob" as "lynchmob"."""
    for position, (one, other) in enumerate(pairwise(words)):
        if len(one) + len(other) <= MAX_WORD_LENGTH:
            yield (*words[:position], one + other, *words[position + 2 :])


def split_in_halves(word: str) -> Iterator[tuple[str, str]]:
    """The ways to write a word as two of three characters or more: "lynchmob" as "lynch" and "mob"."""
    if len(word) <= MAX_WORD_LENGTH:
        for position in range(_MIN_HALF_LENGTH, len(word) - _MIN_HALF_LENGTH + 1):
            yield word[:position], word[position:]


def find_neighbours(word: str) -> set[str]:
    """What is one slip away: a character left out, put in, exchanged, or two neighbours swapped.

    Characters put in are a to z, the digits where the word has one, and for a word in another script its own block of
    Unicode. Words of over 40 characters have none.
    """
    if len(word) > MAX_WORD_LENGTH:
        return set()
    letters = _list_letters(word)
    splits = [(word[:position], word[position:]) for position in range(len(word) + 1)]
    variants = {head + tail[1:] for head, tail in splits if tail}
    variants.update(head + tail[1] + tail[0] + tail[2:] for head, tail in splits if len(tail) > 1)
    variants.update(head + letter + tail[1:] for head, tail in splits if tail for letter in letters)
    variants.update(head + letter + tail for head, tail in splits for letter in letters)
    return variants - {word, ""}


def _list_letters(word: str) -> set[str]:
    letters = set(ascii_lowercase)
    if any(char.isdigit() for char in word):
        letters.update(digits)
    for char in word:
        if not char.isascii():
            start = ord(char) & ~0x3F
            letters.update(c for c in map(chr, range(start, start + 0x40)) if c.isalnum() and c == c.casefold())
    return letters

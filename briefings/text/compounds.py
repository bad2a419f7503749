"""Compounds: words that are written in one, with a hyphen or in two, as alternatives of a phrase.

Rule: words are those of a search key.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

#: characters of the longest word that is joined or split
MAX_WORD_LENGTH = 40
#: words of the longest phrase that has alternatives
MAX_PHRASE_WORDS = 64
#: least characters of each half of a compound
_MIN_HALF_LENGTH = 3


def join_words(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield `words` with each two adjacent words joined in turn: "lynch mob" as "lynchmob"."""
    for position, (word, next_word) in enumerate(pairwise(words)):
        if len(word) + len(next_word) <= MAX_WORD_LENGTH:
            yield (*words[:position], word + next_word, *words[position + 2 :])


def split_in_halves(word: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to split a word into two of at least three characters: "lynchmob" as "lynch" and "mob"."""
    if len(word) <= MAX_WORD_LENGTH:
        for position in range(_MIN_HALF_LENGTH, len(word) - _MIN_HALF_LENGTH + 1):
            yield word[:position], word[position:]


def add_compounds(words: Sequence[str]) -> list[Sequence[str]]:
    """Return the phrase, its variants with two words joined, and its variants with one word split.

    Of a phrase with over 64 words, return only the first 64 words.
    """
    if not words:
        return []
    if len(words) > MAX_PHRASE_WORDS:
        return [words[:MAX_PHRASE_WORDS]]
    split_phrases = [
        (*words[:position], *half_words, *words[position + 1 :])
        for position, word in enumerate(words)
        for half_words in split_in_halves(word)
    ]
    return [words, *join_words(words), *(phrase for phrase in split_phrases if len(phrase) <= MAX_PHRASE_WORDS)]

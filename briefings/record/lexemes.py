"""Words as the indexes hold them, and texts in pieces that an index can hold.

Rule: two words have one lexeme exactly when they are equal; every run of up to `RUN` words of a text stands whole in
one of its pieces.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256

from briefings.text.search_key import search_key

#: words of the longest phrase that an index answers by itself
RUN = 64
#: characters of a word that is held as it is; PostgreSQL takes 2,046 bytes, SQLite 32,768
_WHOLE = 200
#: words by which a name or a title is found; nobody's is longer
_NAME = 250
#: names and titles of which the lexemes are kept at hand
_REMEMBERED = 4_096
#: what PostgreSQL holds in one tsvector beside names: positions, positions of one lexeme, bytes (less than its 1 MB)
_POSITIONS, _SAME, _BYTES = 15_000, 255, 400_000


def lexemes(text: str) -> str:
    """The words of `text`, folded, in order, joined by one space."""
    key = search_key(text)
    if len(key) <= _WHOLE or max(map(len, key.split())) <= _WHOLE:
        return key
    return " ".join(word if len(word) <= _WHOLE else _short(word) for word in key.split())


@lru_cache(maxsize=_REMEMBERED)
def name_lexemes(text: str | None) -> str:
    """The first 250 words of a name or a title; none for None. Remembered: the same people speak."""
    return " ".join(lexemes(text).split()[:_NAME]) if text else ""


def pieces(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Runs of `words` that fit into a tsvector, each beginning with the last RUN - 1 words of the one before.

    Nearly every text is one piece; one of no words is one empty piece.
    """
    if _fits(words):
        yield words
        return
    start = 0
    while True:
        end = _end(words, start)
        yield words[start:end]
        if end == len(words):
            return
        start = end - RUN + 1


def _fits(words: Sequence[str]) -> bool:
    """Whether the words are few enough that nothing need be counted, or counted at once."""
    if len(words) <= _SAME:
        return True
    if len(words) > _POSITIONS or 4 * sum(map(len, words)) + 10 * len(words) > _BYTES:
        return False
    return max(Counter(words).values()) <= _SAME


def _end(words: Sequence[str], start: int) -> int:
    most = min(len(words), start + _POSITIONS)
    if most - start <= _SAME:  # what follows can find nothing amiss
        return most
    often: Counter[str] = Counter()
    size = 0
    for at in range(start, most):
        word = words[at]
        often[word] += 1
        # a position takes two bytes; a lexeme its own, its entry in the list and what aligns it
        size += 2 if often[word] > 1 else 4 * len(word) + 10
        if often[word] > _SAME or size > _BYTES:
            return at
    return most


def _short(word: str) -> str:
    # the mark is no letter, so that no word has it, and not ASCII, so that FTS5 does not part words at it
    return f"{word[:_WHOLE]}…{sha256(word.encode()).hexdigest()}"

"""Words as the indexes hold them, and texts in pieces that an index can hold.

Rule: two words have one lexeme exactly when they are equal; every run of up to `RUN` words of a text stands whole in
one of its pieces.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from briefings.text.search_key import search_key

#: words of the longest phrase that an index answers by itself
RUN = 64
#: characters of a word that is held as it is; PostgreSQL takes 2,046 bytes, SQLite 32,768
_WHOLE = 200
#: words by which a name or a title is found; nobody's is longer
_NAME = 250
#: what PostgreSQL holds in one tsvector beside names: positions, positions of one lexeme, bytes (less than its 1 MB)
_POSITIONS, _SAME, _BYTES = 15_000, 255, 400_000


def lexemes(text: str) -> list[str]:
    """The words of `text`, folded, in order."""
    return [word if len(word) <= _WHOLE else _short(word) for word in search_key(text).split()]


def name_lexemes(text: str | None) -> list[str]:
    """The first 250 words of a name or a title; none for None."""
    return lexemes(text)[:_NAME] if text else []


def pieces(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Runs of `words` that fit into a tsvector, each beginning with the last RUN - 1 words of the one before.

    Nearly every text is one piece; one of no words is one empty piece.
    """
    start = 0
    while True:
        end = _end(words, start)
        yield words[start:end]
        if end == len(words):
            return
        start = end - RUN + 1


def _end(words: Sequence[str], start: int) -> int:
    most = min(len(words), start + _POSITIONS)
    if most - start <= _SAME:  # neither bound below can be met
        return most
    seen: dict[str, int] = {}
    size = 0
    for at in range(start, most):
        word = words[at]
        count = seen.get(word, 0) + 1
        # a position takes two bytes; a lexeme its own, its entry in the list and what aligns it
        size += 2 if count > 1 else 4 * len(word) + 10
        if count > _SAME or size > _BYTES:
            return at
        seen[word] = count
    return most


def _short(word: str) -> str:
    # the mark is no letter, so that no word has it, and not ASCII, so that FTS5 does not part words at it
    return f"{word[:_WHOLE]}…{sha256(word.encode()).hexdigest()}"

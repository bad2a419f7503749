"""Interface of the full-text indexes, and the lexemes that both of them store.

SQLite's index is `Fts5Index`, PostgreSQL's is `TSearchIndex`.
Rule: both match whole lexemes in order, and both return ids only, newest first.
Rule: two words have the same lexeme only if they are equal. Every run of up to MAX_PHRASE_WORDS words of a text is
whole in one of its pieces.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Protocol

from sqlalchemy import Connection

from briefings.text.compounds import MAX_PHRASE_WORDS as MAX_PHRASE_WORDS  # of the longest phrase of an index
from briefings.text.folding import make_search_key

#: the lexemes of a phrase: 1 to MAX_PHRASE_WORDS
Phrase = Sequence[str]
#: alternatives: a match has at least one of these phrases
AnyOf = Sequence[Phrase]


#: longest word, in characters, that is stored unchanged; PostgreSQL takes 2,046 bytes, SQLite 32,768
_MAX_WORD_CHARACTERS = 200
#: words of a name or title that are indexed; real ones are shorter
_MAX_NAME_WORDS = 250
#: names and titles whose lexemes are cached
_CACHE_SIZE = 4_096
#: limits of one tsvector, without names: positions, positions of one lexeme, bytes (well below PostgreSQL's 1 MB)
_MAX_POSITIONS, _MAX_POSITIONS_PER_LEXEME, _MAX_BYTES = 15_000, 255, 400_000


@dataclass(frozen=True, slots=True)
class QuoteWords:
    """Index entry of a quote: its id, and the lexemes of its content, speaker and outlet.

    Lexemes are separated by single spaces.
    """

    id: int
    content: str
    speaker: str
    outlet: str


@dataclass(frozen=True, slots=True)
class ArticleWords:
    """Index entry of an article: its number, and the lexemes of its text and title, separated by single spaces."""

    number: int
    text: str
    title: str


@dataclass(frozen=True, slots=True)
class QuoteQuery:
    """Query for quotes. Each non-empty field must match: at least one of its phrases. Empty fields match anything."""

    #: first and last id, both included
    ids: tuple[int, int]
    content: AnyOf = ()
    speaker: AnyOf = ()
    outlet: AnyOf = ()
    #: phrases in the text or title of the article
    about: AnyOf = ()
    #: sets of words anywhere in the content; all words of one set are enough
    word_sets: AnyOf = ()
    #: with phrases: compare them only with the newest so many quotes that have the lexemes of one; 0 for all quotes
    max_compared: int = 0


@dataclass(frozen=True, slots=True)
class ArticleQuery:
    """Query for articles whose text or title has a phrase of every group. Expects at least one group."""

    #: first and last number, both included
    numbers: tuple[int, int]
    phrase_groups: Sequence[AnyOf]
    #: whether titles are searched as well
    include_titles: bool = True


class FullTextIndex(Protocol):
    """Full-text index. Its methods run in the transaction of the connection they are given."""

    def add(self, db: Connection, articles: Sequence[ArticleWords], quotes: Iterable[QuoteWords]) -> None:
        """Index new articles and quotes: fastest in ascending order. Deleted rows leave the index automatically."""

    def optimize(self, db: Connection, step: int) -> bool:
        """Run one step of maintenance after a bulk insert, and tell whether to continue.

        Call it with steps 0, 1, ..., each in a separate transaction, until it returns False.
        """

    def drop_article(self, db: Connection, number: int) -> None:
        """Remove an article's text and title from the index; its quotes stay."""

    def search_quotes(self, db: Connection, query: QuoteQuery, limit: int) -> list[int]:
        """Return up to `limit` quote ids in ascending order: newest first."""

    def search_articles(self, db: Connection, query: ArticleQuery, limit: int) -> list[int]:
        """Return up to `limit` article numbers in ascending order: newest first."""

    def count_articles(self, db: Connection, query: ArticleQuery) -> tuple[int, int, int | None, int | None]:
        """Return the count of articles, the count of their quotes, and the lowest and highest dated number."""

    def find_known_words(self, db: Connection, words: Iterable[str]) -> set[str]:
        """Return the words that occur in quotes, or once occurred in a quote that was deleted."""

    def count_words(self, db: Connection, words: Iterable[str]) -> dict[str, int]:
        """Return roughly how often each word occurs in quotes, up to a maximum; words that do not occur are omitted."""


def to_lexemes(text: str) -> str:
    """Return the folded words of `text` in order, separated by single spaces."""
    key = make_search_key(text)
    if len(key) <= _MAX_WORD_CHARACTERS or max(map(len, key.split())) <= _MAX_WORD_CHARACTERS:
        return key
    return " ".join(word if len(word) <= _MAX_WORD_CHARACTERS else _shorten(word) for word in key.split())


@lru_cache(maxsize=_CACHE_SIZE)
def to_name_lexemes(text: str | None) -> str:
    """Return the lexemes of the first 250 words of a name or title; "" for None. Cached: names recur."""
    return " ".join(to_lexemes(text).split()[:_MAX_NAME_WORDS]) if text else ""


def split_into_pieces(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield runs of `words` that fit into a tsvector; each repeats the last MAX_PHRASE_WORDS - 1 words before it.

    Nearly every text is one piece. An empty text is one empty piece.
    """
    if _fits(words):
        yield words
        return
    start = 0
    while True:
        end = _find_end(words, start)
        yield words[start:end]
        if end == len(words):
            return
        start = end - MAX_PHRASE_WORDS + 1


def _fits(words: Sequence[str]) -> bool:
    """Tell whether all words fit into one tsvector; short texts are not counted."""
    if len(words) <= _MAX_POSITIONS_PER_LEXEME:
        return True
    if len(words) > _MAX_POSITIONS or 4 * sum(map(len, words)) + 10 * len(words) > _MAX_BYTES:
        return False
    return max(Counter(words).values()) <= _MAX_POSITIONS_PER_LEXEME


def _find_end(words: Sequence[str], start: int) -> int:
    limit = min(len(words), start + _MAX_POSITIONS)
    if limit - start <= _MAX_POSITIONS_PER_LEXEME:  # so few words cannot exceed a limit
        return limit
    counts: Counter[str] = Counter()
    size = 0
    for position in range(start, limit):
        word = words[position]
        counts[word] += 1
        # a position takes two bytes; a new lexeme takes its bytes, a list entry and padding
        size += 2 if counts[word] > 1 else 4 * len(word) + 10
        if counts[word] > _MAX_POSITIONS_PER_LEXEME or size > _MAX_BYTES:
            return position
    return limit


def _shorten(word: str) -> str:
    # "…" is not a letter, so no real word has it, and not ASCII, so FTS5 does not split there
    return f"{word[:_MAX_WORD_CHARACTERS]}…{sha256(word.encode()).hexdigest()}"

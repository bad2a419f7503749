"""What a database's own full-text index can do; `fts5` is SQLite's, `tsearch` PostgreSQL's.

Rule: both find the same: whole lexemes in order. An index gives numbers, newest first; it never gives what it holds.

Words as the indexes hold them, and texts in pieces that an index can hold.

Rule: two words have one lexeme exactly when they are equal; every run of up to `RUN` words of a text stands whole in
one of its pieces.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Protocol

from sqlalchemy import Connection

from briefings.text.folding import make_search_key

#: the lexemes of a phrase of at most `lexemes.RUN`, and of one word at least
Phrase = Sequence[str]
#: one of these
AnyOf = Sequence[Phrase]


@dataclass(frozen=True, slots=True)
class QuoteWords:
    """A quote to be found: its id, and the lexemes of its content, of its speaker and of its article's outlet.

    Lexemes are joined by one space.
    """

    id: int
    content: str
    speaker: str
    outlet: str


@dataclass(frozen=True, slots=True)
class ArticleWords:
    """An article to be found: its number, and the lexemes of its text and of its title, joined by one space."""

    number: int
    text: str
    title: str


@dataclass(frozen=True, slots=True)
class QuoteQuery:
    """Quotes whose content holds one of `content`, and so on; an empty field asks for nothing."""

    #: both ends included
    ids: tuple[int, int]
    content: AnyOf = ()
    speaker: AnyOf = ()
    outlet: AnyOf = ()
    #: held by the text or title of the article
    about: AnyOf = ()
    #: words of the content in any order and place, one of which is enough
    words: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ArticleQuery:
    """Articles of which, for each of `each`, text or title holds one of the phrases; at least one such."""

    #: both ends included
    numbers: tuple[int, int]
    phrase_groups: Sequence[AnyOf]
    #: whether a title counts
    include_titles: bool = True


class FullTextIndex(Protocol):
    """A full-text index, on a connection whose transaction is the caller's."""

    def add(self, db: Connection, articles: Sequence[ArticleWords], quotes: Sequence[QuoteWords]) -> None:
        """Lets what is new be found. Rows of `articles` and `quotes` that are deleted leave the index by themselves."""

    def optimize(self, db: Connection, step: int) -> bool:
        """To be called when very much was put in: with 0, 1, ..., each in its own transaction, while it gives True."""

    def drop_article(self, db: Connection, number: int) -> None:
        """Takes an article's own words out, its quotes' aside."""

    def search_quotes(self, db: Connection, query: QuoteQuery, limit: int) -> list[int]:
        """Ids of quotes, least first: the newest."""

    def search_articles(self, db: Connection, query: ArticleQuery, limit: int) -> list[int]:
        """Numbers of articles, least first: the newest."""

    def count_articles(self, db: Connection, query: ArticleQuery) -> tuple[int, int, int | None, int | None]:
        """How many articles, how many quotes stand in them, and the least and greatest number of a dated one."""

    def find_known_words(self, db: Connection, words: Iterable[str]) -> set[str]:
        """Those of `words` that stand in quotes, or did."""

    def count_words(self, db: Connection, words: Iterable[str]) -> dict[str, int]:
        """How often each word stands in quotes, about, and up to a bound; those that do not are left out."""


#: words of the longest phrase that an index answers by itself
MAX_PHRASE_WORDS = 64
#: characters of a word that is held as it is; PostgreSQL takes 2,046 bytes, SQLite 32,768
_MAX_WORD_CHARACTERS = 200
#: words by which a name or a title is found; nobody's is longer
_MAX_NAME_WORDS = 250
#: names and titles of which the lexemes are kept at hand
_CACHE_SIZE = 4_096
#: what PostgreSQL holds in one tsvector beside names: positions, positions of one lexeme, bytes (less than its 1 MB)
_MAX_POSITIONS, _MAX_POSITIONS_PER_LEXEME, _MAX_BYTES = 15_000, 255, 400_000


def to_lexemes(text: str) -> str:
    """The words of `text`, folded, in order, joined by one space."""
    key = make_search_key(text)
    if len(key) <= _MAX_WORD_CHARACTERS or max(map(len, key.split())) <= _MAX_WORD_CHARACTERS:
        return key
    return " ".join(word if len(word) <= _MAX_WORD_CHARACTERS else _shorten(word) for word in key.split())


@lru_cache(maxsize=_CACHE_SIZE)
def to_name_lexemes(text: str | None) -> str:
    """The first 250 words of a name or a title; none for None. Remembered: the same people speak."""
    return " ".join(to_lexemes(text).split()[:_MAX_NAME_WORDS]) if text else ""


def split_into_pieces(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Runs of `words` that fit into a tsvector, each beginning with the last RUN - 1 words of the one before.

    Nearly every text is one piece; one of no words is one empty piece.
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
    """Whether the words are few enough that nothing need be counted, or counted at once."""
    if len(words) <= _MAX_POSITIONS_PER_LEXEME:
        return True
    if len(words) > _MAX_POSITIONS or 4 * sum(map(len, words)) + 10 * len(words) > _MAX_BYTES:
        return False
    return max(Counter(words).values()) <= _MAX_POSITIONS_PER_LEXEME


def _find_end(words: Sequence[str], start: int) -> int:
    limit = min(len(words), start + _MAX_POSITIONS)
    if limit - start <= _MAX_POSITIONS_PER_LEXEME:  # what follows can find nothing amiss
        return limit
    counts: Counter[str] = Counter()
    size = 0
    for position in range(start, limit):
        word = words[position]
        counts[word] += 1
        # a position takes two bytes; a lexeme its own, its entry in the list and what aligns it
        size += 2 if counts[word] > 1 else 4 * len(word) + 10
        if counts[word] > _MAX_POSITIONS_PER_LEXEME or size > _MAX_BYTES:
            return position
    return limit


def _shorten(word: str) -> str:
    # the mark is no letter, so that no word has it, and not ASCII, so that FTS5 does not part words at it
    return f"{word[:_MAX_WORD_CHARACTERS]}…{sha256(word.encode()).hexdigest()}"

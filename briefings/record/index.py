"""What a database's own full-text index can do; `fts5` is SQLite's, `tsearch` PostgreSQL's.

Rule: both find the same: whole lexemes in order. An index gives numbers, newest first; it never gives what it holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

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

"""The databases without us: the same news in plain tables, with their own full-text search, asked for ids alone.

Rule: nothing of `briefings.record` is used. Rows are numbered as they come, and "newest" is the last that came.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import psycopg

from briefings.model import Article, Quote
from briefings.text.folding import make_search_key

News = Iterable[tuple[Article, list[Quote]]]
Row = tuple[Any, ...]
#: hits at most, as many as a record gives unless told
LIMIT = 100


class Rival(Protocol):
    """A database that holds the news."""

    def build(self, news: News, batch: int) -> float:
        """Takes the news in, so many articles in a transaction; gives the seconds the database took."""

    def ids(self, words: str, limit: int = LIMIT) -> list[Row]:
        """The last quotes that hold the words in a row."""

    def ids_by(self, name: str, words: str) -> list[Row]:
        """The same, of speakers whose name ends so."""


class RawSqlite:
    """Python's sqlite3 on a file, with FTS5."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE articles (id INTEGER PRIMARY KEY, name TEXT, day TEXT, title TEXT, text TEXT);
            CREATE TABLE quotes (id INTEGER PRIMARY KEY, article INTEGER, speaker TEXT, text TEXT);
            CREATE VIRTUAL TABLE article_words USING fts5 (key, content='');
            CREATE VIRTUAL TABLE quote_words USING fts5 (key, content='');
            """
        )

    def build(self, news: News, batch: int) -> float:
        """See Rival."""
        taken = 0.0
        for articles, quotes in _rows(news, batch):
            begun = time.perf_counter()
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?)", [row[:5] for row in articles])
            self._db.executemany("INSERT INTO quotes VALUES (?, ?, ?, ?)", [row[:4] for row in quotes])
            self._db.executemany("INSERT INTO article_words (rowid, key) VALUES (?, ?)", [r[::5] for r in articles])
            self._db.executemany("INSERT INTO quote_words (rowid, key) VALUES (?, ?)", [row[::4] for row in quotes])
            self._db.execute("COMMIT")
            taken += time.perf_counter() - begun
        return taken

    def ids(self, words: str, limit: int = LIMIT) -> list[Row]:
        """See Rival."""
        query = "SELECT rowid FROM quote_words WHERE quote_words MATCH ? ORDER BY rowid DESC LIMIT ?"
        return self._db.execute(query, (f'"{make_search_key(words)}"', limit)).fetchall()

    def ids_by(self, name: str, words: str) -> list[Row]:
        """See Rival."""
        query = (
            "SELECT quotes.id FROM quote_words JOIN quotes ON quotes.id = quote_words.rowid "
            "WHERE quote_words MATCH ? AND speaker LIKE '%' || ? ORDER BY quote_words.rowid DESC LIMIT ?"
        )
        return self._db.execute(query, (f'"{make_search_key(words)}"', name, LIMIT)).fetchall()

    def close(self) -> None:
        """For `contextlib.closing`."""
        self._db.close()


class RawPostgresql:
    """psycopg, with tsvectors that PostgreSQL makes itself, and GIN."""

    def __init__(self, db: psycopg.Connection[Row]) -> None:
        self._db = db
        db.execute(
            "CREATE TABLE articles (id BIGINT PRIMARY KEY, name TEXT, day DATE, title TEXT, text TEXT, key TEXT)"
        )
        db.execute("CREATE TABLE quotes (id BIGINT PRIMARY KEY, article BIGINT, speaker TEXT, text TEXT, key TEXT)")
        for table in ("articles", "quotes"):
            db.execute(f"ALTER TABLE {table} ADD v TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', key)) STORED")
            db.execute(f"CREATE INDEX ON {table} USING gin (v)")

    def build(self, news: News, batch: int) -> float:
        """See Rival."""
        taken = 0.0
        for articles, quotes in _rows(news, batch):
            begun = time.perf_counter()
            with self._db.transaction():
                self._copy("COPY articles (id, name, day, title, text, key) FROM STDIN", articles)
                self._copy("COPY quotes (id, article, speaker, text, key) FROM STDIN", quotes)
            taken += time.perf_counter() - begun
        begun = time.perf_counter()
        self._db.execute("ANALYZE articles, quotes")
        return taken + time.perf_counter() - begun

    def ids(self, words: str, limit: int = LIMIT) -> list[Row]:
        """See Rival."""
        query = "SELECT id FROM quotes WHERE v @@ phraseto_tsquery('simple', %s) ORDER BY id DESC LIMIT %s"
        return self._db.execute(query, (make_search_key(words), limit)).fetchall()

    def ids_by(self, name: str, words: str) -> list[Row]:
        """See Rival."""
        query = (
            "SELECT id FROM quotes WHERE v @@ phraseto_tsquery('simple', %s) AND speaker LIKE '%%' || %s "
            "ORDER BY id DESC LIMIT %s"
        )
        return self._db.execute(query, (make_search_key(words), name, LIMIT)).fetchall()

    def _copy(self, statement: str, rows: Sequence[Row]) -> None:
        with self._db.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in rows:
                copy.write_row(row)


def _rows(news: News, batch: int) -> Iterator[tuple[list[Row], list[Row]]]:
    """Rows of so many articles at once and of their quotes: the columns of the tables, and the search key."""
    left, number, quote_number = iter(news), 0, 0
    while some := list(islice(left, batch)):
        articles: list[Row] = []
        quotes: list[Row] = []
        for article, said in some:
            number += 1
            day = article.published and article.published.isoformat()
            articles.append((number, article.id, day, article.title, article.text, make_search_key(article.text)))
            for quote in said:
                quote_number += 1
                text = " ".join(span.of(article.text) for span in quote.content)
                quotes.append((quote_number, number, quote.speaker and quote.speaker.name, text, make_search_key(text)))
        yield articles, quotes

"""Store the same news in plain tables with the databases' own full-text search, as a reference.

Rule: nothing of `briefings.storage` is used. Rows are numbered in order of insertion, so the last row is the newest.
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
#: maximum number of hits, equal to the default of a repository
MAX_HITS = 100


class Rival(Protocol):
    """A reference database that contains the news."""

    def build(self, news: News, batch: int) -> float:
        """Insert the news, `batch` articles per transaction; return the seconds that the database needed."""

    def find_ids(self, words: str, limit: int = MAX_HITS) -> list[Row]:
        """Return the ids of the newest quotes that contain the words as a phrase."""

    def find_ids_by_speaker(self, name: str, words: str) -> list[Row]:
        """Return the same, but only for speakers whose name ends with `name`."""


class RawSqlite:
    """SQLite file with FTS5, accessed through sqlite3."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.executescript(
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
        seconds = 0.0
        for articles, quotes in _build_rows(news, batch):
            started_at = time.perf_counter()
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?)", [row[:5] for row in articles])
            self._connection.executemany("INSERT INTO quotes VALUES (?, ?, ?, ?)", [row[:4] for row in quotes])
            self._connection.executemany(
                "INSERT INTO article_words (rowid, key) VALUES (?, ?)", [row[::5] for row in articles]
            )
            self._connection.executemany(
                "INSERT INTO quote_words (rowid, key) VALUES (?, ?)", [row[::4] for row in quotes]
            )
            self._connection.execute("COMMIT")
            seconds += time.perf_counter() - started_at
        return seconds

    def find_ids(self, words: str, limit: int = MAX_HITS) -> list[Row]:
        """See Rival."""
        query = "SELECT rowid FROM quote_words WHERE quote_words MATCH ? ORDER BY rowid DESC LIMIT ?"
        return self._connection.execute(query, (f'"{make_search_key(words)}"', limit)).fetchall()

    def find_ids_by_speaker(self, name: str, words: str) -> list[Row]:
        """See Rival."""
        query = (
            "SELECT quotes.id FROM quote_words JOIN quotes ON quotes.id = quote_words.rowid "
            "WHERE quote_words MATCH ? AND speaker LIKE '%' || ? ORDER BY quote_words.rowid DESC LIMIT ?"
        )
        return self._connection.execute(query, (f'"{make_search_key(words)}"', name, MAX_HITS)).fetchall()

    def close(self) -> None:
        """Close the database."""
        self._connection.close()


class RawPostgresql:
    """PostgreSQL with generated tsvectors and GIN indexes, accessed through psycopg."""

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self._connection = connection
        connection.execute(
            "CREATE TABLE articles (id BIGINT PRIMARY KEY, name TEXT, day DATE, title TEXT, text TEXT, key TEXT)"
        )
        connection.execute(
            "CREATE TABLE quotes (id BIGINT PRIMARY KEY, article BIGINT, speaker TEXT, text TEXT, key TEXT)"
        )
        for table in ("articles", "quotes"):
            connection.execute(
                f"ALTER TABLE {table} ADD v TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', key)) STORED"
            )
            connection.execute(f"CREATE INDEX ON {table} USING gin (v)")

    def build(self, news: News, batch: int) -> float:
        """See Rival."""
        seconds = 0.0
        for articles, quotes in _build_rows(news, batch):
            started_at = time.perf_counter()
            with self._connection.transaction():
                self._copy("COPY articles (id, name, day, title, text, key) FROM STDIN", articles)
                self._copy("COPY quotes (id, article, speaker, text, key) FROM STDIN", quotes)
            seconds += time.perf_counter() - started_at
        started_at = time.perf_counter()
        self._connection.execute("ANALYZE articles, quotes")
        return seconds + time.perf_counter() - started_at

    def find_ids(self, words: str, limit: int = MAX_HITS) -> list[Row]:
        """See Rival."""
        query = "SELECT id FROM quotes WHERE v @@ phraseto_tsquery('simple', %s) ORDER BY id DESC LIMIT %s"
        return self._connection.execute(query, (make_search_key(words), limit)).fetchall()

    def find_ids_by_speaker(self, name: str, words: str) -> list[Row]:
        """See Rival."""
        query = (
            "SELECT id FROM quotes WHERE v @@ phraseto_tsquery('simple', %s) AND speaker LIKE '%%' || %s "
            "ORDER BY id DESC LIMIT %s"
        )
        return self._connection.execute(query, (make_search_key(words), name, MAX_HITS)).fetchall()

    def _copy(self, statement: str, rows: Sequence[Row]) -> None:
        with self._connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in rows:
                copy.write_row(row)


def _build_rows(news: News, batch: int) -> Iterator[tuple[list[Row], list[Row]]]:
    """Yield the rows of `batch` articles and of their quotes: the columns of the tables and the search key."""
    remaining_news, number, quote_number = iter(news), 0, 0
    while pairs := list(islice(remaining_news, batch)):
        articles: list[Row] = []
        quotes: list[Row] = []
        for article, article_quotes in pairs:
            number += 1
            day = article.published and article.published.isoformat()
            articles.append((number, article.id, day, article.title, article.text, make_search_key(article.text)))
            for quote in article_quotes:
                quote_number += 1
                text = " ".join(span.of(article.text) for span in quote.content)
                quotes.append((quote_number, number, quote.speaker and quote.speaker.name, text, make_search_key(text)))
        yield articles, quotes

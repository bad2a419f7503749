"""How fast the record takes articles and finds quotes.

Rival: Python's sqlite3 on a file of the same schema: the same rows inserted, one transaction an article, and the same
LIKE over the same keys, all rows fetched.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench.figures import Figure, milliseconds
from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.record.rows import padded
from briefings.record.store import Record, open_record

_ARTICLES, _SEARCHES = 3_000, 60
_QUOTES = 4
_WORDS = (
    "harbour", "council", "vote", "bridge", "budget", "winter", "school", "river", "railway", "market", "doctor",
    "teacher", "union", "strike", "pension", "minister", "mayor", "court", "appeal", "water", "energy", "tariff",
    "housing", "rent", "tenant", "library", "museum", "festival", "storm", "flood", "repair", "contract",
)  # fmt: skip
_SAYING = """
    SELECT quotes.*, articles.* FROM quotes JOIN articles ON quotes.article = articles.id
    WHERE content_key LIKE '%' || ? || '%' ESCAPE '/'
    ORDER BY articles.published DESC NULLS LAST, articles.id, quotes.position LIMIT 100
"""

Row = tuple[Any, ...]


def measure() -> Iterator[Figure]:
    """Articles added a second, and p50 milliseconds of finding a phrase that few and that many quotes hold."""
    with TemporaryDirectory() as folder:
        ours, raw = Path(folder) / "ours.db", Path(folder) / "raw.db"
        with closing(_opened(ours)) as record:
            begun = time.perf_counter()
            for number in range(_ARTICLES):
                record.add(*_generated(number))
            taken = time.perf_counter() - begun
        _opened(raw).close()
        yield Figure("record.sqlite.add.articles_per_s", _ARTICLES / taken, _ARTICLES / _copied(ours, raw))
        with closing(_opened(ours)) as record, closing(sqlite3.connect(raw)) as other:
            rare = [f"matter {number * 47 % _ARTICLES} and" for number in range(_SEARCHES)]
            yield _found("record.sqlite.exact.p50_ms", record, other, rare)
            yield _found("record.sqlite.exact_common.p50_ms", record, other, _WORDS)


def _found(name: str, record: Record, raw: sqlite3.Connection, phrases: Sequence[str]) -> Figure:
    def both(phrase: str) -> tuple[float, float]:
        return (
            milliseconds(lambda: record.find_quotes(phrase)),
            milliseconds(lambda: raw.execute(_SAYING, (padded(phrase),)).fetchall()),
        )

    both(phrases[0])
    times = [both(phrase) for phrase in phrases]
    return Figure(name, median(ours for ours, _ in times), median(theirs for _, theirs in times))


def _opened(path: Path) -> Record:
    return open_record(f"sqlite:///{path}", lambda: datetime.now(UTC))


def _generated(number: int) -> tuple[Article, list[Quote]]:
    """An article of about 1,500 characters, the same for the same number, and its quotes."""
    text, quotes = "", []
    for part in range(_QUOTES):
        text += f"The {_words(number + part, 30)}. Speaker {number % 97} said: “"
        said = f"it is matter {number} and {_words(number * 7 + part, 12)}"
        quotes.append(_quote(len(text), said, f"Speaker {number % 97}"))
        text += f"{said}.” "
    day = date(2016, 1, 1) + timedelta(days=number % 3_000)
    return Article(f"generated-{number}", text, f"Outlet {number % 40}", day, title=_words(number, 6)), quotes


def _quote(start: int, said: str, speaker: str) -> Quote:
    cue = Span(start - 7, start - 3)
    source = Span(cue.start - len(speaker) - 1, cue.start - 1)
    content = (Span(start, start + len(said)),)
    return Quote(content, source, cue, Speaker(speaker), Kind.DIRECT, 0.9, "named before the words")


def _words(start: int, count: int) -> str:
    return " ".join(_WORDS[(start * 13 + place * (start % 5 + 1)) % len(_WORDS)] for place in range(count))


def _copied(held: Path, to: Path) -> float:
    """Seconds in which sqlite3 inserts all that `held` holds, one transaction an article."""
    with closing(sqlite3.connect(held)) as source, closing(sqlite3.connect(to, isolation_level=None)) as target:
        outlets = source.execute("SELECT * FROM outlets").fetchall()
        articles = source.execute("SELECT * FROM articles").fetchall()
        by_article: dict[str, list[Row]] = {}
        for row in source.execute("SELECT * FROM quotes"):
            by_article.setdefault(row[1], []).append(row)
        target.execute("PRAGMA foreign_keys = ON")
        begun = time.perf_counter()
        target.executemany("INSERT INTO outlets VALUES (?)", outlets)
        for article in articles:
            quotes = by_article[article[0]]
            target.execute("BEGIN IMMEDIATE")
            target.execute(f"INSERT INTO articles VALUES ({_places(article)})", article)  # noqa: S608  # question marks
            target.executemany(f"INSERT INTO quotes VALUES ({_places(quotes[0])})", quotes)  # noqa: S608  # question marks
            target.execute("COMMIT")
        return time.perf_counter() - begun


def _places(row: Row) -> str:
    return ", ".join("?" * len(row))

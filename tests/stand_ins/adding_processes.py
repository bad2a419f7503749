"""Processes that add small articles to one record and search it, to be killed or to get into each other's way.

They are forked from a server that has imported all they need, so that they are there in a moment.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.storage.db.types import ArticleStatus
from briefings.storage.repository import Repository, open_repository

QUOTE_COUNT = 3


def make_small_article(name: str) -> tuple[Article, list[Quote]]:
    """An article of three quotes, each of which holds the word `name` and nothing else does."""
    text, quotes = f"All of {name.title()}’s neighbours came.\n", []
    for part, speaker in enumerate((Speaker("Anna Berg", "mayor"), Speaker("Tom Okoro"), None)):
        words = f"We will count {name} and part{part} to the end"
        start = len(text) + 1
        text += f"“{words},” said {speaker.name if speaker else 'somebody'}.\n"
        cue = Span(start + len(words) + 3, start + len(words) + 7)
        source = Span(cue.end + 1, len(text) - 2)
        told = ("named beside the cue", 0.9) if speaker else ("nobody is named", 0.0)
        content = (Span(start, start + len(words)),)
        quotes.append(Quote(content, source, cue, speaker, Kind.DIRECT, told[1], told[0]))
    day = date(2016, 1, 1) + timedelta(days=sum(map(ord, name)) % 400)
    return Article(name, text, f"Paper {len(name)}", day, f"https://paper.example/{name}", "The count"), quotes


def open_at(address: str) -> Repository:
    return open_repository(address, lambda: datetime.now(UTC))


def start_process(work: Callable[..., None], *arguments: object) -> tuple[BaseProcess, Connection]:
    """A process that does `work` of this module, and the end of the line on which it tells how it goes."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.adding", "psycopg", "sqlalchemy.dialects.postgresql.psycopg"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(*arguments, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def receive_rest(line: Connection) -> Iterator[Any]:
    """What is still told until the process at the other end is gone."""
    while True:
        try:
            yield line.recv()
        except EOFError:
            return


def add_each(address: str, names: Sequence[str], line: Connection) -> None:
    """Adds each article by itself, and tells its name before and after."""
    with closing(open_at(address)) as record:
        for name in names:
            line.send(("adding", name))
            record.upsert(*make_small_article(name))
            line.send(("added", name))


def load_all(address: str, names: Sequence[str], batch: int, line: Connection) -> None:
    """Loads the articles in batches, and tells the name of each when it is asked for."""

    def told() -> Iterator[tuple[Article, list[Quote]]]:
        for name in names:
            line.send(("adding", name))
            yield make_small_article(name)

    with closing(open_at(address)) as record:
        record.bulk_upsert(told(), batch_size=batch)


def add_and_search(address: str, number: int, seconds: float, line: Connection) -> None:
    """Adds articles of its own and ones that others add too, and looks each up; tells what it added, or what failed."""
    mine: list[str] = []
    shared: list[str] = []
    until = time.monotonic() + seconds
    try:
        with closing(open_at(address)) as record:
            while time.monotonic() < until:
                at = len(mine)
                mine += _added(record, f"own{number}x{at}")
                shared += _added(record, f"shared{at // 2}x")
                record.find_quotes("we will count", limit=20)
    except Exception as error:  # noqa: BLE001 - whatever it is, the test is to read it
        line.send(f"{type(error).__name__}: {error}")
    else:
        line.send((mine, shared))


def _added(record: Repository, name: str) -> list[str]:
    """Adds an article and finds it; gives its name if it is new."""
    stood = record.upsert(*make_small_article(name))
    if len(record.find_quotes(f"count {name}")) != QUOTE_COUNT:
        raise LookupError(f"{name} was {stood} and is not found")
    return [name] if stood is ArticleStatus.NEW else []

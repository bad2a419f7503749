"""Processes that add small articles to one database and search it. Tests kill them or run several at once.

They are forked from a server that has the modules already imported, so that they start at once.
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

#: quotes of each small article
QUOTE_COUNT = 3


def make_small_article(name: str) -> tuple[Article, list[Quote]]:
    """Return an article with three quotes. Only these quotes contain the word `name`."""
    text, quotes = f"All of {name.title()}’s neighbours came.\n", []
    for part, speaker in enumerate((Speaker("Anna Berg", "mayor"), Speaker("Tom Okoro"), None)):
        words = f"We will count {name} and part{part} to the end"
        start = len(text) + 1
        text += f"“{words},” said {speaker.name if speaker else 'somebody'}.\n"
        cue = Span(start + len(words) + 3, start + len(words) + 7)
        source = Span(cue.end + 1, len(text) - 2)
        confidence, reason = (0.9, "named beside the cue") if speaker else (0.0, "nobody is named")
        content = (Span(start, start + len(words)),)
        quotes.append(Quote(content, source, cue, speaker, Kind.DIRECT, confidence, reason))
    day = date(2016, 1, 1) + timedelta(days=sum(map(ord, name)) % 400)
    return Article(name, text, f"Paper {len(name)}", day, f"https://paper.example/{name}", "The count"), quotes


def open_at(address: str) -> Repository:
    """Open the repository at an SQLAlchemy URL."""
    return open_repository(address, lambda: datetime.now(UTC))


def start_process(work: Callable[..., None], *arguments: object) -> tuple[BaseProcess, Connection]:
    """Start a process that runs a function of this module. Return it and the connection for its messages."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, "psycopg", "sqlalchemy.dialects.postgresql.psycopg"])
    receiving_end, sending_end = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(*arguments, sending_end), daemon=True)
    process.start()
    sending_end.close()
    return process, receiving_end


def receive_rest(connection: Connection) -> Iterator[Any]:
    """Yield the remaining messages until the process at the other end has exited."""
    while True:
        try:
            yield connection.recv()
        except EOFError:
            return


def add_each(address: str, names: Sequence[str], connection: Connection) -> None:
    """Add each article in its own transaction. Send its name before and after."""
    with closing(open_at(address)) as repository:
        for name in names:
            connection.send(("adding", name))
            repository.upsert(*make_small_article(name))
            connection.send(("added", name))


def load_all(address: str, names: Sequence[str], batch: int, connection: Connection) -> None:
    """Load the articles in batches. Send the name of each when it is read."""

    def iterate_articles() -> Iterator[tuple[Article, list[Quote]]]:
        for name in names:
            connection.send(("adding", name))
            yield make_small_article(name)

    with closing(open_at(address)) as repository:
        repository.bulk_upsert(iterate_articles(), batch_size=batch)


def add_and_search(address: str, number: int, seconds: float, connection: Connection) -> None:
    """Add own articles and articles that others add too, and search for each. Send the names, or the error."""
    own_names: list[str] = []
    shared_names: list[str] = []
    end = time.monotonic() + seconds
    try:
        with closing(open_at(address)) as repository:
            while time.monotonic() < end:
                index = len(own_names)
                own_names += _add_and_find(repository, f"own{number}x{index}")
                shared_names += _add_and_find(repository, f"shared{index // 2}x")
                repository.find_quotes("we will count", limit=20)
    except Exception as error:  # noqa: BLE001 - the test reports every error
        connection.send(f"{type(error).__name__}: {error}")
    else:
        connection.send((own_names, shared_names))


def _add_and_find(repository: Repository, name: str) -> list[str]:
    """Add an article and find its quotes. Return its name if it is new. Raises LookupError."""
    status = repository.upsert(*make_small_article(name))
    if len(repository.find_quotes(f"count {name}")) != QUOTE_COUNT:
        raise LookupError(f"{name} was {status} but is not found")
    return [name] if status is ArticleStatus.NEW else []

"""Opens what the commands work with: the settings, the topics, the record, the desk, the seeds."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from bot import settings as settings_module
from bot.settings import Settings
from briefings.desk import Desk
from briefings.ingest.read import read
from briefings.ingest.topics import read_topics
from briefings.model import Topic
from briefings.record.store import open_record

if TYPE_CHECKING:
    from bot.store.store import Store
    from briefings.gathering.gathering import Wanted

#: where a record lives that is gone when its process ends
IN_MEMORY = "sqlite://"
_ENV_FILE = Path(".env")


def settings() -> Settings:
    """The settings of the environment and of `.env` in the folder we are in. Raises BadSettings."""
    return settings_module.load(_ENV_FILE)


def seeds() -> Path:
    """The folder of the seed articles, in a checkout or in an installed package."""
    return Path(str(files("seeds")))


def topics(told: Settings) -> tuple[Topic, ...]:
    """The team's topics, or those that ship. Raises BadInput."""
    return read_topics(told.topics or seeds() / "topics.toml")


def feeds(told: Settings) -> "tuple[tuple[Wanted, ...], str] | None":
    """The feeds that the team's file lists, and what the file is called; None without one. Raises BadInput."""
    from briefings.gathering.listed import FILE, read_feeds  # with it comes aiohttp, which no question waits for

    return (read_feeds(told.feeds), FILE) if told.feeds else None


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


@contextmanager
def desk(told: Settings, articles: str | None = None) -> Iterator[Desk]:
    """A desk over the record, or over the articles at a path alone (`-` is standard input). Raises BriefingsError."""
    known = topics(told)
    with closing(open_record(IN_MEMORY if articles else told.database_url, now)) as held:
        found = Desk(held, known)
        if articles:
            found.add(read(articles, sys.stdin.buffer))
        yield found


@contextmanager
def store(told: Settings, now: Callable[[], float] = time.time) -> Iterator["Store"]:
    """What the bot keeps of its own; `now` gives seconds since 1970. Raises RecordUnavailable."""
    from bot.store.rate import Rate  # with these come Slack's libraries, which no question in a terminal waits for
    from bot.store.store import open_store

    found = open_store(told.database_url, Rate(told.rate_per_minute), now)
    try:
        yield found
    finally:
        found.close()

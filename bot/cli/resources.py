"""Opens what the commands work with: the settings, the topics, the record, the desk, the seeds."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core import settings as settings_module
from bot.core.settings import Settings
from briefings import BriefingService, Topic
from briefings.ingest import read_raw_articles, read_topics
from briefings.storage import open_repository

if TYPE_CHECKING:
    from bot.storage.store import Store
    from briefings.feeds import FeedRequest

#: where a record lives that is gone when its process ends
IN_MEMORY = "sqlite://"
_ENV_FILE = Path(".env")


def load_settings() -> Settings:
    """The settings of the environment and of `.env` in the folder we are in. Raises BadSettings."""
    return settings_module.load(_ENV_FILE)


def find_seeds() -> Path:
    """The folder of the seed articles, in a checkout or in an installed package."""
    return Path(str(files("seeds")))


def load_topics(settings: Settings) -> tuple[Topic, ...]:
    """The team's topics, or those that ship. Raises BadInput."""
    return read_topics(settings.topics or find_seeds() / "topics.toml")


def load_feeds(settings: Settings) -> "tuple[tuple[FeedRequest, ...], str] | None":
    """The feeds that the team's file lists, and what the file is called; None without one. Raises BadInput."""
    from briefings.feeds import FEEDS_FILE, read_feeds  # with it comes aiohttp, which no question waits for

    return (read_feeds(settings.feeds), FEEDS_FILE) if settings.feeds else None


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


@contextmanager
def open_service(settings: Settings, articles: str | None = None) -> Iterator[BriefingService]:
    """A desk over the record, or over the articles at a path alone (`-` is standard input). Raises BriefingsError."""
    known_topics = load_topics(settings)
    with closing(open_repository(IN_MEMORY if articles else settings.database_url, now)) as repository:
        service = BriefingService(repository, known_topics)
        if articles:
            service.add(read_raw_articles(articles, sys.stdin.buffer))
        yield service


@contextmanager
def open_bot_store(settings: Settings, now: Callable[[], float] = time.time) -> Iterator["Store"]:
    """What the bot keeps of its own; `now` gives seconds since 1970. Raises RecordUnavailable."""
    from bot.storage.request_log import (
        RateLimit,  # with these come Slack's libraries, which no question in a terminal waits for
    )
    from bot.storage.store import open_store

    bot_store = open_store(settings.database_url, RateLimit(settings.rate_per_minute), now)
    try:
        yield bot_store
    finally:
        bot_store.close()

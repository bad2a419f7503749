"""Open what the commands need: settings, topics, feeds, briefing service, bot tables and sample articles."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core import settings as bot_settings
from bot.core.command_names import CommandNames
from bot.core.settings import Settings, load
from briefings import Article, BadInput, BriefingService, Topic
from briefings.ingest import read_raw_articles, read_topics
from briefings.storage import open_repository

if TYPE_CHECKING:
    from bot.storage.store import Store
    from briefings.feeds import FeedRequest

#: database URL of a temporary database, which lasts as long as the process
IN_MEMORY = "sqlite://"
_ENV_FILE = Path(".env")


def load_settings() -> Settings:
    """Return the settings from the environment and from `.env` in the current folder. Raises BadSettings."""
    return load(_ENV_FILE)


def load_command_names() -> CommandNames:
    """Return the team's names of the commands, whatever the other settings are. Raises BadSettings."""
    return bot_settings.load_command_names(_ENV_FILE)


def find_seeds() -> Path:
    """Return the folder of the sample articles, in a checkout or an installed package."""
    return Path(str(files("seeds")))


def load_topics(settings: Settings) -> tuple[Topic, ...]:
    """Return the team's topics, or the built-in ones if none are set. Raises BadInput."""
    return read_topics(settings.topics or find_seeds() / "topics.toml")


def load_feeds(settings: Settings) -> "tuple[tuple[FeedRequest, ...], str] | None":
    """Return the feeds in the team's file and the file's name, or None without a file. Raises BadInput."""
    from briefings.feeds import FEEDS_FILE, read_feeds  # imports aiohttp, which questions do not need

    return (read_feeds(settings.feeds), FEEDS_FILE) if settings.feeds else None


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


@contextmanager
def open_service(settings: Settings, articles: str | None = None) -> Iterator[BriefingService]:
    """Open a briefing service over the database, or over only the articles at a path.

    The path `-` means standard input. Raises BriefingsError.
    """
    known_topics = load_topics(settings)
    with closing(open_repository(IN_MEMORY if articles else settings.database_url, now)) as repository:
        service = BriefingService(repository, known_topics)
        if articles:
            service.add(read_given_articles(articles))
        yield service


def read_given_articles(path: str) -> Iterator[Article]:
    """Return the raw articles of a file, a folder or, for "-", standard input, without storing them.

    Files of a folder or a ZIP archive that can't be read are named on standard error. Any other problem raises
    BadInput.
    """
    has_several_files = path != "-" and (Path(path).is_dir() or path.lower().endswith(".zip"))
    return read_raw_articles(path, sys.stdin.buffer, _print_problem if has_several_files else None)


def _print_problem(error: BadInput) -> None:
    print(f"ontherecord: {error}", file=sys.stderr)


@contextmanager
def open_bot_store(settings: Settings, now: Callable[[], float] = time.time) -> Iterator["Store"]:
    """Open the bot's own tables; `now` returns seconds since 1970. Raises DatabaseUnavailable."""
    # these import Slack's libraries, which questions in a terminal do not need
    from bot.storage.request_log import RateLimit
    from bot.storage.store import open_store

    bot_store = open_store(settings.database_url, RateLimit(settings.rate_per_minute), now)
    try:
        yield bot_store
    finally:
        bot_store.close()

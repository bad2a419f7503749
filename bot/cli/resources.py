"""Open what the commands need: settings, topics, feeds, briefing service, bot tables and sample articles."""

import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core import settings as bot_settings
from bot.core.command_names import CommandNames
from bot.core.settings import Settings, load
from bot.core.tenancy import use_all_teams
from briefings import Article, BadInput, BadSettings, BriefingService, Topic
from briefings.ingest import read_topics
from briefings.outlets import Outlet, read_outlets
from briefings.storage import collect_damage, describe_damage, open_repository

if TYPE_CHECKING:
    from bot.storage.store import Store
    from briefings.feeds import FeedRequest

#: database URL of a temporary database, which lasts as long as the process
IN_MEMORY = "sqlite://"
#: the file with settings, in the current folder
ENV_FILE = Path(".env")


def load_settings() -> Settings:
    """Return the settings from the environment and from `.env` in the current folder. Raises BadSettings."""
    return load(ENV_FILE)


def load_record_settings(arguments: Namespace) -> Settings:
    """Return the settings for a command on one record: the shared one, or that of the workspace in `--team`.

    Their database is the one with the articles. Raises BadSettings, and BadInput for a missing or wrong `--team`.
    """
    settings, team = load_settings(), getattr(arguments, "team", None)
    if not settings.record_policy.is_per_team:
        if team is not None:
            raise BadInput("--team is for RECORD=per-team. Here all workspaces share one record: leave --team out.")
        return settings
    if getattr(arguments, "articles", None) is not None:  # these articles alone, and no record
        return settings
    from bot.cli.records.team_choice import find_team_settings  # imports Slack's libraries

    return find_team_settings(settings, team)


def load_command_names() -> CommandNames:
    """Return the team's names of the commands, whatever the other settings are. Raises BadSettings."""
    return bot_settings.load_command_names(ENV_FILE)


def find_seeds() -> Path:
    """Return the folder of the sample articles, in a checkout or an installed package."""
    return Path(str(files("seeds")))


def load_topics(settings: Settings) -> tuple[Topic, ...]:
    """Return the team's topics, or the built-in ones if none are set. Raises BadInput."""
    return read_topics(settings.topics or find_seeds() / "topics.toml")


def load_outlets(settings: Settings) -> tuple[Outlet, ...]:
    """Return the outlets in the team's file, or none without a file. Raises BadInput."""
    return read_outlets(settings.sources.outlets) if settings.sources.outlets else ()


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

    The path `-` means standard input. Articles that are left out because they are damaged are named on standard error.
    Raises BriefingsError.
    """
    if settings.record_policy.is_per_team and not articles:
        raise BadSettings("With RECORD=per-team, this command can't tell which workspace's articles to use.")
    known_topics = load_topics(settings)
    with closing(open_repository(IN_MEMORY if articles else settings.database_url, now)) as repository:
        service = BriefingService(repository, known_topics)
        if not articles:
            service.outlets.use_team_list(load_outlets(settings))
        if articles:
            service.add(read_given_articles(articles))
        with collect_damage() as problems:
            try:
                yield service
            finally:
                if problems:
                    print(f"ontherecord: note: {describe_damage(problems)}", file=sys.stderr)


@contextmanager
def open_bot_service(settings: Settings) -> Iterator[BriefingService]:
    """Open the service of the bot. If each workspace has its own record, it knows the topics, and has no articles."""
    if not settings.record_policy.is_per_team:
        with open_service(settings) as service:
            yield service
        return
    with closing(open_repository(IN_MEMORY, now)) as repository:
        service = BriefingService(repository, load_topics(settings))
        service.outlets.use_team_list(load_outlets(settings))
        yield service


def read_given_articles(path: str) -> Iterator[Article]:
    """Return the raw articles of a file, a folder or, for "-", standard input, without storing them.

    Files of a folder or a ZIP archive that can't be read are named on standard error. Any other problem raises
    BadInput.
    """
    from briefings.ingest import read_raw_articles  # the readers of all kinds of files

    has_several_files = path != "-" and (Path(path).is_dir() or path.lower().endswith(".zip"))
    return read_raw_articles(path, sys.stdin.buffer, _print_problem if has_several_files else None)


def _print_problem(error: BadInput) -> None:
    print(f"ontherecord: {error}", file=sys.stderr)


@contextmanager
def open_operator_store(settings: Settings) -> Iterator["Store"]:
    """Open the bot's own tables for a command that shows those of all teams. Raises DatabaseUnavailable."""
    with open_bot_store(settings) as store, use_all_teams("the terminal belongs to the operator"):
        yield store


@contextmanager
def open_bot_store(settings: Settings, now: Callable[[], float] = time.time) -> Iterator["Store"]:
    """Open the bot's own tables; `now` returns seconds since 1970. Raises BriefingsError."""
    # these import Slack's libraries, which questions in a terminal do not need
    from bot.core.encryption.key_file import load_keys
    from bot.storage.request_log import RateLimit
    from bot.storage.store import open_store

    keys = load_keys(settings.encryption, settings.database_url)
    bot_store = open_store(settings.database_url, RateLimit(settings.rate_per_minute), now, keys)
    try:
        yield bot_store
    finally:
        bot_store.close()

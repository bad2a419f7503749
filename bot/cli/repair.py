"""The command `doctor --repair`: mend the database, and print what became of each article."""

import asyncio
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from bot.cli import resources
from bot.cli.maintenance import load_backup_key
from bot.core.settings import Settings
from bot.storage.database import BOT_TABLES
from briefings import Article, OutletBook
from briefings.outlets import KnownOutletJudge
from briefings.render import make_printable
from briefings.storage import Repository, open_repository
from briefings.storage.maintenance import (
    Outcome,
    RepairSources,
    has_file_damage,
    open_backup,
    repair_articles,
    salvage,
)

_FETCH_SECONDS = 60.0


def repair(arguments: Namespace) -> int:
    """Mend the file, the articles and the indexes; return 1 if an article could not be mended."""
    has_team = getattr(arguments, "team", None) is not None
    settings = resources.load_record_settings(arguments) if has_team else resources.load_settings()
    if has_file_damage(settings.database_url):
        report = salvage(settings.database_url, BOT_TABLES, resources.now())
        copied_count, lost_count = sum(report.copied_counts.values()), sum(report.lost_counts.values())
        print(f"database file: copied {copied_count:,} rows to a new file, {lost_count:,} could not be read")
        if report.lost_tables:
            print(f"database file: these tables could not be read at all: {', '.join(report.lost_tables)}")
        print(f"database file: the damaged file is kept as {report.kept_file}")
    counts = dict.fromkeys(Outcome, 0)
    with ExitStack() as stack:
        backup = stack.enter_context(_open_backup(arguments)) if arguments.backup else None
        sources = RepairSources(backup, lambda url: fetch_article(settings, url))
        for action in repair_articles(settings.database_url, resources.now, sources):
            counts[action.outcome] += 1
            print(
                f"{make_printable(action.subject)}: {action.outcome.value}, {make_printable(action.detail)}", flush=True
            )
    if counts[Outcome.MENDED] or counts[Outcome.REPLACED]:
        _judge_outlets(settings)
    if settings.record_policy.is_per_team and not has_team:
        print("articles of workspaces: not looked at. Add --team for each")
    if not any(counts.values()):
        print("articles: no damage found")
        return 0
    print(
        f"{counts[Outcome.MENDED]} mended, {counts[Outcome.REPLACED]} replaced, "
        f"{counts[Outcome.QUARANTINED]} in quarantine (kept, but not shown)"
    )
    return 1 if counts[Outcome.QUARANTINED] else 0


def _judge_outlets(settings: Settings) -> None:
    """Judge fetched articles by all lists of outlets. Those that were mended were judged by the shipped list only."""
    with closing(open_repository(settings.database_url, resources.now)) as repository:
        OutletBook(repository, resources.load_outlets(settings)).judge_stored()


@contextmanager
def _open_backup(arguments: Namespace) -> Iterator[Repository]:
    """Open a checked copy of the backup."""
    file = Path(arguments.backup)
    with (
        open_backup(file, key=load_backup_key(), accept_unsigned=arguments.unsigned) as address,
        closing(open_repository(address, resources.now)) as repository,
    ):
        yield repository


def fetch_article(settings: Settings, url: str) -> Article | None:
    """Return the article at a URL as it is now, or None if it cannot be fetched or read."""
    from bot.server.feed_poller import get_user_agent  # imports aiohttp, only for damaged texts
    from briefings import feeds
    from briefings.ingest import PageReader, open_fetcher

    async def fetch() -> Article | None:
        with PageReader() as page_reader:
            async with open_fetcher(
                get_user_agent(),
                time.monotonic,
                contact=settings.contact,
                allowed_networks=settings.fetch_networks,
                allowed_ports=settings.fetch_ports,
            ) as fetcher:
                today = resources.now().date()
                article = await asyncio.wait_for(
                    feeds.fetch_article(url, fetcher.fetch, page_reader.read, today), _FETCH_SECONDS
                )
                return article and KnownOutletJudge().judge(article)  # the page says itself which outlet it is

    try:
        return asyncio.run(fetch())
    except TimeoutError:
        return None

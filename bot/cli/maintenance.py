"""The commands that manage the database: remove, backup, restore, reanalyse, reindex and feedback."""

import asyncio
import sys
from argparse import Namespace
from pathlib import Path

from bot.cli import resources
from bot.cli.progress import show_steps
from bot.cli.queries import format_count
from bot.storage.database import BOT_TABLES
from bot.storage.feedback import StoredFeedback
from briefings import BriefingService, NothingFound, SearchTotals
from briefings.render import make_printable
from briefings.storage.maintenance import reanalyse as reanalyse_articles
from briefings.storage.maintenance import reindex as rebuild_index
from briefings.storage.maintenance import remove_articles, remove_outlet, restore_backup, write_backup

#: number of characters that are printed of the reported words
_MAX_WORDS_LENGTH = 300


def remove(arguments: Namespace) -> int:
    """Remove articles, or all articles of an outlet, with everything derived from them."""
    database_url = resources.load_settings().database_url
    if arguments.outlet is None:
        result = remove_articles(database_url, arguments.ids)
    else:
        with show_steps() as progress:
            result = remove_outlet(database_url, arguments.outlet, progress)
    counts = (
        format_count(result.articles, "article"),
        format_count(result.quotes, "quote"),
        format_count(result.versions, "older version"),
    )
    print(f"Removed {', '.join(counts)}.")
    return 0


def backup(arguments: Namespace) -> int:
    """Write a backup of the database, which may be in use meanwhile."""
    file = Path(arguments.file)
    with show_steps() as progress:
        totals = write_backup(
            resources.load_settings().database_url,
            file,
            external_tables=BOT_TABLES,
            overwrite=arguments.force,
            progress=progress,
        )
    print(f"{file}: {_format_totals(totals)}, {file.stat().st_size / 1e6:.1f} MB")
    return 0


def restore(arguments: Namespace) -> int:
    """Fill the database from a backup."""
    file = Path(arguments.file)
    with show_steps() as progress:
        totals = restore_backup(
            resources.load_settings().database_url,
            file,
            external_tables=BOT_TABLES,
            replace=arguments.force,
            progress=progress,
        )
    print(f"Restored {_format_totals(totals)} from {file}.")
    return 0


def reanalyse(arguments: Namespace) -> int:
    """Re-analyse the articles whose analysis has a different engine version."""
    database_url = resources.load_settings().database_url
    with show_steps() as progress:
        article_count = reanalyse_articles(database_url, resources.now, jobs=arguments.jobs, progress=progress)
    print(f"Re-analysed {format_count(article_count, 'article')}." if article_count else "All articles are up to date.")
    return 0


def reindex(_: Namespace) -> int:
    """Rebuild the search index from the articles and quotes."""
    with show_steps() as progress:
        article_count = rebuild_index(resources.load_settings().database_url, progress)
    print(f"Indexed {format_count(article_count, 'article')}.")
    return 0


def feedback(arguments: Namespace) -> int:
    """Print the open reports with the reported words, newest first; or close one report."""
    settings = resources.load_settings()
    with resources.open_bot_store(settings) as store:
        reports = asyncio.run(store.feedback.list_items(None))
        if arguments.close is not None:
            report = next((report for report in reports if report.id == arguments.close), None)
            if report is None or not asyncio.run(store.feedback.close(report.item.team, report.id)):
                print(f"ontherecord: No open report has the number {arguments.close}.", file=sys.stderr)
                return 1
            print(f"Closed report {report.id}.")
            return 0
    with resources.open_service(settings) as service:
        print("\n\n".join(_format_report(report, service) for report in reports) or "No reports to review.")
    return 0


def _format_totals(totals: SearchTotals) -> str:
    return f"{format_count(totals.articles, 'article')}, {format_count(totals.quotes, 'quote')}"


def _format_report(report: StoredFeedback, service: BriefingService) -> str:
    item = report.item
    fields = {
        "question": item.question,
        "words": f"{_load_words(report, service)} ({item.article} {item.start}..{item.end})",
        "comment": item.comment,
    }
    heading = f"{report.id}  {report.at:%Y-%m-%d %H:%M} UTC  {item.kind}, reported by {item.person} in {item.team}"
    return "\n".join([heading, *(f"    {name:9} {make_printable(value)}" for name, value in fields.items() if value)])


def _load_words(report: StoredFeedback, service: BriefingService) -> str:
    """Return the reported words, shortened if they are long."""
    item = report.item
    try:
        words = " ".join(service.get_context(item.article, item.start, item.end).words.split())
    except NothingFound:
        return "no longer in the database"
    return words if len(words) <= _MAX_WORDS_LENGTH else f"{words[:_MAX_WORDS_LENGTH]}…"

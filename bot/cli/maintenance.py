"""The commands that manage the database: remove, backup, restore, reanalyse, reindex and feedback."""

import asyncio
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from bot.cli import resources
from bot.cli.progress import show_steps
from bot.cli.queries import format_count
from bot.cli.terminal.arguments import DEFAULT_LIMIT
from bot.cli.terminal.lists import apply_limit
from bot.cli.terminal.output import is_terminal, print_answer
from bot.core.encryption.key_file import load_keys
from bot.storage.database import BOT_TABLES
from bot.storage.feedback import StoredFeedback
from briefings import BriefingService, NothingFound, SearchTotals
from briefings.render import make_printable
from briefings.storage.maintenance import (
    BackupKey,
    DamagePolicy,
    remove_articles,
    remove_outlet,
    restore_backup,
    write_backup,
)
from briefings.storage.maintenance import reanalyse as reanalyse_articles
from briefings.storage.maintenance import reindex as rebuild_index

#: number of characters that are printed of the reported words
_MAX_WORDS_LENGTH = 300
#: ids of articles that are printed
_MAX_NAMED_ARTICLES = 10


def remove(arguments: Namespace) -> int:
    """Remove articles, or all articles of an outlet, with everything derived from them."""
    database_url = resources.load_record_settings(arguments).database_url
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
    file, settings, key = Path(arguments.file), resources.load_record_settings(arguments), load_backup_key()
    with show_steps() as progress:
        totals = write_backup(
            settings.database_url,
            file,
            external_tables=BOT_TABLES,
            overwrite=arguments.force,
            key=key,
            damage_policy=DamagePolicy(arguments.skip_damaged, _print_skipped),
            progress=progress,
        )
    seal = "signed" if key else "not signed, because BACKUP_KEY is not set"
    print(f"{file}: {_format_totals(totals)}, {file.stat().st_size / 1e6:.1f} MB, {seal}")
    return 0


def restore(arguments: Namespace) -> int:
    """Fill the database from a backup."""
    file, settings = Path(arguments.file), resources.load_record_settings(arguments)
    with show_steps() as progress:
        totals = restore_backup(
            settings.database_url,
            file,
            external_tables=BOT_TABLES,
            replace=arguments.force,
            only_articles=hasattr(arguments, "team"),
            key=load_backup_key(),
            accept_unsigned=arguments.unsigned,
            damage_policy=DamagePolicy(arguments.skip_damaged, _print_skipped),
            progress=progress,
        )
    print(f"Restored {_format_totals(totals)} from {file}.")
    return 0


def _print_skipped(ids: Sequence[str]) -> None:
    names = ", ".join(make_printable(article_id) for article_id in ids[:_MAX_NAMED_ARTICLES])
    rest = ", ..." if len(ids) > _MAX_NAMED_ARTICLES else ""
    print(f"ontherecord: note: Left out {format_count(len(ids), 'damaged article')}: {names}{rest}", file=sys.stderr)


def load_backup_key() -> BackupKey | None:
    """Return BACKUP_KEY, or else a key derived from those for tokens; None if there is neither. Raises BadSettings.

    The other keys check backups that were signed with them.
    """
    settings = resources.load_settings()  # the keys are the operator's, also with --team
    key_ring, own_key = load_keys(settings.encryption, settings.database_url), settings.encryption.backup_key
    derived_keys = key_ring.derive("backup") if key_ring else ()
    values = (own_key.encode(), *derived_keys) if own_key else derived_keys
    return BackupKey(values[0], values[1:]) if values else None


def reanalyse(arguments: Namespace) -> int:
    """Re-analyse the articles whose analysis has a different engine version."""
    database_url = resources.load_record_settings(arguments).database_url
    with show_steps() as progress:
        article_count = reanalyse_articles(database_url, resources.now, jobs=arguments.jobs, progress=progress)
    print(f"Re-analysed {format_count(article_count, 'article')}." if article_count else "All articles are up to date.")
    return 0


def reindex(arguments: Namespace) -> int:
    """Rebuild the search index from the articles and quotes."""
    with show_steps() as progress:
        article_count = rebuild_index(resources.load_record_settings(arguments).database_url, progress)
    print(f"Indexed {format_count(article_count, 'article')}.")
    return 0


def feedback(arguments: Namespace) -> int:
    """Print the open reports with the reported words, newest first; or close one report."""
    record_settings = resources.load_record_settings(arguments)
    with resources.open_operator_store(resources.load_settings()) as store:
        reports = asyncio.run(store.feedback.list_items(getattr(arguments, "team", None)))
        if arguments.close is not None:
            report = next((report for report in reports if report.id == arguments.close), None)
            if report is None or not asyncio.run(store.feedback.close(report.item.team, report.id)):
                print(f"ontherecord: No open report has the number {arguments.close}.", file=sys.stderr)
                return 1
            print(f"Closed report {report.id}.")
            return 0
    with resources.open_service(record_settings) as service:
        shown_reports = apply_limit(reports, arguments, DEFAULT_LIMIT if is_terminal() else None)
        text = "\n\n".join(_format_report(report, service) for report in shown_reports)
    print_answer(text or "No reports to review.", arguments)
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

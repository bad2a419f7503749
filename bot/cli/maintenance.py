"""The commands that manage the database: add, remove, backup, restore, reanalyse, reindex and feedback."""

import asyncio
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from bot.cli import resources
from bot.cli.queries import format_count, format_counts
from bot.core.settings import Settings
from bot.storage.database import BOT_TABLES
from bot.storage.feedback import StoredFeedback
from briefings import BadInput, BriefingsError, BriefingService, NothingFound, SearchTotals
from briefings.ingest import read_raw_articles
from briefings.render import make_printable
from briefings.storage import ArticleStatus
from briefings.storage.maintenance import Progress, remove_articles, remove_outlet, restore_backup, write_backup
from briefings.storage.maintenance import reanalyse as reanalyse_articles
from briefings.storage.maintenance import reindex as rebuild_index

#: number of articles between two progress lines if standard error is not a terminal
_LOG_INTERVAL = 1_000
#: number of characters that are printed of the reported words
_MAX_WORDS_LENGTH = 300


def add(arguments: Namespace) -> int:
    """Add the articles at each path or URL and print the counts; return 1 if anything failed.

    A failure does not stop the remaining articles.
    """
    settings = resources.load_settings()
    with resources.open_service(settings) as service:
        return max([_add_path_or_url(settings, service, path, arguments.jobs) for path in arguments.paths])


def remove(arguments: Namespace) -> int:
    """Remove articles, or all articles of an outlet, with everything derived from them."""
    database_url = resources.load_settings().database_url
    if arguments.outlet is None:
        result = remove_articles(database_url, arguments.ids)
    else:
        with _show_progress() as progress:
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
    with _show_progress() as progress:
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
    with _show_progress() as progress:
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
    with _show_progress() as progress:
        article_count = reanalyse_articles(database_url, resources.now, jobs=arguments.jobs, progress=progress)
    print(f"Re-analysed {format_count(article_count, 'article')}." if article_count else "All articles are up to date.")
    return 0


def reindex(_: Namespace) -> int:
    """Rebuild the search index from the articles and quotes."""
    with _show_progress() as progress:
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


def _add_path_or_url(settings: Settings, service: BriefingService, path: str, jobs: int) -> int:
    if "://" not in path:
        return _add_path(service, path, jobs)
    from bot.cli import feeds  # imports aiohttp, which paths do not need

    return feeds.add_url(settings, service, path)


def _add_path(service: BriefingService, path: str, jobs: int) -> int:
    """Add the articles at a path in batches; return 1 if anything failed."""
    status_counts: Counter[ArticleStatus] = Counter()
    failure_count = 0

    def report_failure(error: BriefingsError) -> None:
        nonlocal failure_count
        failure_count += 1
        _print_line(f"ontherecord: {error}")

    with _show_article_count(path) as show_count:
        try:
            for outcome in service.ingest(read_raw_articles(path, sys.stdin.buffer, report_failure), jobs=jobs):
                if isinstance(outcome, BadInput):
                    report_failure(outcome)
                else:
                    status_counts[outcome] += 1
                show_count(status_counts.total() + failure_count)
        except BriefingsError as error:
            report_failure(error)
    has_only_one_failure = not status_counts and failure_count == 1
    if not has_only_one_failure:  # its message is enough
        print(f"{path}: {_format_status_counts(status_counts, failure_count)}")
    return 1 if failure_count else 0


@contextmanager
def _show_article_count(path: str) -> Iterator[Callable[[int], None]]:
    """Show the number of articles: continuously on a terminal, otherwise as a line every thousand."""
    with tqdm(disable=None, file=sys.stderr, bar_format="{desc}", leave=False) as progress_bar:

        def show_count(count: int) -> None:
            sentence = f"{path}: {count:,} {'article' if count == 1 else 'articles'} so far"
            progress_bar.set_description_str(sentence, refresh=False)
            progress_bar.update(count - progress_bar.n)
            if progress_bar.disable and count % _LOG_INTERVAL == 0:
                _print_line(f"ontherecord: {sentence}")

        yield show_count


def _print_line(sentence: str) -> None:
    """Print a line on standard error, above the progress bar if one is shown."""
    tqdm.write(sentence, file=sys.stderr)


def _format_status_counts(status_counts: Counter[ArticleStatus], failure_count: int) -> str:
    return format_counts(
        (
            (status_counts[ArticleStatus.NEW], "added", True),
            (status_counts[ArticleStatus.UPDATED], "updated", False),
            (status_counts[ArticleStatus.UNCHANGED], "unchanged", True),
            (status_counts[ArticleStatus.OLDER], "older than the stored version", False),
            (failure_count, "failed", False),
        )
    )


@contextmanager
def _show_progress() -> Iterator[Progress]:
    """Show a progress bar on a terminal, and nothing otherwise."""
    bar_format = "{l_bar}{bar}| about {remaining} left"
    with tqdm(disable=None, file=sys.stderr, bar_format=bar_format, leave=False) as progress_bar:

        def update_progress(completed_count: int, total_count: int) -> None:
            progress_bar.total, progress_bar.n = total_count, completed_count
            progress_bar.refresh()

        yield update_progress


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

"""The care of the record: add, remove, backup, restore, reanalyse, reindex. Each says how much it did.

What people say looks wrong, for those who look after the record: feedback.
"""

import asyncio
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from bot.cli import resources
from bot.cli.queries import format_count
from bot.core.settings import Settings
from bot.storage.database import BOT_TABLES
from bot.storage.feedback import StoredFeedback
from briefings import BadInput, BriefingsError, BriefingService, NothingFound, Searched
from briefings.ingest import read_raw_articles
from briefings.render import make_printable
from briefings.storage import ArticleStatus
from briefings.storage.maintenance import Progress, remove_articles, remove_outlet, restore_backup, write_backup
from briefings.storage.maintenance import reanalyse as read_again
from briefings.storage.maintenance import reindex as build_index

#: articles between two lines of a log
_LOG_INTERVAL = 1_000


def add(arguments: Namespace) -> int:
    """Adds what is at each path or address and says what became of it; what cannot be read does not stop the next."""
    settings = resources.load_settings()
    with resources.open_service(settings) as service:
        return max([_add_path_or_url(settings, service, path, arguments.jobs) for path in arguments.paths])


def _add_path_or_url(settings: Settings, service: BriefingService, path: str, jobs: int) -> int:
    """Adds what is at a path or at an address of the web; 1 when some or all of it failed."""
    if "://" not in path:
        return _add_path(service, path, jobs)
    from bot.cli import feeds  # imports aiohttp, which adding a folder does not need

    return feeds.add_url(settings, service, path)


def _add_path(service: BriefingService, path: str, jobs: int) -> int:
    """Adds what is at `path`, a batch at a time; 1 when some or all of it cannot be read."""
    status_counts: Counter[ArticleStatus] = Counter()
    failure_count = 0

    def report_failure(error: BriefingsError) -> None:
        nonlocal failure_count
        failure_count += 1
        _print_line(f"ontherecord: {error}")

    with _show_article_count(path) as update_count:
        try:
            for outcome in service.ingest(read_raw_articles(path, sys.stdin.buffer, report_failure), jobs=jobs):
                if isinstance(outcome, BadInput):
                    report_failure(outcome)
                else:
                    status_counts[outcome] += 1
                update_count(status_counts.total() + failure_count)
        except BriefingsError as error:
            report_failure(error)
    if status_counts or failure_count != 1:  # of a path of which nothing can be read, the one sentence says it all
        print(f"{path}: {_format_status_counts(status_counts, failure_count)}")
    return 1 if failure_count else 0


@contextmanager
def _show_article_count(path: str) -> Iterator[Callable[[int], None]]:
    """Shows how many articles were read: as it goes on a terminal, every thousand elsewhere."""
    with tqdm(disable=None, file=sys.stderr, desc=path, unit=" articles", leave=False) as bar:

        def update_count(number: int) -> None:
            bar.update(number - bar.n)
            if bar.disable and number % _LOG_INTERVAL == 0:
                _print_line(f"ontherecord: {path}: {number:,} articles so far")

        yield update_count


def _print_line(sentence: str) -> None:
    """Writes a line on standard error, above the bar if there is one."""
    tqdm.write(sentence, file=sys.stderr)


def _format_status_counts(status_counts: Counter[ArticleStatus], failure_count: int) -> str:
    entries = (
        (status_counts[ArticleStatus.NEW], "added", True),
        (status_counts[ArticleStatus.UPDATED], "updated", False),
        (status_counts[ArticleStatus.UNCHANGED], "already there", True),
        (status_counts[ArticleStatus.OLDER], "older than what is held", False),
        (failure_count, "failed", False),
    )
    return ", ".join(f"{count} {label}" for count, label, is_always_shown in entries if count or is_always_shown)


def remove(arguments: Namespace) -> int:
    """Removes articles, or all that came from an outlet, with everything derived from them."""
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
    """Writes a backup of the record, whoever uses it meanwhile."""
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
    """Fills the record from a backup."""
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
    """Reads again the articles that were read by another engine than today's."""
    database_url = resources.load_settings().database_url
    with _show_progress() as progress:
        article_count = read_again(database_url, resources.now, jobs=arguments.jobs, progress=progress)
    print(
        f"Read {format_count(article_count, 'article')} again."
        if article_count
        else "Every article was read by today's engine."
    )
    return 0


def reindex(_: Namespace) -> int:
    """Builds the search index anew from the articles and quotes."""
    with _show_progress() as progress:
        article_count = build_index(resources.load_settings().database_url, progress)
    print(f"Indexed {format_count(article_count, 'article')}.")
    return 0


@contextmanager
def _show_progress() -> Iterator[Progress]:
    """A bar on a terminal; nothing elsewhere."""
    with tqdm(disable=None, file=sys.stderr, bar_format="{l_bar}{bar}| {elapsed}<{remaining}", leave=False) as bar:

        def update_progress(completed_count: int, total_count: int) -> None:
            bar.total, bar.n = total_count, completed_count
            bar.refresh()

        yield update_progress


def _format_totals(totals: Searched) -> str:
    return f"{format_count(totals.articles, 'article')}, {format_count(totals.quotes, 'quote')}"


#: characters of the words in doubt that are printed
_MAX_WORDS_LENGTH = 300


def feedback(arguments: Namespace) -> int:
    """Prints what is open, newest first, with the words in doubt; or closes one."""
    settings = resources.load_settings()
    with resources.open_bot_store(settings) as store:
        entries = asyncio.run(store.feedback.list_items(None))
        if arguments.close is not None:
            target = next((entry for entry in entries if entry.id == arguments.close), None)
            if target is None or not asyncio.run(store.feedback.close(target.item.team, target.id)):
                print(f"ontherecord: no open feedback has the number {arguments.close}.", file=sys.stderr)
                return 1
            print(f"{target.id} is closed.")
            return 0
    with resources.open_service(settings) as service:
        print("\n\n".join(_format_entry(entry, service) for entry in entries) or "No feedback is open.")
    return 0


def _format_entry(entry: StoredFeedback, service: BriefingService) -> str:
    item = entry.item
    fields = {
        "asked": item.question,
        "words": f"{_load_words(entry, service)} ({item.article} {item.start}..{item.end})",
        "comment": item.comment,
    }
    heading = f"{entry.id}  {entry.at:%Y-%m-%d %H:%M} UTC  {item.kind}, says {item.person} in {item.team}"
    return "\n".join([heading, *(f"    {name:9} {make_printable(value)}" for name, value in fields.items() if value)])


def _load_words(entry: StoredFeedback, service: BriefingService) -> str:
    item = entry.item
    try:
        words = " ".join(service.get_context(item.article, item.start, item.end).words.split())
    except NothingFound:
        return "gone from the record"
    return words if len(words) <= _MAX_WORDS_LENGTH else f"{words[:_MAX_WORDS_LENGTH]}…"

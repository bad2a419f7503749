"""The command `backfill`: add an archive shard by shard, on this machine's cores or a Dask cluster."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from sqlalchemy import make_url
from tqdm import tqdm

from bot.cli import resources
from bot.cli.queries import format_count, format_counts, format_progress
from bot.cli.terminal.output import format_json
from briefings.backfill import (
    BackfillReport,
    connect_to_scheduler,
    find_pending_shards,
    process_shards,
    run_backfill,
    start_local_cluster,
)
from briefings.render import make_printable

if TYPE_CHECKING:
    from distributed import Client

#: seconds between two progress lines if standard error is not a terminal
_LOG_INTERVAL_SECONDS = 30
#: number of failure messages that are printed; the others are only counted
_MAX_FAILURES = 10


def backfill(arguments: Namespace) -> int:
    """Add every unfinished shard and print the counts; return 1 if any shard or article failed."""
    database = _make_absolute(resources.load_record_settings(arguments).database_url)
    archives = [archive if "://" in archive else str(Path(archive).resolve()) for archive in arguments.archives]
    urls, finished_count = find_pending_shards(archives, database)
    report = BackfillReport(len(urls), finished_count)
    if urls:
        with _open_cluster(arguments, len(urls)) as client, _show_progress(len(urls)) as show_report:
            for report in run_backfill(
                urls, finished_count, database, lambda batch: process_shards(client, batch, database)
            ):
                show_report(report)
    if arguments.json:
        print(format_json(_build_json(report)))
    else:
        _print_report(report)
    return 1 if report.has_failures else 0


def _open_cluster(arguments: Namespace, shard_count: int) -> "AbstractContextManager[Client]":
    if arguments.scheduler:
        return connect_to_scheduler(arguments.scheduler)
    return start_local_cluster(min(shard_count, arguments.workers or _count_cores()))


def _count_cores() -> int:
    """Return how many cores this process may use. Only Linux limits them for one process."""
    count = os.cpu_count() or 1
    if sys.platform == "linux":
        count = len(os.sched_getaffinity(0))
    return count


@contextmanager
def _show_progress(shard_count: int) -> Iterator[Callable[[BackfillReport], None]]:
    """Show the progress: continuously on a terminal, otherwise as a line every 30 seconds."""
    started_at = last_log_at = monotonic()
    with tqdm(total=shard_count, disable=None, file=sys.stderr, bar_format="{desc}", leave=False) as progress_bar:

        def show_report(report: BackfillReport) -> None:
            nonlocal last_log_at
            progress = format_progress(report.processed_count, shard_count, "shard", monotonic() - started_at)
            sentence = f"{progress}, {format_count(_count_articles(report), 'article')} so far"
            progress_bar.set_description_str(sentence, refresh=False)
            progress_bar.update(report.processed_count - progress_bar.n)
            if progress_bar.disable and monotonic() - last_log_at >= _LOG_INTERVAL_SECONDS:
                last_log_at = monotonic()
                print(f"ontherecord: {sentence}", file=sys.stderr)

        yield show_report


def _print_report(report: BackfillReport) -> None:
    for sentence in report.failures[:_MAX_FAILURES]:
        print(f"ontherecord: {make_printable(sentence)}", file=sys.stderr)
    if len(report.failures) > _MAX_FAILURES:
        print("ontherecord: More failures are not shown, only counted.", file=sys.stderr)
    if report.skipped_shards:
        print(f"ontherecord: skipped {format_count(len(report.skipped_shards), 'shard')}:", file=sys.stderr)
    for skipped_shard in report.skipped_shards:
        print(f"ontherecord: {make_printable(skipped_shard.reason)}", file=sys.stderr)
    counts = report.counts
    shard_counts = (
        (report.processed_count - len(report.skipped_shards), "done", True),
        (report.finished_count, "already finished", False),
        (len(report.skipped_shards), "skipped", False),
    )
    article_counts = (
        (counts.new, "added", True),
        (counts.updated, "updated", False),
        (counts.unchanged, "unchanged", True),
        (counts.older, "older than the stored version", False),
        (counts.failed, "failed", False),
    )
    print(f"shards: {format_counts(shard_counts)}")
    print(f"articles: {format_counts(article_counts)}")


def _build_json(report: BackfillReport) -> dict[str, object]:
    return {
        "shards": {"done": report.processed_count - len(report.skipped_shards), "passed_over": report.finished_count},
        "articles": report.counts.to_columns(),
        "skipped": [asdict(skipped_shard) for skipped_shard in report.skipped_shards],
        "failures": report.failures,
    }


def _count_articles(report: BackfillReport) -> int:
    return sum(asdict(report.counts).values())


def _make_absolute(database_url: str) -> str:
    """Return the URL with an absolute path, because workers can run in another folder."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith((":", "file:")):
        return database_url
    return url.set(database=str(Path(url.database).resolve())).render_as_string(hide_password=False)

"""`ontherecord backfill`: adds an archive, shard by shard, on this machine's cores or on a cluster of Dask's."""

import json
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
from bot.cli.queries import format_count
from briefings.backfill import (
    BackfillReport,
    connect_to_scheduler,
    find_pending_shards,
    process_shards,
    run_backfill,
    start_local_cluster,
)

if TYPE_CHECKING:
    from distributed import Client

#: seconds between two lines of a log
_LOG_INTERVAL_SECONDS = 30
#: sentences on single lines that are printed; the others are counted
_MAX_FAILURES = 10


def backfill(arguments: Namespace) -> int:
    """Adds every shard that is not finished yet and says what became of them; 1 when some or some of it failed."""
    database = _make_absolute(resources.load_settings().database_url)
    archives = [archive if "://" in archive else str(Path(archive).resolve()) for archive in arguments.archives]
    urls, passed_over = find_pending_shards(archives, database)
    report = BackfillReport(len(urls), passed_over)
    if urls:
        with _open_cluster(arguments, len(urls)) as client, _show_progress(len(urls)) as progress:
            for report in run_backfill(
                urls, passed_over, database, lambda batch: process_shards(client, batch, database)
            ):
                progress(report)
    if arguments.json:
        print(json.dumps(_build_json(report), ensure_ascii=False))
    else:
        _print_report(report)
    return 1 if report.has_failures else 0


def _open_cluster(arguments: Namespace, shards: int) -> "AbstractContextManager[Client]":
    if arguments.scheduler:
        return connect_to_scheduler(arguments.scheduler)
    return start_local_cluster(min(shards, arguments.workers or len(os.sched_getaffinity(0))))


@contextmanager
def _show_progress(shards: int) -> Iterator[Callable[[BackfillReport], None]]:
    """A bar on a terminal; elsewhere a line now and then."""
    last_log_at = monotonic()
    with tqdm(total=shards, disable=None, file=sys.stderr, unit=" shards", leave=False) as bar:

        def update_progress(report: BackfillReport) -> None:
            nonlocal last_log_at
            bar.set_postfix_str(format_count(_count_articles(report), "article"), refresh=False)
            bar.update(report.processed_count - bar.n)
            if bar.disable and monotonic() - last_log_at >= _LOG_INTERVAL_SECONDS:
                last_log_at = monotonic()
                so_far = format_count(_count_articles(report), "article")
                print(f"ontherecord: {report.processed_count} of {shards} shards, {so_far} so far", file=sys.stderr)

        yield update_progress


def _print_report(report: BackfillReport) -> None:
    for sentence in report.failures[:_MAX_FAILURES]:
        print(f"ontherecord: {sentence}", file=sys.stderr)
    if report.skipped_shards:
        print(f"ontherecord: skipped {format_count(len(report.skipped_shards), 'shard')}:", file=sys.stderr)
    for skipped_shard in report.skipped_shards:
        print(f"ontherecord: {skipped_shard.reason}", file=sys.stderr)
    shards = (
        (report.processed_count - len(report.skipped_shards), "done", True),
        (report.finished_count, "passed over", False),
        (len(report.skipped_shards), "skipped", False),
    )
    counts = report.counts
    articles = (
        (counts.new, "added", True),
        (counts.updated, "updated", False),
        (counts.unchanged, "already there", True),
        (counts.older, "older than what is held", False),
        (counts.failed, "failed", False),
    )
    for subject, entries in (("shards", shards), ("articles", articles)):
        print(
            f"{subject}: {', '.join(f'{amount:,} {label}' for amount, label, is_always_shown in entries if amount or is_always_shown)}"
        )


def _build_json(report: BackfillReport) -> dict[str, object]:
    return {
        "shards": {"done": report.processed_count - len(report.skipped_shards), "passed_over": report.finished_count},
        "articles": report.counts.to_columns(),
        "skipped": [asdict(skipped_shard) for skipped_shard in report.skipped_shards],
        "failures": report.failures,
    }


def _count_articles(report: BackfillReport) -> int:
    return sum(asdict(report.counts).values())


def _make_absolute(database: str) -> str:
    """The same database for a process that runs in another folder."""
    url = make_url(database)
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith((":", "file:")):
        return database
    return url.set(database=str(Path(url.database).resolve())).render_as_string(hide_password=False)

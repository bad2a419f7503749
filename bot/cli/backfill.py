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

from bot.cli import opened
from bot.cli.ask import counted
from briefings.backfill import cluster
from briefings.backfill.run import Report, run, to_do

if TYPE_CHECKING:
    from distributed import Client

#: seconds between two lines of a log
_TOLD_EVERY = 30
#: sentences on single lines that are printed; the others are counted
_MOST_FAILURES = 10


def backfill(arguments: Namespace) -> int:
    """Adds every shard that is not finished yet and says what became of them; 1 when some or some of it failed."""
    database = _absolute(opened.settings().database_url)
    archives = [archive if "://" in archive else str(Path(archive).resolve()) for archive in arguments.archives]
    addresses, passed_over = to_do(archives, database)
    report = Report(len(addresses), passed_over)
    if addresses:
        with _workers(arguments, len(addresses)) as client, _progress(len(addresses)) as progress:
            for report in run(addresses, passed_over, database, lambda some: cluster.do_all(client, some, database)):
                progress(report)
    if arguments.json:
        print(json.dumps(_as_json(report), ensure_ascii=False))
    else:
        _tell(report)
    return 1 if report.failed else 0


def _workers(arguments: Namespace, shards: int) -> "AbstractContextManager[Client]":
    if arguments.scheduler:
        return cluster.remote(arguments.scheduler)
    return cluster.local(min(shards, arguments.workers or len(os.sched_getaffinity(0))))


@contextmanager
def _progress(shards: int) -> Iterator[Callable[[Report], None]]:
    """A bar on a terminal; elsewhere a line now and then."""
    told_at = monotonic()
    with tqdm(total=shards, disable=None, file=sys.stderr, unit=" shards", leave=False) as bar:

        def progress(report: Report) -> None:
            nonlocal told_at
            bar.set_postfix_str(counted(_articles(report), "article"), refresh=False)
            bar.update(report.done - bar.n)
            if bar.disable and monotonic() - told_at >= _TOLD_EVERY:
                told_at = monotonic()
                so_far = counted(_articles(report), "article")
                print(f"ontherecord: {report.done} of {shards} shards, {so_far} so far", file=sys.stderr)

        yield progress


def _tell(report: Report) -> None:
    for sentence in report.failures[:_MOST_FAILURES]:
        print(f"ontherecord: {sentence}", file=sys.stderr)
    if report.skipped:
        print(f"ontherecord: skipped {counted(len(report.skipped), 'shard')}:", file=sys.stderr)
    for failed in report.skipped:
        print(f"ontherecord: {failed.reason}", file=sys.stderr)
    shards = (
        (report.done - len(report.skipped), "done", True),
        (report.passed_over, "passed over", False),
        (len(report.skipped), "skipped", False),
    )
    counts = report.counts
    articles = (
        (counts.new, "added", True),
        (counts.changed, "updated", False),
        (counts.held, "already there", True),
        (counts.older, "older than what is held", False),
        (counts.failed, "failed", False),
    )
    for what, numbers in (("shards", shards), ("articles", articles)):
        print(f"{what}: {', '.join(f'{number:,} {how}' for number, how, always in numbers if number or always)}")


def _as_json(report: Report) -> dict[str, object]:
    return {
        "shards": {"done": report.done - len(report.skipped), "passed_over": report.passed_over},
        "articles": asdict(report.counts),
        "skipped": [asdict(failed) for failed in report.skipped],
        "failures": report.failures,
    }


def _articles(report: Report) -> int:
    return sum(asdict(report.counts).values())


def _absolute(database: str) -> str:
    """The same database for a process that runs in another folder."""
    url = make_url(database)
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith((":", "file:")):
        return database
    return url.set(database=str(Path(url.database).resolve())).render_as_string(hide_password=False)

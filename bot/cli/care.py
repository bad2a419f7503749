"""The care of the record: add, remove, backup, restore, reanalyse, reindex. Each says how much it did."""

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from bot.cli import opened
from bot.cli.ask import counted
from bot.store.beside import BESIDE
from briefings.desk import Desk
from briefings.errors import BriefingsError
from briefings.ingest.read import read
from briefings.model import Searched
from briefings.record import removal
from briefings.record.backup import backup as write_backup
from briefings.record.copying import Progress
from briefings.record.reanalysis import reanalyse as read_again
from briefings.record.reindex import reindex as build_index
from briefings.record.restore import restore as read_backup
from briefings.record.values import Standing

#: broken lines of one file that are told one by one
_MOST_FAILURES = 10


def add(arguments: Namespace) -> int:
    """Adds what is at each path and says what became of it; a path that cannot be read does not stop the next."""
    with opened.desk(opened.settings()) as desk:
        return max([_added(desk, path) for path in arguments.paths])


def _added(desk: Desk, path: str) -> int:
    """Adds what is at `path`, article by article; 1 when some or all of it cannot be read."""
    stood: Counter[Standing] = Counter()
    failed = 0

    def broken(error: BriefingsError) -> None:
        nonlocal failed
        failed += 1
        if failed <= _MOST_FAILURES:
            print(f"ontherecord: {error}", file=sys.stderr)
        elif failed == _MOST_FAILURES + 1:
            print("ontherecord: there are more such lines; they are counted below.", file=sys.stderr)

    try:
        for article in read(path, sys.stdin.buffer, broken):
            stood[desk.take(article)] += 1
    except BriefingsError as error:
        broken(error)
    if stood or failed != 1:  # of a path of which nothing can be read, the one sentence says it all
        print(f"{path}: {_told(stood, failed)}")
    return 1 if failed else 0


def _told(stood: Counter[Standing], failed: int) -> str:
    counts = (
        (stood[Standing.NEW], "added", True),
        (stood[Standing.CHANGED], "updated", False),
        (stood[Standing.HELD], "already there", True),
        (stood[Standing.OLDER], "older than what is held", False),
        (failed, "failed", False),
    )
    return ", ".join(f"{count} {what}" for count, what, always in counts if count or always)


def remove(arguments: Namespace) -> int:
    """Removes articles, or all that came from an outlet, with everything derived from them."""
    address = opened.settings().database_url
    if arguments.outlet is None:
        gone = removal.remove(address, arguments.ids)
    else:
        with _bar() as progress:
            gone = removal.remove_outlet(address, arguments.outlet, progress)
    counts = (
        counted(gone.articles, "article"),
        counted(gone.quotes, "quote"),
        counted(gone.versions, "older version"),
    )
    print(f"Removed {', '.join(counts)}.")
    return 0


def backup(arguments: Namespace) -> int:
    """Writes a backup of the record, whoever uses it meanwhile."""
    file = Path(arguments.file)
    with _bar() as progress:
        held = write_backup(
            opened.settings().database_url, file, beside=BESIDE, overwrite=arguments.force, progress=progress
        )
    print(f"{file}: {_much(held)}, {file.stat().st_size / 1e6:.1f} MB")
    return 0


def restore(arguments: Namespace) -> int:
    """Fills the record from a backup."""
    file = Path(arguments.file)
    with _bar() as progress:
        held = read_backup(
            opened.settings().database_url, file, beside=BESIDE, replace=arguments.force, progress=progress
        )
    print(f"Restored {_much(held)} from {file}.")
    return 0


def reanalyse(arguments: Namespace) -> int:
    """Reads again the articles that were read by another engine than today's."""
    address = opened.settings().database_url
    with _bar() as progress:
        number = read_again(address, opened.now, jobs=arguments.jobs, progress=progress)
    print(f"Read {counted(number, 'article')} again." if number else "Every article was read by today's engine.")
    return 0


def reindex(_: Namespace) -> int:
    """Builds the search index anew from the articles and quotes."""
    with _bar() as progress:
        number = build_index(opened.settings().database_url, progress)
    print(f"Indexed {counted(number, 'article')}.")
    return 0


@contextmanager
def _bar() -> Iterator[Progress]:
    """A bar on a terminal; nothing elsewhere."""
    with tqdm(disable=None, file=sys.stderr, bar_format="{l_bar}{bar}| {elapsed}<{remaining}", leave=False) as bar:

        def progress(done: int, all_: int) -> None:
            bar.total, bar.n = all_, done
            bar.refresh()

        yield progress


def _much(held: Searched) -> str:
    return f"{counted(held.articles, 'article')}, {counted(held.quotes, 'quote')}"

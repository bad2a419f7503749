"""The care of the record: add, remove, backup, restore, reanalyse, reindex. Each says how much it did."""

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from bot.cli import opened
from bot.cli.ask import counted
from bot.settings import Settings
from bot.store.beside import BESIDE
from briefings.desk import Desk
from briefings.errors import BadInput, BriefingsError
from briefings.ingest.read import read
from briefings.model import Searched
from briefings.record import removal
from briefings.record.backup import backup as write_backup
from briefings.record.copying import Progress
from briefings.record.reanalysis import reanalyse as read_again
from briefings.record.reindex import reindex as build_index
from briefings.record.restore import restore as read_backup
from briefings.record.values import Standing

#: articles between two lines of a log
_TOLD_EVERY = 1_000


def add(arguments: Namespace) -> int:
    """Adds what is at each path or address and says what became of it; what cannot be read does not stop the next."""
    told = opened.settings()
    with opened.desk(told) as desk:
        return max([_any_added(told, desk, path, arguments.jobs) for path in arguments.paths])


def _any_added(told: Settings, desk: Desk, path: str, jobs: int) -> int:
    """Adds what is at a path or at an address of the web; 1 when some or all of it failed."""
    if "://" not in path:
        return _added(desk, path, jobs)
    from bot.cli import gather  # with it comes aiohttp, which no folder waits for

    return gather.added(told, desk, path)


def _added(desk: Desk, path: str, jobs: int) -> int:
    """Adds what is at `path`, a batch at a time; 1 when some or all of it cannot be read."""
    stood: Counter[Standing] = Counter()
    failed = 0

    def broken(error: BriefingsError) -> None:
        nonlocal failed
        failed += 1
        _say(f"ontherecord: {error}")

    with _counter(path) as counted:
        try:
            for outcome in desk.take_in(read(path, sys.stdin.buffer, broken), jobs=jobs):
                if isinstance(outcome, BadInput):
                    broken(outcome)
                else:
                    stood[outcome] += 1
                counted(stood.total() + failed)
        except BriefingsError as error:
            broken(error)
    if stood or failed != 1:  # of a path of which nothing can be read, the one sentence says it all
        print(f"{path}: {_told(stood, failed)}")
    return 1 if failed else 0


@contextmanager
def _counter(path: str) -> Iterator[Callable[[int], None]]:
    """Shows how many articles were read: as it goes on a terminal, every thousand elsewhere."""
    with tqdm(disable=None, file=sys.stderr, desc=path, unit=" articles", leave=False) as bar:

        def counted(number: int) -> None:
            bar.update(number - bar.n)
            if bar.disable and number % _TOLD_EVERY == 0:
                _say(f"ontherecord: {path}: {number:,} articles so far")

        yield counted


def _say(sentence: str) -> None:
    """Writes a line on standard error, above the bar if there is one."""
    tqdm.write(sentence, file=sys.stderr)


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

"""How an archive is taken in by Dask's workers on PostgreSQL, and what the bot feels of it meanwhile.

Rivals: for a core's articles a second, analysing the same articles and nothing else, in one process; for two workers,
one; for a worker's memory late in the run, early in it; for questions during a load, the same
with nothing else going on. SCALE_ARTICLES sets the size, 200,000 articles unless told: about two hours
on two cores.
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.figures import Figure, milliseconds, percentile
from bench.generated import articles
from briefings.analysis import analyse
from briefings.article import parse
from briefings.backfill import cluster
from briefings.backfill.run import run, to_do
from briefings.desk import Desk
from briefings.errors import NothingFound
from briefings.model import Article
from briefings.record.store import open_record
from tests.postgresql import Missing, running

ARTICLES = 200_000
#: shards of a run, unless their articles would be more than so many
_SHARDS, _LARGEST = 40, 2_000
#: articles that are analysed alone; the share of them that is loaded while questions are asked
_ALONE, _MEANWHILE = 500, 0.25
#: questions drawn, and how many are asked with nothing else going on
_DRAWN, _ASKED = 200, 500
#: words of a question
_WORDS = 4


def measure() -> Iterator[Figure]:
    """Articles a second of one worker and of two, megabytes of a worker, milliseconds of `whosaid`."""
    number = int(os.environ.get("SCALE_ARTICLES", ARTICLES))
    try:
        with running() as server, TemporaryDirectory() as name:
            archive, more = (
                _shards(Path(name) / "a", number, 2014),
                _shards(Path(name) / "b", int(number * _MEANWHILE), 2041),
            )
            alone = _alone()
            database = server.address(server.create())
            one = _Run(archive, database, 1)
            yield Figure("scale.one_worker.articles_per_s", number / one.seconds, alone)
            two = _Run(archive, server.address(server.create()), 2)
            yield Figure("scale.two_workers.articles_per_s", number / two.seconds, number / one.seconds)
            for told, taken in (("one_worker", one), ("two_workers", two)):
                early, late, most = taken.memory()
                yield Figure(f"scale.{told}.memory_late_mb", late, early)
                yield Figure(f"scale.{told}.memory_peak_mb", most, early)
            yield from _asked(database, more)
    except Missing as missing:
        sys.stderr.write(f"bench: {missing}\n")


class _Run:
    """One back-fill of an archive into an empty record."""

    def __init__(self, archive: Path, database: str, workers: int) -> None:
        self._held: list[tuple[int, float]] = []
        addresses, passed_over = to_do([str(archive)], database)
        with cluster.local(workers) as client:
            processes = list(client.run(os.getpid).values())
            begun = time.perf_counter()
            for report in run(addresses, passed_over, database, lambda some: cluster.do_all(client, some, database)):
                self._held += [(process, _megabytes(process, "VmRSS")) for process in processes]
                if report.failed:
                    raise RuntimeError(f"{report.skipped} {report.failures}")
            self.seconds = time.perf_counter() - begun
            self._most = max(_megabytes(process, "VmHWM") for process in processes)

    def memory(self) -> tuple[float, float, float]:
        """Megabytes of a worker in the second quarter of the run and in the last, and the most of any at any time."""
        quarter = max(1, len(self._held) // 4)
        early, late = (
            median(held for _, held in some) for some in (self._held[quarter : 2 * quarter], self._held[-quarter:])
        )
        return early, late, self._most


def ask(database: str, questions: Sequence[str], line: Connection) -> None:
    """In a process of its own, as a bot is: asks one after the other, until it is told to stop, and sends the times."""
    with closing(open_record(database, lambda: datetime.now(UTC))) as record:
        desk = Desk(record)
        for question in questions:
            _answered(desk, question)
        line.send("ready")
        while (number := line.recv()) is not None:
            times: list[float] = []
            while len(times) < number if number else not line.poll():
                times.append(milliseconds(partial(_answered, desk, questions[len(times) % len(questions)])))
            line.send(times)


def _asked(database: str, more: Path) -> Iterator[Figure]:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    asker = context.Process(target=ask, args=(database, _questions(), theirs), daemon=True)
    asker.start()
    ours.recv()
    ours.send(_ASKED)
    idle = ours.recv()
    ours.send(0)
    _Run(more, database, 1)
    ours.send(_ASKED)
    during, idle_after = ours.recv(), ours.recv()
    ours.send(None)
    asker.join()
    for percent in (50, 99):
        before, after = (percentile(times, percent / 100) for times in (idle, idle_after))
        yield Figure(f"scale.whosaid_during_load.p{percent}_ms", percentile(during, percent / 100), before)
        yield Figure(f"scale.whosaid_after_load.p{percent}_ms", after, before)


def _answered(desk: Desk, question: str) -> None:
    try:
        desk.who_said(question)
    except NothingFound:
        return


def _questions() -> list[str]:
    """Words of quotes, and every tenth time a speaker's name."""
    drawn = []
    for at, (article, said) in enumerate(islice(articles(20 * _DRAWN), _DRAWN)):
        words = said[0].content[0].of(article.text).split()
        speaker = said[0].speaker
        drawn.append(speaker.name if speaker and at % 10 == 0 else " ".join(words[:_WORDS]))
    return drawn


def _alone() -> float:
    """Articles a second that one process analyses and does nothing else with."""
    some = [article for article, _ in islice(articles(10 * _ALONE), _ALONE)]
    analyse(parse(some[0]))
    return _ALONE / (milliseconds(lambda: [analyse(parse(article)) for article in some]) / 1000)


def _shards(folder: Path, number: int, seed: int) -> Path:
    folder.mkdir()
    made = (article for article, _ in articles(10 * number, seed=seed))
    most = min(_LARGEST, max(1, -(-number // _SHARDS)))
    for at, start in enumerate(range(0, number, most)):
        with (folder / f"part-{at:05}.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(_line(article, seed) for article in islice(made, min(most, number - start)))
    return folder


def _line(article: Article, seed: int) -> str:
    told = {
        "id": f"{article.id}-{seed}",
        "text": article.text,
        "publisher": article.publisher,
        "published": article.published and str(article.published),
        "url": f"{article.url}-{seed}",
        "title": article.title,
    }
    return json.dumps({name: value for name, value in told.items() if value is not None}) + "\n"


def _megabytes(process: int, what: str) -> float:
    told = Path(f"/proc/{process}/status").read_text("ascii")
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith(what))) / 1024

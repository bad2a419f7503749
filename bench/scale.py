"""How an archive is taken in by Dask's workers on PostgreSQL, through kills, and what the bot feels of it meanwhile.

Rivals: for two workers, one; for one worker, analysing the same articles and nothing else, in one process; for a
worker's memory late in a run, early in it; for a record after kills and one more run, one of a run without; for
questions during a load, the same with nothing else going on. SCALE_ARTICLES sets the size, 200,000 articles unless
told: an hour and a half on two cores.
"""

import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from subprocess import Popen, TimeoutExpired
from tempfile import TemporaryDirectory

from sqlalchemy import select

from bench.figures import Figure, milliseconds, percentile
from bench.generated import articles
from briefings.article import parse_article
from briefings.attribution.analysis import analyse
from briefings.errors import NothingFound
from briefings.model import Article
from briefings.service.service import BriefingService
from briefings.storage.db.database import connect
from briefings.storage.db.schema import shards
from briefings.storage.repository import open_repository
from briefings.storage.writes.shard_ledger import open_shard_ledger
from tests.support.backfill_runs import driving, ended, until, workers_of
from tests.support.canonical_dump import content
from tests.support.postgresql import Missing, running

ARTICLES = 200_000
#: shards of a run, unless their articles would be more than so many
_SHARDS, _LARGEST = 40, 2_000
#: articles that are analysed alone; those that are loaded while questions are asked, at most
_ALONE, _MEANWHILE = 500, 10_000
#: the shares of a run after which a worker and then the driver are killed; only what is before them is timed
_WORKER_KILLED, _DRIVER_KILLED = 0.7, 0.85
#: seconds between two looks at a run, and those after which it is given up
_LOOK, _PATIENCE = 2.0, 4 * 3600.0
#: questions drawn, and how many are asked with nothing else going on
_DRAWN, _ASKED = 200, 500
#: words of a question
_WORDS = 4


def measure() -> Iterator[Figure]:
    """Articles a second of one worker and of two, megabytes of a worker, lines that differ, milliseconds of answers."""
    number = int(os.environ.get("SCALE_ARTICLES", ARTICLES))
    try:
        with running() as server, TemporaryDirectory() as name:
            archive = _shards(Path(name) / "a", number, 2014)
            more = _shards(Path(name) / "b", min(_MEANWHILE, number), 2041)
            killed, whole = (server.address(server.create()) for _ in range(2))
            two, one = _Run(archive, killed, 2), _Run(archive, whole, 1)
            two.through_kills()
            one.undisturbed()
            yield Figure("scale.one_worker.articles_per_s", one.rate(), _alone())
            yield Figure("scale.two_workers.articles_per_s", two.rate(), one.rate())
            for told, taken in (("one_worker", one), ("two_workers", two)):
                early, late, most = taken.memory()
                yield Figure(f"scale.{told}.memory_late_mb", late, early)
                yield Figure(f"scale.{told}.memory_peak_mb", most, early)
            lines, others = set(content(killed)), set(content(whole))
            yield Figure("scale.after_kills.lines", len(lines), len(others))
            yield Figure("scale.after_kills.lines_that_differ", len(lines ^ others), len(others))
            yield from _asked(whole, more)
    except Missing as missing:
        sys.stderr.write(f"bench: {missing}\n")


class _Run:
    """One back-fill of an archive into an empty record, by the command line in a process of its own."""

    def __init__(self, archive: Path, database: str, workers: int) -> None:
        self._archive, self._database, self._workers = archive, database, workers
        self._shards = len(list(archive.iterdir()))
        self._held: list[list[float]] = []
        self._most = 0.0
        open_shard_ledger(database, lambda: datetime.now(UTC)).close()  # so that there is one to look at

    def undisturbed(self) -> None:
        """Comes back when all is added. Raises RuntimeError when something is not."""
        with driving(self._database, self._archive, self._workers) as driver:
            while driver.poll() is None:
                self._look(driver)
                with suppress(TimeoutExpired):
                    driver.wait(_LOOK)
            if driver.returncode:
                raise RuntimeError(driver.communicate()[1])

    def through_kills(self) -> None:
        """The same, with a worker and then the driver killed on the way, and then once more."""
        with driving(self._database, self._archive, self._workers) as driver:
            self._until(driver, _WORKER_KILLED)
            os.kill(workers_of(driver.pid)[0], signal.SIGKILL)
            self._until(driver, _DRIVER_KILLED)
            orphans = workers_of(driver.pid)
            driver.kill()
        for orphan in orphans:
            ended(orphan, patience=_PATIENCE)
        self.undisturbed()

    def rate(self) -> float:
        """Articles a second from the first shard that was added to the last before the kills."""
        moments = self._added()[: max(2, int(_WORKER_KILLED * self._shards))]
        (begun, _), *rest = moments
        return sum(number for _, number in rest) / (moments[-1][0] - begun).total_seconds()

    def memory(self) -> tuple[float, float, float]:
        """Megabytes of a worker in the second quarter of the run and in the last, and the most of any at any time."""
        quarter = max(1, len(self._held) // 4)
        early, late = (
            median(held for some in looks for held in some)
            for looks in (self._held[quarter : 2 * quarter], self._held[-quarter:])
        )
        return early, late, self._most

    def _until(self, driver: "Popen[str]", share: float) -> None:
        def reached() -> bool:
            self._look(driver)
            return len(self._added()) >= share * self._shards

        until(driver, reached, patience=_PATIENCE, every=_LOOK)

    def _look(self, driver: "Popen[str]") -> None:
        looked = [(_megabytes(worker, "VmRSS"), _megabytes(worker, "VmHWM")) for worker in workers_of(driver.pid)]
        if all(now for now, _ in looked) and looked:
            self._held.append([now for now, _ in looked])
            self._most = max(self._most, *(most for _, most in looked))

    def _added(self) -> list[tuple[datetime, int]]:
        """When each shard was added, and how many articles with it."""
        engine = connect(self._database)
        try:
            with engine.connect() as db:
                rows = db.execute(select(shards.c.added_at, shards.c.new).order_by(shards.c.added_at))
                return [(row.added_at, row.new) for row in rows]
        finally:
            engine.dispose()


def ask(database: str, questions: Sequence[str], line: Connection) -> None:
    """In a process of its own, as a bot is: asks one after the other, until it is told to stop, and sends the times."""
    with closing(open_repository(database, lambda: datetime.now(UTC))) as record:
        desk = BriefingService(record)
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
    _Run(more, database, 1).undisturbed()
    ours.send(_ASKED)
    during, idle_after = ours.recv(), ours.recv()
    ours.send(None)
    asker.join()
    for percent in (50, 99):
        before, after = (percentile(times, percent / 100) for times in (idle, idle_after))
        yield Figure(f"scale.whosaid_during_load.p{percent}_ms", percentile(during, percent / 100), before)
        yield Figure(f"scale.whosaid_after_load.p{percent}_ms", after, before)


def _answered(desk: BriefingService, question: str) -> None:
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
    analyse(parse_article(some[0]))
    return _ALONE / (milliseconds(lambda: [analyse(parse_article(article)) for article in some]) / 1000)


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
    """What the kernel says of a process; 0 of one that has ended."""
    try:
        told = Path(f"/proc/{process}/status").read_text("ascii")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in told.splitlines() if line.startswith(what)), 0.0)

"""Measure the backfill of an archive by Dask workers on PostgreSQL, with kills, and its effect on the bot's answers.

References: one worker for two workers; only analysing the same articles, in one process, for one worker; memory early
in the run for memory late in it; an undisturbed run for the database after kills and a rerun; an idle machine for
searches during a load. SCALE_ARTICLES sets the number of articles (default 200,000, which takes an hour and a half on
two cores).
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

from bench.figures import Figure, compute_percentile, measure_milliseconds
from bench.generated import generate_articles
from briefings.article import parse_article
from briefings.attribution.analysis import analyse
from briefings.errors import NothingFound
from briefings.model import Article
from briefings.service.service import BriefingService
from briefings.storage.db.database import connect
from briefings.storage.db.schema import shards
from briefings.storage.repository import open_repository
from briefings.storage.writes.shard_ledger import open_shard_ledger
from tests.support.backfill_runs import list_workers, run_backfill, wait_for_exit, wait_until
from tests.support.canonical_dump import dump_database
from tests.support.postgresql import PostgresqlMissing, run_server

ARTICLES = 200_000
#: number of shards of a run, and maximum number of articles in a shard
_SHARD_COUNT, _MAX_SHARD_ARTICLES = 40, 2_000
#: number of articles for the analysis reference, and maximum number of articles loaded during searches
_ANALYSED_COUNT, _LOAD_ARTICLES = 500, 10_000
#: shares of a run after which a worker and then the driver are killed; only the time before is measured
_KILL_WORKER_AT, _KILL_DRIVER_AT = 0.7, 0.85
#: seconds between two checks of a run, and maximum seconds of a run
_POLL_SECONDS, _TIMEOUT_SECONDS = 2.0, 4 * 3600.0
#: number of different searches, and number of searches on an idle machine
_QUESTION_COUNT, _REQUEST_COUNT = 200, 500
#: number of words in a search
_QUESTION_WORDS = 4


def measure() -> Iterator[Figure]:
    """Yield articles per second of one and two workers, megabytes per worker, differing lines, and search times."""
    number = int(os.environ.get("SCALE_ARTICLES", ARTICLES))
    try:
        with run_server() as server, TemporaryDirectory() as name:
            archive = _write_shards(Path(name) / "a", number, 2014)
            second_archive = _write_shards(Path(name) / "b", min(_LOAD_ARTICLES, number), 2041)
            interrupted_database, undisturbed_database = (server.build_url(server.create_database()) for _ in range(2))
            two_workers, one_worker = (
                _BackfillRun(archive, interrupted_database, 2),
                _BackfillRun(archive, undisturbed_database, 1),
            )
            two_workers.run_with_kills()
            one_worker.run_to_end()
            yield Figure("scale.one_worker.articles_per_s", one_worker.get_rate(), _measure_analysis())
            yield Figure("scale.two_workers.articles_per_s", two_workers.get_rate(), one_worker.get_rate())
            for label, backfill_run in (("one_worker", one_worker), ("two_workers", two_workers)):
                early, late, peak = backfill_run.get_memory()
                yield Figure(f"scale.{label}.memory_late_mb", late, early)
                yield Figure(f"scale.{label}.memory_peak_mb", peak, early)
            lines, undisturbed_lines = (
                set(dump_database(interrupted_database)),
                set(dump_database(undisturbed_database)),
            )
            yield Figure("scale.after_kills.lines", len(lines), len(undisturbed_lines))
            yield Figure("scale.after_kills.lines_that_differ", len(lines ^ undisturbed_lines), len(undisturbed_lines))
            yield from _measure_questions(undisturbed_database, second_archive)
    except PostgresqlMissing as error:
        sys.stderr.write(f"bench: {error}\n")


class _BackfillRun:
    """Backfill of an archive into an empty database, run from the command line in a separate process."""

    def __init__(self, archive: Path, database: str, workers: int) -> None:
        self._archive, self._database, self._workers = archive, database, workers
        self._shard_count = len(list(archive.iterdir()))
        self._memory_samples: list[list[float]] = []
        self._peak_memory = 0.0
        # creates the tables, so that the progress can be read from the start
        open_shard_ledger(database, lambda: datetime.now(UTC)).close()

    def run_to_end(self) -> None:
        """Wait until all articles are added. Raises RuntimeError if the backfill fails."""
        with run_backfill(self._database, self._archive, self._workers) as driver:
            while driver.poll() is None:
                self._sample_memory(driver)
                with suppress(TimeoutExpired):
                    driver.wait(_POLL_SECONDS)
            if driver.returncode:
                raise RuntimeError(driver.communicate()[1])

    def run_with_kills(self) -> None:
        """Kill a worker and later the driver, and then run the backfill again to the end."""
        with run_backfill(self._database, self._archive, self._workers) as driver:
            self._wait_for_share(driver, _KILL_WORKER_AT)
            os.kill(list_workers(driver.pid)[0], signal.SIGKILL)
            self._wait_for_share(driver, _KILL_DRIVER_AT)
            orphans = list_workers(driver.pid)
            driver.kill()
        for orphan in orphans:
            wait_for_exit(orphan, timeout=_TIMEOUT_SECONDS)
        self.run_to_end()

    def get_rate(self) -> float:
        """Return articles per second from the first shard to the last one before the kills."""
        additions = self._list_additions()[: max(2, int(_KILL_WORKER_AT * self._shard_count))]
        (started_at, _), *rest = additions
        return sum(number for _, number in rest) / (additions[-1][0] - started_at).total_seconds()

    def get_memory(self) -> tuple[float, float, float]:
        """Return a worker's median memory in the second and in the last quarter of the run, and the peak of any worker.

        All values are in megabytes.
        """
        quarter = max(1, len(self._memory_samples) // 4)
        early, late = (
            median(megabytes for sample in samples for megabytes in sample)
            for samples in (self._memory_samples[quarter : 2 * quarter], self._memory_samples[-quarter:])
        )
        return early, late, self._peak_memory

    def _wait_for_share(self, driver: "Popen[str]", share: float) -> None:
        def is_reached() -> bool:
            self._sample_memory(driver)
            return len(self._list_additions()) >= share * self._shard_count

        wait_until(driver, is_reached, timeout=_TIMEOUT_SECONDS, interval=_POLL_SECONDS)

    def _sample_memory(self, driver: "Popen[str]") -> None:
        usages = [
            (_get_megabytes(worker, "VmRSS"), _get_megabytes(worker, "VmHWM")) for worker in list_workers(driver.pid)
        ]
        if all(current for current, _ in usages) and usages:
            self._memory_samples.append([current for current, _ in usages])
            self._peak_memory = max(self._peak_memory, *(peak for _, peak in usages))

    def _list_additions(self) -> list[tuple[datetime, int]]:
        """Return the time at which each shard was added, and its number of new articles."""
        engine = connect(self._database)
        try:
            with engine.connect() as db:
                rows = db.execute(select(shards.c.added_at, shards.c.new).order_by(shards.c.added_at))
                return [(row.added_at, row.new) for row in rows]
        finally:
            engine.dispose()


def answer_questions(database: str, questions: Sequence[str], connection: Connection) -> None:
    """Search repeatedly in a separate process, like a bot, and send back the times, until the parent sends None."""
    with closing(open_repository(database, lambda: datetime.now(UTC))) as repository:
        service = BriefingService(repository)
        for question in questions:
            _search(service, question)
        connection.send("ready")
        while (number := connection.recv()) is not None:
            times: list[float] = []
            while len(times) < number if number else not connection.poll():
                times.append(measure_milliseconds(partial(_search, service, questions[len(times) % len(questions)])))
            connection.send(times)


def _measure_questions(database: str, archive: Path) -> Iterator[Figure]:
    context = get_context("spawn")
    parent_connection, child_connection = context.Pipe()
    process = context.Process(
        target=answer_questions, args=(database, _draw_questions(), child_connection), daemon=True
    )
    process.start()
    parent_connection.recv()
    parent_connection.send(_REQUEST_COUNT)
    idle_times = parent_connection.recv()
    parent_connection.send(0)
    _BackfillRun(archive, database, 1).run_to_end()
    parent_connection.send(_REQUEST_COUNT)
    load_times, later_times = parent_connection.recv(), parent_connection.recv()
    parent_connection.send(None)
    process.join()
    for percent in (50, 99):
        before_load, after_load = (compute_percentile(times, percent / 100) for times in (idle_times, later_times))
        yield Figure(
            f"scale.whosaid_during_load.p{percent}_ms", compute_percentile(load_times, percent / 100), before_load
        )
        yield Figure(f"scale.whosaid_after_load.p{percent}_ms", after_load, before_load)


def _search(service: BriefingService, question: str) -> None:
    try:
        service.who_said(question)
    except NothingFound:
        return


def _draw_questions() -> list[str]:
    """Draw words of quotes, and a speaker's name for every tenth question."""
    questions = []
    for index, (article, article_quotes) in enumerate(islice(generate_articles(20 * _QUESTION_COUNT), _QUESTION_COUNT)):
        words = article_quotes[0].content[0].of(article.text).split()
        speaker = article_quotes[0].speaker
        questions.append(speaker.name if speaker and index % 10 == 0 else " ".join(words[:_QUESTION_WORDS]))
    return questions


def _measure_analysis() -> float:
    """Return the articles per second that one process can analyse."""
    some_articles = [article for article, _ in islice(generate_articles(10 * _ANALYSED_COUNT), _ANALYSED_COUNT)]
    analyse(parse_article(some_articles[0]))
    return _ANALYSED_COUNT / (
        measure_milliseconds(lambda: [analyse(parse_article(article)) for article in some_articles]) / 1000
    )


def _write_shards(folder: Path, number: int, seed: int) -> Path:
    folder.mkdir()
    generated_articles = (article for article, _ in generate_articles(10 * number, seed=seed))
    shard_size = min(_MAX_SHARD_ARTICLES, max(1, -(-number // _SHARD_COUNT)))
    for index, start in enumerate(range(0, number, shard_size)):
        with (folder / f"part-{index:05}.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(
                _build_line(article, seed) for article in islice(generated_articles, min(shard_size, number - start))
            )
    return folder


def _build_line(article: Article, seed: int) -> str:
    fields = {
        "id": f"{article.id}-{seed}",
        "text": article.text,
        "publisher": article.publisher,
        "published": article.published and str(article.published),
        "url": f"{article.url}-{seed}",
        "title": article.title,
    }
    return json.dumps({name: value for name, value in fields.items() if value is not None}) + "\n"


def _get_megabytes(process: int, key: str) -> float:
    """Return a memory value of a process from the kernel, or 0 if the process has exited."""
    try:
        status = Path(f"/proc/{process}/status").read_text("ascii")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(key)), 0.0)

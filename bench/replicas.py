"""Measure four replicas on one PostgreSQL under mixed load, while one is killed and another is stopped.

Reference: the same questions at the same rate to one undisturbed replica. REPLICA_SECONDS sets the duration and
REPLICA_QUOTES the size of the database. Releases are tested for ten minutes.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import generated
from bench import web as web_bench
from bench.figures import Figure, compute_percentile
from bench.fleet import Fleet, start_fleet
from bench.fleet_load import Load, LoadResult, Questions
from bench.record_questions import draw_questions
from bench.served import serve
from briefings.storage.repository import open_repository
from tests.support.postgresql import run_server

_SECRET = "0" * 32
_SECONDS, _QUOTES, _PER_SECOND, _REPLICAS = 60.0, 10_000, 12.0, 4
#: times, as shares of the run: kill a replica, restart it, stop another one, restart it
_KILL_AT, _RESTART_AT, _STOP_AT, _SECOND_RESTART_AT = 0.3, 0.45, 0.6, 0.75
#: the counts of a run, by their names in figures
_COUNTS: dict[str, Callable[[LoadResult], int]] = {
    "asked": lambda result: result.question_count,
    "double": lambda result: len(result.duplicates),
    "missing": lambda result: len(result.missing),
    "failed": lambda result: len(result.failed),
    "refused": lambda result: len(result.bad_statuses),
}


def measure() -> Iterator[Figure]:
    """Yield milliseconds from question to answer, and counts of failures, with those of the reference."""
    seconds = float(os.environ.get("REPLICA_SECONDS", _SECONDS))
    quotes = int(os.environ.get("REPLICA_QUOTES", _QUOTES))
    with run_server() as server, TemporaryDirectory() as folder:
        address = server.build_url(server.create_database())
        questions = fill(address, quotes)
        one_result = asyncio.run(run_load(Path(folder), address, questions, 1, seconds / 4, _PER_SECOND))
        many_result = asyncio.run(run_load(Path(folder), address, questions, _REPLICAS, seconds, _PER_SECOND))
    for command in ("whosaid", "briefing", "mention"):
        for name, share in (("p50", 0.5), ("p99", 0.99)):
            yield Figure(
                f"replicas.{command}.{name}_ms",
                compute_percentile(many_result.milliseconds[command], share),
                compute_percentile(one_result.milliseconds[command], share),
            )
    for name, count in _COUNTS.items():
        yield Figure(f"replicas.{name}", count(many_result), count(one_result))
    sys.stderr.write(
        "".join(f"replicas: {line}\n" for line in (*many_result.missing, *many_result.duplicates, *many_result.failed))
    )


def fill(address: str, quotes: int) -> Questions:
    """Fill a database with generated news of `quotes` quotes; return questions about it."""
    record_questions = draw_questions(generated.generate_articles(quotes), quotes)
    with closing(open_repository(address, lambda: datetime.now(UTC))) as repository:
        web_bench.fill(repository, quotes)
    search_texts = [
        f'"{words}"' for words in (*record_questions.exact, *record_questions.absent[:50], *record_questions.common)
    ]
    search_texts += [f'"{words}" by:{name}' for name, words in record_questions.by_speaker]
    return Questions(search_texts, [*record_questions.exact[:40], *record_questions.common])


async def run_load(
    folder: Path, address: str, questions: Questions, replicas: int, seconds: float, per_second: float
) -> LoadResult:
    """Send questions to a number of replicas and return the results; of several, one is killed and one stopped."""
    load = Load(_SECRET, questions, f"of{replicas}n")
    async with serve(load.app) as load.address:
        environment = {
            "DATABASE_URL": address,
            "SLACK_BOT_TOKEN": "xoxb-made-up",
            "SLACK_SIGNING_SECRET": _SECRET,
            "SLACK_API_URL": f"{load.address}/api/",
            "LOG_LEVEL": "ERROR",
        }
        async with start_fleet(folder, environment, replicas) as replica_fleet:
            load_task = asyncio.create_task(load.run(replica_fleet, seconds, per_second))
            failure_task = asyncio.create_task(_cause_failures(replica_fleet, seconds)) if replicas > 1 else None
            result = await load_task
            if failure_task:
                await failure_task
            return result


async def _cause_failures(fleet: Fleet, seconds: float) -> None:
    """Kill one replica and stop another in the course of a run, and restart both."""
    started_at = time.perf_counter()

    async def wait_until(share: float) -> None:
        await asyncio.sleep(max(0.0, started_at + share * seconds - time.perf_counter()))

    await wait_until(_KILL_AT)
    await fleet.replicas[1].stop(signal.SIGKILL)
    await wait_until(_RESTART_AT)
    await fleet.replicas[1].start()
    await wait_until(_STOP_AT)
    await fleet.replicas[2].stop(signal.SIGTERM)
    await wait_until(_SECOND_RESTART_AT)
    await fleet.replicas[2].start()

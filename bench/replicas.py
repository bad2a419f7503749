"""Four replicas on one PostgreSQL under mixed load, one of them killed and another told to stop on the way.

Rival: the same questions at the same pace to one replica to which nothing happens. REPLICA_SECONDS and REPLICA_QUOTES
make it longer and its record larger; ten minutes is what a release is tried with.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import generated
from bench import web as web_bench
from bench.figures import Figure, percentile
from bench.fleet import Fleet, fleet
from bench.fleet_load import Load, Questions, Seen
from bench.record_questions import drawn
from bench.served import served
from briefings.storage.repository import open_repository
from tests.support.postgresql import running

_SECRET = "0" * 32
_SECONDS, _QUOTES, _PER_SECOND, _REPLICAS = 60.0, 10_000, 12.0, 4
#: the shares of the time at which a replica is killed, is started again, is told to stop, and is started again
_KILLED, _BACK, _STOPPED, _BACK_TOO = 0.3, 0.45, 0.6, 0.75


def measure() -> Iterator[Figure]:
    """Milliseconds from a question to its answer, and counts of what went amiss; the rival's beside them."""
    seconds = float(os.environ.get("REPLICA_SECONDS", _SECONDS))
    quotes = int(os.environ.get("REPLICA_QUOTES", _QUOTES))
    with running() as server, TemporaryDirectory() as folder:
        address = server.address(server.create())
        questions = fill(address, quotes)
        one = asyncio.run(watched(Path(folder), address, questions, 1, seconds / 4, _PER_SECOND))
        many = asyncio.run(watched(Path(folder), address, questions, _REPLICAS, seconds, _PER_SECOND))
    for what in ("whosaid", "briefing", "mention"):
        for name, share in (("p50", 0.5), ("p99", 0.99)):
            yield Figure(
                f"replicas.{what}.{name}_ms", percentile(many.ms[what], share), percentile(one.ms[what], share)
            )
    for name in ("asked", "double", "missing", "failed", "refused"):
        yield Figure(f"replicas.{name}", _count(many, name), _count(one, name))
    sys.stderr.write("".join(f"replicas: {line}\n" for line in (*many.missing, *many.double, *many.failed)))


def fill(address: str, quotes: int) -> Questions:
    """Fills a record with generated news of so many quotes; gives what is asked of it."""
    asked = drawn(generated.articles(quotes), quotes)
    with closing(open_repository(address, lambda: datetime.now(UTC))) as record:
        web_bench.fill(record, quotes)
    typed = [f'"{words}"' for words in (*asked.exact, *asked.absent[:50], *asked.common)]
    typed += [f'"{words}" by:{name}' for name, words in asked.by_speaker]
    return Questions(typed, [*asked.exact[:40], *asked.common])


async def watched(
    folder: Path, address: str, questions: Questions, replicas: int, seconds: float, per_second: float
) -> Seen:
    """What became of the questions that so many replicas were asked; one of several is killed, and one stopped."""
    load = Load(_SECRET, questions, f"of{replicas}n")
    async with served(load.app) as load.address:
        environment = {
            "DATABASE_URL": address,
            "SLACK_BOT_TOKEN": "xoxb-made-up",
            "SLACK_SIGNING_SECRET": _SECRET,
            "SLACK_API_URL": f"{load.address}/api/",
            "LOG_LEVEL": "ERROR",
        }
        async with fleet(folder, environment, replicas) as found:
            asking = asyncio.create_task(load.run(found, seconds, per_second))
            trouble = asyncio.create_task(_trouble(found, seconds)) if replicas > 1 else None
            seen = await asking
            if trouble:
                await trouble
            return seen


async def _trouble(fleet: Fleet, seconds: float) -> None:
    """What happens to two replicas in the course of a run."""
    begun = time.perf_counter()

    async def at(share: float) -> None:
        await asyncio.sleep(max(0.0, begun + share * seconds - time.perf_counter()))

    await at(_KILLED)
    await fleet.replicas[1].end(signal.SIGKILL)
    await at(_BACK)
    await fleet.replicas[1].start()
    await at(_STOPPED)
    await fleet.replicas[2].end(signal.SIGTERM)
    await at(_BACK_TOO)
    await fleet.replicas[2].start()


def _count(seen: Seen, name: str) -> float:
    value: int | list[object] = getattr(seen, name)
    return float(value if isinstance(value, int) else len(value))

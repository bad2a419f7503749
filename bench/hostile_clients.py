"""Measure signed commands while 1,000 connections are half open and 300 large unsigned requests arrive.

The server is `ontherecord serve` in a process of its own, and so are the hostile clients (`bench.hostile_attack`).
Reference: the same commands without hostile clients, and the memory before them. The memory is measured again 30
seconds after the hostile clients have gone.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import ClientSession, TCPConnector, web

from bench.figures import Figure, compute_percentile
from bench.fleet import Replica
from bench.seeded import open_seeded_service
from bench.served import serve
from bench.slack_client import sign_requests

_SECRET = "0" * 32
COMMANDS = 200
#: seconds between two commands, and from the end of the hostile clients to the last look at the memory
_PAUSE_SECONDS, _REST_SECONDS = 0.1, 30.0


def measure() -> Iterator[Figure]:
    """Yield the p99 of acknowledgements and the memory, each beside its value without hostile clients."""
    with TemporaryDirectory() as folder:
        with open_seeded_service(Path(folder)):
            pass
        yield from asyncio.run(_measure(Path(folder)))


async def _measure(folder: Path) -> list[Figure]:
    async with serve(_build_slack()) as slack_address, _start_replica(folder, slack_address) as replica:
        assert replica.process  # noqa: S101  # it was started
        status_file = Path(f"/proc/{replica.process.pid}/status")
        task = {"secret": _SECRET, "text": "labour-crisis", "requests": COMMANDS, "run": time.time_ns()}
        async with ClientSession(connector=TCPConnector(limit=10)) as session:
            usual_ms = await _send_commands(session, replica.events, task, slack_address)
            before = _read_memory(status_file)
            attacker = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bench.hostile_attack", str(replica.port), stdout=asyncio.subprocess.PIPE
            )
            assert attacker.stdout  # noqa: S101  # it is a pipe
            await attacker.stdout.readline()
            ms = await _send_commands(session, replica.events, task | {"run": time.time_ns()}, slack_address)
            peak = _read_memory(status_file)
            attacker.kill()
            await attacker.wait()
        await asyncio.sleep(_REST_SECONDS)
        after = _read_memory(status_file)
    return [
        Figure("hostile_clients.ack_p99_ms", compute_percentile(ms, 0.99), compute_percentile(usual_ms, 0.99)),
        Figure("hostile_clients.ack_slowest_ms", max(ms), max(usual_ms)),
        Figure("hostile_clients.memory_during_mb", peak, before),
        Figure("hostile_clients.memory_after_mb", after, before),
    ]


def _read_memory(status_file: Path) -> float:
    """Return the resident memory of a process in megabytes. Linux only."""
    line = next(line for line in status_file.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


@asynccontextmanager
async def _start_replica(folder: Path, slack_address: str) -> AsyncIterator[Replica]:
    environment = {
        "DATABASE_URL": f"sqlite:///{folder}/record.db",
        "SLACK_BOT_TOKEN": "xoxb-made-up",
        "SLACK_SIGNING_SECRET": _SECRET,
        "SLACK_API_URL": f"{slack_address}/api/",
    }
    async with serve(web.Application()) as free_address:
        port = int(free_address.rpartition(":")[2])
    replica = Replica(folder, environment, port)
    await replica.start()
    try:
        yield replica
    finally:
        if replica.process and replica.process.returncode is None:
            replica.process.kill()
            await replica.process.wait()


async def _send_commands(session: ClientSession, url: str, task: dict[str, object], slack_address: str) -> list[float]:
    """Send signed commands one after the other; return the milliseconds of each acknowledgement."""
    times = []
    for body, headers in sign_requests(task, f"{slack_address}/response/"):
        started_at = time.perf_counter()
        async with session.post(url, data=body, headers=headers) as response:
            await response.read()
        times.append((time.perf_counter() - started_at) * 1000)
        if response.status != 200:
            raise RuntimeError(f"response has status {response.status}")
        await asyncio.sleep(_PAUSE_SECONDS)
    return times


def _build_slack() -> web.Application:
    """Build a Slack that accepts every answer."""

    async def accept(request: web.Request) -> web.Response:
        await request.read()
        return web.json_response({"ok": True, "team_id": "T1", "user_id": "U9", "bot_id": "B1"})

    app = web.Application()
    app.router.add_post("/{path:.*}", accept)
    return app

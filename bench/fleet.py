"""Start replicas of the bot as processes on one database, behind a simple load balancer.

Rule: every replica runs the usual `ontherecord serve`. The replicas share only the database.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket

from aiohttp import ClientConnectorError, ClientSession

_COMMAND = (sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main(['serve']))")
_ROOT = Path(__file__).parents[1]
#: maximum seconds until a replica has started or stopped
_TIMEOUT_SECONDS = 90.0


@dataclass(slots=True)
class Replica:
    """One replica process, which can be restarted on the same port."""

    folder: Path
    environment: Mapping[str, str]
    port: int
    process: Process | None = None

    @property
    def events(self) -> str:
        """The URL for Slack's requests."""
        return f"http://127.0.0.1:{self.port}/slack/events"

    async def start(self) -> None:
        """Start the process and wait until it listens. Raises RuntimeError if it exits instead."""
        settings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(_ROOT), "PORT": str(self.port), **self.environment}
        settings.setdefault("KEY_FILE", str(self.folder / "bench.key"))  # by default it would be outside the folder
        self.process = await asyncio.create_subprocess_exec(
            *_COMMAND, cwd=self.folder, env=settings, stdout=PIPE, stderr=DEVNULL
        )
        assert self.process.stdout  # noqa: S101  # it is a pipe
        first_line = await asyncio.wait_for(self.process.stdout.readline(), _TIMEOUT_SECONDS)
        if b"http://" not in first_line:
            raise RuntimeError("a replica did not start")

    async def stop(self, stop_signal: signal.Signals) -> None:
        """Send a signal to the process and wait until it has exited."""
        if self.process and self.process.returncode is None:
            self.process.send_signal(stop_signal)
            await asyncio.wait_for(self.process.wait(), _TIMEOUT_SECONDS)


@dataclass(slots=True)
class Fleet:
    """Replicas behind a round-robin load balancer that skips replicas without a listener."""

    replicas: list[Replica]
    _next_index: int = field(default=0, init=False)

    async def post(self, session: ClientSession, body: bytes, headers: Mapping[str, str]) -> int:
        """Send a request; return the HTTP status, or 0 if the connection broke.

        Raises RuntimeError if no replica accepts connections.
        """
        for _ in self.replicas:
            self._next_index += 1
            try:
                async with session.post(
                    self.replicas[self._next_index % len(self.replicas)].events, data=body, headers=headers
                ) as response:
                    await response.read()
                    return response.status
            except ClientConnectorError:
                continue
            except (OSError, TimeoutError):
                return 0
        raise RuntimeError("no replica accepts connections")


@asynccontextmanager
async def start_fleet(folder: Path, environment: Mapping[str, str], count: int) -> AsyncIterator[Fleet]:
    """Start `count` replicas, and kill them at the end of the block."""
    replicas = [Replica(folder, environment, _find_free_port()) for _ in range(count)]
    try:
        for replica in replicas:
            await replica.start()
        yield Fleet(replicas)
    finally:
        for replica in replicas:
            await replica.stop(signal.SIGKILL)


def _find_free_port() -> int:
    with socket(AF_INET, SOCK_STREAM) as free_socket:
        free_socket.bind(("127.0.0.1", 0))
        port: int = free_socket.getsockname()[1]
        return port

"""Replicas of the bot as processes of their own, over one database, behind what stands in for a balancer and for Slack.

Rule: every replica is `ontherecord serve` as anybody starts it; nothing is shared but the database.
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
#: seconds in which a replica starts, or ends when it is told to
_PATIENCE = 90.0


@dataclass(slots=True)
class Replica:
    """One process, started again at the same address as often as it is asked for."""

    folder: Path
    environment: Mapping[str, str]
    port: int
    process: Process | None = None

    @property
    def events(self) -> str:
        """Where it takes Slack's requests."""
        return f"http://127.0.0.1:{self.port}/slack/events"

    async def start(self) -> None:
        """Comes back when it listens. Raises RuntimeError when it ends instead."""
        settings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(_ROOT), "PORT": str(self.port), **self.environment}
        self.process = await asyncio.create_subprocess_exec(
            *_COMMAND, cwd=self.folder, env=settings, stdout=PIPE, stderr=DEVNULL
        )
        assert self.process.stdout  # noqa: S101  # asked for above
        told = await asyncio.wait_for(self.process.stdout.readline(), _PATIENCE)
        if b"http://" not in told:
            raise RuntimeError("a replica did not start")

    async def end(self, how: signal.Signals) -> None:
        """Comes back when it is gone."""
        if self.process and self.process.returncode is None:
            self.process.send_signal(how)
            await asyncio.wait_for(self.process.wait(), _PATIENCE)


@dataclass(slots=True)
class Fleet:
    """The replicas, and a balancer that asks each in turn and passes over one that does not take connections."""

    replicas: list[Replica]
    _turn: int = field(default=0, init=False)

    async def post(self, session: ClientSession, body: bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer; 0 when the connection broke. Raises RuntimeError when nobody takes connections."""
        for _ in self.replicas:
            self._turn += 1
            try:
                async with session.post(
                    self.replicas[self._turn % len(self.replicas)].events, data=body, headers=headers
                ) as response:
                    await response.read()
                    return response.status
            except ClientConnectorError:
                continue
            except (OSError, TimeoutError):
                return 0
        raise RuntimeError("no replica takes connections")


@asynccontextmanager
async def fleet(folder: Path, environment: Mapping[str, str], count: int) -> AsyncIterator[Fleet]:
    """So many replicas, started; killed in the end."""
    replicas = [Replica(folder, environment, _free_port()) for _ in range(count)]
    try:
        for replica in replicas:
            await replica.start()
        yield Fleet(replicas)
    finally:
        for replica in replicas:
            await replica.end(signal.SIGKILL)


def _free_port() -> int:
    with socket(AF_INET, SOCK_STREAM) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port

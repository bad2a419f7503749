"""Accepts connections. asyncio's own loop logs hundreds of lines if the system has no more files.

Rule: the loop never ends before `close`. If a connection can't be accepted, another one gives way.
"""

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from typing import Final

from aiohttp import web

from bot.core.logs import get_logger
from bot.core.metrics import Metrics
from bot.server.guard.connection import Connection, guard_handler
from bot.server.guard.limits import ServerLimits
from bot.server.guard.registry import ConnectionRegistry
from briefings import BadSettings

#: connections that wait in the system to be accepted, and those accepted before other work gets its turn
_BACKLOG, _BATCH = 2_048, 32
#: seconds before another try, if no connection can give way
_RETRY_SECONDS = 0.1
_NO_RESOURCES: Final = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class Listener:
    """The open port of a server. `runner` must be set up; close the listener before its cleanup."""

    def __init__(self, runner: web.AppRunner, limits: ServerLimits, clock: Callable[[], float] | None = None) -> None:
        if runner.server is None:
            raise RuntimeError("set up the runner first")
        self._server = runner.server
        self._server.request_handler = guard_handler(self._server.request_handler)
        self._loop = asyncio.get_running_loop()
        self.registry = ConnectionRegistry(limits, clock or self._loop.time)
        self._sockets: list[socket.socket] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._opening: set[asyncio.Task[object]] = set()

    def add_metrics(self, metrics: Metrics) -> None:
        """Add the number of open connections, and of those that were closed."""
        registry = self.registry
        metrics.add_gauge("connections", "Open HTTP connections.", lambda: len(registry))
        metrics.add_labelled_counter(
            "connections_closed", "HTTP connections that the bot closed.", "why", lambda: registry.closed_counts
        )

    async def open(self, host: str, port: int) -> str:
        """Listen at every address of `host`; return the URL to type into a browser. Raises BadSettings."""
        try:
            infos = await self._loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
            for family, _, _, _, address in dict.fromkeys(infos):
                self._sockets.append(_open_socket(family, address))
        except OSError as error:
            await self.close()
            # the system's message does not repeat the address
            reason = os.strerror(error.errno).lower() if error.errno and error.errno > 0 else "no such address"
            raise BadSettings(
                f"Can't open port {port} on {host} ({reason}): "
                "set another PORT or HOST, or stop the program that uses it."
            ) from error
        self._tasks = [self._loop.create_task(self._accept_all(listening)) for listening in self._sockets]
        self._tasks.append(self._loop.create_task(self._drop_overdue()))
        first_host, first_port = self._sockets[0].getsockname()[:2]
        return f"http://{f'[{first_host}]' if ':' in first_host else first_host}:{first_port}"

    async def close(self) -> None:
        """Stop to accept connections. Open ones stay open."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._opening, return_exceptions=True)
        for listening in self._sockets:
            listening.close()
        self._tasks, self._sockets = [], []

    async def _accept_all(self, listening: socket.socket) -> None:
        while True:
            for _ in range(_BATCH):
                try:
                    accepted, _ = await self._loop.sock_accept(listening)
                except OSError as error:
                    await self._make_room(error)
                else:
                    self._serve(accepted)
            await asyncio.sleep(0)

    async def _make_room(self, error: OSError) -> None:
        """Let another connection give way, or wait, after a connection could not be accepted."""
        if error.errno not in _NO_RESOURCES:  # the client has gone
            await asyncio.sleep(0)
            return
        get_logger().warning("connection not accepted", error=errno.errorcode.get(error.errno or 0, "OSError"))
        await asyncio.sleep(0 if self.registry.drop_oldest() else _RETRY_SECONDS)

    def _serve(self, accepted: socket.socket) -> None:
        task: asyncio.Task[object] = self._loop.create_task(
            self._loop.connect_accepted_socket(self._make_connection, accepted)
        )
        self._opening.add(task)
        task.add_done_callback(self._finish_opening)

    def _make_connection(self) -> Connection:
        return Connection(self._server, self.registry, self._loop)

    def _finish_opening(self, task: asyncio.Task[object]) -> None:
        self._opening.discard(task)
        if not task.cancelled() and (error := task.exception()):
            get_logger().warning("connection not opened", error=type(error).__name__)

    async def _drop_overdue(self) -> None:
        limits = self.registry.limits
        while True:
            await asyncio.sleep(min(1.0, limits.header_seconds / 4, limits.body_seconds / 4))
            self.registry.drop_overdue()


def _open_socket(family: int, address: tuple[object, ...]) -> socket.socket:
    """Return a listening socket. Raises OSError."""
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere, the option would let two programs share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening

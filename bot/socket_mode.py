"""Keeps one connection open by which Slack sends what people do (Socket Mode).

Rule: a new connection is there before an old one goes, and the old one is read until Slack closes it, so that nothing
is lost between them; what comes by both is told apart by `bot.once`. A watchdog pings, and takes silence for death.

slack_sdk's own client closes first and connects then, dropping what was on its way, and tries for ever with an address
that Slack has refused (docs/decisions/0022): the WebSocket is aiohttp's, and only the rest of it is here.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from aiohttp import ClientError, ClientSession, ClientWSTimeout
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot import clients, limits
from bot.connection import Connection, Enter
from bot.logs import logger

#: seconds between two pings, and of silence after which a connection is dead: three pings went unanswered
PING_SECONDS, SILENT_SECONDS = 5.0, 16.0
#: seconds for an address, a connection and its hello together
CONNECT_SECONDS = 30.0
#: seconds for which a connection that was replaced is still read: Slack announces an end ten seconds before
LINGER_SECONDS = 15.0
#: seconds between two attempts, doubled from the first to the second number
_AGAIN_SECONDS = (1.0, 30.0)
_FAILURES = (SlackClientError, ClientError, TimeoutError, OSError, ValueError)


class SocketMode:
    """The connection of the app that `client`'s token belongs to (an app-level one, `xapp-`).

    `enter` is where requests go. `now` gives seconds, `sleep` waits for some.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        enter: Enter,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = client
        self._enter = enter
        self._now = now
        self._sleep = sleep
        self._current: Connection | None = None
        self._older: set[asyncio.Task[None]] = set()
        self._held: asyncio.Task[None] | None = None
        #: how often a connection had to be replaced, and attempts that failed, by reason
        self.replaced: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()

    @property
    def connected(self) -> bool:
        """Whether what people do now reaches the bot, as far as anybody knows."""
        return self._current is not None and not self._current.over.is_set()

    @property
    def state(self) -> str:
        """One line for whoever looks after the bot."""
        reasons = ", ".join(f"{why} {count}" for why, count in sorted(self.replaced.items()))
        told = f" ({reasons})" if reasons else ""
        return f"socket {'connected' if self.connected else 'not connected'}, replaced {self.replaced.total()}{told}"

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Connects in the background, and stays connected until its end or `hang_up`."""
        async with ClientSession() as session:
            self._held = asyncio.create_task(self._hold(session))
            try:
                yield
            finally:
                await self.hang_up()

    async def hang_up(self) -> None:
        """No more requests: what came is acknowledged; Slack sends the next to another copy of the bot, if any."""
        if self._held:
            self._held.cancel()
            with suppress(asyncio.CancelledError):
                await self._held
        for task in (older := tuple(self._older)):
            task.cancel()
        await asyncio.gather(*older, return_exceptions=True)
        current, self._current = self._current, None
        if current:
            await current.close()

    async def _hold(self, session: ClientSession) -> None:
        while True:
            fresh = await self._persistently(session)
            old, self._current = self._current, fresh
            if old:
                task = asyncio.create_task(self._see_out(old))
                self._older.add(task)
                task.add_done_callback(self._older.discard)
            why = await self._watched(fresh)
            self.replaced[why] += 1
            logger().warning("socket to be replaced", why=why)

    async def _persistently(self, session: ClientSession) -> Connection:
        """A connection, however long it takes; each attempt asks Slack for a new address."""
        pause, longest = _AGAIN_SECONDS
        while True:
            try:
                return await self._connected(session)
            except _FAILURES as error:
                why = clients.error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
            self.failed[why] += 1
            logger().error("socket not connected", why=why, again_in=pause)
            await self._sleep(pause)
            pause = min(2 * pause, longest)

    async def _connected(self, session: ClientSession) -> Connection:
        async with asyncio.timeout(CONNECT_SECONDS):
            told = await self._client.api_call("apps.connections.open")
            ws = await session.ws_connect(
                str(told["url"]),
                autoping=False,
                timeout=ClientWSTimeout(ws_close=limits.ACK_SECONDS),
                proxy=self._client.proxy,
                ssl=self._client.ssl or True,
            )
            connection = Connection(ws, self._enter, self._now)
            try:
                await _first(connection.greeted.wait(), connection.over.wait())
            except BaseException:
                await connection.close()
                raise
        if not connection.greeted.is_set():
            await connection.close()
            raise ConnectionError("closed before its hello")
        return connection

    async def _watched(self, connection: Connection) -> str:
        """Waits until another connection is wanted, and gives the reason."""
        while not connection.over.is_set():
            await connection.ping()
            await _first(connection.over.wait(), self._sleep(PING_SECONDS))
            if self._now() - connection.heard > SILENT_SECONDS:
                connection.end("silent")
        return connection.why

    async def _see_out(self, old: Connection) -> None:
        try:
            await _first(asyncio.shield(old.closed), self._sleep(LINGER_SECONDS))
        finally:
            await old.close()


async def _first(*waits: Awaitable[object]) -> None:
    """Waits for the first of them, and gives up the others."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

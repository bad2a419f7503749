"""Keeps one connection open by which Slack sends what people do (Socket Mode).

Rule: a new connection is there before an old one goes, and the old one is read until Slack closes it, so that nothing
is lost between them; what comes by both is told apart by `bot.once`. A watchdog pings, and takes silence for death.

slack_sdk's own client closes first and connects then, dropping what was on its way, and tries for ever with an address
that Slack has refused (docs/decisions/0022): the WebSocket is aiohttp's, and only the rest of it is here.

One WebSocket that Slack sends envelopes through: read, acknowledged, listened to for life.

Rule: an envelope is acknowledged on the connection it came by, as soon as its request has entered the bot, and whatever
a connection is told or sent while it ends is still read and acknowledged.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, ClientWSTimeout, WSMsgType
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.core import slack_limits
from bot.core.logs import format_traceback, get_logger
from bot.slack.transport import clients

Dispatch = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]

_CONNECTION_ERRORS = (ClientError, ConnectionError, TimeoutError)
_END_FRAMES = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)


class Connection:
    """Gives each request to `enter`, whose response is the acknowledgement. `now` gives seconds.

    It reads from the moment it is made, inside a running loop, until `close`.
    """

    def __init__(self, ws: ClientWebSocketResponse, dispatch: Dispatch, now: Callable[[], float]) -> None:
        self._ws = ws
        self._dispatch = dispatch
        self._now = now
        self._acks: set[asyncio.Task[None]] = set()
        #: when Slack was last heard, its answers to pings included
        self.last_received_at = now()
        #: set once Slack has said hello: envelopes may come
        self.hello_event = asyncio.Event()
        #: set once another connection is wanted, for the reason `why`
        self.end_event = asyncio.Event()
        self.end_reason = ""
        self._reader_task = asyncio.create_task(self._read_frames())

    @property
    def reader_task(self) -> asyncio.Task[None]:
        """Done when nothing more can come."""
        return self._reader_task

    async def ping(self) -> None:
        """Asks Slack for a sign of life. Never raises."""
        with suppress(*_CONNECTION_ERRORS):
            async with asyncio.timeout(slack_limits.ACK_SECONDS):
                await self._ws.ping()

    def end(self, reason: str) -> None:
        """Another connection is wanted; what still comes by this one is taken."""
        if not self.end_event.is_set():
            self.end_reason = reason
            self.end_event.set()

    async def close(self) -> None:
        """Ends it, once what it was sent is acknowledged, at most `limits.ACK_SECONDS` later."""
        if self._acks:
            await asyncio.wait(self._acks, timeout=slack_limits.ACK_SECONDS)
        self._reader_task.cancel()
        with suppress(asyncio.CancelledError, *_CONNECTION_ERRORS):
            await self._reader_task
        with suppress(*_CONNECTION_ERRORS):
            await self._ws.close()

    async def _read_frames(self) -> None:
        try:
            while True:
                frame = await self._ws.receive()
                self.last_received_at = self._now()
                if frame.type in _END_FRAMES:
                    return
                if frame.type is WSMsgType.PING:
                    await self._ws.pong(frame.data)
                elif frame.type is WSMsgType.TEXT:
                    self._handle_frame(frame.data)
        except _CONNECTION_ERRORS as error:
            get_logger().warning("socket broken", error=type(error).__name__)
        finally:
            self.end("closed")

    def _handle_frame(self, text: str) -> None:
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            message = None
        match message:
            case {"type": "hello"}:
                self.hello_event.set()
            case {"type": "disconnect"}:
                self.end(str(message.get("reason"))[:40])
            case {"type": str(), "envelope_id": str(), "payload": dict()}:
                task = asyncio.create_task(self._acknowledge(message))
                self._acks.add(task)  # the loop itself keeps no task from being collected
                task.add_done_callback(self._acks.discard)
            case _:
                get_logger().error("socket sent what is no envelope")

    async def _acknowledge(self, envelope: dict[str, Any]) -> None:
        socket_request = SocketModeRequest.from_dict(envelope)
        if socket_request is None:
            return
        try:
            request = AsyncBoltRequest(
                mode="socket_mode", body=socket_request.payload, headers=build_headers(socket_request)
            )
            response = await self._dispatch(request)
            if response.status != 200:  # without an acknowledgement Slack tells the person that it did not work
                get_logger().error("envelope not acknowledged", status=response.status)
                return
            await self._ws.send_json(SocketModeResponse(socket_request.envelope_id, _build_payload(response)).to_dict())
        except _CONNECTION_ERRORS as error:  # Slack sends it again by another connection, where it is known
            get_logger().warning("acknowledgement not sent", error=type(error).__name__)
        except Exception as error:  # noqa: BLE001  # one bad envelope must not end the others
            get_logger().error("envelope failed", error=type(error).__name__, place=format_traceback(error))


def _build_payload(response: BoltResponse) -> dict[str, Any] | None:
    """What stands in the acknowledgement: a form's errors, a menu's options, a text."""
    if not response.body:
        return None
    if response.headers.get("content-type", [""])[0].startswith("application/json"):
        payload: dict[str, Any] = json.loads(response.body)
        return payload
    return {"text": response.body}


#: seconds between two pings, and of silence after which a connection is dead: three pings went unanswered
PING_SECONDS, SILENCE_SECONDS = 5.0, 16.0
#: seconds for an address, a connection and its hello together
CONNECT_SECONDS = 30.0
#: seconds for which a connection that was replaced is still read: Slack announces an end ten seconds before
LINGER_SECONDS = 15.0
#: seconds between two attempts, doubled from the first to the second number
_RETRY_SECONDS = (1.0, 30.0)
_FAILURES = (SlackClientError, ClientError, TimeoutError, OSError, ValueError)


class SocketMode:
    """The connection of the app that `client`'s token belongs to (an app-level one, `xapp-`).

    `enter` is where requests go. `now` gives seconds, `sleep` waits for some.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        dispatch: Dispatch,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = client
        self._dispatch = dispatch
        self._now = now
        self._sleep = sleep
        self._current: Connection | None = None
        self._replaced_tasks: set[asyncio.Task[None]] = set()
        self._hold_task: asyncio.Task[None] | None = None
        #: how often a connection had to be replaced, and attempts that failed, by reason
        self.replacement_counts: Counter[str] = Counter()
        self.failure_counts: Counter[str] = Counter()

    @property
    def is_connected(self) -> bool:
        """Whether what people do now reaches the bot, as far as anybody knows."""
        return self._current is not None and not self._current.end_event.is_set()

    @property
    def state(self) -> str:
        """One line for whoever looks after the bot."""
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(self.replacement_counts.items()))
        suffix = f" ({reasons})" if reasons else ""
        return f"socket {'connected' if self.is_connected else 'not connected'}, replaced {self.replacement_counts.total()}{suffix}"

    @asynccontextmanager
    async def keep_connected(self) -> AsyncIterator[None]:
        """Connects in the background, and stays connected until its end or `hang_up`."""
        async with ClientSession() as session:
            self._hold_task = asyncio.create_task(self._hold_connection(session))
            try:
                yield
            finally:
                await self.disconnect()

    async def disconnect(self) -> None:
        """No more requests: what came is acknowledged; Slack sends the next to another copy of the bot, if any."""
        if self._hold_task:
            self._hold_task.cancel()
            with suppress(asyncio.CancelledError):
                await self._hold_task
        for task in (old_tasks := tuple(self._replaced_tasks)):
            task.cancel()
        await asyncio.gather(*old_tasks, return_exceptions=True)
        current, self._current = self._current, None
        if current:
            await current.close()

    async def _hold_connection(self, session: ClientSession) -> None:
        while True:
            new_connection = await self._connect_with_retries(session)
            old_connection, self._current = self._current, new_connection
            if old_connection:
                task = asyncio.create_task(self._drain_connection(old_connection))
                self._replaced_tasks.add(task)
                task.add_done_callback(self._replaced_tasks.discard)
            reason = await self._watch(new_connection)
            self.replacement_counts[reason] += 1
            get_logger().warning("socket to be replaced", why=reason)

    async def _connect_with_retries(self, session: ClientSession) -> Connection:
        """A connection, however long it takes; each attempt asks Slack for a new address."""
        pause, max_pause = _RETRY_SECONDS
        while True:
            try:
                return await self._connect(session)
            except _FAILURES as error:
                reason = clients.get_error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
            self.failure_counts[reason] += 1
            get_logger().error("socket not connected", why=reason, again_in=pause)
            await self._sleep(pause)
            pause = min(2 * pause, max_pause)

    async def _connect(self, session: ClientSession) -> Connection:
        async with asyncio.timeout(CONNECT_SECONDS):
            response = await self._client.api_call("apps.connections.open")
            ws = await session.ws_connect(
                str(response["url"]),
                autoping=False,
                timeout=ClientWSTimeout(ws_close=slack_limits.ACK_SECONDS),
                proxy=self._client.proxy,
                ssl=self._client.ssl or True,
            )
            connection = Connection(ws, self._dispatch, self._now)
            try:
                await _wait_for_first(connection.hello_event.wait(), connection.end_event.wait())
            except BaseException:
                await connection.close()
                raise
        if not connection.hello_event.is_set():
            await connection.close()
            raise ConnectionError("closed before its hello")
        return connection

    async def _watch(self, connection: Connection) -> str:
        """Waits until another connection is wanted, and gives the reason."""
        while not connection.end_event.is_set():
            await connection.ping()
            await _wait_for_first(connection.end_event.wait(), self._sleep(PING_SECONDS))
            if self._now() - connection.last_received_at > SILENCE_SECONDS:
                connection.end("silent")
        return connection.end_reason

    async def _drain_connection(self, old_connection: Connection) -> None:
        try:
            await _wait_for_first(asyncio.shield(old_connection.reader_task), self._sleep(LINGER_SECONDS))
        finally:
            await old_connection.close()


async def _wait_for_first(*waits: Awaitable[object]) -> None:
    """Waits for the first of them, and gives up the others."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

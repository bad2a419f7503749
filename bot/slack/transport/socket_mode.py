"""Receives Slack's requests over a WebSocket (Socket Mode), and replaces the connection when needed.

Rule: a new connection is open before the old one closes, and the old one is read until Slack closes it, so that no
request is lost. Requests that arrive on both are deduplicated (`request_gate`). An envelope is acknowledged on its
own connection as soon as its request is dispatched. A watchdog sends pings and replaces a silent connection.

slack_sdk's own client disconnects before it reconnects, loses the requests in between, and retries forever with a URL
that Slack has rejected (docs/decisions/0022). So this module uses aiohttp's WebSocket.
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

#: seconds between two pings; seconds of silence (three unanswered pings) after which a connection is dead
PING_SECONDS, SILENCE_SECONDS = 5.0, 16.0
#: timeout for the URL, the connection and the hello together, in seconds
CONNECT_SECONDS = 30.0
#: seconds for which a replaced connection is still read; Slack announces a disconnect ten seconds ahead
LINGER_SECONDS = 15.0
#: seconds between two attempts: the first pause, which doubles up to the second
_RETRY_SECONDS = (1.0, 30.0)
#: status of a malformed request, which is logged already; without an acknowledgement, Slack would repeat it
_REFUSAL_STATUS = 400
_FAILURES = (SlackClientError, ClientError, TimeoutError, OSError, ValueError)
_CONNECTION_ERRORS = (ClientError, ConnectionError, TimeoutError)
_END_FRAMES = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)


class Connection:
    """One WebSocket. Passes each request to `dispatch`, and sends its response as the acknowledgement.

    `now` returns seconds. Create it inside a running event loop: it reads until `close`.
    """

    def __init__(self, ws: ClientWebSocketResponse, dispatch: Dispatch, now: Callable[[], float]) -> None:
        self._ws = ws
        self._dispatch = dispatch
        self._now = now
        self._acks: set[asyncio.Task[None]] = set()
        #: time of the last frame from Slack, answers to pings included
        self.last_received_at = now()
        #: set after Slack's hello, when envelopes may arrive
        self.hello_event = asyncio.Event()
        #: set when a new connection is needed, because of `end_reason`
        self.end_event = asyncio.Event()
        self.end_reason = ""
        self._reader_task = asyncio.create_task(self._read_frames())

    @property
    def reader_task(self) -> asyncio.Task[None]:
        """Return the reading task, which ends with the last frame."""
        return self._reader_task

    async def ping(self) -> None:
        """Send a ping. Never raises."""
        with suppress(*_CONNECTION_ERRORS):
            async with asyncio.timeout(slack_limits.ACK_SECONDS):
                await self._ws.ping()

    def end(self, reason: str) -> None:
        """Request a new connection. This one continues to read."""
        if not self.end_event.is_set():
            self.end_reason = reason
            self.end_event.set()

    async def close(self) -> None:
        """Close the connection after its last acknowledgements, within `slack_limits.ACK_SECONDS`."""
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
            get_logger().warning("socket connection lost", error=type(error).__name__)
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
                self._acks.add(task)  # the event loop keeps only weak references to tasks
                task.add_done_callback(self._acks.discard)
            case _:
                get_logger().error("socket frame not understood")

    async def _acknowledge(self, envelope: dict[str, Any]) -> None:
        socket_request = SocketModeRequest.from_dict(envelope)
        if socket_request is None:
            return
        try:
            request = AsyncBoltRequest(
                mode="socket_mode", body=socket_request.payload, headers=build_headers(socket_request)
            )
            response = await self._dispatch(request)
            if response.status not in (
                200,
                _REFUSAL_STATUS,
            ):  # without an acknowledgement, Slack shows the user an error
                get_logger().error("envelope rejected", status=response.status)
                return
            payload = _build_payload(response) if response.status == 200 else None
            await self._ws.send_json(SocketModeResponse(socket_request.envelope_id, payload).to_dict())
        except _CONNECTION_ERRORS as error:  # Slack repeats the request on another connection, where it is deduplicated
            get_logger().warning("acknowledgement send failed", error=type(error).__name__)
        except Exception as error:  # noqa: BLE001  # one bad envelope must not end the others
            get_logger().error("envelope failed", error=type(error).__name__, place=format_traceback(error))


class SocketMode:
    """Keeps a connection open for the app of `client`, whose token is app-level (`xapp-`).

    Requests go to `dispatch`. `now` returns seconds, `sleep` waits for seconds.
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
        #: number of replaced connections and of failed attempts, by reason
        self.replacement_counts: Counter[str] = Counter()
        self.failure_counts: Counter[str] = Counter()

    @property
    def is_connected(self) -> bool:
        """Whether the current connection is open, as far as is known."""
        return self._current is not None and not self._current.end_event.is_set()

    @property
    def state(self) -> str:
        """Return a one-line description for operators."""
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(self.replacement_counts.items()))
        suffix = f" ({reasons})" if reasons else ""
        status = "connected" if self.is_connected else "not connected"
        return f"socket {status}, replaced {self.replacement_counts.total()}{suffix}"

    @asynccontextmanager
    async def keep_connected(self) -> AsyncIterator[None]:
        """Connect in the background, and stay connected until the context ends or `disconnect` is called."""
        async with ClientSession() as session:
            self._hold_task = asyncio.create_task(self._hold_connection(session))
            try:
                yield
            finally:
                await self.disconnect()

    async def disconnect(self) -> None:
        """Stop receiving requests. Those received are acknowledged; Slack sends the next ones to other replicas."""
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
            get_logger().warning("socket replaced", reason=reason)

    async def _connect_with_retries(self, session: ClientSession) -> Connection:
        """Return a connection, with unlimited retries. Each attempt asks Slack for a new URL."""
        pause, max_pause = _RETRY_SECONDS
        while True:
            try:
                return await self._connect(session)
            except _FAILURES as error:
                reason = clients.get_error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
            self.failure_counts[reason] += 1
            get_logger().error("socket connect failed", reason=reason, retry_in=pause)
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
        """Send pings until a new connection is needed, and return the reason."""
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


def _build_payload(response: BoltResponse) -> dict[str, Any] | None:
    """Return the payload of the acknowledgement: a form's errors, a menu's options or a text."""
    if not response.body:
        return None
    if response.headers.get("content-type", [""])[0].startswith("application/json"):
        payload: dict[str, Any] = json.loads(response.body)
        return payload
    return {"text": response.body}


async def _wait_for_first(*waits: Awaitable[object]) -> None:
    """Wait for the first of `waits`, and cancel the others."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

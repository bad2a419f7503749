"""One WebSocket that Slack sends envelopes through: read, acknowledged, listened to for life.

Rule: an envelope is acknowledged on the connection it came by, as soon as its request has entered the bot, and whatever
a connection is told or sent while it ends is still read and acknowledged.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from aiohttp import ClientError, ClientWebSocketResponse, WSMsgType
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.core import slack_limits
from bot.core.logs import format_traceback, get_logger

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

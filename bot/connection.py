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

from bot import limits
from bot.logs import logger, place

Enter = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]

_DROPPED = (ClientError, ConnectionError, TimeoutError)
_ENDS = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)


class Connection:
    """Gives each request to `enter`, whose response is the acknowledgement. `now` gives seconds.

    It reads from the moment it is made, inside a running loop, until `close`.
    """

    def __init__(self, ws: ClientWebSocketResponse, enter: Enter, now: Callable[[], float]) -> None:
        self._ws = ws
        self._enter = enter
        self._now = now
        self._acks: set[asyncio.Task[None]] = set()
        #: when Slack was last heard, its answers to pings included
        self.heard = now()
        #: set once Slack has said hello: envelopes may come
        self.greeted = asyncio.Event()
        #: set once another connection is wanted, for the reason `why`
        self.over = asyncio.Event()
        self.why = ""
        self._reading = asyncio.create_task(self._read())

    @property
    def closed(self) -> asyncio.Task[None]:
        """Done when nothing more can come."""
        return self._reading

    async def ping(self) -> None:
        """Asks Slack for a sign of life. Never raises."""
        with suppress(*_DROPPED):
            async with asyncio.timeout(limits.ACK_SECONDS):
                await self._ws.ping()

    def end(self, why: str) -> None:
        """Another connection is wanted; what still comes by this one is taken."""
        if not self.over.is_set():
            self.why = why
            self.over.set()

    async def close(self) -> None:
        """Ends it, once what it was sent is acknowledged, at most `limits.ACK_SECONDS` later."""
        if self._acks:
            await asyncio.wait(self._acks, timeout=limits.ACK_SECONDS)
        self._reading.cancel()
        with suppress(asyncio.CancelledError, *_DROPPED):
            await self._reading
        with suppress(*_DROPPED):
            await self._ws.close()

    async def _read(self) -> None:
        try:
            while True:
                frame = await self._ws.receive()
                self.heard = self._now()
                if frame.type in _ENDS:
                    return
                if frame.type is WSMsgType.PING:
                    await self._ws.pong(frame.data)
                elif frame.type is WSMsgType.TEXT:
                    self._take(frame.data)
        except _DROPPED as error:
            logger().warning("socket broken", error=type(error).__name__)
        finally:
            self.end("closed")

    def _take(self, text: str) -> None:
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            message = None
        match message:
            case {"type": "hello"}:
                self.greeted.set()
            case {"type": "disconnect"}:
                self.end(str(message.get("reason"))[:40])
            case {"type": str(), "envelope_id": str(), "payload": dict()}:
                task = asyncio.create_task(self._acknowledge(message))
                self._acks.add(task)  # the loop itself keeps no task from being collected
                task.add_done_callback(self._acks.discard)
            case _:
                logger().error("socket sent what is no envelope")

    async def _acknowledge(self, envelope: dict[str, Any]) -> None:
        told = SocketModeRequest.from_dict(envelope)
        if told is None:
            return
        try:
            request = AsyncBoltRequest(mode="socket_mode", body=told.payload, headers=build_headers(told))
            response = await self._enter(request)
            if response.status != 200:  # without an acknowledgement Slack tells the person that it did not work
                logger().error("envelope not acknowledged", status=response.status)
                return
            await self._ws.send_json(SocketModeResponse(told.envelope_id, _payload(response)).to_dict())
        except _DROPPED as error:  # Slack sends it again by another connection, where it is known
            logger().warning("acknowledgement not sent", error=type(error).__name__)
        except Exception as error:  # noqa: BLE001  # one bad envelope must not end the others
            logger().error("envelope failed", error=type(error).__name__, place=place(error))


def _payload(response: BoltResponse) -> dict[str, Any] | None:
    """What stands in the acknowledgement: a form's errors, a menu's options, a text."""
    if not response.body:
        return None
    if response.headers.get("content-type", [""])[0].startswith("application/json"):
        told: dict[str, Any] = json.loads(response.body)
        return told
    return {"text": response.body}

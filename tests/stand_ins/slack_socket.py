"""Slack's side of Socket Mode on loopback: URLs, hello messages, envelopes and disconnects."""

import asyncio
import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import WSMessage, WSMsgType, web

from tests.scenarios.conftest import Slack
from tests.stand_ins.slack_server import StandIn


class SocketConnection:
    """A connection from the bot. A silent one stays open but does not answer pings."""

    def __init__(self, ws: web.WebSocketResponse) -> None:
        self.ws = ws
        self.acknowledgements: list[dict[str, Any]] = []
        self.is_silent = False
        self.closed = asyncio.Event()

    async def send(self, envelope: str, payload: dict[str, Any], kind: str = "slash_commands") -> None:
        """Send an envelope with this id."""
        await self.ws.send_json({"type": kind, "envelope_id": envelope, "payload": payload})

    async def send_disconnect(self, reason: str) -> None:
        """Announce that Slack will close the connection."""
        await self.ws.send_json({"type": "disconnect", "reason": reason})


class SocketSlack(StandIn):
    """Stand-in for Slack that accepts any number of connections.

    The next `refusal_count` connections get a 403, the next `missing_hello_count` get no hello message.
    """

    def __init__(self) -> None:
        super().__init__()
        self.connections: list[SocketConnection] = []
        self.refusal_count = self.missing_hello_count = 0

    async def wait_for_connection(self, count: int) -> SocketConnection:
        """Wait until there are `count` connections and return the last of them."""
        async with self._arrival:
            await asyncio.wait_for(self._arrival.wait_for(lambda: len(self.connections) >= count), 10)
        return self.connections[count - 1]

    async def _socket(self, request: web.Request) -> web.StreamResponse:  # type: ignore[override]  # it can return a 403
        if self.refusal_count:
            self.refusal_count -= 1
            return web.Response(status=403)
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        if self.missing_hello_count:
            self.missing_hello_count -= 1
            await ws.close()
            return ws
        await ws.send_json({"type": "hello", "num_connections": 1})
        connection = SocketConnection(ws)
        await self._append(self.connections, connection)
        try:
            async for message in ws:
                await self._receive_message(connection, message)
        finally:
            connection.closed.set()  # when the connection is lost, the handler is cancelled and cannot await
        return ws

    async def _receive_message(self, connection: SocketConnection, message: WSMessage) -> None:
        if message.type is WSMsgType.TEXT:
            acknowledgement = json.loads(message.data)
            connection.acknowledgements.append(acknowledgement)
            await self._append(self.acknowledged, acknowledgement["envelope_id"])
        elif message.type is WSMsgType.PING and not connection.is_silent:
            with suppress(ConnectionError):  # the bot may have closed the connection
                await connection.ws.pong(message.data)


def make_payload(slack: Slack, command: str, text: str, **fields: str) -> dict[str, Any]:
    """Return the payload of a slash command for the socket, with a fresh trigger_id."""
    return dict(parse_qsl(slack.command(command, text, **fields), keep_blank_values=True))

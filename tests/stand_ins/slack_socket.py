"""Slack's side of Socket Mode on loopback: addresses, hellos, envelopes, goodbyes, silence."""

import asyncio
import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import WSMessage, WSMsgType, web

from tests.scenarios.conftest import Slack, StandIn


class Line:
    """One connection of the bot's. A deaf one answers nothing any more, and is not closed."""

    def __init__(self, ws: web.WebSocketResponse) -> None:
        self.ws = ws
        self.acknowledged: list[dict[str, Any]] = []
        self.deaf = False
        self.closed = asyncio.Event()

    async def send(self, envelope: str, payload: dict[str, Any], kind: str = "slash_commands") -> None:
        await self.ws.send_json({"type": kind, "envelope_id": envelope, "payload": payload})

    async def goodbye(self, reason: str) -> None:
        await self.ws.send_json({"type": "disconnect", "reason": reason})


class SocketSlack(StandIn):
    """Takes as many connections as are opened; the next `refusing` ones get a 403, the next `rude` no hello."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self.refusing = self.rude = 0

    async def line(self, count: int) -> Line:
        """The connection with this number, from 1 on, once it is there."""
        async with self._arrived:
            await asyncio.wait_for(self._arrived.wait_for(lambda: len(self.lines) >= count), 10)
        return self.lines[count - 1]

    async def _socket(self, request: web.Request) -> web.StreamResponse:  # type: ignore[override]  # it may refuse
        if self.refusing:
            self.refusing -= 1
            return web.Response(status=403)
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        if self.rude:
            self.rude -= 1
            await ws.close()
            return ws
        await ws.send_json({"type": "hello", "num_connections": 1})
        line = Line(ws)
        await self._append(self.lines, line)
        try:
            async for message in ws:
                await self._heard(line, message)
        finally:
            line.closed.set()  # a handler whose connection is lost is cancelled: nothing can be awaited here
        return ws

    async def _heard(self, line: Line, message: WSMessage) -> None:
        if message.type is WSMsgType.TEXT:
            told = json.loads(message.data)
            line.acknowledged.append(told)
            await self._append(self.acknowledged, told["envelope_id"])
        elif message.type is WSMsgType.PING and not line.deaf:
            with suppress(ConnectionError):  # the bot may have hung up since
                await line.ws.pong(message.data)


def payload(slack: Slack, command: str, text: str, **more: str) -> dict[str, Any]:
    """A slash command as the socket carries it, with a trigger_id of its own."""
    return dict(parse_qsl(slack.command(command, text, **more), keep_blank_values=True))

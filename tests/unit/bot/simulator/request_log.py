"""A bot that notes what the local workspace sends it, and the workspace that it is part of, over real HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer, get_unused_port_socket
from slack_sdk.signature import SignatureVerifier

from bot.simulator.server import WORKSPACE, attach
from bot.simulator.state.model import Message

NEWSROOM, SECRET = "C0LOCAL001", "made-up"
Json = dict[str, Any]


@dataclass
class Bot:
    """A bot that notes what it is sent and answers with what it was given."""

    app: web.Application
    home: str
    http: ClientSession
    asked: list[dict[str, str]] = field(default_factory=list)
    ack: Callable[[], Awaitable[web.Response]] | None = None

    async def events(self, request: web.Request) -> web.Response:
        body = await request.read()
        assert SignatureVerifier(SECRET).is_valid_request(body, dict(request.headers))
        self.asked.append({key: str(value) for key, value in (await request.post()).items()})
        return await self.ack() if self.ack else web.Response()

    def answers(self, status: int = 200, **how: Any) -> None:
        async def ack() -> web.Response:
            return (
                web.json_response(how["json"], status=status) if "json" in how else web.Response(status=status, **how)
            )

        self.ack = ack

    async def send(self, headers: dict[str, str] | None = None, **what: object) -> tuple[int, Json]:
        headers = {"Origin": self.home} if headers is None else headers
        async with self.http.post(
            f"{self.home}/local/send", json={"channel": NEWSROOM, **what}, headers=headers
        ) as got:
            return got.status, await got.json() if got.content_type == "application/json" else {}

    async def types(self, text: str) -> None:
        assert (await self.send(do="type", text=text))[0] == 200

    def log(self) -> list[Message]:
        return list(self.app[WORKSPACE].list_changes_since(NEWSROOM, 0))


@asynccontextmanager
async def waited_for(seconds: float) -> AsyncIterator[Bot]:
    socket = get_unused_port_socket("127.0.0.1")
    home = f"http://127.0.0.1:{socket.getsockname()[1]}"
    app = web.Application()
    attach(app, signing_secret=SECRET, base_url=home, ack_seconds=seconds)
    async with ClientSession() as http:
        bot = Bot(app, home, http)
        app.router.add_post("/slack/events", bot.events)
        async with TestServer(app, socket_factory=lambda *_: socket):
            yield bot

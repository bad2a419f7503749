"""A fake bot that records the requests of the local workspace, over real HTTP."""

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
    """A bot that records requests and acknowledges them as configured."""

    app: web.Application
    home: str
    http: ClientSession
    requests: list[dict[str, str]] = field(default_factory=list)
    ack: Callable[[], Awaitable[web.Response]] | None = None

    async def handle_event(self, request: web.Request) -> web.Response:
        body = await request.read()
        assert SignatureVerifier(SECRET).is_valid_request(body, dict(request.headers))
        self.requests.append({key: str(value) for key, value in (await request.post()).items()})
        return await self.ack() if self.ack else web.Response()

    def set_ack(self, status: int = 200, **options: Any) -> None:
        """Acknowledge every request with this response."""

        async def ack() -> web.Response:
            return (
                web.json_response(options["json"], status=status)
                if "json" in options
                else web.Response(status=status, **options)
            )

        self.ack = ack

    async def send(self, headers: dict[str, str] | None = None, **action: object) -> tuple[int, Json]:
        """Send an action of the page; return the status and the JSON answer."""
        headers = {"Origin": self.home} if headers is None else headers
        async with self.http.post(
            f"{self.home}/local/send", json={"channel": NEWSROOM, **action}, headers=headers
        ) as response:
            return response.status, await response.json() if response.content_type == "application/json" else {}

    async def type_line(self, text: str) -> None:
        """Type a line in the newsroom channel."""
        assert (await self.send(do="type", text=text))[0] == 200

    def log(self) -> list[Message]:
        """Return the entries of the newsroom channel."""
        return list(self.app[WORKSPACE].list_changes_since(NEWSROOM, 0))


@asynccontextmanager
async def run_bot(ack_seconds: float) -> AsyncIterator[Bot]:
    """Run a bot that must acknowledge within `ack_seconds`."""
    socket = get_unused_port_socket("127.0.0.1")
    home = f"http://127.0.0.1:{socket.getsockname()[1]}"
    app = web.Application()
    attach(app, signing_secret=SECRET, base_url=home, ack_seconds=ack_seconds)
    async with ClientSession() as http:
        bot = Bot(app, home, http)
        app.router.add_post("/slack/events", bot.handle_event)
        async with TestServer(app, socket_factory=lambda *_: socket):
            yield bot

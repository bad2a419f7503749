"""Bots in the local workspace: the real one, over the real desk with the seeds; and small ones, made for a test.

Rule: no test depends on how busy the machine is. The workspace's clock stands still unless it is turned, so that no
trigger runs out, and the bots have a minute to acknowledge.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer, get_unused_port_socket
from playwright.async_api import Browser
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.settings import Settings
from bot.simulator.mount import build_with_workspace
from bot.simulator.server import BOT_TOKEN, attach
from bot.simulator.state.clock import TurnableClock
from bot.simulator.state.model import Shortcut
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from tests.browser.visit import Visit, visiting
from tests.support.seed_service import seeded_desk

#: seconds within which a bot acknowledges
PATIENCE = 60.0


def stopped_clock() -> TurnableClock:
    """A clock that stands at the present moment."""
    now = datetime.now(UTC)
    return TurnableClock(lambda: now)


@asynccontextmanager
async def real_bot(
    chromium: Browser, folder: Path, look: dict[str, Any], clock: TurnableClock | None = None
) -> AsyncIterator[Visit]:
    """A visit to the workspace of a bot that keeps its tables and its record in `folder`."""
    socket = get_unused_port_socket("127.0.0.1")
    port, clock, address = socket.getsockname()[1], clock or stopped_clock(), f"sqlite:///{folder / 'record.db'}"
    with seeded_desk(address) as service:
        store = open_store(address, RateLimit(60), clock.get_timestamp)
        app, _ = build_with_workspace(Settings(port=port), service, clock=clock, store=store, ack_seconds=PATIENCE)
        server = TestServer(app, socket_factory=lambda *_: socket)
        async with server, visiting(chromium, f"http://127.0.0.1:{port}", look) as visit:
            yield visit
        store.close()


@asynccontextmanager
async def small_bot(listen: Callable[[AsyncApp], None]) -> AsyncIterator[str]:
    """The address of a workspace whose bot is a Bolt app with the listeners that `listen` adds."""
    secret, socket = "made-up-signing-secret", get_unused_port_socket("127.0.0.1")
    home = f"http://127.0.0.1:{socket.getsockname()[1]}"
    app = web.Application()
    shortcuts = (Shortcut("echo", "Echo this"),)
    attach(app, signing_secret=secret, base_url=home, clock=stopped_clock(), shortcuts=shortcuts, ack_seconds=PATIENCE)
    bolt = AsyncApp(client=AsyncWebClient(token=BOT_TOKEN, base_url=home + "/local/api/"), signing_secret=secret)
    listen(bolt)

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    app.router.add_post("/slack/events", events)
    async with TestServer(app, socket_factory=lambda *_: socket):
        yield home

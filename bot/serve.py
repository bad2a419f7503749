"""Runs the bot: its web server, its socket, its end.

Rule: told to stop, it finishes what it has acknowledged before it goes.
"""

import asyncio
import gc
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Final

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response

from bot import app as app_module
from bot import clients, installing, limits, tokens
from bot.app import Bot
from bot.door import Door, SocketHandler
from bot.guard import Guard
from bot.logs import library_logger
from bot.polling import Polling
from bot.settings import Mode, Settings
from bot.store.installations import States
from bot.store.store import Store
from briefings.desk import Desk
from briefings.errors import BadSettings, RecordUnavailable
from briefings.gathering.gathering import Gathering

#: seconds that answers under way are waited for
DRAIN_SECONDS = 25.0
#: seconds that a thread at work on a question may keep the event loop, and acknowledgements, waiting (`bench slack`)
SWITCH_SECONDS = 0.001

BOT: Final = web.AppKey("bot", Bot)
DESK: Final = web.AppKey("desk", Desk)
#: set when the process was told to stop
STOPPING: Final = web.AppKey("stopping", asyncio.Event)
#: there in Socket Mode, once started
SOCKETS: Final = web.AppKey("sockets", list[SocketHandler])


def build_web_app(
    settings: Settings,
    desk: Desk,
    *,
    now: Callable[[], float] = time.time,
    store: Store | None = None,
    gathering: Gathering | None = None,
    polling: Polling | None = None,
) -> web.Application:
    """The bot's web application: /healthz, /readyz and, unless it uses Socket Mode, /slack/events.

    Socket Mode connects when the application starts. Other routes may be added before that. `now` gives seconds since
    1970; `store` is what the bot keeps of its own, without which nothing outlives the process; `gathering` adds links
    and follows feeds, and `polling` polls them from the start of the application to its end.
    """
    bot = app_module.build(settings, desk, now=now, store=store, gathering=gathering)
    web_app = web.Application(client_max_size=limits.REQUEST_BYTES)
    web_app[BOT], web_app[DESK], web_app[STOPPING], web_app[SOCKETS] = bot, desk, asyncio.Event(), []
    web_app.router.add_get("/healthz", _healthy)
    web_app.router.add_get("/readyz", _ready)
    web_app.cleanup_ctx.append(_courier)
    if polling:
        web_app.cleanup_ctx.append(_polling(polling))
    if settings.mode is Mode.SOCKET:
        web_app.cleanup_ctx.append(_socket(settings))
        web_app.on_shutdown.append(_hang_up)
    elif settings.signing_secret:
        web_app.router.add_post("/slack/events", _events(bot.door, Guard(settings.signing_secret, now)))
    if settings.mode is Mode.OAUTH and store and (installations := app_module.installed(settings, store)):
        web_app.router.add_routes(installing.routes(settings, installations, States(store.database)))
    return web_app


async def serve(
    web_app: web.Application,
    settings: Settings,
    *,
    stop: asyncio.Event | None = None,
    listening: Callable[[str], None] = lambda _: None,
) -> None:
    """Serves until SIGTERM, SIGINT or `stop`, then drains. `listening` is told the address. Raises BadSettings."""
    stop = stop or asyncio.Event()
    if settings.mode is Mode.SOCKET:
        await tokens.check(settings)
    runner = web.AppRunner(web_app, access_log=None, shutdown_timeout=limits.ACK_SECONDS)
    try:
        await runner.setup()
        listening(await _listen(runner, settings))
        if settings.mode is Mode.HTTP:  # not earlier: in the local workspace this very server stands in for Slack
            await tokens.check(settings)
        with _signals(stop):
            await stop.wait()
        web_app[STOPPING].set()
        # while the port is still open, because the local workspace receives the answers there
        await web_app[BOT].answering.drained(DRAIN_SECONDS)
    finally:
        await runner.cleanup()


def _events(door: Door, guard: Guard) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def events(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await door.enter(await guard.admit(request)))

    return events


async def _healthy(_: web.Request) -> web.Response:
    return web.Response(text="ok\n")


async def _ready(request: web.Request) -> web.Response:
    """Ready means: not stopping, the record answers, and the socket, if there is one, is connected."""
    if request.app[STOPPING].is_set():
        return web.Response(status=503, text="stopping\n")
    for handler in request.app[SOCKETS]:
        if not await handler.client.is_connected():
            return web.Response(status=503, text="not connected to Slack\n")
    try:
        await asyncio.to_thread(request.app[DESK].searched)
    except RecordUnavailable as error:
        return web.Response(status=503, text=f"{error}\n")
    return web.Response(text="ready\n")


async def _courier(web_app: web.Application) -> AsyncIterator[None]:
    """The first context entered, hence the last one left: when nobody sends questions any more, it sees them out."""
    bot = web_app[BOT]
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()  # what is loaded stays: a collection that walked through all of it would hold everything up
    async with bot.courier.opened():
        yield
        await bot.answering.drained(DRAIN_SECONDS)
        bot.answering.close()
        bot.gate.close()
    gc.unfreeze()
    sys.setswitchinterval(before)


def _polling(polling: Polling) -> Callable[[web.Application], AsyncIterator[None]]:
    async def polled(_: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(polling.run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return polled


def _socket(settings: Settings) -> Callable[[web.Application], AsyncIterator[None]]:
    async def connected(web_app: web.Application) -> AsyncIterator[None]:
        client = clients.web_client(settings.api_url, settings.bot_token)
        handler = SocketHandler(web_app[BOT].bolt, settings.app_token, library_logger(), client)
        handler.door = web_app[BOT].door
        web_app[SOCKETS].append(handler)
        connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]  # as slack_bolt has it
        yield
        connecting.cancel()
        with suppress(asyncio.CancelledError):
            await connecting

    return connected


async def _hang_up(web_app: web.Application) -> None:
    """No more questions through the socket: Slack gives them to another connection, or tells the asker."""
    for handler in web_app[SOCKETS]:
        await handler.close_async()  # type: ignore[no-untyped-call]  # as slack_bolt has it


async def _listen(runner: web.AppRunner, settings: Settings) -> str:
    """Opens the port; gives the address people type."""
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        # asyncio's own words repeat the address; the system's are plain
        reason = os.strerror(error.errno).lower() if error.errno and error.errno > 0 else "no such address"
        raise BadSettings(
            f"Port {settings.port} on {settings.host} cannot be opened ({reason}): "
            "set another PORT or HOST, or stop what uses it."
        ) from error
    host, port = runner.addresses[0][:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


class _signals:  # noqa: N801  # read as a word in `with`
    """Sets `stop` on SIGTERM and SIGINT, inside the block."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop

    def __enter__(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._stop.set)

    def __exit__(self, *_: object) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().remove_signal_handler(number)

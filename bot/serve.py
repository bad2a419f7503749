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
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import app as app_module
from bot import clients, installing, limits, tokens
from bot import metrics as metrics_module
from bot.app import Bot
from bot.digests.model import Source
from bot.digests.runner import Runner, Scheduler
from bot.guard import Guard
from bot.metrics import Metrics
from bot.polling import Polling
from bot.settings import Mode, Settings
from bot.socket_mode import SocketMode
from bot.store.installations import States
from bot.store.store import Store
from bot.web.entrance import entrance
from bot.web.mount import add_pages
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
#: there in Socket Mode
SOCKET: Final = web.AppKey("socket", SocketMode)


def build_web_app(
    settings: Settings,
    desk: Desk,
    *,
    now: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    store: Store | None = None,
    metrics: Metrics | None = None,
    source: Source | None = None,
    gathering: Gathering | None = None,
    polling: Polling | None = None,
) -> web.Application:
    """The bot's web application: /healthz, /readyz, /metrics, the pages and, unless it uses Socket Mode, /slack/events.

    Socket Mode connects when the application starts. Other routes may be added before that. `now` gives seconds since
    1970, and `sleep` waits for some between two looks at what is due; `store` is what the bot keeps of its own, without
    which nothing outlives the process; `source` says what digests tell; `gathering` adds links and follows feeds, and
    `polling` polls them while the application runs.
    """
    bot = app_module.build(settings, desk, now=now, store=store, metrics=metrics, source=source, gathering=gathering)
    web_app = web.Application(client_max_size=limits.REQUEST_BYTES)
    web_app[BOT], web_app[DESK], web_app[STOPPING] = bot, desk, asyncio.Event()
    web_app.router.add_get("/healthz", _healthy)
    web_app.router.add_get("/readyz", _ready)
    web_app.router.add_get("/metrics", _metrics(settings.metrics_token))
    way_in = entrance(settings, store, bot.gate, bot.metrics, now)
    add_pages(web_app, settings, desk, entry=way_in, composed=bot.asking.composed, now=now)
    web_app.cleanup_ctx.append(_courier)
    if bot.runner:
        web_app.cleanup_ctx.append(_digests(bot.runner, sleep))
    if polling:
        web_app.cleanup_ctx.append(_polling(polling))
    if settings.mode is Mode.SOCKET:
        _add_socket(web_app, settings)
    elif settings.signing_secret:
        web_app.router.add_post("/slack/events", _events(bot, Guard(settings.signing_secret, now)))
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
        if digests := web_app[BOT].runner:
            digests.stopping = True
        if socket := web_app.get(SOCKET):
            await socket.hang_up()
        # while the port is still open, because the local workspace receives the answers there
        await web_app[BOT].answering.drained(DRAIN_SECONDS)
    finally:
        await runner.cleanup()


def _events(bot: Bot, guard: Guard) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def events(request: web.Request) -> web.StreamResponse:
        begun = time.perf_counter()
        response = await to_aiohttp_response(await bot.door.enter(await guard.admit(request)))
        bot.metrics.acked("http", time.perf_counter() - begun)
        return response

    return events


async def _healthy(request: web.Request) -> web.Response:
    """Healthy means that the event loop turns; the rest, which a new start would not mend, is told."""
    return web.Response(text="\n".join(("ok", *_socket_state(request.app), "")))


async def _ready(request: web.Request) -> web.Response:
    """Ready means: not stopping, the record answers, and the socket, if there is one, is connected."""
    if request.app[STOPPING].is_set():
        return web.Response(status=503, text="stopping\n")
    if (socket := request.app.get(SOCKET)) and not socket.connected:
        return web.Response(status=503, text=f"not connected to Slack: {socket.state}\n")
    try:
        await asyncio.to_thread(request.app[DESK].searched)
    except RecordUnavailable as error:
        return web.Response(status=503, text=f"{error}\n")
    return web.Response(text="\n".join(("ready", *_socket_state(request.app), "")))


def _socket_state(web_app: web.Application) -> tuple[str, ...]:
    socket = web_app.get(SOCKET)
    return (socket.state,) if socket else ()


def _metrics(token: str | None) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def shown(request: web.Request) -> web.StreamResponse:
        if not metrics_module.allowed(request, token):
            raise web.HTTPForbidden(text="not for you: METRICS_TOKEN is missing\n")
        metrics = request.app[BOT].metrics
        try:
            held = await asyncio.to_thread(request.app[DESK].searched)
            metrics.record((held.articles, held.quotes))
        except RecordUnavailable:
            metrics.record(None)
        return metrics_module.response(metrics)

    return shown


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
    async def polled(web_app: web.Application) -> AsyncIterator[None]:
        see = web_app[BOT].metrics
        see.counts("pages", "Pages of links and feeds, by what became of them.", "outcome", lambda: polling.outcomes)
        see.counts("fetch_failures", "Feeds, entries and pages that failed.", "why", lambda: polling.failures)
        see.level("feeds", "Feeds that are followed.", lambda: polling.feeds)
        see.level("feeds_failing", "Feeds that failed when they were last polled.", lambda: polling.failing)
        task = asyncio.create_task(polling.run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return polled


def _digests(
    runner: Runner, sleep: Callable[[float], Awaitable[None]]
) -> Callable[[web.Application], AsyncIterator[None]]:
    async def opened(_: web.Application) -> AsyncIterator[None]:
        async with Scheduler(runner, sleep=sleep).opened():
            yield
        runner.close()

    return opened


def _add_socket(web_app: web.Application, settings: Settings) -> None:
    bot = web_app[BOT]

    async def enter(request: AsyncBoltRequest) -> BoltResponse:
        begun = time.perf_counter()
        response = await bot.door.enter(request)
        bot.metrics.acked("socket", time.perf_counter() - begun)
        return response

    async def opened(_: web.Application) -> AsyncIterator[None]:
        async with socket.opened():
            yield

    socket = web_app[SOCKET] = SocketMode(clients.web_client(settings.api_url, settings.app_token), enter)
    see = bot.metrics
    see.level("socket_connected", "1 while Slack's requests reach the bot.", lambda: socket.connected)
    see.counts("socket_replaced", "Connections that were replaced, by reason.", "why", lambda: socket.replaced)
    see.counts("socket_failed", "Attempts to connect that failed, by reason.", "why", lambda: socket.failed)
    web_app.cleanup_ctx.append(opened)


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

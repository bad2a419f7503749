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

from bot.core import metrics as metrics_module
from bot.core import slack_limits
from bot.core.metrics import Metrics
from bot.core.settings import Mode, Settings
from bot.digests.delivery.runner import DigestRunner, DigestScheduler
from bot.digests.model import ContentSource
from bot.server import oauth_routes
from bot.server import wiring as app_module
from bot.server.feed_poller import FeedPoller
from bot.server.wiring import Bot
from bot.slack import authorization
from bot.slack.transport import clients
from bot.slack.transport.request_verification import RequestVerifier
from bot.slack.transport.socket_mode import SocketMode
from bot.storage.installations import OAuthStateStore
from bot.storage.store import Store
from bot.web.auth.middleware import build_auth_middleware
from bot.web.routes import add_pages
from briefings import BadSettings, BriefingService, DatabaseUnavailable
from briefings.feeds import FeedService

#: seconds that answers under way are waited for
DRAIN_SECONDS = 25.0
#: seconds that a thread at work on a question may keep the event loop, and acknowledgements, waiting (`bench slack`)
SWITCH_SECONDS = 0.001

BOT: Final = web.AppKey("bot", Bot)
SERVICE: Final = web.AppKey("desk", BriefingService)
#: set when the process was told to stop
STOPPING: Final = web.AppKey("stopping", asyncio.Event)
#: there in Socket Mode
SOCKET: Final = web.AppKey("socket", SocketMode)


def build_web_app(
    settings: Settings,
    service: BriefingService,
    *,
    now: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    store: Store | None = None,
    metrics: Metrics | None = None,
    source: ContentSource | None = None,
    feed_service: FeedService | None = None,
    poller: FeedPoller | None = None,
) -> web.Application:
    """The bot's web application: /healthz, /readyz, /metrics, the pages and, unless it uses Socket Mode, /slack/events.

    Socket Mode connects when the application starts. Other routes may be added before that. `now` gives seconds since
    1970, and `sleep` waits for some between two looks at what is due; `store` is what the bot keeps of its own, without
    which nothing outlives the process; `source` says what digests tell; `gathering` adds links and follows feeds, and
    `polling` polls them while the application runs.
    """
    bot = app_module.build(
        settings, service, now=now, store=store, metrics=metrics, source=source, feed_service=feed_service
    )
    web_app = web.Application(client_max_size=slack_limits.REQUEST_BYTES)
    web_app[BOT], web_app[SERVICE], web_app[STOPPING] = bot, service, asyncio.Event()
    web_app.router.add_get("/healthz", _handle_health)
    web_app.router.add_get("/readyz", _handle_ready)
    web_app.router.add_get("/metrics", _make_metrics_handler(settings.metrics_token))
    page_access = build_auth_middleware(settings, store, bot.gate, bot.metrics, now)
    add_pages(web_app, settings, service, auth_middleware=page_access, answer_cache=bot.answers.cache, now=now)
    web_app.cleanup_ctx.append(_run_response_url_client)
    if bot.runner:
        web_app.cleanup_ctx.append(_make_digest_context(bot.runner, sleep))
    if poller:
        web_app.cleanup_ctx.append(_make_polling_context(poller))
    if settings.mode is Mode.SOCKET:
        _add_socket(web_app, settings)
    elif settings.signing_secret:
        web_app.router.add_post(
            "/slack/events", _make_events_handler(bot, RequestVerifier(settings.signing_secret, now))
        )
    if settings.mode is Mode.OAUTH and store and (installations := app_module.open_installations(settings, store)):
        web_app.router.add_routes(oauth_routes.build_routes(settings, installations, OAuthStateStore(store.database)))
    return web_app


async def serve(
    web_app: web.Application,
    settings: Settings,
    *,
    stop: asyncio.Event | None = None,
    on_listening: Callable[[str], None] = lambda _: None,
) -> None:
    """Serves until SIGTERM, SIGINT or `stop`, then drains. `listening` is told the address. Raises BadSettings."""
    stop = stop or asyncio.Event()
    if settings.mode is Mode.SOCKET:
        await authorization.check_tokens(settings)
    runner = web.AppRunner(web_app, access_log=None, shutdown_timeout=slack_limits.ACK_SECONDS)
    try:
        await runner.setup()
        on_listening(await _listen(runner, settings))
        if settings.mode is Mode.HTTP:  # not earlier: in the local workspace this very server stands in for Slack
            await authorization.check_tokens(settings)
        with _StopSignals(stop):
            await stop.wait()
        web_app[STOPPING].set()
        if digest_runner := web_app[BOT].runner:
            digest_runner.is_stopping = True
        if socket := web_app.get(SOCKET):
            await socket.disconnect()
        # while the port is still open, because the local workspace receives the answers there
        await web_app[BOT].executor.drain(DRAIN_SECONDS)
    finally:
        await runner.cleanup()


def _make_events_handler(bot: Bot, verifier: RequestVerifier) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle_events(request: web.Request) -> web.StreamResponse:
        started_at = time.perf_counter()
        response = await to_aiohttp_response(await bot.dispatcher.dispatch(await verifier.verify(request)))
        bot.metrics.record_ack("http", time.perf_counter() - started_at)
        return response

    return handle_events


async def _handle_health(request: web.Request) -> web.Response:
    """Healthy means that the event loop turns; the rest, which a new start would not mend, is told."""
    return web.Response(text="\n".join(("ok", *_describe_socket(request.app), "")))


async def _handle_ready(request: web.Request) -> web.Response:
    """Ready means: not stopping, the record answers, and the socket, if there is one, is connected."""
    if request.app[STOPPING].is_set():
        return web.Response(status=503, text="stopping\n")
    if (socket := request.app.get(SOCKET)) and not socket.is_connected:
        return web.Response(status=503, text=f"not connected to Slack: {socket.state}\n")
    try:
        await asyncio.to_thread(request.app[SERVICE].get_counts)
    except DatabaseUnavailable as error:
        return web.Response(status=503, text=f"{error}\n")
    return web.Response(text="\n".join(("ready", *_describe_socket(request.app), "")))


def _describe_socket(web_app: web.Application) -> tuple[str, ...]:
    socket = web_app.get(SOCKET)
    return (socket.state,) if socket else ()


def _make_metrics_handler(token: str | None) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle_metrics(request: web.Request) -> web.StreamResponse:
        if not metrics_module.is_allowed(request, token):
            raise web.HTTPForbidden(text="not for you: METRICS_TOKEN is missing\n")
        metrics = request.app[BOT].metrics
        try:
            totals = await asyncio.to_thread(request.app[SERVICE].get_counts)
            metrics.record_totals((totals.articles, totals.quotes))
        except DatabaseUnavailable:
            metrics.record_totals(None)
        return metrics_module.build_response(metrics)

    return handle_metrics


async def _run_response_url_client(web_app: web.Application) -> AsyncIterator[None]:
    """The first context entered, hence the last one left: when nobody sends questions any more, it sees them out."""
    bot = web_app[BOT]
    switch_interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()  # what is loaded stays: a collection that walked through all of it would hold everything up
    async with bot.response_url_client.open_session():
        yield
        await bot.executor.drain(DRAIN_SECONDS)
        bot.executor.close()
        bot.gate.close()
    gc.unfreeze()
    sys.setswitchinterval(switch_interval)


def _make_polling_context(poller: FeedPoller) -> Callable[[web.Application], AsyncIterator[None]]:
    async def run_poller(web_app: web.Application) -> AsyncIterator[None]:
        metrics = web_app[BOT].metrics
        metrics.add_labelled_counter(
            "pages", "Pages of links and feeds, by what became of them.", "outcome", lambda: poller.outcomes
        )
        metrics.add_labelled_counter(
            "fetch_failures", "Feeds, entries and pages that failed.", "why", lambda: poller.failures
        )
        metrics.add_gauge("feeds", "Feeds that are followed.", lambda: poller.feed_count)
        metrics.add_gauge(
            "feeds_failing", "Feeds that failed when they were last polled.", lambda: poller.failing_count
        )
        task = asyncio.create_task(poller.run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return run_poller


def _make_digest_context(
    runner: DigestRunner, sleep: Callable[[float], Awaitable[None]]
) -> Callable[[web.Application], AsyncIterator[None]]:
    async def run_scheduler(_: web.Application) -> AsyncIterator[None]:
        async with DigestScheduler(runner, sleep=sleep).run():
            yield
        runner.close()

    return run_scheduler


def _add_socket(web_app: web.Application, settings: Settings) -> None:
    bot = web_app[BOT]

    async def dispatch(request: AsyncBoltRequest) -> BoltResponse:
        started_at = time.perf_counter()
        response = await bot.dispatcher.dispatch(request)
        bot.metrics.record_ack("socket", time.perf_counter() - started_at)
        return response

    async def run_socket(_: web.Application) -> AsyncIterator[None]:
        async with socket.keep_connected():
            yield

    socket = web_app[SOCKET] = SocketMode(clients.make_web_client(settings.api_url, settings.app_token), dispatch)
    metrics = bot.metrics
    metrics.add_gauge("socket_connected", "1 while Slack's requests reach the bot.", lambda: socket.is_connected)
    metrics.add_labelled_counter(
        "socket_replaced", "Connections that were replaced, by reason.", "why", lambda: socket.replacement_counts
    )
    metrics.add_labelled_counter(
        "socket_failed", "Attempts to connect that failed, by reason.", "why", lambda: socket.failure_counts
    )
    web_app.cleanup_ctx.append(run_socket)


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


class _StopSignals:  # read as a word in `with`
    """Sets `stop` on SIGTERM and SIGINT, inside the block."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop

    def __enter__(self) -> None:
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(signal_number, self._stop.set)

    def __exit__(self, *_: object) -> None:
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().remove_signal_handler(signal_number)

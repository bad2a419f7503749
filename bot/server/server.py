"""Run the bot: web server, socket, health checks, metrics and shutdown.

Rule: on shutdown, the bot finishes everything it has acknowledged before it exits.
"""

import asyncio
import gc
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Final

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.core import logs, slack_limits
from bot.core.metrics import Metrics, build_response, is_allowed
from bot.core.public_errors import explain_publicly
from bot.core.settings import Mode, Settings
from bot.delivery.scheduler import DEFAULT_MAX_PASSES, PassScheduler
from bot.digests.delivery.runner import DigestRunner
from bot.digests.mail.runner import MailRunner, Sender
from bot.digests.model import ContentSource
from bot.records.record import Feeds
from bot.records.team_records import BuildFeeds, TeamRecords
from bot.server import mail_routes, oauth_routes
from bot.server.feed_poller import FeedPoller, TeamFeedPoller
from bot.server.guard.bodies import guard_bodies
from bot.server.guard.headers import build_header_signal
from bot.server.guard.hosts import build_host_middleware
from bot.server.guard.limits import ServerLimits, find_limits
from bot.server.guard.listener import Listener
from bot.server.stop_signals import StopSignals
from bot.server.wiring import Bot, build, open_installations
from bot.slack import authorization
from bot.slack.transport import clients
from bot.slack.transport.request_verification import RequestVerifier
from bot.slack.transport.socket_mode import SocketMode
from bot.storage.installations import OAuthStateStore
from bot.storage.store import Store
from bot.watches.delivery.runner import WatchRunner
from bot.web.auth.middleware import build_auth_middleware
from bot.web.routes import add_pages
from briefings import BriefingService, DatabaseUnavailable

#: seconds to wait for unfinished answers on shutdown
DRAIN_SECONDS = 25.0
#: seconds for which a worker thread can keep the event loop, and so acknowledgements, waiting (`bench slack`)
SWITCH_SECONDS = 0.001
#: objects that are made before the garbage collector looks at them: few, so that each of its pauses is short
YOUNG_OBJECTS = 700
#: seconds between two checks for due digests, for due e-mails, and for new articles that watches may match
DIGEST_SECONDS, MAIL_SECONDS, WATCH_SECONDS = 10.0, 5.0, 1.5

BOT: Final = web.AppKey("bot", Bot)
#: set when the shutdown begins
STOPPING: Final = web.AppKey("stopping", asyncio.Event)
#: only set in Socket Mode
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
    feed_service: Feeds | None = None,
    poller: FeedPoller | None = None,
    build_feeds: BuildFeeds | None = None,
    mail_sender: Sender | None = None,
) -> web.Application:
    """Build the web application: /healthz, /readyz, /metrics, the pages and, except in Socket Mode, /slack/events.

    The socket connects when the application starts. Other routes can be added before that.

    `now` returns seconds since 1970, and `sleep` waits between two checks for due digests. `store` has the bot's own
    tables; without it, the bot forgets everything when the process ends. `source` provides the content of digests.
    `feed_service` adds links and follows feeds, and `poller` polls them while the application runs. If each workspace
    has its own record, `build_feeds` takes the place of both. `mail_sender` replaces the mail server of the settings.
    """
    bot = build(
        settings,
        service,
        now=now,
        store=store,
        metrics=metrics,
        source=source,
        feed_service=feed_service,
        build_feeds=build_feeds,
        mail_sender=mail_sender,
    )
    middlewares = (build_host_middleware(settings), guard_bodies)
    web_app = web.Application(middlewares=middlewares, client_max_size=slack_limits.REQUEST_BYTES)
    web_app.on_response_prepare.append(build_header_signal(settings))
    web_app[BOT], web_app[STOPPING] = bot, asyncio.Event()
    web_app.router.add_get("/healthz", _handle_health)
    web_app.router.add_get("/readyz", _handle_ready)
    web_app.router.add_get("/metrics", _make_metrics_handler(settings.metrics_token))
    page_access = build_auth_middleware(settings, store, bot.gate, bot.metrics, now)
    add_pages(
        web_app,
        settings,
        service,
        auth_middleware=page_access,
        answer_cache=bot.answers.cache,
        topic_scope=bot.topic_scope,
        now=now,
    )
    web_app.cleanup_ctx.append(_run_response_url_client)
    if bot.runner:
        web_app.cleanup_ctx.append(_make_scheduler_context(bot.runner, sleep, DIGEST_SECONDS))
    if bot.watch_runner:
        web_app.cleanup_ctx.append(_make_scheduler_context(bot.watch_runner, sleep, WATCH_SECONDS))
        _add_watch_metrics(bot.metrics, bot.watch_runner)
    if bot.mail_runner:
        web_app.cleanup_ctx.append(_make_scheduler_context(bot.mail_runner, sleep, MAIL_SECONDS, max_passes=1))
    if bot.mail_service:
        web_app.router.add_routes(mail_routes.build_routes(bot.mail_service))
    if isinstance(bot.records, TeamRecords):
        poller = TeamFeedPoller(bot.records, sleep) if build_feeds else None
    if poller:
        web_app.cleanup_ctx.append(_make_polling_context(poller))
    if settings.mode is Mode.SOCKET:
        _add_socket(web_app, settings)
    elif settings.signing_secret:
        web_app.router.add_get("/slack/events", _handle_certificate_check, allow_head=False)
        verifier = RequestVerifier(settings.signing_secret, now)
        handle_events = _make_events_handler(bot, verifier)
        web_app.router.add_post("/slack/events", handle_events, expect_handler=_make_expect_handler(verifier))
    if settings.mode is Mode.OAUTH and store and (installations := open_installations(settings, store)):
        states = OAuthStateStore(store.database)
        on_installed = oauth_routes.make_installer_greeting(settings, bot.greeter) if bot.greeter else lambda _: None
        web_app.router.add_routes(oauth_routes.build_routes(settings, installations, states, on_installed))
    return web_app


async def serve(
    web_app: web.Application,
    settings: Settings,
    *,
    stop: asyncio.Event | None = None,
    on_listening: Callable[[str], None] = lambda _: None,
    limits: ServerLimits | None = None,
) -> None:
    """Serve until SIGTERM, SIGINT or `stop`, then finish the unfinished answers.

    `on_listening` is called with the URL. `limits` of connections default to those of this machine. Raises BadSettings
    if Slack rejects a token or the port can't be opened.
    """
    stop = stop or asyncio.Event()
    if settings.mode is Mode.SOCKET:
        web_app[BOT].authorizer.own_team = await authorization.check_tokens(settings)
    elif settings.mode is Mode.HTTP:
        web_app[BOT].authorizer.own_team = None  # requests can arrive before the check below
    logs.watch_event_loop(asyncio.get_running_loop())
    runner = web.AppRunner(web_app, access_log=None, shutdown_timeout=slack_limits.ACK_SECONDS)
    listener: Listener | None = None
    try:
        await runner.setup()
        listener = Listener(runner, limits or find_limits(settings.server.trusted_proxies))
        listener.add_metrics(web_app[BOT].metrics)
        on_listening(await listener.open(settings.host, settings.port))
        if settings.mode is Mode.HTTP:  # only now, because in the local workspace this server also simulates Slack
            web_app[BOT].authorizer.own_team = await authorization.check_tokens(settings)
        with StopSignals(stop):
            await stop.wait()
        web_app[STOPPING].set()
        for delivery_runner in (web_app[BOT].runner, web_app[BOT].watch_runner):
            if delivery_runner:
                delivery_runner.is_stopping = True
        if socket := web_app.get(SOCKET):
            await socket.disconnect()
        # before the port closes, because the local workspace receives the answers there
        await web_app[BOT].executor.drain(DRAIN_SECONDS)
    finally:
        if listener:
            await listener.close()
        await runner.cleanup()


def _make_events_handler(bot: Bot, verifier: RequestVerifier) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle_events(request: web.Request) -> web.StreamResponse:
        started_at = time.perf_counter()
        response = await to_aiohttp_response(await bot.dispatcher.dispatch(await verifier.verify(request)))
        bot.metrics.record_ack("http", time.perf_counter() - started_at)
        return response

    return handle_events


def _make_expect_handler(verifier: RequestVerifier) -> Callable[[web.Request], Awaitable[web.StreamResponse | None]]:
    """Return a handler that refuses a request before it asks the client for the body."""

    async def handle_expect(request: web.Request) -> web.StreamResponse | None:
        if request.headers.get("Expect", "").lower() != "100-continue":
            raise web.HTTPExpectationFailed(text="417: this expectation is not known.\n")
        verifier.check_headers(request)
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # what follows is the first answer
        return None

    return handle_expect


async def _handle_certificate_check(request: web.Request) -> web.Response:
    """Answer Slack's check of the certificate, which it sends as GET. It has no signature, and gets nothing."""
    if request.query.get("ssl_check") != "1":
        raise web.HTTPMethodNotAllowed("GET", ["POST"])
    return web.Response()


async def _handle_health(request: web.Request) -> web.Response:
    """Answer 200 while the event loop runs. The state of the socket is only shown: a restart would not repair it."""
    return web.Response(text="\n".join(("ok", *_describe_socket(request.app), "")))


async def _handle_ready(request: web.Request) -> web.Response:
    """Answer 200 unless the bot is stopping, the database does not answer, or the socket is not connected."""
    if request.app[STOPPING].is_set():
        return web.Response(status=503, text="stopping\n")
    if (socket := request.app.get(SOCKET)) and not socket.is_connected:
        return web.Response(status=503, text=f"not connected to Slack: {socket.state}\n")
    try:
        await asyncio.to_thread(request.app[BOT].records.check_database)
    except DatabaseUnavailable as error:
        logs.get_logger().warning("database unavailable", reason=str(error))
        return web.Response(status=503, text=f"{explain_publicly(error)}\n")
    return web.Response(text="\n".join(("ready", *_describe_socket(request.app), "")))


def _describe_socket(web_app: web.Application) -> tuple[str, ...]:
    socket = web_app.get(SOCKET)
    return (socket.state,) if socket else ()


def _make_metrics_handler(token: str | None) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle_metrics(request: web.Request) -> web.StreamResponse:
        if not is_allowed(request, token):
            advice = "send METRICS_TOKEN as a bearer token" if token else "set METRICS_TOKEN to allow other machines"
            raise web.HTTPForbidden(text=f"Forbidden: {advice}.\n")
        metrics = request.app[BOT].metrics
        try:
            totals = await asyncio.to_thread(request.app[BOT].records.count)
            metrics.record_totals((totals.articles, totals.quotes))
        except DatabaseUnavailable:
            metrics.record_totals(None)
        return build_response(metrics)

    return handle_metrics


async def _run_response_url_client(web_app: web.Application) -> AsyncIterator[None]:
    """Keep the response_url client open, and drain the executor on shutdown.

    This context is entered first and left last, so no new question can arrive while the executor drains.
    """
    bot = web_app[BOT]
    switch_interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()  # loaded modules stay in memory: without this, full collections would scan them and cause pauses
    gc.set_threshold(YOUNG_OBJECTS, *thresholds[1:])
    async with bot.response_url_client.open_session():
        yield
        await bot.executor.drain(DRAIN_SECONDS)
        bot.executor.close()
        bot.gate.close()
        bot.records.close()
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(switch_interval)


def _make_polling_context(poller: FeedPoller) -> Callable[[web.Application], AsyncIterator[None]]:
    async def run_poller(web_app: web.Application) -> AsyncIterator[None]:
        metrics = web_app[BOT].metrics
        metrics.add_labelled_counter("pages", "Fetched pages by outcome.", "outcome", lambda: poller.outcomes)
        metrics.add_labelled_counter(
            "fetch_failures", "Failed feeds, entries and pages by reason.", "why", lambda: poller.failures
        )
        metrics.add_gauge("feeds", "Followed feeds.", lambda: poller.feed_count)
        metrics.add_gauge("feeds_failing", "Feeds whose last poll failed.", lambda: poller.failing_count)
        task = asyncio.create_task(poller.run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return run_poller


def _make_scheduler_context(
    runner: DigestRunner | MailRunner | WatchRunner,
    sleep: Callable[[float], Awaitable[None]],
    seconds: float,
    max_passes: int = DEFAULT_MAX_PASSES,
) -> Callable[[web.Application], AsyncIterator[None]]:
    async def run_scheduler(_: web.Application) -> AsyncIterator[None]:
        async with PassScheduler(runner, seconds, sleep, max_passes).run():
            yield
        runner.close()

    return run_scheduler


def _add_watch_metrics(metrics: Metrics, runner: WatchRunner) -> None:
    metrics.add_counter("watch_articles", "Arrived articles that were matched.", lambda: runner.arrival_count)
    metrics.add_counter("watch_matches", "Matches of watches.", lambda: runner.match_count)
    metrics.add_counter("watch_posts", "Attempts to post a message of a watch.", lambda: runner.attempt_count)
    metrics.add_gauge("watches", "Active watches, as of the last arrival.", lambda: runner.watch_count)


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
    metrics.add_gauge(
        "socket_connected", "1 while Slack's requests arrive over the socket.", lambda: socket.is_connected
    )
    metrics.add_labelled_counter(
        "socket_replaced", "Replaced socket connections by reason.", "why", lambda: socket.replacement_counts
    )
    metrics.add_labelled_counter(
        "socket_failed", "Failed connection attempts by reason.", "why", lambda: socket.failure_counts
    )
    web_app.cleanup_ctx.append(run_socket)

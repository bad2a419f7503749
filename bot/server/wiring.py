"""Composition root: build the bot from settings, a briefing service and a clock.

Rule: building does not call Slack, and the bot's behaviour depends only on the arguments.
"""

import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_cache import AnswerCache
from bot.answers.answer_service import AnswerService
from bot.answers.executor import Executor
from bot.core.command_names import CommandNames
from bot.core.logs import format_traceback, get_library_logger, get_logger
from bot.core.metrics import Metrics
from bot.core.settings import Mode, Settings
from bot.digests.delivery.channel_settings import ChannelSettings, open_channel_settings
from bot.digests.delivery.digest_repository import DigestRepository, open_digest_repository
from bot.digests.delivery.runner import DigestRunner
from bot.digests.model import ContentSource
from bot.digests.service import DigestService, UpdateSource
from bot.links.signing import LinkSigner
from bot.listeners import buttons, commands, digests, home, messages, modals, share, shortcuts, uninstall
from bot.listeners.feeds import FeedCommands
from bot.listeners.home import HomePublisher
from bot.listeners.share import ShareService
from bot.listeners.welcome import forms, greeter
from bot.listeners.welcome.greeter import Greeter
from bot.server.ack_dispatcher import AckDispatcher
from bot.server.unknown_requests import UnknownRequests
from bot.slack.authorization import TokenAuthorization, make_client_finder
from bot.slack.permissions import Admins
from bot.slack.transport import clients, deduplication
from bot.slack.transport.channel_posts import QueuedChannelPoster
from bot.slack.transport.request_gate import LocalRequestLog, RequestGate
from bot.slack.transport.response_url import Requester, ResponseUrlClient
from bot.slack.views import notices
from bot.storage.installations import InstallationStore
from bot.storage.request_log import RateLimit
from bot.storage.store import Store
from briefings import BadSettings, BriefingsError, BriefingService
from briefings.feeds import FeedService


@dataclass(frozen=True, slots=True)
class Bot:
    """The parts of the bot that the server needs."""

    bolt: AsyncApp
    dispatcher: AckDispatcher
    gate: RequestGate
    admins: Admins
    executor: Executor
    answers: AnswerService
    response_url_client: ResponseUrlClient
    poster: QueuedChannelPoster
    metrics: Metrics
    #: sends digests; None if the bot has no store
    runner: DigestRunner | None
    #: sends welcomes; None if the bot has no store to remember them
    greeter: Greeter | None


def build(
    settings: Settings,
    service: BriefingService,
    *,
    now: Callable[[], float] = time.time,
    store: Store | None = None,
    metrics: Metrics | None = None,
    source: ContentSource | None = None,
    feed_service: FeedService | None = None,
) -> Bot:
    """Build the bot with all its listeners.

    `now` returns seconds since 1970. Without `store`, the bot forgets everything when the process ends, and sends no
    digests. `source` provides the content of digests (default: the service's updates). Without `feed_service`, nothing
    is fetched. Raises BadSettings.
    """
    metrics = metrics or Metrics()
    response_url_client = ResponseUrlClient(settings.command_names)
    installations = open_installations(settings, store)
    gate = RequestGate(LocalRequestLog(RateLimit(settings.rate_per_minute), now), store.request_log if store else None)
    executor = Executor(service, response_url_client, metrics)
    poster = QueuedChannelPoster(executor.begin, executor.end, now=now)
    authorization = _make_authorization(settings, installations, now)
    bolt = AsyncApp(
        name="on-the-record",
        logger=get_library_logger(),
        client=clients.make_web_client(settings.api_url),
        signing_secret=settings.signing_secret or "",
        authorize=authorization or _make_single_workspace_authorize(settings),
        # RequestVerifier has already verified the bytes of the request, with Slack's own verifier
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )
    if settings.command_names.own_names:
        bolt.use(_make_renaming_middleware(settings.command_names))
    bolt.use(deduplication.make_middleware(gate, response_url_client))
    bolt.error(_make_error_handler(response_url_client))

    def clock() -> datetime:
        return datetime.fromtimestamp(now(), UTC)

    answers = AnswerService(
        executor, AnswerCache(executor.call, now), poster, lambda: clock().date(), LinkSigner(settings, now)
    )
    admins, audit_log = Admins(settings.admins, now), store.audit_log if store else None
    feed_commands = FeedCommands(feed_service, admins, audit_log) if feed_service else None
    commands.register(bolt, answers, feed_commands)
    buttons.register(bolt, answers)
    modals.register(bolt, answers, store.feedback if store else None)
    share.register(bolt, answers, ShareService(gate, poster, response_url_client, store))
    shortcuts.register(bolt, answers)
    messages.register_assistant(bolt, answers)
    messages.register(bolt, answers)
    if feed_service:
        shortcuts.register_add_shortcut(bolt, answers, feed_service, admins, audit_log)
    digest_service = None
    if store:
        channel_settings = open_channel_settings(store)
        source = source or UpdateSource(executor, open_digest_repository(store), channel_settings)
        store.uninstall_cleanup.register(DigestRepository.forget_team)
        store.uninstall_cleanup.register(ChannelSettings.forget_team)
        uninstall.register(bolt, store.uninstall_cleanup)
        digest_service = DigestService(executor, admins, open_digest_repository(store), source, clock, channel_settings)
    home_publisher = HomePublisher(answers, admins, store.feedback if store else None, digest_service, feed_service)
    welcome_greeter = Greeter(answers, store.greetings, feed_service) if store else None
    if welcome_greeter:
        greeter.register(bolt, welcome_greeter)
    home.register(bolt, home_publisher)
    forms.register(bolt, answers, digest_service, feed_commands)
    digests.register(bolt, answers, digest_service, home_publisher)
    find_client = _make_renaming_finder(make_client_finder(settings, authorization), settings.command_names)
    runner = None
    if store and source:
        runner = DigestRunner(store, source, poster, find_client, clock, admins=settings.admins)
    bot = Bot(
        bolt,
        AckDispatcher(
            bolt,
            executor,
            unknown_requests=UnknownRequests(response_url_client, settings.command_names),
            command_names=settings.command_names,
        ),
        gate,
        admins,
        executor,
        answers,
        response_url_client,
        poster,
        metrics,
        runner,
        welcome_greeter,
    )
    _register_metrics(bot, service)
    return bot


def _make_renaming_middleware(command_names: CommandNames) -> Callable[..., Awaitable[None]]:
    """Return Bolt middleware that lets each request's client use the team's command names."""

    async def rename(client: AsyncWebClient, next_: Callable[[], Awaitable[Any]]) -> None:
        clients.rename_commands(client, command_names)
        await next_()

    return rename


def _make_renaming_finder(
    find_client: Callable[[str], Awaitable[AsyncWebClient | None]], command_names: CommandNames
) -> Callable[[str], Awaitable[AsyncWebClient | None]]:
    """Return `find_client` whose clients use the team's command names."""

    async def find_renaming_client(team: str) -> AsyncWebClient | None:
        client = await find_client(team)
        if client:
            clients.rename_commands(client, command_names)
        return client

    return find_renaming_client


def open_installations(settings: Settings, store: Store | None) -> InstallationStore | None:
    """Return the store of installations, or None if the bot serves only one workspace.

    Raises BadSettings if many workspaces can install the bot, but no `store` is given.
    """
    if settings.mode is not Mode.OAUTH:
        return None
    if store is None:
        raise BadSettings("Many workspaces can install the bot only with a database: set DATABASE_URL.")
    return InstallationStore(store.database, store.audit_log, settings.client_id or "")


def _register_metrics(bot: Bot, service: BriefingService) -> None:
    """Add the metrics that the parts count themselves."""
    metrics = bot.metrics
    metrics.add_counter(
        "lines_dropped",
        "Lines dropped because they differ from their source; anything but 0 is a bug.",
        lambda: service.dropped_lines,
    )
    metrics.add_counter("rate_limited", "Questions over the rate limit.", lambda: bot.gate.limited_count)
    metrics.add_counter(
        "slack_rate_limited", "Posts that Slack delayed with a 429 response.", lambda: bot.poster.limited_count
    )
    metrics.add_gauge(
        "under_way", "Questions acknowledged but not yet answered.", lambda: bot.executor.in_progress_count
    )
    metrics.add_gauge("desk_waiting", "Questions waiting for a worker thread.", lambda: bot.executor.waiting_count)
    metrics.add_gauge("gate_waiting", "Requests waiting to be saved in the database.", lambda: bot.gate.waiting_count)
    metrics.add_gauge("posts_waiting", "Messages waiting to be posted.", lambda: bot.poster.waiting_count)


def _make_error_handler(response_url_client: ResponseUrlClient) -> Callable[..., Awaitable[None]]:
    """Return an error handler that does not log the message, which can contain user input, unlike Bolt's own."""

    async def handle_error(error: Exception, body: dict[str, Any], response: BoltResponse | None) -> None:
        reference = secrets.token_hex(4)
        get_logger().error(
            "listener failed", request=reference, error=type(error).__name__, place=format_traceback(error)
        )
        if isinstance(url := body.get("response_url"), str):
            is_expected = isinstance(error, BriefingsError)
            await response_url_client.deliver(
                Requester(url), notices.build_notice(str(error)) if is_expected else notices.build_failure(reference)
            )
        if response is not None:  # listeners of events have none
            # an error status would make Slack retry, or show its own message
            response.status, response.body = 200, ""

    return handle_error


def _make_authorization(
    settings: Settings, installations: InstallationStore | None, now: Callable[[], float]
) -> TokenAuthorization | None:
    if installations is None:
        return None
    client = clients.make_web_client(settings.api_url)
    rotator = AsyncTokenRotator(
        client_id=settings.client_id or "", client_secret=settings.client_secret or "", client=client
    )
    return TokenAuthorization(installations, rotator, now)


def _make_single_workspace_authorize(settings: Settings) -> Callable[..., Awaitable[AuthorizeResult]]:
    """Return a Bolt `authorize` function that uses the bot token for every request.

    It replaces Bolt's `token` argument. With that, Bolt calls auth.test before the first acknowledgement, and switches
    to its own OAuth flow if the environment has a client id.
    """

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=settings.bot_token)

    return authorize

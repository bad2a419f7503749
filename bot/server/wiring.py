"""Builds the Bolt app: settings, a desk and a clock in, listeners wired.

Rule: nothing calls Slack while it is built, and nothing but what is passed in decides how it behaves.
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

from bot.answers.answer_cache import AnswerCache
from bot.answers.answer_service import AnswerService
from bot.answers.executor import Executor
from bot.core.logs import format_traceback, get_library_logger, get_logger
from bot.core.metrics import Metrics
from bot.core.settings import Mode, Settings
from bot.digests.delivery.digest_repository import DigestRepository, open_digest_repository
from bot.digests.delivery.runner import DigestRunner
from bot.digests.model import ContentSource
from bot.digests.service import DigestService, UpdateSource
from bot.links.signing import LinkSigner
from bot.listeners import buttons, commands, digests, home, messages, modals, share, shortcuts, uninstall
from bot.listeners.feeds import FeedCommands
from bot.listeners.home import HomePublisher
from bot.listeners.share import ShareService
from bot.server.ack_dispatcher import AckDispatcher
from bot.slack import authorization as authorization_module
from bot.slack.authorization import TokenAuthorization
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
    """The parts that the servers need to run it."""

    bolt: AsyncApp
    dispatcher: AckDispatcher
    gate: RequestGate
    admins: Admins
    executor: Executor
    answers: AnswerService
    response_url_client: ResponseUrlClient
    poster: QueuedChannelPoster
    metrics: Metrics
    #: sends digests, if there are any to send
    runner: DigestRunner | None


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
    """The bot. `now` gives seconds since 1970; without `store` nothing outlives the process.

    `source` says what digests tell (the desk's news, unless given); without `store` none are sent. Without `gathering`
    nothing is fetched.
    """
    metrics = metrics or Metrics()
    response_url_client = ResponseUrlClient()
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
        # `guard` has verified the request over its bytes before Bolt read it, with Slack's own verifier
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )
    bolt.use(deduplication.make_middleware(gate, response_url_client))
    bolt.error(_make_error_handler(response_url_client))

    def clock() -> datetime:
        return datetime.fromtimestamp(now(), UTC)

    answers = AnswerService(
        executor, AnswerCache(executor.call, now), poster, lambda: clock().date(), LinkSigner(settings, now)
    )
    admins, audit_log = Admins(settings.admins, now), store.audit_log if store else None
    commands.register(bolt, answers, FeedCommands(feed_service, admins, audit_log) if feed_service else None)
    buttons.register(bolt, answers)
    modals.register(bolt, answers, store.feedback if store else None)
    share.register(bolt, answers, ShareService(gate, poster, store))
    shortcuts.register(bolt, answers)
    messages.register_assistant(bolt, answers)
    messages.register(bolt, answers)
    if feed_service:
        shortcuts.register_add_shortcut(bolt, answers, feed_service, admins, audit_log)
    digest_service = None
    if store:
        source = source or UpdateSource(executor, open_digest_repository(store))
        store.uninstall_cleanup.register(DigestRepository.forget_team)
        uninstall.register(bolt, store.uninstall_cleanup)
        digest_service = DigestService(executor, admins, open_digest_repository(store), source, clock)
    home_publisher = HomePublisher(answers, admins, store.feedback if store else None, digest_service, feed_service)
    home.register(bolt, home_publisher)
    digests.register(bolt, answers, digest_service, home_publisher)
    find_client = authorization_module.make_client_finder(settings, authorization)
    runner = DigestRunner(store, source, poster, find_client, clock) if store and source else None
    bot = Bot(
        bolt,
        AckDispatcher(bolt, executor),
        gate,
        admins,
        executor,
        answers,
        response_url_client,
        poster,
        metrics,
        runner,
    )
    _register_metrics(bot, service)
    return bot


def open_installations(settings: Settings, store: Store | None) -> InstallationStore | None:
    """Where the bot is installed, when many workspaces may install it. Raises BadSettings without a store."""
    if settings.mode is not Mode.OAUTH:
        return None
    if store is None:
        raise BadSettings("Installing the bot in many workspaces needs a database: set DATABASE_URL.")
    return InstallationStore(store.database, store.audit_log, settings.client_id or "")


def _register_metrics(bot: Bot, service: BriefingService) -> None:
    """What the parts count themselves."""
    metrics = bot.metrics
    metrics.add_counter(
        "lines_dropped",
        "Lines that were no source's own words; anything but 0 is a bug.",
        lambda: service.dropped_lines,
    )
    metrics.add_counter("rate_limited", "Questions of people who asked too often.", lambda: bot.gate.limited_count)
    metrics.add_counter("slack_rate_limited", "Posts that Slack put off with a 429.", lambda: bot.poster.limited_count)
    metrics.add_gauge(
        "under_way", "Questions acknowledged and not yet answered.", lambda: bot.executor.in_progress_count
    )
    metrics.add_gauge("desk_waiting", "Questions that wait for the desk.", lambda: bot.executor.waiting_count)
    metrics.add_gauge("gate_waiting", "Requests that wait to be noted in the database.", lambda: bot.gate.waiting_count)
    metrics.add_gauge("posts_waiting", "Messages that wait for their channel.", lambda: bot.poster.waiting_count)


def _make_error_handler(response_url_client: ResponseUrlClient) -> Callable[..., Awaitable[BoltResponse]]:
    """Instead of Bolt's own, which writes what the error says, and that may be what somebody typed."""

    async def handle_error(error: Exception, body: dict[str, Any]) -> BoltResponse:
        reference = secrets.token_hex(4)
        get_logger().error(
            "listener failed", request=reference, error=type(error).__name__, place=format_traceback(error)
        )
        if isinstance(url := body.get("response_url"), str):
            is_expected = isinstance(error, BriefingsError)
            await response_url_client.deliver(
                Requester(url), notices.build_notice(str(error)) if is_expected else notices.build_failure(reference)
            )
        return BoltResponse(status=200, body="")  # an error would only make Slack send it again, or show its own words

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
    """The bot's token for every request.

    Given instead of Bolt's `token`, which asks Slack (auth.test) before the first acknowledgement, and which gives way
    to an OAuth installation of Bolt's own as soon as the environment holds a client id.
    """

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=settings.bot_token)

    return authorize

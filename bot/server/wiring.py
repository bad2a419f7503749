"""Composition root: build the bot from settings, a briefing service and a clock.

Rule: building does not call Slack, and the bot's behaviour depends only on the arguments.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_cache import AnswerCache
from bot.answers.answer_service import AnswerService
from bot.answers.asker_days import AskerDays
from bot.answers.executor import Executor
from bot.answers.left_out import leave_out_nothing
from bot.answers.suggestions import SuggestionFinder
from bot.answers.topic_scope import TopicScope
from bot.core.command_names import CommandNames
from bot.core.metrics import Metrics
from bot.core.settings import Mode, Settings
from bot.digests.content_source import UpdateSource
from bot.digests.delivery.channel_settings import ChannelSettings, open_channel_settings
from bot.digests.delivery.digest_repository import DigestRepository, open_digest_repository
from bot.digests.delivery.runner import DigestRunner
from bot.digests.mail.outbox import MailOutbox
from bot.digests.mail.runner import MailRunner, Sender
from bot.digests.mail.service import MailService, open_mail_service
from bot.digests.mail.smtp import SmtpSender
from bot.digests.model import ContentSource
from bot.digests.service import DigestService
from bot.links.signing import LinkSigner
from bot.listeners import buttons, commands, digests, exports, home, messages, modals, share, shortcuts, uninstall
from bot.listeners.feeds import FeedCommands
from bot.listeners.home import HomePublisher
from bot.listeners.mutes import commands as mute_commands
from bot.listeners.people import requests as person_requests
from bot.listeners.provenance.desk import ProvenanceDesk
from bot.listeners.share import ShareService
from bot.listeners.topics import registration
from bot.listeners.topics.commands import answer_plain
from bot.listeners.watches import commands as watch_commands
from bot.listeners.watches.requests import answer_message
from bot.listeners.welcome import forms, greeter
from bot.listeners.welcome.greeter import Greeter
from bot.mutes.left_out import find_current_left_out
from bot.mutes.repository import MuteRepository, open_mute_repository
from bot.mutes.service import MuteService
from bot.records.feeds import TeamFeeds
from bot.records.opening import open_records
from bot.records.record import Feeds, SharedRecord
from bot.records.team_records import BuildFeeds, TeamRecords
from bot.server.ack_dispatcher import AckDispatcher
from bot.server.bolt_app import build_bolt_app
from bot.server.unknown_requests import UnknownRequests
from bot.slack.authorization import TokenAuthorization, make_client_finder
from bot.slack.permissions.authorizer import Authorizer
from bot.slack.permissions.directory import SlackDirectory
from bot.slack.transport import clients
from bot.slack.transport.channel_posts import QueuedChannelPoster
from bot.slack.transport.request_gate import LocalRequestLog, RequestGate
from bot.slack.transport.response_url import ResponseUrlClient
from bot.storage.installations import InstallationStore, open_installation_store
from bot.storage.request_log import RateLimit
from bot.storage.review.waiting_links import WaitingLinks, open_waiting_links
from bot.storage.store import Store
from bot.storage.topics.repository import TopicRepository
from bot.topics.service import TopicService
from bot.watches.delivery.matching.team_matchers import TeamMatchers
from bot.watches.delivery.runner import WatchRunner
from bot.watches.delivery.stored_articles import StoredArticles
from bot.watches.service import build_watch_service
from briefings import BadSettings, BriefingService


@dataclass(frozen=True, slots=True)
class Bot:
    """The parts of the bot that the server needs."""

    bolt: AsyncApp
    dispatcher: AckDispatcher
    gate: RequestGate
    authorizer: Authorizer
    executor: Executor
    answers: AnswerService
    topic_scope: TopicScope
    response_url_client: ResponseUrlClient
    poster: QueuedChannelPoster
    metrics: Metrics
    #: sends digests; None if the bot has no store
    runner: DigestRunner | None
    #: matches new articles with the watches; None if the bot has no store
    watch_runner: WatchRunner | None
    #: sends welcomes; None if the bot has no store to remember them
    greeter: Greeter | None
    #: e-mail addresses of digests, and what sends to them; None if e-mail is not set up
    mail_service: MailService | None
    mail_runner: MailRunner | None
    #: opens the record of each request
    records: SharedRecord | TeamRecords


def build(
    settings: Settings,
    service: BriefingService,
    *,
    now: Callable[[], float] = time.time,
    store: Store | None = None,
    metrics: Metrics | None = None,
    source: ContentSource | None = None,
    feed_service: Feeds | None = None,
    build_feeds: BuildFeeds | None = None,
    mail_sender: Sender | None = None,
) -> Bot:
    """Build the bot with all its listeners.

    `now` returns seconds since 1970. Without `store`, the bot forgets everything when the process ends, and sends no
    digests. `source` provides the content of digests (default: the service's updates). Without `feed_service`, nothing
    is fetched. If each workspace has its own record, `build_feeds` builds the feed services of all, and of `service`
    only the topics are used. `mail_sender` replaces the mail server of the settings. Raises BadSettings.
    """
    metrics = metrics or Metrics()
    response_url_client = ResponseUrlClient(settings.command_names)
    installations = open_installations(settings, store)
    gate = RequestGate(LocalRequestLog(RateLimit(settings.rate_per_minute), now), store.request_log if store else None)
    topic_repository = None
    if store:
        topic_repository = TopicRepository(store.database, store.audit_log, store.clock, service.topics)
        store.uninstall_cleanup.register(TopicRepository.forget_team)
    mute_repository = open_mute_repository(store) if store else None
    find_left_out = partial(find_current_left_out, mute_repository) if mute_repository else leave_out_nothing
    records = open_records(settings, service, store, build_feeds)
    if records.is_per_team:
        feed_service = TeamFeeds(records) if build_feeds else None
    topic_scope = TopicScope(service, topic_repository, find_left_out, records)
    executor = Executor(service, response_url_client, metrics, borrow_service=topic_scope.borrow_service)
    poster = QueuedChannelPoster(executor.begin, executor.end, now=now)
    authorization = _make_authorization(settings, installations, now)
    bolt = build_bolt_app(settings, authorization, gate, topic_scope, response_url_client)

    def clock() -> datetime:
        return datetime.fromtimestamp(now(), UTC)

    suggestions = SuggestionFinder(executor, lambda: clock().date(), find_left_out)
    authorizer = Authorizer(settings.admin_list, settings.record_policy, SlackDirectory(now))
    mute_service = MuteService(executor, mute_repository, authorizer) if mute_repository else None
    answers = AnswerService(
        executor,
        AnswerCache(executor.call, now, find_left_out),
        poster,
        lambda: clock().date(),
        LinkSigner(settings, now),
        AskerDays(clock),
        suggestions,
    )
    audit_log = store.audit_log if store else None
    feed_commands = FeedCommands(feed_service, authorizer, audit_log) if feed_service else None
    provenance_desk = _register_provenance(bolt, answers, feed_service, authorizer, store)
    commands.register(bolt, answers, feed_commands, provenance_desk)
    buttons.register(bolt, answers)
    person_requests.register(bolt, answers)
    modals.register(bolt, answers, store.feedback if store else None, authorizer)
    share.register(bolt, answers, ShareService(gate, poster, response_url_client, store, authorizer))
    exports.register(bolt, answers, gate, settings, authorizer)
    shortcuts.register(bolt, answers, authorizer)
    watch_service = build_watch_service(store, executor, authorizer, clock, find_left_out) if store else None
    topic_service = None
    if topic_repository:
        topic_service = TopicService(executor, topic_scope, topic_repository, suggestions, find_left_out, authorizer)
    plain_handlers: list[messages.PlainHandler] = [mute_service.answer_message] if mute_service else []
    plain_handlers += [partial(answer_message, watch_service)]
    plain_handlers += [partial(answer_plain, topic_service)] if topic_service else []
    messages.register_assistant(bolt, answers, plain_handlers)
    messages.register(bolt, answers, plain_handlers)
    if feed_service and provenance_desk:
        shortcuts.register_add_shortcut(
            bolt,
            answers,
            feed_service,
            authorizer,
            audit_log,
            provenance_desk,
            has_review=settings.sources.has_link_review,
        )
    mute_commands.register(bolt, answers, mute_service)
    digest_service, mail_runner, mail_service = None, None, None
    if store:
        mail_service = open_mail_service(settings, store, now)
        if mail_service and settings.mail:
            mail_runner = MailRunner(MailOutbox(store.database), mail_sender or SmtpSender(settings.mail), clock)
        channel_settings = open_channel_settings(store)
        source = source or UpdateSource(
            executor,
            open_digest_repository(store),
            channel_settings,
            topic_scope,
            mute_service,
            with_mail=mail_service is not None,
        )
        store.uninstall_cleanup.register(MuteRepository.forget_team)
        store.uninstall_cleanup.register(DigestRepository.forget_team)
        store.uninstall_cleanup.register(ChannelSettings.forget_team)
        uninstall.register(bolt, store.uninstall_cleanup)
        digest_service = DigestService(
            executor, authorizer, open_digest_repository(store), source, clock, channel_settings, mail_service
        )
    home_publisher = HomePublisher(
        answers,
        authorizer,
        store.feedback if store else None,
        digest_service,
        feed_service,
        watch_service,
        open_waiting_links(store) if store and feed_service else None,
        has_topics=topic_service is not None,
    )
    welcome_greeter = Greeter(answers, store.greetings, feed_service) if store else None
    if welcome_greeter:
        greeter.register(bolt, welcome_greeter)
    home.register(bolt, home_publisher)
    registration.register(bolt, answers, topic_service, digest_service, home_publisher)
    forms.register(bolt, answers, digest_service, feed_commands)
    digests.register(bolt, answers, digest_service, home_publisher)
    watch_commands.register(bolt, answers, watch_service, home_publisher)
    find_client = _make_renaming_finder(make_client_finder(settings, authorization), settings.command_names)
    runner = None
    if store and source:
        runner = DigestRunner(
            store, source, poster, find_client, clock, admins=settings.admin_list, mail_service=mail_service
        )
    watch_runner = None
    if store:
        articles = StoredArticles(service, topic_repository)
        matcher = TeamMatchers(store.database, records, topic_repository, clock) if records.is_per_team else None
        watch_runner = WatchRunner(
            store, articles, poster, find_client, clock, admins=settings.admin_list, matcher=matcher
        )
    bot = Bot(
        bolt,
        AckDispatcher(
            bolt,
            executor,
            unknown_requests=UnknownRequests(response_url_client, settings.command_names),
            command_names=settings.command_names,
        ),
        gate,
        authorizer,
        executor,
        answers,
        topic_scope,
        response_url_client,
        poster,
        metrics,
        runner,
        watch_runner,
        welcome_greeter,
        mail_service,
        mail_runner,
        records,
    )
    _register_metrics(bot)
    return bot


def _register_provenance(
    bolt: AsyncApp,
    answers: AnswerService,
    feed_service: Feeds | None,
    authorizer: Authorizer,
    store: Store | None,
) -> ProvenanceDesk | None:
    """Register what decides about outlets and waiting links; None without anything that fetches links."""
    if store:
        store.uninstall_cleanup.register(WaitingLinks.forget_team)
    if feed_service is None:
        return None
    waiting_links = open_waiting_links(store) if store else None
    desk = ProvenanceDesk(answers, feed_service, authorizer, store.audit_log if store else None, waiting_links)
    desk.register(bolt)
    return desk


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
    return open_installation_store(store.database, store.audit_log, settings.client_id or "", store.keys)


def _register_metrics(bot: Bot) -> None:
    """Add the metrics that the parts count themselves."""
    metrics = bot.metrics
    metrics.add_counter(
        "lines_dropped",
        "Lines dropped because they differ from their source; anything but 0 is a bug.",
        lambda: bot.records.dropped_lines,
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
    if mail_runner := bot.mail_runner:
        metrics.add_labelled_counter("mails", "E-mails by outcome.", "outcome", lambda: mail_runner.outcomes)
    metrics.add_gauge("posts_waiting", "Messages waiting to be posted.", lambda: bot.poster.waiting_count)


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

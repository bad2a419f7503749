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

from bot import (
    actions,
    adding,
    assistant,
    clients,
    commands,
    digesting,
    home,
    leaving,
    messages,
    modals,
    once,
    sharing,
    shortcuts,
    workspaces,
)
from bot.admins import Admins
from bot.answering import Answering
from bot.asking import Asking
from bot.authorization import Authorization
from bot.blocks import notices
from bot.composed import Composed
from bot.courier import Asker, Courier
from bot.digests.content import NewsSource
from bot.digests.desk import DigestDesk
from bot.digests.model import Source
from bot.digests.runner import Runner
from bot.door import Door
from bot.following import Following
from bot.home import Homes
from bot.logs import library_logger, logger, place
from bot.metrics import Metrics
from bot.posting import Posting
from bot.settings import Mode, Settings
from bot.sharing import Sharing
from bot.store.digests import Digests, open_digests
from bot.store.gate import Gate, Here
from bot.store.installations import Installations
from bot.store.rate import Rate
from bot.store.store import Store
from bot.web.links import Links
from briefings.desk import Desk
from briefings.errors import BadSettings, BriefingsError
from briefings.gathering.gathering import Gathering


@dataclass(frozen=True, slots=True)
class Bot:
    """The parts that the servers need to run it."""

    bolt: AsyncApp
    door: Door
    gate: Gate
    admins: Admins
    answering: Answering
    asking: Asking
    courier: Courier
    posting: Posting
    metrics: Metrics
    #: sends digests, if there are any to send
    runner: Runner | None


def build(
    settings: Settings,
    desk: Desk,
    *,
    now: Callable[[], float] = time.time,
    store: Store | None = None,
    metrics: Metrics | None = None,
    source: Source | None = None,
    gathering: Gathering | None = None,
) -> Bot:
    """The bot. `now` gives seconds since 1970; without `store` nothing outlives the process.

    `source` says what digests tell (the desk's news, unless given); without `store` none are sent. Without `gathering`
    nothing is fetched.
    """
    metrics = metrics or Metrics()
    courier = Courier()
    installations = installed(settings, store)
    gate = Gate(Here(Rate(settings.rate_per_minute), now), store.admission if store else None)
    answering = Answering(desk, courier, metrics)
    posting = Posting(answering.begin, answering.end, now=now)
    authorization = _authorization(settings, installations, now)
    bolt = AsyncApp(
        name="on-the-record",
        logger=library_logger(),
        client=clients.web_client(settings.api_url),
        signing_secret=settings.signing_secret or "",
        authorize=authorization or _one_workspace(settings),
        # `guard` has verified the request over its bytes before Bolt read it, with Slack's own verifier
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )
    bolt.use(once.middleware(gate, courier))
    bolt.error(_failed(courier))

    def clock() -> datetime:
        return datetime.fromtimestamp(now(), UTC)

    asking = Asking(answering, Composed(answering.call, now), posting, lambda: clock().date(), Links(settings, now))
    admins, audit = Admins(settings.admins, now), store.audit if store else None
    commands.register(bolt, asking, Following(gathering, admins, audit) if gathering else None)
    actions.register(bolt, asking)
    modals.register(bolt, asking, store.feedback if store else None)
    sharing.register(bolt, asking, Sharing(gate, posting, store))
    shortcuts.register(bolt, asking)
    assistant.register(bolt, asking)
    messages.register(bolt, asking)
    if gathering:
        adding.register(bolt, asking, gathering, admins, audit)
    digests = None
    if store:
        source = source or NewsSource(answering, open_digests(store))
        store.leaving.register(Digests.forget)
        leaving.register(bolt, store.leaving)
        digests = DigestDesk(answering, admins, open_digests(store), source, clock)
    homes = Homes(asking, admins, store.feedback if store else None, digests, gathering)
    home.register(bolt, homes)
    digesting.register(bolt, asking, digests, homes)
    client_of = workspaces.client_of(settings, authorization)
    runner = Runner(store, source, posting, client_of, clock) if store and source else None
    bot = Bot(bolt, Door(bolt, answering), gate, admins, answering, asking, courier, posting, metrics, runner)
    _measure(bot, desk)
    return bot


def installed(settings: Settings, store: Store | None) -> Installations | None:
    """Where the bot is installed, when many workspaces may install it. Raises BadSettings without a store."""
    if settings.mode is not Mode.OAUTH:
        return None
    if store is None:
        raise BadSettings("Installing the bot in many workspaces needs a database: set DATABASE_URL.")
    return Installations(store.database, store.audit, settings.client_id or "")


def _measure(bot: Bot, desk: Desk) -> None:
    """What the parts count themselves."""
    see = bot.metrics
    see.count("lines_dropped", "Lines that were no source's own words; anything but 0 is a bug.", lambda: desk.dropped)
    see.count("rate_limited", "Questions of people who asked too often.", lambda: bot.gate.limited)
    see.count("slack_rate_limited", "Posts that Slack put off with a 429.", lambda: bot.posting.limited)
    see.level("under_way", "Questions acknowledged and not yet answered.", lambda: bot.answering.under_way)
    see.level("desk_waiting", "Questions that wait for the desk.", lambda: bot.answering.waiting)
    see.level("gate_waiting", "Requests that wait to be noted in the database.", lambda: bot.gate.waiting)
    see.level("posts_waiting", "Messages that wait for their channel.", lambda: bot.posting.waiting)


def _failed(courier: Courier) -> Callable[..., Awaitable[BoltResponse]]:
    """Instead of Bolt's own, which writes what the error says, and that may be what somebody typed."""

    async def failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
        reference = secrets.token_hex(4)
        logger().error("listener failed", request=reference, error=type(error).__name__, place=place(error))
        if isinstance(url := body.get("response_url"), str):
            known = isinstance(error, BriefingsError)
            await courier.deliver(Asker(url), notices.sentence(str(error)) if known else notices.failure(reference))
        return BoltResponse(status=200, body="")  # an error would only make Slack send it again, or show its own words

    return failed


def _authorization(
    settings: Settings, installations: Installations | None, now: Callable[[], float]
) -> Authorization | None:
    if installations is None:
        return None
    client = clients.web_client(settings.api_url)
    rotator = AsyncTokenRotator(
        client_id=settings.client_id or "", client_secret=settings.client_secret or "", client=client
    )
    return Authorization(installations, rotator, now)


def _one_workspace(settings: Settings) -> Callable[..., Awaitable[AuthorizeResult]]:
    """The bot's token for every request.

    Given instead of Bolt's `token`, which asks Slack (auth.test) before the first acknowledgement, and which gives way
    to an OAuth installation of Bolt's own as soon as the environment holds a client id.
    """

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=settings.bot_token)

    return authorize

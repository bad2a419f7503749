"""Builds the Bolt app: settings, a desk and a clock in, listeners wired.

Rule: nothing calls Slack while it is built, and nothing but what is passed in decides how it behaves.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot import actions, clients, commands, once
from bot.admins import Admins
from bot.answering import Answering
from bot.courier import Courier
from bot.door import Door
from bot.logs import library_logger, logger, place
from bot.settings import Settings
from bot.store.gate import Gate, Here
from bot.store.rate import Rate
from bot.store.store import Store
from briefings.desk import Desk


@dataclass(frozen=True, slots=True)
class Bot:
    """The parts that the servers need to run it."""

    bolt: AsyncApp
    door: Door
    gate: Gate
    admins: Admins
    answering: Answering
    courier: Courier


def build(settings: Settings, desk: Desk, *, now: Callable[[], float] = time.time, store: Store | None = None) -> Bot:
    """The bot for one workspace. `now` gives seconds since 1970; without `store` nothing outlives the process."""
    courier = Courier()
    gate = Gate(Here(Rate(settings.rate_per_minute), now), store.admission if store else None)
    answering = Answering(desk, courier)
    bolt = AsyncApp(
        name="on-the-record",
        logger=library_logger(),
        client=clients.web_client(settings.api_url),
        signing_secret=settings.signing_secret or "",
        authorize=_one_workspace(settings),
        # `guard` has verified the request over its bytes before Bolt read it, with Slack's own verifier
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )
    bolt.use(once.middleware(gate, courier))
    bolt.error(_failed)
    commands.register(bolt, answering)
    actions.register(bolt, answering)
    return Bot(bolt, Door(bolt, answering), gate, Admins(settings.admins, now), answering, courier)


async def _failed(error: Exception) -> None:
    """Instead of Bolt's own, which writes what the error says, and that may be what somebody typed."""
    logger().error("listener failed", error=type(error).__name__, place=place(error))


def _one_workspace(settings: Settings) -> Callable[..., Awaitable[AuthorizeResult]]:
    """The bot's token for every request.

    Given instead of Bolt's `token`, which asks Slack (auth.test) before the first acknowledgement, and which gives way
    to an OAuth installation of Bolt's own as soon as the environment holds a client id.
    """

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=settings.bot_token)

    return authorize

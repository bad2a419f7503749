"""Sends the welcome messages: one to a new workspace, and one to each channel that the bot is invited to.

Rule: a welcome is sent once, whatever Slack repeats and however many replicas run. If Slack refuses it, the next
occasion sends it. If its delivery is uncertain, it is not sent again.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from hashlib import sha256
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.core.logs import format_traceback, get_logger
from bot.core.tenancy import use_team
from bot.records.record import Feeds
from bot.slack.blocks.message import Message
from bot.slack.transport.channel_posts import DeliveryUncertain, NotPosted
from bot.slack.transport.request_verification import get_team_id
from bot.slack.views import welcome
from bot.slack.views.welcome import Start
from bot.storage.greetings import WORKSPACE, GreetingLog
from briefings import DatabaseUnavailable

_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{1,30}")
_RECIPIENT_ID = re.compile(r"[DUW][A-Z0-9]{1,30}")
#: most greeted subjects to remember in memory
_MAX_CACHED = 10_000


class Greeter:
    """Sends the welcomes. Without `feed_service`, no feeds are followed."""

    def __init__(self, answers: AnswerService, greeting_log: GreetingLog, feed_service: Feeds | None = None) -> None:
        self._answers = answers
        self._greeting_log = greeting_log
        self._feed_service = feed_service
        self._greeted_keys: set[tuple[str, str]] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def start_workspace_greeting(self, client: AsyncWebClient, team: str, recipient: str) -> None:
        """Start `greet_workspace` in the background. A shutdown waits for it."""
        if (team, WORKSPACE) not in self._greeted_keys:
            self._start(self.greet_workspace(client, team, recipient))

    async def greet_channel(self, client: AsyncWebClient, team: str, channel: str) -> None:
        """Post the welcome in a channel that the bot has joined, unless it got one before. Never raises."""
        if _CHANNEL_ID.fullmatch(channel):
            await self._greet(client, team, channel, channel, welcome.build_channel_welcome)

    async def greet_workspace(self, client: AsyncWebClient, team: str, recipient: str) -> None:
        """Send the welcome to one user or direct conversation, unless the workspace got it before. Never raises."""
        if _RECIPIENT_ID.fullmatch(recipient):
            await self._greet(client, team, WORKSPACE, recipient, welcome.build_workspace_welcome)

    async def _greet(
        self, client: AsyncWebClient, team: str, subject: str, channel: str, build: Callable[[Start], Message]
    ) -> None:
        # an installation has no request of the team
        with use_team(team):
            await self._greet_once(client, team, subject, channel, build)

    async def _greet_once(
        self, client: AsyncWebClient, team: str, subject: str, channel: str, build: Callable[[Start], Message]
    ) -> None:
        if not team or (team, subject) in self._greeted_keys:
            return
        try:
            is_first = await self._greeting_log.claim(team, subject)
        except Exception as error:  # noqa: BLE001  # no one waits for a greeting, so an error would be lost
            get_logger().error("greeting skipped", error=type(error).__name__)
            return
        self._remember(team, subject)
        if not is_first:
            return
        key = sha256(f"greeting\0{team}\0{subject}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
        try:
            await self._answers.poster.post(client, channel, build(await self._load_start()), key=key)
        except NotPosted as error:
            get_logger().warning("greeting rejected", error=error.code)
            await self._release(team, subject)
        except DeliveryUncertain:
            get_logger().warning("greeting unconfirmed")
        else:
            get_logger().info("greeting sent", kind="channel" if subject else "workspace")

    async def _load_start(self) -> Start:
        """Return what a newcomer can do. After any error, the welcome is sent without the newest topic."""
        try:
            topics = await self._answers.executor.call(lambda service: service.list_topics())
            feeds = await self._feed_service.list_feeds() if self._feed_service else ()
        except Exception as error:  # noqa: BLE001  # a welcome must not depend on the stored articles
            get_logger().error("greeting content failed", error=type(error).__name__, place=format_traceback(error))
            return Start()
        return Start(next((summary for summary in topics if summary.articles), None), bool(feeds))

    async def _release(self, team: str, subject: str) -> None:
        self._greeted_keys.discard((team, subject))
        try:
            await self._greeting_log.release(team, subject)
        except DatabaseUnavailable as error:
            get_logger().error("greeting claim release failed", error=type(error).__name__)

    def _start(self, greeting: Coroutine[Any, Any, None]) -> None:
        executor = self._answers.executor
        executor.begin()
        task = asyncio.create_task(greeting)
        self._tasks.add(task)  # the event loop keeps only a weak reference
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: executor.end())

    def _remember(self, team: str, subject: str) -> None:
        if len(self._greeted_keys) >= _MAX_CACHED:
            self._greeted_keys.clear()
        self._greeted_keys.add((team, subject))


def register(app: AsyncApp, greeter: Greeter) -> None:
    """Greet channels that the bot joins, and the first user who opens the app's tabs.

    Other listeners handle opened tabs, and Bolt calls only one listener for an event. So this is a middleware.
    """

    async def on_joined(
        event: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        user, channel = event.get("user"), event.get("channel")
        if isinstance(channel, str) and isinstance(user, str) and user in _get_bot_user_ids(body, context):
            await greeter.greet_channel(client, get_team_id(context), channel)

    async def greet_on_opened_tab(
        body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext, next_: Callable[[], Awaitable[Any]]
    ) -> None:
        event = body.get("event")
        if isinstance(event, dict) and event.get("type") == "app_home_opened":
            recipient = event.get("channel") or event.get("user")
            if isinstance(recipient, str):
                greeter.start_workspace_greeting(client, get_team_id(context), recipient)
        await next_()

    app.event("member_joined_channel")(on_joined)
    app.use(greet_on_opened_tab)


def _get_bot_user_ids(body: dict[str, Any], context: AsyncBoltContext) -> set[str]:
    """Return the bot's own user ids, as far as the installation or the event names them."""
    raw_authorizations = body.get("authorizations")
    authorizations = raw_authorizations if isinstance(raw_authorizations, list) else []
    own_ids = {
        str(entry.get("user_id")) for entry in authorizations if isinstance(entry, dict) and entry.get("is_bot") is True
    }
    return own_ids | ({str(context.bot_user_id)} if context.bot_user_id else set())

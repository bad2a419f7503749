"""Publishes App Home when a user opens it and its content has changed.

Rule: data that is the same for all users is cached until the stored articles change. An unchanged view is not sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.answers.current_topics import load_topics_key
from bot.core.logs import format_traceback, get_logger
from bot.core.permissions.table import GuardedAction
from bot.core.public_errors import explain_publicly
from bot.digests import list_view
from bot.digests.service import DigestService
from bot.mutes.current_channel import use_channel
from bot.records.record import Feeds
from bot.slack.permissions.actor import get_actor
from bot.slack.permissions.authorizer import Authorizer
from bot.slack.transport.clients import get_error_code
from bot.slack.transport.request_verification import get_team_id
from bot.slack.views.home import HomeContent, build_home_view, build_notice_view
from bot.storage.feedback import FeedbackRepository
from bot.storage.review.waiting_links import WaitingLinks
from bot.topics import list_view as topic_list
from bot.watches import list_view as watch_list_view
from bot.watches.service import WatchService
from briefings import BriefingsError, BriefingService, DatabaseUnavailable, TopicSummary
from briefings.storage import FollowedFeed, Overview

#: most digests and watches shown with their buttons
_MAX_DIGESTS = _MAX_WATCHES = 10
#: workspaces whose data is kept
_MAX_TEAMS = 100
_FAILURE = "Something went wrong on our side. Please open this tab again in a minute."


@dataclass(frozen=True, slots=True)
class _HomeData:
    """Data for all users. `stamp` is the change token of the articles it is based on."""

    stamp: str
    topics: tuple[TopicSummary, ...]
    overview: Overview


class HomePublisher:
    """Builds and publishes App Home. Without a service, its section is left out."""

    def __init__(
        self,
        answers: AnswerService,
        authorizer: Authorizer,
        feedback: FeedbackRepository | None,
        digest_service: DigestService | None = None,
        feed_service: Feeds | None = None,
        watch_service: WatchService | None = None,
        waiting_links: WaitingLinks | None = None,
        *,
        has_topics: bool = False,
    ) -> None:
        self._answers = answers
        self._authorizer = authorizer
        self._feedback = feedback
        self._digest_service = digest_service
        self._feed_service = feed_service
        self._watch_service = watch_service
        self._waiting_links = waiting_links
        self._has_topics = has_topics
        self._home_data: dict[str, _HomeData] = {}

    async def build_view(self, client: AsyncWebClient, team: str, user: str, note: str = "") -> View:
        """Return App Home for `user`, with `note` (markup) at the top, or else an error message. Never raises."""
        # App Home is the same for a press in any channel
        with use_channel(team, ""):
            return await self._build_view(client, team, user, note)

    async def _build_view(self, client: AsyncWebClient, team: str, user: str, note: str) -> View:
        try:
            home_data = await self._load_data()
            actor, feedback_count, feeds, waiting_count = get_actor(team, user, client), None, None, 0
            if await self._authorizer.is_allowed(GuardedAction.READ_REPORTS, actor):
                feedback_count = await self._count_feedback(team)
                if await self._authorizer.is_allowed(GuardedAction.READ_FEEDS, actor):
                    feeds = await self._load_feeds()
                if await self._authorizer.is_allowed(GuardedAction.CONFIRM_ARTICLE, actor):
                    waiting_count = await self._count_waiting(team)
            digests = await self._build_digest_blocks(team, user)
            suggestions = topic_list.build_home_section(
                await self._answers.find_suggestions_soon() if self._has_topics else None
            )
            return build_home_view(
                HomeContent(
                    home_data.topics,
                    home_data.overview,
                    feedback_count,
                    digests,
                    note,
                    feeds,
                    suggestions,
                    waiting_count,
                )
            )
        except BriefingsError as error:
            return build_notice_view(explain_publicly(error))
        except Exception as error:  # noqa: BLE001  # the user gets a message for any error
            get_logger().error("home build failed", error=type(error).__name__, place=format_traceback(error))
            return build_notice_view(_FAILURE)

    async def _load_data(self) -> _HomeData:
        """Return the data of the workspace whose request is handled."""
        key = await load_topics_key()
        previous_data = self._home_data.pop(key, None)
        home_data = await self._answers.executor.call(lambda service: _refresh_data(service, previous_data))
        self._home_data = dict(list(self._home_data.items())[-_MAX_TEAMS:]) | {key: home_data}
        return home_data

    async def publish(
        self, client: AsyncWebClient, team: str, user: str, *, current_metadata: str = "", note: str = ""
    ) -> None:
        """Publish App Home, unless `current_metadata` shows that the user already sees this version. Never raises."""
        view = await self.build_view(client, team, user, note)
        if current_metadata == view.private_metadata:
            return
        try:
            await client.views_publish(user_id=user, view=view)
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            reason = get_error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
            get_logger().error("home publish failed", error=reason)

    async def _build_digest_blocks(self, team: str, user: str) -> Sequence[Block]:
        if self._digest_service is None:
            return ()
        digests = await self._digest_service.list_person_digests(team, user)
        blocks = list_view.build_home_section(digests, _MAX_DIGESTS)
        if self._watch_service:
            watches = await self._watch_service.list_person_watches(team, user)
            blocks += watch_list_view.build_home_section(watches, _MAX_WATCHES)
        return blocks

    async def _load_feeds(self) -> tuple[FollowedFeed, ...] | None:
        try:
            return await self._feed_service.list_feeds() if self._feed_service else None
        except DatabaseUnavailable as error:
            get_logger().error("feed list failed", error=type(error).__name__)
            return None

    async def _count_feedback(self, team: str) -> int | None:
        if self._feedback is None:
            return None
        try:
            return await self._feedback.count(team)
        except DatabaseUnavailable as error:
            get_logger().error("feedback count failed", error=type(error).__name__)
            return None

    async def _count_waiting(self, team: str) -> int:
        try:
            return len(await self._waiting_links.list_links(team)) if self._waiting_links else 0
        except DatabaseUnavailable as error:
            get_logger().error("waiting link count failed", error=type(error).__name__)
            return 0


def register(app: AsyncApp, home_publisher: HomePublisher) -> None:
    """Register the listener."""

    async def on_opened(event: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        user = event.get("user")
        if event.get("tab") != "home" or not isinstance(user, str):  # the same event is sent for other tabs
            return
        current_metadata = (event.get("view") or {}).get("private_metadata")
        await home_publisher.publish(client, get_team_id(context), user, current_metadata=str(current_metadata or ""))

    app.event("app_home_opened")(on_opened)


def _refresh_data(service: BriefingService, previous_data: _HomeData | None) -> _HomeData:
    """Return `previous_data` if the articles are unchanged, else new data."""
    stamp = service.get_change_token()
    return (
        previous_data
        if previous_data and previous_data.stamp == stamp
        else _HomeData(stamp, service.list_topics(), service.get_overview())
    )

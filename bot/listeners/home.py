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
from bot.core.logs import format_traceback, get_logger
from bot.digests import list_view
from bot.digests.service import DigestService
from bot.slack.permissions import Admins
from bot.slack.transport.clients import get_error_code
from bot.slack.transport.request_verification import get_team_id
from bot.slack.views.home import HomeContent, build_home_view, build_notice_view
from bot.storage.feedback import FeedbackRepository
from briefings import BriefingsError, BriefingService, DatabaseUnavailable, TopicSummary
from briefings.feeds import FeedService
from briefings.storage import FollowedFeed, Overview

#: most digests shown with their buttons
_MAX_DIGESTS = 10
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
        admins: Admins,
        feedback: FeedbackRepository | None,
        digest_service: DigestService | None = None,
        feed_service: FeedService | None = None,
    ) -> None:
        self._answers = answers
        self._admins = admins
        self._feedback = feedback
        self._digest_service = digest_service
        self._feed_service = feed_service
        self._home_data: _HomeData | None = None

    async def build_view(self, client: AsyncWebClient, team: str, user: str, note: str = "") -> View:
        """Return App Home for `user`, with `note` (markup) at the top, or else an error message. Never raises."""
        try:
            previous_data = self._home_data
            self._home_data = home_data = await self._answers.executor.call(
                lambda service: _refresh_data(service, previous_data)
            )
            feedback_count, feeds = None, None
            if await self._admins.can_change(client, team, user):
                feedback_count, feeds = await self._count_feedback(team), await self._load_feeds()
            digests = await self._build_digest_blocks(team, user)
            return build_home_view(
                HomeContent(home_data.topics, home_data.overview, feedback_count, digests, note, feeds)
            )
        except BriefingsError as error:
            return build_notice_view(str(error))
        except Exception as error:  # noqa: BLE001  # the user gets a message for any error
            get_logger().error("home build failed", error=type(error).__name__, place=format_traceback(error))
            return build_notice_view(_FAILURE)

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
        return list_view.build_home_section(await self._digest_service.list_person_digests(team, user), _MAX_DIGESTS)

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

"""The App Home: published when somebody opens it and it shows something else than they saw.

Rule: quick. What is the same for everybody is read once, until the record changes; what one sees already is not sent.
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

from bot.admins import Admins
from bot.asking import Asking
from bot.blocks import home as blocks
from bot.blocks import scheduled
from bot.blocks.home import Home
from bot.clients import error_code
from bot.digests.desk import DigestDesk
from bot.logs import logger, place
from bot.store.feedback import Feedback
from bot.teams import team_of
from briefings.desk import Desk, TopicSummary
from briefings.errors import BriefingsError, RecordUnavailable
from briefings.gathering.gathering import Gathering
from briefings.record.sources import FollowedFeed
from briefings.record.values import Overview

#: digests that are shown with their buttons
_DIGESTS = 10
_FAILED = "Something went wrong on our side and was logged. Please open this again in a minute."


@dataclass(frozen=True, slots=True)
class _Read:
    """What the record held when it was so stamped."""

    stamp: str
    topics: tuple[TopicSummary, ...]
    overview: Overview


class Homes:
    """Makes the Home of each person. Without `feedback` nobody is told of doubts, without `digests` nobody has any, and
    without `gathering` nobody is told of feeds.
    """

    def __init__(
        self,
        asking: Asking,
        admins: Admins,
        feedback: Feedback | None,
        digests: DigestDesk | None = None,
        gathering: Gathering | None = None,
    ) -> None:
        self._asking = asking
        self._admins = admins
        self._feedback = feedback
        self._digests = digests
        self._gathering = gathering
        self._read: _Read | None = None

    async def view(self, client: AsyncWebClient, team: str, user: str, note: str = "") -> View:
        """The Home of `user`, `note` (markup) on top, or a sentence that says why there is none. Never raises."""
        try:
            known = self._read
            self._read = read = await self._asking.answering.call(lambda desk: _renewed(desk, known))
            doubts, feeds = None, None
            if await self._admins.may_change(client, team, user):
                doubts, feeds = await self._doubts(team), await self._feeds()
            digests = await self._scheduled(team, user)
            return blocks.home(Home(read.topics, read.overview, doubts, digests, note, feeds))
        except BriefingsError as error:
            return blocks.told(str(error))
        except Exception as error:  # noqa: BLE001  # whatever breaks, whoever opens the Home is told
            logger().error("failed", door="home", error=type(error).__name__, place=place(error))
            return blocks.told(_FAILED)

    async def publish(self, client: AsyncWebClient, team: str, user: str, *, seen: str = "", note: str = "") -> None:
        """Shows it, unless what they see already bears the mark `seen`. Never raises."""
        view = await self.view(client, team, user, note)
        if seen == view.private_metadata:
            return
        try:
            await client.views_publish(user_id=user, view=view)
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            told = error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
            logger().error("home not published", error=told)

    async def _scheduled(self, team: str, user: str) -> Sequence[Block]:
        if self._digests is None:
            return ()
        return scheduled.at_home(await self._digests.of_person(team, user), _DIGESTS)

    async def _feeds(self) -> tuple[FollowedFeed, ...] | None:
        try:
            return await self._gathering.feeds() if self._gathering else None
        except RecordUnavailable as error:
            logger().error("feeds not read", error=type(error).__name__)
            return None

    async def _doubts(self, team: str) -> int | None:
        if self._feedback is None:
            return None
        try:
            return await self._feedback.count(team)
        except RecordUnavailable as error:
            logger().error("feedback not counted", error=type(error).__name__)
            return None


def register(app: AsyncApp, homes: Homes) -> None:
    """Makes `app` publish it."""

    async def on_opened(event: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        user = event.get("user")
        if event.get("tab") != "home" or not isinstance(user, str):  # the same event tells of the other tabs
            return
        seen = (event.get("view") or {}).get("private_metadata")
        await homes.publish(client, team_of(context), user, seen=str(seen or ""))

    app.event("app_home_opened")(on_opened)


def _renewed(desk: Desk, known: _Read | None) -> _Read:
    """`known` when the record is as it was."""
    stamp = desk.changed()
    return known if known and known.stamp == stamp else _Read(stamp, desk.topics(), desk.overview())

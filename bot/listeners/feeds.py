"""`/briefing follow ADDRESS` and `/briefing unfollow ADDRESS`, for those who look after the bot.

Rule: only an address makes it so; "follow the money" is words to brief on. Who followed what is noted.
"""

import re
from dataclasses import dataclass

from bot.core.logs import get_logger
from bot.slack.blocks.message import Message
from bot.slack.permissions import REFUSAL, Admins
from bot.slack.transport.response_url import Requester
from bot.slack.views import notices
from bot.storage.audit_log import AuditAction, AuditLog
from briefings import DatabaseUnavailable
from briefings.feeds import FeedRequest, FeedService

_FEED_COMMAND = re.compile(
    r"\s*(?P<what>follow|unfollow)\s+<?(?P<address>(?P<scheme>[a-z][a-z0-9+.-]*://)?[^\s|<>]+?)(?:\|[^<>]*)?>?\s*",
    re.IGNORECASE,
)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?].*)?")


@dataclass(frozen=True, slots=True)
class FeedCommand:
    """To follow a feed, or to follow it no more."""

    address: str
    is_follow: bool


def parse_feed_command(text: str) -> FeedCommand | None:
    """What was typed after `/briefing`, when it is a wish; None when it is a question."""
    match = _FEED_COMMAND.fullmatch(text)
    if match is None:
        return None
    address = match["address"].replace("&amp;", "&")
    if match["scheme"] is None:
        if not _HOST.fullmatch(address):
            return None
        address = f"https://{address}"
    return FeedCommand(address, match["what"].lower() == "follow")


class FeedCommands:
    """Does what is wished, for those who may. `audit` None notes nothing."""

    def __init__(self, feed_service: FeedService, admins: Admins, audit_log: AuditLog | None) -> None:
        self._feed_service = feed_service
        self._admins = admins
        self._audit_log = audit_log

    async def answer(self, requester: Requester, team: str, feed_command: FeedCommand) -> Message:
        """What became of it. Raises BriefingsError."""
        if requester.client is None or not await self._admins.can_change(requester.client, team, requester.user):
            return notices.build_notice(REFUSAL)
        if not feed_command.is_follow:
            address = await self._feed_service.unfollow(feed_command.address)
            await self._save_audit_entry(AuditAction(team, requester.user, "unfollowed", address))
            return notices.build_notice(f"Followed no more: {address}. Its articles stay in the record.")
        feed = await self._feed_service.follow(FeedRequest(feed_command.address, requester.user))
        await self._save_audit_entry(AuditAction(team, requester.user, "followed", feed.address))
        title = f" (“{feed.title}”)" if feed.title else ""
        if not feed.is_new:
            return notices.build_notice(f"{feed.address}{title} is followed already.")
        return notices.build_notice(
            f"Following {feed.address}{title}: it has {feed.entry_count} entries at present, which come into the record "
            "within a few minutes. If it ever fails, the app's Home says so."
        )

    async def _save_audit_entry(self, action: AuditAction) -> None:
        """It is done, whatever the database says."""
        if self._audit_log is None:
            return
        try:
            await self._audit_log.add(action)
        except DatabaseUnavailable as error:
            get_logger().error("a deed is not noted", error=type(error).__name__)

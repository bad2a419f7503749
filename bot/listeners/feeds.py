"""Parses and runs `/briefing follow ADDRESS` and `/briefing unfollow ADDRESS`, for admins only.

Rule: only text with a web address is such a command; "follow the money" is a question. Each change is audited.
"""

import re
from dataclasses import dataclass

from bot.core.logs import get_logger
from bot.core.permissions.table import GuardedAction
from bot.records.record import Feeds
from bot.slack.blocks.formatting import format_count
from bot.slack.blocks.message import Message
from bot.slack.permissions.actor import get_actor
from bot.slack.permissions.authorizer import Authorizer, Decision
from bot.slack.transport.response_url import Requester
from bot.slack.views import notices
from bot.storage.audit_log import AuditAction, AuditLog
from briefings import DatabaseUnavailable
from briefings.feeds import FeedRequest, FollowResult

_FEED_COMMAND = re.compile(
    r"\s*(?P<what>follow|unfollow)\s+<?(?P<address>(?P<scheme>[a-z][a-z0-9+.-]*://)?[^\s|<>]+?)(?:\|[^<>]*)?>?\s*",
    re.IGNORECASE,
)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?].*)?")


@dataclass(frozen=True, slots=True)
class FeedCommand:
    """A command to follow or unfollow a feed."""

    address: str
    is_follow: bool


def parse_feed_command(text: str) -> FeedCommand | None:
    """Parse the text after `/briefing`. Return None if it is a question."""
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
    """Runs feed commands, for those who may. Without `audit_log`, nothing is audited."""

    def __init__(self, feed_service: Feeds, authorizer: Authorizer, audit_log: AuditLog | None) -> None:
        self._feed_service = feed_service
        self.authorizer = authorizer
        self._audit_log = audit_log

    async def answer(self, requester: Requester, team: str, feed_command: FeedCommand) -> Message:
        """Run a command and return its confirmation. Raises BriefingsError."""
        await self.authorizer.require(GuardedAction.FOLLOW_FEED, get_actor(team, requester.user, requester.client))
        if not feed_command.is_follow:
            address = await self._feed_service.unfollow(feed_command.address)
            await save_audit_entry(self._audit_log, AuditAction(team, requester.user, "unfollowed", address))
            return notices.build_notice(f"Unfollowed {address}. Its articles were kept.")
        return notices.build_notice(describe_followed_feed(await self.follow(requester, team, feed_command.address)))

    async def authorize(self, requester: Requester, team: str) -> Decision:
        """Return whether this user can follow and unfollow feeds."""
        actor = get_actor(team, requester.user, requester.client)
        return await self.authorizer.authorize(GuardedAction.FOLLOW_FEED, actor)

    async def follow(self, requester: Requester, team: str, address: str) -> FollowResult:
        """Follow the feed at an address, for a user who is allowed to. Raises BriefingsError."""
        feed = await self._feed_service.follow(FeedRequest(address, requester.user))
        await save_audit_entry(self._audit_log, AuditAction(team, requester.user, "followed", feed.address))
        return feed


def describe_followed_feed(feed: FollowResult) -> str:
    """Return the sentences that confirm a followed feed, as plain text."""
    title = f" (“{feed.title}”)" if feed.title else ""
    if not feed.is_new:
        return f"{feed.address}{title} is already followed."
    return (
        f"Following {feed.address}{title}. It has {format_count(feed.entry_count, 'article')}. "
        "Articles are added within a few minutes. If the feed stops working, App Home will show it."
    )


async def save_audit_entry(audit_log: AuditLog | None, action: AuditAction) -> None:
    """Write the audit entry, if there is an audit log. A database error is logged, not raised."""
    if audit_log is None:
        return
    try:
        await audit_log.add(action)
    except DatabaseUnavailable as error:
        get_logger().error("audit entry not saved", error=type(error).__name__)

"""What a delivery gets from its caller: a way to post, the client of a team, and a thread for blocking work."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.blocks.message import Message

#: returns the bot's client for a team, or None if the bot is not installed there
FindClient = Callable[[str], Awaitable[AsyncWebClient | None]]

T = TypeVar("T")


class RunOnThread(Protocol):
    """Runs a blocking function on another thread."""

    async def __call__(self, work: Callable[..., T], *arguments: object, **keywords: object) -> T:
        """Return the result of `work`, called with these arguments."""
        ...


class ChannelPoster(Protocol):
    """Posts messages, as `channel_posts.QueuedChannelPoster` does."""

    async def post(
        self,
        client: AsyncWebClient,
        channel: str,
        message: Message,
        *,
        key: str | None = None,
        thread: str | None = None,
    ) -> str:
        """Post `message` and return its ts. Raises NotPosted or DeliveryUncertain."""
        ...

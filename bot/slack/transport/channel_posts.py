"""Posts messages into channels: one a second in each, each of them once, whatever becomes of the connection.

Rule: a post is sent again only when Slack says that it stands nowhere (429), after the seconds it asks for. A message
carries a key in its metadata: when it is not known whether Slack took it, the key is looked up in the channel before
any second attempt, and where the channel cannot be read there is none.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core import slack_limits
from bot.core.logs import get_logger
from bot.slack.blocks.message import Message
from bot.slack.transport import clients
from briefings import BriefingsError

EVENT_TYPE = "on_the_record"
#: messages that may wait for one channel: as many as are posted while the bot is given time to stop
MAX_WAITING = 20
#: seconds for which one message waits, all in all, because Slack says 429
MAX_WAIT_SECONDS = 60.0
#: messages of a channel's history that are looked at, as many as any kind of app is given
_HISTORY_LIMIT = 15
#: channels remembered before those that are quiet again are forgotten
_MAX_CHANNELS = 1_000
#: errors after which the message may stand there all the same, says Slack
_UNCERTAIN_ERRORS = ("no answer", "internal_error", "fatal_error", "request_timeout", "service_unavailable")
_BLOCK_ERRORS = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long")
_CONNECTION_ERRORS = (SlackClientError, ClientError, TimeoutError, OSError)

_UNCERTAIN = "Slack did not say whether the message was posted: look at the channel, and if it is not there, try again."
_REFUSALS = {
    "not_in_channel": "On the Record is not in this channel: type /invite @On the Record there, then try again.",
    "channel_not_found": "On the Record does not see this channel: type /invite @On the Record there, then try again.",
    "is_archived": "This channel is archived, and nothing can be posted in it.",
    "restricted_action": "Only some people may post in this channel: ask an admin of this workspace.",
    "ratelimited": "Slack takes no more messages here for the moment: please try again in a minute.",
}


class NotPosted(BriefingsError):
    """Nothing stands in the channel. `code` is Slack's own, or "busy"."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class DeliveryUncertain(BriefingsError):
    """It may stand in the channel or not."""


@dataclass(frozen=True, slots=True)
class _PendingPost:
    client: AsyncWebClient
    channel: str
    message: Message
    key: str
    #: the ts of the message that it answers
    thread: str | None


@dataclass(slots=True)
class _ChannelQueue:
    """One channel: whose turn it is, how many there are, from when the next may be posted."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting_count: int = 0
    next_post_at: float = float("-inf")


class QueuedChannelPoster:
    """All that is posted in channels. `now` gives seconds since 1970, `sleep` waits for some.

    `begin` and `end` are called as a message begins and ceases to wait, so that whoever stops the bot can wait for it.
    """

    def __init__(
        self,
        begin: Callable[[], None] = lambda: None,
        end: Callable[[], None] = lambda: None,
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._begin, self._end = begin, end
        self._now, self._sleep = now, sleep
        self._queues: dict[str, _ChannelQueue] = {}
        #: how often Slack said 429
        self.limited_count = 0

    @property
    def waiting_count(self) -> int:
        """Messages that wait or are on their way, in all channels."""
        return sum(queue.waiting_count for queue in self._queues.values())

    async def post(
        self,
        client: AsyncWebClient,
        channel: str,
        message: Message,
        *,
        key: str | None = None,
        thread: str | None = None,
    ) -> str:
        """Posts `message`, in its turn, and gives its ts. Raises NotPosted, Unsure.

        `key` names the message among all: with the same key a later attempt would find it. `thread` is the ts of the
        message that it answers. Whoever is cancelled before the message's turn has posted nothing.
        """
        queue = self._get_queue(channel)
        if queue.waiting_count >= MAX_WAITING:
            raise NotPosted("Many messages wait for this channel: please try again in a minute.", "busy")
        queue.waiting_count += 1
        self._begin()
        try:
            async with queue.lock:
                return await self._post_once(
                    queue, _PendingPost(client, channel, message, key or secrets.token_hex(16), thread)
                )
        finally:
            queue.waiting_count -= 1
            self._end()

    def _get_queue(self, channel: str) -> _ChannelQueue:
        if len(self._queues) > _MAX_CHANNELS:
            now = self._now()
            self._queues = {
                name: queue for name, queue in self._queues.items() if queue.waiting_count or queue.next_post_at > now
            }
        return self._queues.setdefault(channel, _ChannelQueue())

    async def _post_once(self, queue: _ChannelQueue, pending_post: _PendingPost) -> str:
        for _ in range(2):
            try:
                return await self._send_with_retries(queue, pending_post)
            except SlackApiError as error:
                code = clients.get_error_code(error)
                if code in _BLOCK_ERRORS and pending_post.message.blocks:
                    get_logger().error("blocks refused", error=code)
                    pending_post = replace(pending_post, message=Message(pending_post.message.text))
                    continue
                if code not in _UNCERTAIN_ERRORS:
                    raise NotPosted(_describe_refusal(code), code) from error
                get_logger().error("not known whether it was posted", error=code)
            except _CONNECTION_ERRORS as error:
                get_logger().error("not known whether it was posted", error=type(error).__name__)
            await self._sleep(slack_limits.POST_SECONDS)  # what Slack took a moment ago is not at once in its history
            if ts := await self._find_ts(pending_post):
                return ts
        raise DeliveryUncertain(_UNCERTAIN)

    async def _send_with_retries(self, queue: _ChannelQueue, pending_post: _PendingPost) -> str:
        """One post, a second after the last one, and again after a 429."""
        total_wait = 0.0
        while True:
            # a clock that was set back must not hold the channel up
            await self._pause(min(queue.next_post_at - self._now(), slack_limits.POST_SECONDS))
            try:
                return await _send(pending_post)
            except SlackApiError as error:
                if clients.get_error_code(error) != "ratelimited":
                    raise
                self.limited_count += 1
                pause = clients.get_retry_after(error)
                total_wait += pause
                if total_wait > MAX_WAIT_SECONDS:
                    raise
            finally:
                queue.next_post_at = self._now() + slack_limits.POST_SECONDS
            await self._pause(pause)

    async def _pause(self, seconds: float) -> None:
        if seconds > 0:
            await self._sleep(seconds)

    async def _find_ts(self, pending_post: _PendingPost) -> str | None:
        """The ts of the message with this key, None when it is not there. Raises Unsure when nobody can tell."""
        try:
            messages = await self._fetch_history(pending_post)
        except _CONNECTION_ERRORS as error:
            code = clients.get_error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
            get_logger().error("history not read", error=code)
            raise DeliveryUncertain(_UNCERTAIN) from error
        return next((str(message["ts"]) for message in messages if get_message_key(message) == pending_post.key), None)

    async def _fetch_history(self, pending_post: _PendingPost) -> list[dict[str, Any]]:
        """The newest messages of the channel, or of the thread, which Slack gives from its oldest on."""
        client, params = (
            pending_post.client,
            {"channel": pending_post.channel, "limit": _HISTORY_LIMIT, "include_all_metadata": True},
        )
        if pending_post.thread:
            since = f"{self._now() - slack_limits.SIGNATURE_SECONDS - MAX_WAIT_SECONDS:.6f}"
            params |= {"ts": pending_post.thread, "oldest": since}
        method = "conversations.replies" if pending_post.thread else "conversations.history"
        response = await client.api_call(method, params=params)
        return list(response.get("messages") or ())


async def _send(pending_post: _PendingPost) -> str:
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": pending_post.key}}
    response = await pending_post.client.chat_postMessage(
        channel=pending_post.channel, thread_ts=pending_post.thread, metadata=metadata, **pending_post.message.content
    )
    return str(response["ts"])


def get_message_key(message: dict[str, Any]) -> object:
    """The key that a message of the channel's history carries, if it is one of ours."""
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}).get("key") if metadata.get("event_type") == EVENT_TYPE else None


def _describe_refusal(code: str) -> str:
    return _REFUSALS.get(code) or f"Slack does not let On the Record post here ({code}): ask an admin."

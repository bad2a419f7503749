"""Posts messages into channels: one per second in each channel, and each message exactly once.

Rule: a post is repeated without a check only if Slack rejected it with 429, after the Retry-After seconds. A message
carries a key in its metadata. If a post may have reached Slack, the key is looked up in the channel before a second
attempt. If the channel cannot be read, the post is not repeated.
"""

import asyncio
import re
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
#: most messages waiting for one channel; this many can be posted while the bot shuts down
MAX_WAITING = 20
#: longest total wait of one message because of 429 responses, in seconds
MAX_WAIT_SECONDS = 60.0
#: messages of a channel's history to search; the most that Slack gives to any kind of app
_HISTORY_LIMIT = 15
#: number of channel queues after which idle ones are removed
_MAX_CHANNELS = 1_000
#: error codes after which the message may have been posted, according to Slack
_UNCERTAIN_ERRORS = ("no answer", "internal_error", "fatal_error", "request_timeout", "service_unavailable")
_BLOCK_ERRORS = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long")
_CONNECTION_ERRORS = (SlackClientError, ClientError, TimeoutError, OSError)

UNCERTAIN = "We couldn't confirm that the message was posted. Check the channel; if it's missing, try again."
_REFUSALS = {
    "not_in_channel": "On the Record isn't in this channel. Type /invite @On the Record here, then try again.",
    "channel_not_found": "On the Record can't see this channel. Type /invite @On the Record here, then try again.",
    "is_archived": "This channel is archived, so nothing can be posted in it.",
    "restricted_action": "Only some people can post in this channel. Ask a workspace admin.",
    "ratelimited": "Slack isn't accepting more messages here right now. Please try again in a minute.",
}
#: codes where the bot is not a member
NOT_MEMBER_CODES = ("not_in_channel", "channel_not_found")
#: Slack's names of conversations between people, to which no one can invite the bot
_PRIVATE_NAME = re.compile(r"directmessage|mpdm-.*")
#: Slack's name of every private channel, and of some conversations between people
UNCLEAR_NAME = "privategroup"
_PRIVATE_CONVERSATION = "On the Record can't post in a conversation between people. Try it in a channel."
_UNCLEAR_CONVERSATION = (
    "On the Record isn't in this conversation. In a channel, type /invite @On the Record, then try again. "
    "In a conversation between people it can't post."
)


class NotPosted(BriefingsError):
    """The message was not posted. `code` is Slack's error code, or "busy"."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class DeliveryUncertain(BriefingsError):
    """It is unknown whether the message was posted."""


@dataclass(frozen=True, slots=True)
class _PendingPost:
    client: AsyncWebClient
    channel: str
    message: Message
    key: str
    #: the ts of the thread to post in
    thread: str | None
    channel_name: str


@dataclass(slots=True)
class _ChannelQueue:
    """The queue of one channel: a lock for the next turn, the waiting messages, the earliest time of the next post."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting_count: int = 0
    next_post_at: float = float("-inf")


class QueuedChannelPoster:
    """Posts all channel messages of the bot. `now` returns seconds since 1970, `sleep` waits for seconds.

    `begin` and `end` are called when a message enters and leaves the queue, so that a shutdown can wait for it.
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
        #: number of 429 responses
        self.limited_count = 0

    @property
    def waiting_count(self) -> int:
        """Return the number of messages that wait or are being sent, in all channels."""
        return sum(queue.waiting_count for queue in self._queues.values())

    async def post(
        self,
        client: AsyncWebClient,
        channel: str,
        message: Message,
        *,
        key: str | None = None,
        thread: str | None = None,
        channel_name: str = "",
    ) -> str:
        """Post `message` in its turn and return its ts. Raises NotPosted, DeliveryUncertain.

        `key` identifies the message: a later attempt with the same key finds it. `thread` is the ts of the thread to
        post in. `channel_name` is Slack's name of the channel, for the sentence of NotPosted. If the task is cancelled
        before the message's turn, nothing is posted.
        """
        queue = self._get_queue(channel)
        if queue.waiting_count >= MAX_WAITING:
            raise NotPosted("Too many messages are waiting for this channel. Please try again in a minute.", "busy")
        queue.waiting_count += 1
        self._begin()
        try:
            async with queue.lock:
                pending_post = _PendingPost(
                    client, channel, message, key or secrets.token_hex(16), thread, channel_name
                )
                return await self._post_once(queue, pending_post)
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
                    get_logger().error("blocks rejected", error=code)
                    pending_post = replace(pending_post, message=Message(pending_post.message.text))
                    continue
                if code not in _UNCERTAIN_ERRORS:
                    raise NotPosted(_describe_refusal(code, pending_post), code) from error
                get_logger().error("channel post unconfirmed", error=code)
            except _CONNECTION_ERRORS as error:
                get_logger().error("channel post unconfirmed", error=type(error).__name__)
            await self._sleep(slack_limits.POST_SECONDS)  # Slack needs a moment to add a message to its history
            if ts := await self._find_ts(pending_post):
                return ts
        raise DeliveryUncertain(UNCERTAIN)

    async def _send_with_retries(self, queue: _ChannelQueue, pending_post: _PendingPost) -> str:
        """Post a second after the channel's last post, and again after each 429."""
        total_wait = 0.0
        while True:
            # limits the wait after a clock was set back
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
        """Return the ts of the message with this key, or None. Raises DeliveryUncertain if Slack gives no history."""
        try:
            messages = await self._fetch_history(pending_post)
        except _CONNECTION_ERRORS as error:
            code = clients.get_error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
            get_logger().error("history read failed", error=code)
            raise DeliveryUncertain(UNCERTAIN) from error
        return next(
            (str(message.get("ts")) for message in messages if get_message_key(message) == pending_post.key), None
        )

    async def _fetch_history(self, pending_post: _PendingPost) -> list[dict[str, Any]]:
        """Return the newest messages of the channel, or of the thread, which Slack lists from the oldest on."""
        client, params = (
            pending_post.client,
            {"channel": pending_post.channel, "limit": _HISTORY_LIMIT, "include_all_metadata": True},
        )
        if pending_post.thread:
            since = f"{self._now() - slack_limits.SIGNATURE_SECONDS - MAX_WAIT_SECONDS:.6f}"
            params |= {"ts": pending_post.thread, "oldest": since}
        method = "conversations.replies" if pending_post.thread else "conversations.history"
        response = await client.api_call(method, params=params)
        messages = response.get("messages")
        if not isinstance(messages, list):
            raise clients.UnreadableAnswer("no messages")
        return [message for message in messages if isinstance(message, dict)]


def get_message_key(message: dict[str, Any]) -> object:
    """Return the key of a message from the channel's history, or None if the bot did not post it."""
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return None
    payload = metadata.get("event_payload")
    return payload.get("key") if isinstance(payload, dict) else None


async def _send(pending_post: _PendingPost) -> str:
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": pending_post.key}}
    response = await pending_post.client.chat_postMessage(
        channel=pending_post.channel, thread_ts=pending_post.thread, metadata=metadata, **pending_post.message.content
    )
    ts = response.get("ts")
    if not isinstance(ts, str):
        raise clients.UnreadableAnswer("no ts")
    return ts


def is_between_people(channel: str, channel_name: str) -> bool:
    """Whether no one can invite the bot to a conversation, because it is not a channel. The bot is not in it."""
    return channel.startswith("D") or bool(_PRIVATE_NAME.fullmatch(channel_name))


def _describe_refusal(code: str, pending_post: _PendingPost) -> str:
    if code in NOT_MEMBER_CODES:
        if is_between_people(pending_post.channel, pending_post.channel_name):
            return _PRIVATE_CONVERSATION
        if pending_post.channel_name == UNCLEAR_NAME:
            return _UNCLEAR_CONVERSATION
    return _REFUSALS.get(code) or f"Slack doesn't let On the Record post here ({code}). Ask a workspace admin."

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

from bot import clients, limits
from bot.blocks.message import Message
from bot.logs import logger
from briefings.errors import BriefingsError

EVENT_TYPE = "on_the_record"
#: messages that may wait for one channel: as many as are posted while the bot is given time to stop
MOST_WAITING = 20
#: seconds for which one message waits, all in all, because Slack says 429
LONGEST_WAIT = 60.0
#: messages of a channel's history that are looked at, as many as any kind of app is given
_LOOKED_AT = 15
#: channels remembered before those that are quiet again are forgotten
_MANY_CHANNELS = 1_000
#: errors after which the message may stand there all the same, says Slack
_PERHAPS = ("no answer", "internal_error", "fatal_error", "request_timeout", "service_unavailable")
_TOO_MUCH = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long")
_DROPPED = (SlackClientError, ClientError, TimeoutError, OSError)

_UNSURE = "Slack did not say whether the message was posted: look at the channel, and if it is not there, try again."
_REFUSALS = {
    "not_in_channel": "On the Record is not in this channel: type /invite @On the Record there, then try again.",
    "channel_not_found": "On the Record does not see this channel: type /invite @On the Record there, then try again.",
    "is_archived": "This channel is archived, and nothing can be posted in it.",
    "restricted_action": "Only some people may post in this channel: ask an admin of this workspace.",
    "ratelimited": "Slack takes no more messages here for the moment: please try again in a minute.",
}


class NotPosted(BriefingsError):
    """Nothing stands in the channel. `code` is Slack's own, or "busy"."""

    def __init__(self, told: str, code: str) -> None:
        super().__init__(told)
        self.code = code


class Unsure(BriefingsError):
    """It may stand in the channel or not."""


@dataclass(frozen=True, slots=True)
class _Letter:
    client: AsyncWebClient
    channel: str
    message: Message
    key: str
    #: the ts of the message that it answers
    thread: str | None


@dataclass(slots=True)
class _Lane:
    """One channel: whose turn it is, how many there are, from when the next may be posted."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    free: float = float("-inf")


class Posting:
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
        self._lanes: dict[str, _Lane] = {}
        #: how often Slack said 429
        self.limited = 0

    @property
    def waiting(self) -> int:
        """Messages that wait or are on their way, in all channels."""
        return sum(lane.waiting for lane in self._lanes.values())

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
        lane = self._lane(channel)
        if lane.waiting >= MOST_WAITING:
            raise NotPosted("Many messages wait for this channel: please try again in a minute.", "busy")
        lane.waiting += 1
        self._begin()
        try:
            async with lane.turn:
                return await self._once(lane, _Letter(client, channel, message, key or secrets.token_hex(16), thread))
        finally:
            lane.waiting -= 1
            self._end()

    def _lane(self, channel: str) -> _Lane:
        if len(self._lanes) > _MANY_CHANNELS:
            now = self._now()
            self._lanes = {name: lane for name, lane in self._lanes.items() if lane.waiting or lane.free > now}
        return self._lanes.setdefault(channel, _Lane())

    async def _once(self, lane: _Lane, letter: _Letter) -> str:
        for _ in range(2):
            try:
                return await self._sent(lane, letter)
            except SlackApiError as error:
                code = clients.error_code(error)
                if code in _TOO_MUCH and letter.message.blocks:
                    logger().error("blocks refused", error=code)
                    letter = replace(letter, message=Message(letter.message.text))
                    continue
                if code not in _PERHAPS:
                    raise NotPosted(_refusal(code), code) from error
                logger().error("not known whether it was posted", error=code)
            except _DROPPED as error:
                logger().error("not known whether it was posted", error=type(error).__name__)
            await self._sleep(limits.POST_SECONDS)  # what Slack took a moment ago is not at once in its history
            if ts := await self._looked_up(letter):
                return ts
        raise Unsure(_UNSURE)

    async def _sent(self, lane: _Lane, letter: _Letter) -> str:
        """One post, a second after the last one, and again after a 429."""
        waited = 0.0
        while True:
            # a clock that was set back must not hold the channel up
            await self._pause(min(lane.free - self._now(), limits.POST_SECONDS))
            try:
                return await _posted(letter)
            except SlackApiError as error:
                if clients.error_code(error) != "ratelimited":
                    raise
                self.limited += 1
                pause = clients.retry_after(error)
                waited += pause
                if waited > LONGEST_WAIT:
                    raise
            finally:
                lane.free = self._now() + limits.POST_SECONDS
            await self._pause(pause)

    async def _pause(self, seconds: float) -> None:
        if seconds > 0:
            await self._sleep(seconds)

    async def _looked_up(self, letter: _Letter) -> str | None:
        """The ts of the message with this key, None when it is not there. Raises Unsure when nobody can tell."""
        try:
            told = await self._history(letter)
        except _DROPPED as error:
            code = clients.error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
            logger().error("history not read", error=code)
            raise Unsure(_UNSURE) from error
        return next((str(one["ts"]) for one in told if key_of(one) == letter.key), None)

    async def _history(self, letter: _Letter) -> list[dict[str, Any]]:
        """The newest messages of the channel, or of the thread, which Slack gives from its oldest on."""
        client, wanted = letter.client, {"channel": letter.channel, "limit": _LOOKED_AT, "include_all_metadata": True}
        if letter.thread:
            since = f"{self._now() - limits.SIGNATURE_SECONDS - LONGEST_WAIT:.6f}"
            wanted |= {"ts": letter.thread, "oldest": since}
        method = "conversations.replies" if letter.thread else "conversations.history"
        told = await client.api_call(method, params=wanted)
        return list(told.get("messages") or ())


async def _posted(letter: _Letter) -> str:
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": letter.key}}
    answer = await letter.client.chat_postMessage(
        channel=letter.channel, thread_ts=letter.thread, metadata=metadata, **letter.message.content
    )
    return str(answer["ts"])


def key_of(message: dict[str, Any]) -> object:
    """The key that a message of the channel's history carries, if it is one of ours."""
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}).get("key") if metadata.get("event_type") == EVENT_TYPE else None


def _refusal(code: str) -> str:
    return _REFUSALS.get(code) or f"Slack does not let On the Record post here ({code}): ask an admin."

"""Posts one message into a channel once, whatever becomes of the connection.

Rule: a message carries a key in its metadata. When it is not known whether Slack took it, the key is looked up in the
channel's history before any second attempt; where history cannot be read there is none.
"""

from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.blocks.message import Message
from bot.clients import error_code
from bot.logs import logger
from briefings.errors import BriefingsError

EVENT_TYPE = "on_the_record"
#: messages of a channel's history that are looked at, as many as any kind of app is given
_LOOKED_AT = 15
_MOST_REPLIES = 1000
#: errors after which Slack says that the message may stand there all the same
_PERHAPS = ("no answer", "internal_error", "fatal_error", "request_timeout", "service_unavailable")
_OUTSIDE = ("not_in_channel", "channel_not_found")
_TOO_MUCH = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long")
_DROPPED = (SlackClientError, ClientError, TimeoutError, OSError)


class NotPosted(BriefingsError):
    """Slack refused it: nothing stands in the channel."""


class Unsure(BriefingsError):
    """It may stand in the channel or not."""


async def post_once(client: AsyncWebClient, channel: str, message: Message, key: str, thread: str = "") -> str:
    """Posts `message`, in the thread of that ts if there is one, and gives its ts. Raises NotPosted, Unsure."""
    for _ in range(2):
        try:
            return await _posted(client, channel, message, key, thread)
        except SlackApiError as error:
            code = error_code(error)
            if code in _TOO_MUCH and message.blocks:
                logger().error("blocks refused", error=code)
                message = Message(message.text)
                continue
            if code not in _PERHAPS:
                raise NotPosted(_refusal(code)) from error
        except _DROPPED as error:
            logger().error("not known whether it was posted", error=type(error).__name__)
        if ts := await _looked_up(client, channel, key, thread):
            return ts
    raise Unsure(_UNSURE)


_UNSURE = "Slack did not say whether your message was posted: look at the channel, and if it is not there, ask again."


async def _posted(client: AsyncWebClient, channel: str, message: Message, key: str, thread: str) -> str:
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
    answer = await client.chat_postMessage(
        channel=channel, thread_ts=thread or None, metadata=metadata, **message.content
    )
    return str(answer["ts"])


async def _looked_up(client: AsyncWebClient, channel: str, key: str, thread: str) -> str | None:
    """The ts of the message with this key, None when it is not there. Raises Unsure when nobody can tell."""
    try:
        history = await _latest(client, channel, thread)
    except _DROPPED as error:
        logger().error("history not read", error=error_code(error) if isinstance(error, SlackApiError) else "dropped")
        raise Unsure(_UNSURE) from error
    return next((str(told["ts"]) for told in history.get("messages") or () if _key(told) == key), None)


async def _latest(client: AsyncWebClient, channel: str, thread: str) -> AsyncSlackResponse:
    """The newest messages of a channel, or all of a thread, told oldest first. Raises Unsure for a long thread."""
    if not thread:
        return await client.conversations_history(channel=channel, limit=_LOOKED_AT, include_all_metadata=True)
    told = await client.conversations_replies(
        channel=channel, ts=thread, limit=_MOST_REPLIES, include_all_metadata=True
    )
    if told.get("has_more"):
        raise Unsure(_UNSURE)
    return told


def _key(message: dict[str, Any]) -> object:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}).get("key") if metadata.get("event_type") == EVENT_TYPE else None


def _refusal(code: str) -> str:
    if code in _OUTSIDE:
        return "On the Record is not in this channel: type /invite @On the Record here, then try again."
    if code == "ratelimited":
        return "Slack takes no more messages here for the moment: try again in a minute."
    return f"Slack does not let On the Record post here ({code}): ask an admin of this workspace."

"""Posts the answer to a message in its thread, or else tells the person privately why it can't.

Rule: whoever asked gets the answer. Where the bot may not post, it arrives as an ephemeral message, or as a direct
message if Slack refuses that too, with what to do.
"""

from hashlib import sha256

from aiohttp import ClientError
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.logs import get_logger
from bot.slack.blocks.message import Message, add_note
from bot.slack.transport.channel_posts import (
    NOT_MEMBER_CODES,
    DeliveryUncertain,
    NotPosted,
    QueuedChannelPoster,
    get_message_key,
)
from bot.slack.transport.clients import get_error_name
from bot.slack.transport.message_events import IncomingMessage

#: most replies of a thread that are searched for an earlier answer
_MAX_REPLIES = 100
_FAILURES = (SlackClientError, ClientError, TimeoutError, OSError)


async def post_reply(
    poster: QueuedChannelPoster, client: AsyncWebClient, incoming_message: IncomingMessage, message: Message
) -> bool:
    """Post `message` in the thread of the question, and return whether the person got it. Never raises."""
    try:
        await poster.post(
            client,
            incoming_message.channel,
            message,
            key=_build_key(incoming_message),
            thread=incoming_message.thread or None,
        )
    except DeliveryUncertain as error:
        get_logger().error("answer delivery failed", error=type(error).__name__)
        return False
    except NotPosted as error:
        return await _reply_privately(client, incoming_message, message, error)
    return True


async def was_answered(client: AsyncWebClient, incoming_message: IncomingMessage) -> bool:
    """Whether the thread already has the bot's answer to this message. False if Slack does not show the thread."""
    params = {
        "channel": incoming_message.channel,
        "ts": incoming_message.thread,
        # the answer is newer, so in a long thread nothing older is needed
        "oldest": incoming_message.ts,
        "limit": _MAX_REPLIES,
        "include_all_metadata": True,
    }
    try:
        response = await client.api_call("conversations.replies", params=params)
    except _FAILURES as error:
        get_logger().info("thread read failed", error=get_error_name(error))
        return False
    key = _build_key(incoming_message)
    return any(get_message_key(reply) == key for reply in response.get("messages") or ())


async def _reply_privately(
    client: AsyncWebClient, incoming_message: IncomingMessage, message: Message, refusal: NotPosted
) -> bool:
    """Send `message` to the person only, with the reason of `refusal`."""
    get_logger().info("answer not posted", error=refusal.code)
    try:
        await client.chat_postEphemeral(
            channel=incoming_message.channel,
            user=incoming_message.user,
            # Slack shows ephemeral messages only in threads that have replies
            thread_ts=incoming_message.thread if incoming_message.is_reply else None,
            **add_note(message, f"Only you can see this. {refusal}").content,
        )
    except _FAILURES as error:
        get_logger().info("ephemeral answer failed", error=get_error_name(error))
    else:
        return True
    if incoming_message.is_direct:
        return False
    try:
        note = _describe_absence(incoming_message.channel, refusal)
        await client.chat_postMessage(channel=incoming_message.user, **add_note(message, note).content)
    except _FAILURES as error:
        get_logger().error("answer delivery failed", error=get_error_name(error))
        return False
    return True


def _describe_absence(channel: str, refusal: NotPosted) -> str:
    if refusal.code in NOT_MEMBER_CODES:
        return f"You mentioned me in <#{channel}>, but I'm not in that channel. Type /invite @On the Record there."
    return f"You mentioned me in <#{channel}>, but I can't post there. {refusal}"


def _build_key(incoming_message: IncomingMessage) -> str:
    return sha256(incoming_message.key.encode("utf-8", "surrogatepass")).hexdigest()[:32]

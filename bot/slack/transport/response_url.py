"""Delivers an answer privately to the user who asked, through the response_url of the request.

Rule: an answer is delivered at most once. If Slack reports the response_url as used up, expired or over its rate, the
answer is posted as an ephemeral message, or as a direct message where the bot is not a member. Delivery never raises; a
failure is logged. An answer in a thread carries the thread in its block ids, because Slack omits private messages, and
so their thread, from the next press.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.command_names import STANDARD, CommandNames
from bot.core.logs import get_logger
from bot.slack.blocks.menus import BLOCK_SEPARATOR
from bot.slack.blocks.message import Message
from bot.slack.transport import clients
from bot.slack.transport.channel_posts import UNCERTAIN, DeliveryUncertain

#: most concurrent posts; under load, acknowledgements must go before answers (`bench slack`)
MAX_CONCURRENT_POSTS = 8
#: Slack's statuses for a response_url that is used up or expired, and for one over its rate; the post had no effect
_UNUSABLE_STATUSES = (404, 410, 429)
#: block id of a row of buttons in a thread: the thread's ts, and the row's position
_THREAD_BLOCK = "thread-{thread}-{position}"
_THREAD_BLOCK_ID = re.compile(r"(?:thread-|[^~]+~)([0-9]{1,20}\.[0-9]{1,20})(?:-[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Requester:
    """The user to answer, and where. `client` belongs to the user's workspace."""

    response_url: str
    client: AsyncWebClient | None = None
    channel: str = ""
    user: str = ""
    #: Slack's name of the channel, such as "directmessage"
    channel_name: str = ""
    #: ts of the thread of the request, "" for none
    thread: str = ""


def get_requester(body: Mapping[str, Any], client: AsyncWebClient) -> Requester:
    """Return the user of a command or of a button in a message, from the request's body."""
    channel, user = (str(body.get(f"{name}_id") or _read_field(body.get(name), "id")) for name in ("channel", "user"))
    message, container = (body.get(name) or {} for name in ("message", "container"))
    thread = str(message.get("thread_ts") or container.get("thread_ts") or _read_thread(body))
    channel_name = str(body.get("channel_name") or _read_field(body.get("channel"), "name"))
    return Requester(str(body.get("response_url")), client, channel, user, channel_name, thread)


def _read_field(source: object, name: str) -> str:
    """Return a field of a user or channel, or the id that old kinds of requests have in its place."""
    value = source.get(name) if isinstance(source, Mapping) else source
    return value if isinstance(value, str) else ""


class ResponseUrlClient:
    """Posts to response_urls with one HTTP session, which `open_session` opens."""

    def __init__(self, command_names: CommandNames = STANDARD) -> None:
        self._command_names = command_names
        self._session: ClientSession | None = None
        self._semaphore = asyncio.Semaphore(MAX_CONCURRENT_POSTS)

    @asynccontextmanager
    async def open_session(self) -> AsyncIterator[None]:
        """Open the HTTP session for the duration of the context."""
        async with ClientSession(timeout=ClientTimeout(total=clients.TIMEOUT_SECONDS)) as self._session:
            yield
        self._session = None

    async def deliver(self, requester: Requester, message: Message, *, replace: bool = False) -> bool:
        """Post `message` privately and return whether that worked. `replace` overwrites the message of the button."""
        response_url = requester.response_url
        try:
            status = await self._post(response_url, _build_body(message, requester, replace=replace))
            if status not in (200, *_UNUSABLE_STATUSES) and message.blocks:
                # Slack showed nothing, so the text is sent without its blocks
                get_logger().error("blocks rejected", status=status)
                status = await self._post(response_url, _build_body(Message(message.text), requester, replace=replace))
            if status in _UNUSABLE_STATUSES and requester.client and requester.channel and requester.user:
                await _post_without_url(requester.client, requester, message)
                return True
        except Exception as error:  # noqa: BLE001  # any failure of the remote side must not stop the listener
            get_logger().error("answer delivery failed", error=type(error).__name__)
            return False
        if status != 200:
            get_logger().error("answer delivery failed", status=status)
        return status == 200

    async def share(self, requester: Requester, message: Message) -> bool:
        """Post `message` for everyone in the conversation, and return whether that worked. Raises DeliveryUncertain.

        It also works where the bot is not a member, such as a direct message between two people.
        """
        body = _build_body(message, requester, replace=False) | {"response_type": "in_channel"}
        try:
            status = await self._post(requester.response_url, body)
        except (ClientError, TimeoutError, OSError) as error:
            get_logger().error("share unconfirmed", error=type(error).__name__)
            raise DeliveryUncertain(UNCERTAIN) from error
        if status != 200:
            get_logger().error("share failed", status=status)
        return status == 200

    async def _post(self, response_url: str, body: dict[str, object]) -> int:
        if self._session is None:
            raise RuntimeError("open_session() must be entered first")
        async with self._semaphore:
            response = await clients.make_webhook_client(response_url, self._session).send_dict(
                self._command_names.rename_payload(body)
            )
        return response.status_code


async def _post_without_url(client: AsyncWebClient, requester: Requester, message: Message) -> None:
    """Post `message` to the user only. Raises what the client raises."""
    try:
        await client.chat_postEphemeral(
            channel=requester.channel,
            user=requester.user,
            thread_ts=requester.thread or None,
            **add_thread(message.content, requester.thread),
        )
    except SlackApiError as error:
        get_logger().info("ephemeral answer failed", error=clients.get_error_code(error))
        await client.chat_postMessage(channel=requester.user, **message.content)


def _build_body(message: Message, requester: Requester, *, replace: bool) -> dict[str, object]:
    """Return the JSON to post. A new message goes into the thread; a replaced one keeps its position."""
    thread_fields = {"thread_ts": requester.thread} if requester.thread and not replace else {}
    content = add_thread(message.content, requester.thread)
    return {"response_type": "ephemeral", "replace_original": replace, **thread_fields, **content}


def add_thread(content: Mapping[str, Any], thread: str) -> Mapping[str, Any]:
    """Return the JSON fields of a message. In a thread, blocks with buttons get block ids that name the thread."""
    if not thread or not content.get("blocks"):
        return content
    blocks = [
        {**block, "block_id": _build_block_id(block, thread, position)}
        if block["type"] == "actions" or "accessory" in block
        else block
        for position, block in enumerate(content["blocks"])
    ]
    return {**content, "blocks": blocks}


def _build_block_id(block: Mapping[str, Any], thread: str, position: int) -> str:
    """Return an id that names the thread. It begins with the block's own id, which may hold a question."""
    own_id = block.get("block_id")
    return f"{own_id}{BLOCK_SEPARATOR}{thread}" if own_id else _THREAD_BLOCK.format(thread=thread, position=position)


def _read_thread(body: Mapping[str, Any]) -> str:
    """Return the thread that the block id of the pressed button names, or ""."""
    actions = body.get("actions")
    action = actions[0] if isinstance(actions, list) and actions else {}
    match = _THREAD_BLOCK_ID.fullmatch(str(action.get("block_id")))
    return match[1] if match else ""

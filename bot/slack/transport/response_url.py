"""Carries a message to the person who asked, through the response_url of what they did.

Rule: private first; at most one delivery. Where Slack says that the address is used up or too old, the message is
posted anew for their eyes alone. Never raises: what could not be delivered is logged with its reference.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, ClientTimeout
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.logs import get_logger
from bot.slack.blocks.message import Message
from bot.slack.transport import clients

#: posts on their way at once: when many ask, acknowledgements go before answers (`bench slack`)
MAX_CONCURRENT_POSTS = 8
#: the address was used up or is too old
_EXPIRED_STATUS = 404


@dataclass(frozen=True, slots=True)
class Requester:
    """Who did something where; `client` is that workspace's."""

    response_url: str
    client: AsyncWebClient | None = None
    channel: str = ""
    user: str = ""
    #: ts of the thread it was done in, "" for none
    thread: str = ""


def get_requester(body: Mapping[str, Any], client: AsyncWebClient) -> Requester:
    """The asker of a command, or of what was pressed in a message."""
    channel, user = (
        str(body.get(f"{name}_id") or (body.get(name) or {}).get("id") or "") for name in ("channel", "user")
    )
    message, container = (body.get(name) or {} for name in ("message", "container"))
    thread = str(message.get("thread_ts") or container.get("thread_ts") or "")
    return Requester(str(body.get("response_url")), client, channel, user, thread)


class ResponseUrlClient:
    """Posts with one session, open between `opened` and its end."""

    def __init__(self) -> None:
        self._session: ClientSession | None = None
        self._semaphore = asyncio.Semaphore(MAX_CONCURRENT_POSTS)

    @asynccontextmanager
    async def open_session(self) -> AsyncIterator[None]:
        """Holds the session open."""
        async with ClientSession(timeout=ClientTimeout(total=clients.TIMEOUT_SECONDS)) as self._session:
            yield
        self._session = None

    async def deliver(self, requester: Requester, message: Message, *, replace: bool = False) -> bool:
        """Posts `message` for the asker's eyes alone; `replace` puts it in the place of what was pressed."""
        response_url = requester.response_url
        try:
            status = await self._post(response_url, _build_body(message, requester, replace=replace))
            if status not in (200, _EXPIRED_STATUS) and message.blocks:
                # refused, hence not shown: the same answer without its blocks is better than none
                get_logger().error("blocks refused", status=status)
                status = await self._post(response_url, _build_body(Message(message.text), requester, replace=replace))
            if status == _EXPIRED_STATUS and requester.client and requester.channel and requester.user:
                await requester.client.chat_postEphemeral(
                    channel=requester.channel,
                    user=requester.user,
                    thread_ts=requester.thread or None,
                    **message.content,
                )
                return True
        except Exception as error:  # noqa: BLE001  # the address and its failures are others': none may end the listener
            get_logger().error("answer not delivered", error=type(error).__name__)
            return False
        if status != 200:
            get_logger().error("answer not delivered", status=status)
        return status == 200

    async def _post(self, response_url: str, body: dict[str, object]) -> int:
        if self._session is None:
            raise RuntimeError("the courier was not opened")
        async with self._semaphore:
            response = await clients.make_webhook_client(response_url, self._session).send_dict(body)
        return response.status_code


def _build_body(message: Message, requester: Requester, *, replace: bool) -> dict[str, object]:
    """What is replaced stays where it is; a new message stands in the thread."""
    thread_fields = {"thread_ts": requester.thread} if requester.thread and not replace else {}
    return {"response_type": "ephemeral", "replace_original": replace, **thread_fields, **message.content}

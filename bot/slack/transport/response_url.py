"""Delivers an answer privately to the user who asked, through the response_url of the request.

Rule: an answer is delivered at most once. If Slack reports the response_url as used up or expired, the answer is
posted as an ephemeral message. Delivery never raises; a failure is logged.
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

#: most concurrent posts; under load, acknowledgements must go before answers (`bench slack`)
MAX_CONCURRENT_POSTS = 8
#: Slack's status for a response_url that is used up or expired
_EXPIRED_STATUS = 404


@dataclass(frozen=True, slots=True)
class Requester:
    """The user to answer, and where. `client` belongs to the user's workspace."""

    response_url: str
    client: AsyncWebClient | None = None
    channel: str = ""
    user: str = ""
    #: ts of the thread of the request, "" for none
    thread: str = ""


def get_requester(body: Mapping[str, Any], client: AsyncWebClient) -> Requester:
    """Return the user of a command or of a button in a message, from the request's body."""
    channel, user = (
        str(body.get(f"{name}_id") or (body.get(name) or {}).get("id") or "") for name in ("channel", "user")
    )
    message, container = (body.get(name) or {} for name in ("message", "container"))
    thread = str(message.get("thread_ts") or container.get("thread_ts") or "")
    return Requester(str(body.get("response_url")), client, channel, user, thread)


class ResponseUrlClient:
    """Posts to response_urls with one HTTP session, which `open_session` opens."""

    def __init__(self) -> None:
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
            if status not in (200, _EXPIRED_STATUS) and message.blocks:
                # Slack showed nothing, so the text is sent without its blocks
                get_logger().error("blocks rejected", status=status)
                status = await self._post(response_url, _build_body(Message(message.text), requester, replace=replace))
            if status == _EXPIRED_STATUS and requester.client and requester.channel and requester.user:
                await requester.client.chat_postEphemeral(
                    channel=requester.channel,
                    user=requester.user,
                    thread_ts=requester.thread or None,
                    **message.content,
                )
                return True
        except Exception as error:  # noqa: BLE001  # any failure of the remote side must not stop the listener
            get_logger().error("answer delivery failed", error=type(error).__name__)
            return False
        if status != 200:
            get_logger().error("answer delivery failed", status=status)
        return status == 200

    async def _post(self, response_url: str, body: dict[str, object]) -> int:
        if self._session is None:
            raise RuntimeError("open_session() must be entered first")
        async with self._semaphore:
            response = await clients.make_webhook_client(response_url, self._session).send_dict(body)
        return response.status_code


def _build_body(message: Message, requester: Requester, *, replace: bool) -> dict[str, object]:
    """Return the JSON to post. A new message goes into the thread; a replaced one keeps its position."""
    thread_fields = {"thread_ts": requester.thread} if requester.thread and not replace else {}
    return {"response_type": "ephemeral", "replace_original": replace, **thread_fields, **message.content}

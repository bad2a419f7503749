"""Carries a message to the person who asked, through the response_url of what they did.

Rule: private first; at most one delivery. Never raises: what could not be delivered is logged with its reference.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession, ClientTimeout

from bot import clients
from bot.blocks.message import Message
from bot.logs import logger

#: posts on their way at once: when many ask, acknowledgements go before answers (`bench slack`)
AT_ONCE = 16
#: the address was used up or is too old: no use in trying with less
_GONE = 404


class Courier:
    """Posts with one session, open between `opened` and its end."""

    def __init__(self) -> None:
        self._session: ClientSession | None = None
        self._turns = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Holds the session open."""
        async with ClientSession(timeout=ClientTimeout(total=clients.TIMEOUT)) as self._session:
            yield
        self._session = None

    async def deliver(self, response_url: str, message: Message, *, replace: bool = False) -> bool:
        """Posts `message` for the asker's eyes alone; `replace` puts it in the place of what was pressed."""
        try:
            status = await self._post(response_url, _body(message, replace=replace))
            if status not in (200, _GONE) and message.blocks:
                # refused, hence not shown: the same answer without its blocks is better than none
                logger().error("blocks refused", status=status)
                status = await self._post(response_url, _body(Message(message.text), replace=replace))
        except Exception as error:  # noqa: BLE001  # the address and its failures are others': none may end the listener
            logger().error("answer not delivered", error=type(error).__name__)
            return False
        if status != 200:
            logger().error("answer not delivered", status=status)
        return status == 200

    async def _post(self, response_url: str, body: dict[str, object]) -> int:
        if self._session is None:
            raise RuntimeError("the courier was not opened")
        async with self._turns:
            response = await clients.webhook_client(response_url, self._session).send_dict(body)
        return response.status_code


def _body(message: Message, *, replace: bool) -> dict[str, object]:
    return {"response_type": "ephemeral", "replace_original": replace, **message.content}

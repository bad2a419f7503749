"""Reads the bodies of requests: with a limit for each, for all together, and in time.

Rule: a body is read only after the headers of its request look like Slack's. If many bodies arrive at once, the largest
gives way to a smaller one: Slack's are short and arrive whole.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.core import slack_limits

#: bytes of all bodies that are being read, together
TOTAL_BYTES = 4 * 1024 * 1024
BODY_SECONDS = 10.0


@dataclass(eq=False, slots=True)
class _Body:
    """A body that is being read; `give_way` ends its reading."""

    give_way: Callable[[], None]
    size: int = 0


class BodyReader:
    """Reads bodies of at most `max_bytes`, in `seconds`, and of at most `total_bytes` together."""

    def __init__(
        self,
        max_bytes: int = slack_limits.REQUEST_BYTES,
        total_bytes: int = TOTAL_BYTES,
        seconds: float = BODY_SECONDS,
    ) -> None:
        self._max_bytes = max_bytes
        self._total_bytes = total_bytes
        self._seconds = seconds
        self._bodies: set[_Body] = set()

    def check_length(self, request: web.Request) -> None:
        """Raise aiohttp's 413 if a request announces a body that is too large."""
        if (request.content_length or 0) > self._max_bytes:
            raise web.HTTPRequestEntityTooLarge(self._max_bytes, 0)

    async def read(self, request: web.Request) -> bytes:
        """Return the body. Raises aiohttp's 400, 408, 413 or 503."""
        self.check_length(request)
        loop, chunks = asyncio.get_running_loop(), []
        body: _Body | None = None
        try:
            async with asyncio.timeout(self._seconds) as deadline:
                body = _Body(lambda: deadline.reschedule(loop.time()))
                self._bodies.add(body)
                while chunk := await request.content.readany():
                    self._count(body, len(chunk))
                    chunks.append(chunk)
        except TimeoutError:
            raise web.HTTPRequestTimeout(text="the body did not arrive in time") from None
        except (ConnectionError, web.RequestPayloadError):
            raise web.HTTPBadRequest(text="the body is incomplete") from None
        finally:
            if body:
                self._bodies.discard(body)
        return b"".join(chunks)

    def _count(self, body: _Body, size: int) -> None:
        """Add the size of a chunk. Raises 413 or 503 if there is no room for it."""
        body.size += size
        if body.size > self._max_bytes:
            raise web.HTTPRequestEntityTooLarge(self._max_bytes, 0)
        total = sum(other.size for other in self._bodies)
        while total > self._total_bytes:
            largest = max(self._bodies, key=lambda other: other.size)
            if largest is body or largest.size <= body.size:
                raise web.HTTPServiceUnavailable(text="too many requests at once", headers={"Retry-After": "1"})
            total -= largest.size
            self._bodies.discard(largest)
            largest.give_way()

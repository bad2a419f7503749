"""One HTTP connection: aiohttp's, with deadlines and with error pages that repeat nothing of the request.

Rule: while a request arrives, and between requests, a deadline counts. While the bot answers, none does: handlers have
their own.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import StreamReader, web
from aiohttp.http_exceptions import LineTooLong

from bot.core.logs import get_logger
from bot.server.guard.headers import HEADERS, SERVER_NAME
from bot.server.guard.registry import ConnectionRegistry

#: bytes of one line of the headers, number of headers, and bytes that are read at once
_MAX_LINE, _MAX_HEADERS, _READ_BYTES = 8_190, 100, 32 * 1024
#: what strangers read, by status: nothing that they sent
_PAGES: Final = {
    400: "400: this request is not valid HTTP.\n",
    431: "431: the address or the headers are too long.\n",
    500: "500: something went wrong.\n",
    504: "504: this took too long.\n",
}
_LOGGER = logging.getLogger("aiohttp.server")

RequestHandler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Connection(web.RequestHandler):
    """One connection of a server whose handler was wrapped by `guard_handler`."""

    __slots__ = ("_body", "_is_idle", "_registry", "client", "deadline", "is_known")

    def __init__(self, server: web.Server, registry: ConnectionRegistry, loop: asyncio.AbstractEventLoop) -> None:
        limits = registry.limits
        super().__init__(
            server,
            loop=loop,
            logger=_LOGGER,
            access_log=None,  # type: ignore[arg-type]  # aiohttp's own way to turn it off
            keepalive_timeout=limits.idle_seconds,
            lingering_time=limits.lingering_seconds,
            max_line_size=_MAX_LINE,
            max_field_size=_MAX_LINE,
            max_headers=_MAX_HEADERS,
            read_bufsize=_READ_BYTES,
        )
        self._registry = registry
        self._is_idle = False
        #: body of the request that is being answered
        self._body: StreamReader | None = None
        self.client: str | None = None
        self.is_known = False
        self.deadline = registry.now() + limits.header_seconds

    @property
    def is_overdue(self) -> bool:
        """Whether the deadline counts: a complete request is being answered without one."""
        return self._body is None or not self._body.is_eof()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start to serve a client, if there is room."""
        if hasattr(transport, "max_size"):  # of asyncio's own transports: many large bodies would fill the memory
            transport.max_size = _READ_BYTES
        peer = transport.get_extra_info("peername")
        self.client = self._registry.limits.find_client(str(peer[0]) if isinstance(peer, tuple) and peer else None)
        super().connection_made(transport)
        if not self._registry.add(self):
            self.drop()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forget the connection."""
        self._registry.discard(self)
        self._body = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request. The first ones after a pause start its deadline."""
        if self._is_idle and data:
            self._is_idle = False
            self.deadline = self._registry.now() + self._registry.limits.header_seconds
        super().data_received(data)
        if self._body is not None and self._body.is_eof():
            self._registry.mark_busy(self)

    def begin_request(self, request: web.BaseRequest) -> None:
        """Note that the headers are complete, and perhaps the body."""
        self._is_idle, self._body = False, request.content
        self.deadline = self._registry.now() + self._registry.limits.body_seconds
        if self._body.is_eof():
            self._registry.mark_busy(self)

    def end_request(self) -> None:
        """Note that the answer is being sent, and the next request may come."""
        self._is_idle, self._body = True, None
        self.deadline = self._registry.now() + self._registry.limits.idle_seconds
        self._registry.mark_waiting(self)

    def drop(self) -> None:
        """Close the connection at once, whatever has not been sent."""
        transport = self.transport
        if transport is not None and transport.get_write_buffer_size():
            transport.abort()
        self.force_close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002  # repeats what the client sent
    ) -> web.StreamResponse:
        """Log an error without what the client sent, and return its page."""
        if status >= 500:
            super().handle_error(request, status, exc)
        elif request.writer.output_size > 0:
            raise ConnectionError("an answer was already sent")
        else:
            status = 431 if isinstance(exc, LineTooLong) else status
            get_logger().warning("request not valid", status=status, error=type(exc).__name__)
        response = web.Response(status=status, text=_PAGES.get(status, f"{status}\n"), headers=HEADERS)
        response.headers["Server"] = SERVER_NAME
        response.force_close()
        return response


def guard_handler(handle: RequestHandler) -> RequestHandler:
    """Return a request handler that tells the connection when a request begins and ends."""

    async def handle_request(request: web.BaseRequest) -> web.StreamResponse:
        connection = request.protocol
        if not isinstance(connection, Connection):
            return await handle(request)
        connection.begin_request(request)
        try:
            response = await handle(request)
        except web.HTTPExpectationFailed:  # aiohttp's text repeats the header
            raise web.HTTPExpectationFailed(text="417: this expectation is not known.\n") from None
        else:
            connection.is_known = connection.is_known or response.status < 400
            return response
        finally:
            connection.end_request()

    return handle_request

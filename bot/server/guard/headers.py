"""Headers of every response: no version of the server, and what browsers must not do with it.

Rule: a part of the bot that has headers of its own, such as the pages, replaces these.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from bot.core.settings import Settings

SERVER_NAME: Final = "ontherecord"
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
#: a year, as browsers recommend
_HSTS = "max-age=31536000"

ResponseSignal = Callable[[web.Request, web.StreamResponse], Awaitable[None]]


def build_header_signal(settings: Settings) -> ResponseSignal:
    """Return an aiohttp on_response_prepare signal that adds the headers a response does not have."""
    is_https = (settings.public_url or "").lower().startswith("https://")

    async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["Server"] = SERVER_NAME
        if is_https:
            response.headers["Strict-Transport-Security"] = _HSTS

    return add_headers

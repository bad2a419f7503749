"""The headers that keep a page from doing what it is not for.

Rule: they stand on every answer below the prefix, error pages and files included. No page runs script, so none is
allowed; style comes from our own file alone, and nothing may be asked of another host.
"""

from typing import Final

from aiohttp import web

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # a publisher need not learn who reads what here; our own pages may learn where their forms were sent from
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
#: an article may be removed, and a link may run out: what was shown is asked for again
CACHE_CONTROL: Final = "private, no-cache"


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """A signal of aiohttp's: puts the headers on an answer that is about to be sent."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", CACHE_CONTROL)

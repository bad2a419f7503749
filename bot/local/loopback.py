"""Keeps the workspace to this machine: who may ask, and what a page may load.

Rule: every request must name a loopback host, every request a page makes must come from our own page, and the page may
load nothing from anywhere else, nor run or style anything that stands in it.
"""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from briefings.errors import BadSettings

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def list_hosts(base_url: str) -> frozenset[str]:
    """The Host headers under which this machine may be asked for. Raises BadSettings unless it is on loopback."""
    parts = urlsplit(base_url)
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK_HOSTS:
        raise BadSettings(f"The local workspace serves this machine only: set HOST to 127.0.0.1 (it is in {base_url}).")
    names = ("127.0.0.1", "localhost", "[::1]")
    return frozenset(f"{name}:{parts.port or 80}" for name in names) | (frozenset() if parts.port else frozenset(names))


def require_loopback(handler: Handler, allowed_hosts: frozenset[str]) -> Handler:
    """The handler behind the door: a foreign name for this host, or a foreign page's request, is turned away."""

    async def guard(request: web.Request) -> web.StreamResponse:
        if request.host not in allowed_hosts:
            raise web.HTTPForbidden(text="This workspace answers to loopback names only.")
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"http://{request.host}":
            raise web.HTTPForbidden(text="Only this workspace's own page may ask.")
        if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin") and request.path != "/":
            raise web.HTTPForbidden(text="Only this workspace's own page may ask.")
        return await handler(request)

    return guard


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """What a browser is told of each of our pages."""
    if request.path == "/" or request.path.startswith("/local/"):
        response.headers.update(_HEADERS)

"""Who sits at this machine. Pure.

Rule: the peer is this machine, asked by a name of its own, and nobody passed the request on. A foreign name that points
here (DNS rebinding) is a foreign page's doing. The port may be any: whoever forwards one to here sits here as well.
"""

import re

from aiohttp import web

_PEERS = ("127.0.0.1", "::1")
_HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
#: what a proxy adds to what it passes on
_PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


def is_local_request(request: web.Request) -> bool:
    """Whether a request comes from this machine, under one of its names, straight from whoever asks."""
    hosts = request.headers.getall("Host", [])
    return is_from_loopback(request) and len(hosts) == 1 and _HOST.fullmatch(hosts[0]) is not None


def is_from_loopback(request: web.Request) -> bool:
    """Whether it comes from this machine, straight from whoever asks, whatever name it asks for."""
    return request.remote in _PEERS and not any(name in request.headers for name in _PROXY_HEADERS)

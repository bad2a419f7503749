"""Who sits at this machine. Pure.

Rule: the peer is this machine, asked by a name of its own, and nobody passed the request on. A foreign name that points
here (DNS rebinding) is a foreign page's doing. The port may be any: whoever forwards one to here sits here as well.

Style sheets, scripts and icons of a package's `static` folder, served from memory.

Rule: what is served is what was there when the server started, under the names that it had; nothing is looked up on the
disk for a request, and no file stays open for a browser that has gone on.
"""

import re
from hashlib import sha256
from importlib.resources import files
from mimetypes import guess_type

from aiohttp import web
from aiohttp.typedefs import Handler

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


#: digits of the hash by which a browser knows what it has
_ETAG_DIGITS = 16


def build_routes(prefix: str, package: str) -> list[web.RouteDef]:
    """A route for each file of `package`'s folder `static`, below `prefix` ("/record/static")."""
    return [
        web.get(f"{prefix}/{file.name}", _make_handler(file.read_bytes(), guess_type(file.name)[0]))
        for file in (files(package) / "static").iterdir()
        if file.is_file()
    ]


def _make_handler(content: bytes, content_type: str | None) -> Handler:
    etag = sha256(content).hexdigest()[:_ETAG_DIGITS]
    charset = (
        "; charset=utf-8"
        if content_type and (content_type.startswith("text/") or content_type.endswith("+xml"))
        else ""
    )
    headers = {"Content-Type": f"{content_type or 'application/octet-stream'}{charset}", "Cache-Control": "no-cache"}

    async def serve_file(request: web.Request) -> web.Response:
        known_etags = request.if_none_match or ()
        is_unchanged = any(tag.value in (etag, "*") for tag in known_etags)
        response = web.Response(status=304) if is_unchanged else web.Response(body=content, headers=headers)
        response.etag = etag
        return response

    return serve_file

"""HTTP helpers: recognise requests from this machine, and serve the static files of a package.

Rule: a local request comes from this machine, uses one of its local host names, and passes through no proxy. A foreign
name that resolves to this machine (DNS rebinding) is not local. Any port is allowed, because a forwarded port is local
too.

Rule: static files are read into memory when the routes are built; requests never touch the disk.
"""

import re
from hashlib import sha256
from importlib.resources import files
from mimetypes import guess_type

from aiohttp import web
from aiohttp.typedefs import Handler

_PEERS = ("127.0.0.1", "::1")
_HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
#: headers that proxies add to the requests they forward
_PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
#: number of hex digits of an ETag
_ETAG_DIGITS = 16


def is_local_request(request: web.Request) -> bool:
    """Whether a request comes from this machine, uses one of its local host names, and passes through no proxy."""
    hosts = request.headers.getall("Host", [])
    return is_from_loopback(request) and len(hosts) == 1 and _HOST.fullmatch(hosts[0]) is not None


def is_from_loopback(request: web.Request) -> bool:
    """Whether a request comes from this machine and not through a proxy, under any name."""
    return request.remote in _PEERS and not any(name in request.headers for name in _PROXY_HEADERS)


def build_routes(prefix: str, package: str) -> list[web.RouteDef]:
    """Return a route for each file in the `static` folder of `package`, below `prefix` ("/record/static")."""
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

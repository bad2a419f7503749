"""Style sheets, scripts and icons of a package's `static` folder, served from memory.

Rule: what is served is what was there when the server started, under the names that it had; nothing is looked up on the
disk for a request, and no file stays open for a browser that has gone on.
"""

from hashlib import sha256
from importlib.resources import files
from mimetypes import guess_type

from aiohttp import web
from aiohttp.typedefs import Handler

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

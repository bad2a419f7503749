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
_DIGITS = 16


def routes(prefix: str, package: str) -> list[web.RouteDef]:
    """A route for each file of `package`'s folder `static`, below `prefix` ("/record/static")."""
    return [
        web.get(f"{prefix}/{file.name}", _served(file.read_bytes(), guess_type(file.name)[0]))
        for file in (files(package) / "static").iterdir()
        if file.is_file()
    ]


def _served(data: bytes, kind: str | None) -> Handler:
    etag = sha256(data).hexdigest()[:_DIGITS]
    text = "; charset=utf-8" if kind and (kind.startswith("text/") or kind.endswith("+xml")) else ""
    headers = {"Content-Type": f"{kind or 'application/octet-stream'}{text}", "Cache-Control": "no-cache"}

    async def file(request: web.Request) -> web.Response:
        known = request.if_none_match or ()
        same = any(tag.value in (etag, "*") for tag in known)
        response = web.Response(status=304) if same else web.Response(body=data, headers=headers)
        response.etag = etag
        return response

    return file

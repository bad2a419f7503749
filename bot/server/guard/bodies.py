"""Refuses bodies that no handler reads, and closes the connection of a request whose body was not read.

Rule: only the paths that read a body take a large one. Nothing of a refused body is stored.
"""

from typing import Final, TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler

#: bytes of a body on a path that reads none, or only a short form
MAX_FORM_BYTES: Final = 64 * 1024
_READING_PATHS: Final = ("/slack/", "/local/")
_TOO_LARGE: Final = "413: this body is too large.\n"
_Response = TypeVar("_Response", bound=web.StreamResponse)


@web.middleware
async def guard_bodies(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer 413 to a body that is too large for its path; a middleware."""
    try:
        _check_length(request)
        response = await handler(request)
    except web.HTTPRequestEntityTooLarge:
        raise _close_unread(request, web.HTTPRequestEntityTooLarge(0, 0, text=_TOO_LARGE)) from None
    except web.HTTPException as error:
        _close_unread(request, error)
        raise
    _close_unread(request, response)
    return response


def _check_length(request: web.Request) -> None:
    if not request.path.startswith(_READING_PATHS) and (request.content_length or 0) > MAX_FORM_BYTES:
        raise web.HTTPRequestEntityTooLarge(MAX_FORM_BYTES, 0)


def _close_unread(request: web.Request, response: _Response) -> _Response:
    if not request.content.is_eof() and not response.prepared:
        response.force_close()
    return response

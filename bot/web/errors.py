"""What a reader sees when a page cannot be shown: the right status, a sentence, the way on.

Rule: a page raises BriefingsError, whose message is the sentence, or one of aiohttp's HTTP errors; anything else is
logged under a reference that the page shows, and says nothing of itself.
"""

import secrets
from collections.abc import Callable
from typing import Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot import answering
from bot.logs import logger, place
from bot.web.site import Busy, Site
from briefings.errors import BadInput, BadQuestion, BriefingsError, NothingFound, RecordUnavailable

#: what a status is called on its page, and what to do, where whoever raised it says nothing better
TOLD: Final = {
    400: ("This address cannot be read", "It may have been cut on its way: open the link again where you found it."),
    403: ("This page is not open to you", "Ask in Slack, and open the link of the answer."),
    404: ("There is no such page", "It may have moved, or never have been: look for it below."),
    405: ("This page can only be read", "Open it as a link."),
    410: ("This page is gone", "What it showed was removed, or its link has run out."),
    429: ("That was a lot at once", "Please wait a minute, then open the page again."),
    500: ("Something went wrong here", "It was noted. Please try again."),
    503: ("The record cannot be read just now", "Please try again in a minute."),
}
#: the statuses of errors that are the asker's or the moment's; the first that fits
_STATUSES: Final = (
    (NothingFound, 404),
    (BadQuestion, 400),
    (BadInput, 400),
    (RecordUnavailable, 503),
    (Busy, 503),
    (answering.Busy, 503),
)


class Gone(BriefingsError):
    """What was asked for was here, and is not any more."""


class Forbidden(BriefingsError):
    """Whoever asks may not see it."""


def told(site: Site, reference: Callable[[], str] = lambda: secrets.token_hex(4)) -> Middleware:
    """The middleware that turns whatever is raised into a page; `reference` names an error in the log."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        name = reference()
        with structlog.contextvars.bound_contextvars(request=name, door="pages"):
            try:
                return await handler(request)
            except web.HTTPRedirection:
                raise
            except web.HTTPException as error:
                return error_page(site, error.status, headers=_kept(error))
            except BriefingsError as error:
                status = status_of(error)
                if status >= 500:
                    logger().error("page not shown", error=type(error).__name__, place=place(error))
                near = error.nearest if isinstance(error, NothingFound) else ()
                return error_page(site, status, str(error), near=near)
            except TimeoutError:
                logger().error("page took too long")
                return error_page(site, 503, "This takes longer than a page may. Please try again in a minute.")
            except Exception as error:  # noqa: BLE001  # whatever breaks, the reader gets a page; it is logged
                logger().error("page failed", error=type(error).__name__, place=place(error))
                return error_page(site, 500, f"It was noted as {name}. Please try again.")

    return middleware


def error_page(
    site: Site,
    status: int,
    sentence: str | None = None,
    *,
    near: tuple[str, ...] = (),
    way: tuple[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> web.Response:
    """The page of a status; `near` are slugs of topics that may be meant, `way` the words and address of a link."""
    title, advice = TOLD.get(status, TOLD[500 if status >= 500 else 400])
    response = site.page("error.html", status=status, title=title, sentence=sentence or advice, near=near, way=way)
    response.headers.update(headers or {})
    if status in (429, 503):
        response.headers.setdefault("Retry-After", "60")
    return response


def status_of(error: BriefingsError) -> int:
    """The HTTP status of an error."""
    if isinstance(error, Gone):
        return 410
    if isinstance(error, Forbidden):
        return 403
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 400)


def _kept(error: web.HTTPException) -> dict[str, str]:
    """The headers of an error that mean something on a page."""
    return {name: error.headers[name] for name in ("Allow", "Retry-After", "WWW-Authenticate") if name in error.headers}

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

from bot.answers import executor
from bot.core.logs import format_traceback, get_logger
from bot.web.context import Busy, Site
from briefings import BadInput, BadQuestion, BriefingsError, DatabaseUnavailable, NothingFound

#: what a status is called on its page, and what to do, where whoever raised it says nothing better
STATUS_TEXTS: Final = {
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
    (DatabaseUnavailable, 503),
    (Busy, 503),
    (executor.Busy, 503),
)


class PageGone(BriefingsError):
    """What was asked for was here, and is not any more."""


class PageForbidden(BriefingsError):
    """Whoever asks may not see it."""


def build_error_middleware(site: Site, make_reference: Callable[[], str] = lambda: secrets.token_hex(4)) -> Middleware:
    """The middleware that turns whatever is raised into a page; `reference` names an error in the log."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        error_reference = make_reference()
        with structlog.contextvars.bound_contextvars(request=error_reference, door="pages"):
            try:
                return await handler(request)
            except web.HTTPRedirection:
                raise
            except web.HTTPException as error:
                return error_page(site, error.status, headers=_select_headers(error))
            except BriefingsError as error:
                status = get_status(error)
                if status >= 500:
                    get_logger().error("page not shown", error=type(error).__name__, place=format_traceback(error))
                suggestions = error.nearest if isinstance(error, NothingFound) else ()
                return error_page(site, status, str(error), suggestions=suggestions)
            except TimeoutError:
                get_logger().error("page took too long")
                return error_page(site, 503, "This takes longer than a page may. Please try again in a minute.")
            except Exception as error:  # noqa: BLE001  # whatever breaks, the reader gets a page; it is logged
                get_logger().error("page failed", error=type(error).__name__, place=format_traceback(error))
                return error_page(site, 500, f"It was noted as {error_reference}. Please try again.")

    return middleware


def error_page(
    site: Site,
    status: int,
    sentence: str | None = None,
    *,
    suggestions: tuple[str, ...] = (),
    link: tuple[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> web.Response:
    """The page of a status; `near` are slugs of topics that may be meant, `way` the words and address of a link."""
    title, advice = STATUS_TEXTS.get(status, STATUS_TEXTS[500 if status >= 500 else 400])
    response = site.build_response(
        "error.html", status=status, title=title, sentence=sentence or advice, near=suggestions, way=link
    )
    response.headers.update(headers or {})
    if status in (429, 503):
        response.headers.setdefault("Retry-After", "60")
    return response


def get_status(error: BriefingsError) -> int:
    """The HTTP status of an error."""
    if isinstance(error, PageGone):
        return 410
    if isinstance(error, PageForbidden):
        return 403
    return next((status for error_type, status in _STATUSES if isinstance(error, error_type)), 400)


def _select_headers(error: web.HTTPException) -> dict[str, str]:
    """The headers of an error that mean something on a page."""
    return {name: error.headers[name] for name in ("Allow", "Retry-After", "WWW-Authenticate") if name in error.headers}

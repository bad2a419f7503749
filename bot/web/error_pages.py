"""Error pages: the HTTP status, a sentence for the reader, and links to go on.

Rule: handlers raise a BriefingsError, whose message is the sentence, or an aiohttp HTTP error. Any other error is
logged under a reference. The page shows the reference and no details.
"""

import secrets
from collections.abc import Callable
from typing import Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.answers import executor
from bot.core.logs import format_traceback, get_logger
from bot.core.public_errors import explain_publicly
from bot.web.context import Busy, Site
from briefings import BadInput, BadQuestion, BriefingsError, DatabaseUnavailable, NothingFound

#: title and default sentence for each status
STATUS_TEXTS: Final = {
    400: ("This page can't be shown", "Part of the link may be missing. Open it again from where you found it."),
    403: ("You can't open this page", "Ask in Slack and open the link in the answer."),
    404: ("Page not found", "It may have moved, or the address may be wrong."),
    405: ("This page can only be read", "Open it as a link."),
    410: ("This page is gone", "Its content was removed, or its link has expired."),
    429: ("Too many pages at once", "Please wait a minute, then open the page again."),
    500: ("Something went wrong", "The error was logged. Please try again."),
    503: ("This page isn't available right now", "Please try again in a minute."),
}
#: status for each error class; the first match counts
_STATUSES: Final = (
    (NothingFound, 404),
    (BadQuestion, 400),
    (BadInput, 400),
    (DatabaseUnavailable, 503),
    (Busy, 503),
    (executor.Busy, 503),
)


class PageGone(BriefingsError):
    """The content of this page was removed."""


class PageForbidden(BriefingsError):
    """The reader has no permission for this page."""


def build_error_middleware(site: Site, make_reference: Callable[[], str] = lambda: secrets.token_hex(4)) -> Middleware:
    """Create the middleware that turns every error into a page; `make_reference` creates an error's id for the log."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        error_reference = make_reference()
        with structlog.contextvars.bound_contextvars(request=error_reference, source="pages"):
            try:
                return await handler(request)
            except web.HTTPRedirection:
                raise
            except web.HTTPException as error:
                return error_page(site, error.status, headers=_select_headers(error))
            except BriefingsError as error:
                status = get_status(error)
                if status >= 500:
                    get_logger().error("page load failed", error=type(error).__name__, place=format_traceback(error))
                suggestions = error.nearest if isinstance(error, NothingFound) else ()
                return error_page(site, status, explain_publicly(error), suggestions=suggestions)
            except TimeoutError:
                get_logger().error("page timed out")
                return error_page(site, 503, "This page took too long to load. Please try again in a minute.")
            except Exception as error:  # noqa: BLE001  # readers get a page for every error
                get_logger().error("page failed", error=type(error).__name__, place=format_traceback(error))
                return error_page(site, 500, _format_failure(error_reference))

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
    """Build the page for an error status.

    `suggestions` are slugs of topics that may be meant. `link` is the label and URL of a link to go on.
    """
    title, advice = STATUS_TEXTS.get(status, STATUS_TEXTS[500 if status >= 500 else 400])
    response = site.build_response(
        "error.html", status=status, title=title, sentence=sentence or advice, suggestions=suggestions, link=link
    )
    response.headers.update(headers or {})
    if status in (429, 503):
        response.headers.setdefault("Retry-After", "60")
    return response


def get_status(error: BriefingsError) -> int:
    """Return the HTTP status for an error."""
    if isinstance(error, PageGone):
        return 410
    if isinstance(error, PageForbidden):
        return 403
    return next((status for error_type, status in _STATUSES if isinstance(error, error_type)), 400)


def _format_failure(error_reference: str) -> str:
    return f"Please try again. If it keeps happening, report this reference: {error_reference}"


def _select_headers(error: web.HTTPException) -> dict[str, str]:
    """Return the error's headers that also apply to its page."""
    return {name: error.headers[name] for name in ("Allow", "Retry-After", "WWW-Authenticate") if name in error.headers}

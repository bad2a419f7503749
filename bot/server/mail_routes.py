"""The pages behind the links in e-mails: confirm an address, and stop the mails.

Rule: opening a link changes nothing, because mail scanners open links; the button on the page does. A mail program's
own unsubscribe button posts to the same URL (RFC 8058). No sign-in is needed, and pressing twice is as pressing once.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.core.logs import format_traceback, get_logger
from bot.digests.mail.content import render
from bot.digests.mail.links import CONFIRM_PATH, UNSUBSCRIBE_PATH, RecipientReference
from bot.digests.mail.model import RecipientState
from bot.digests.mail.service import MailService
from bot.links import urls
from bot.web.routes import HEADERS
from briefings import BadQuestion, DatabaseUnavailable

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_GONE_SENTENCE = "This digest isn't sent to your address anymore."
_CONFIRMED = "Confirmed. You get the digest at its next time. Each e-mail has a link to stop it."
_STOPPED = "Stopped. This digest is not sent to you anymore."


def build_routes(mail_service: MailService) -> list[web.RouteDef]:
    """Return the routes of the two pages."""
    links, repository = mail_service.links, mail_service.repository

    async def show_confirm(request: web.Request) -> web.Response:
        recipient = await repository.find(links.read_confirm_token(_get_token(request)))
        if recipient is None:
            return _build_page("E-mail digest", _GONE_SENTENCE)
        if recipient.state is RecipientState.CONFIRMED:
            return _build_page("Confirmed", _CONFIRMED)
        sentence = f"Send the digest to {recipient.address.masked}?"
        return _build_page("Confirm your address", sentence, "Confirm", _get_token(request))

    async def confirm(request: web.Request) -> web.Response:
        is_found = await repository.confirm(links.read_confirm_token(_get_token(request)))
        return _build_page("Confirmed", _CONFIRMED) if is_found else _build_page("E-mail digest", _GONE_SENTENCE)

    async def show_unsubscribe(request: web.Request) -> web.Response:
        recipient = await repository.find(_read_unsubscribe(request))
        if recipient is None:
            return _build_page("Stopped", _STOPPED)
        sentence = f"Stop sending this digest to {recipient.address.masked}?"
        return _build_page("Stop these e-mails", sentence, "Stop these e-mails", _get_token(request))

    async def unsubscribe(request: web.Request) -> web.Response:
        await repository.unsubscribe(_read_unsubscribe(request))
        return _build_page("Stopped", _STOPPED)

    def _read_unsubscribe(request: web.Request) -> RecipientReference:
        return links.read_unsubscribe_token(_get_token(request))

    return [
        web.get(CONFIRM_PATH, _answer_errors(show_confirm), allow_head=False),
        web.post(CONFIRM_PATH, _answer_errors(confirm)),
        web.get(UNSUBSCRIBE_PATH, _answer_errors(show_unsubscribe), allow_head=False),
        web.post(UNSUBSCRIBE_PATH, _answer_errors(unsubscribe)),
    ]


def _answer_errors(handle: Handler) -> Handler:
    """Return a handler that shows every error as a page."""

    async def handle_request(request: web.Request) -> web.StreamResponse:
        try:
            return await handle(request)
        except BadQuestion as error:
            return _build_page("This link doesn't work", str(error), status=400)
        except DatabaseUnavailable as error:
            get_logger().error("mail page failed", error=type(error).__name__, place=format_traceback(error))
            return _build_page("Not available right now", "Please try again in a minute.", status=503)

    return handle_request


def _get_token(request: web.Request) -> str:
    return request.query.get("token", "")


def _build_page(title: str, sentence: str, button: str = "", token: str = "", *, status: int = 200) -> web.Response:
    html = render(
        "page.html", title=title, sentence=sentence, button=button, token=token, style=urls.static("record.css")
    )
    response = web.Response(text=html, status=status, content_type="text/html", charset="utf-8")
    response.headers.update(HEADERS | {"Cache-Control": "no-store"})
    return response

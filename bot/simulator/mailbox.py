"""Mailbox of the local workspace: takes every e-mail of the bot and shows it on a page.

Rule: no e-mail leaves the machine. The HTML part is shown as a page of its own, without scripts, and
loads nothing.
"""

import re
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from typing import Final

from aiohttp import web
from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from bot.core.configuration.mail_settings import MailSettings
from bot.simulator.pages import render_link
from bot.simulator.server import list_hosts, require_loopback

#: settings of the bot's e-mail in the local workspace; no server has this name
LOCAL_MAIL: Final = MailSettings("localhost", 25, "digests@on-the-record.example", use_starttls=False)
MAILS_PATH: Final = "/local/mails"
#: most e-mails that are kept; the oldest are dropped
_MAX_MAILS = 200
_SHOWN_HEADERS = ("From", "To", "Date", "List-Unsubscribe")
_URL = re.compile(r"https?://\S+")
_HTML_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
}


@dataclass(frozen=True, slots=True)
class LocalMail:
    """A received e-mail. Numbers begin at 1."""

    number: int
    mail: EmailMessage

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Return the headers that the page shows."""
        return tuple((name, str(self.mail[name])) for name in _SHOWN_HEADERS if self.mail[name])

    @property
    def html(self) -> str:
        """Return the HTML part."""
        return self._read("html")

    @property
    def linked_text(self) -> Markup:
        """Return the plain-text part, with links."""
        text, end, pieces = self._read("plain"), 0, []
        for match in _URL.finditer(text):
            pieces += [escape(text[end : match.start()]), render_link(match[0], escape(match[0]))]
            end = match.end()
        return Markup("").join([*pieces, escape(text[end:])])

    def _read(self, kind: str) -> str:
        part = self.mail.get_body((kind,))
        return str(part.get_content()).replace("\r\n", "\n").strip() if part else ""


class LocalMailbox:
    """Takes e-mails in the place of an SMTP server (`bot.digests.mail.runner.Sender`), and keeps the last ones."""

    def __init__(self) -> None:
        self._mails: deque[LocalMail] = deque(maxlen=_MAX_MAILS)
        self._count = 0

    async def send(self, _address: str, message: str, before_text: Callable[[], Awaitable[bool]]) -> bool:
        """Store a mail. Return False, and store nothing, if `before_text` returns False."""
        if not await before_text():
            return False
        mail = message_from_string(message, policy=default)
        self._count += 1
        self._mails.append(LocalMail(self._count, mail))
        return True

    def list_mails(self) -> tuple[LocalMail, ...]:
        """Return the mails, newest first."""
        return tuple(reversed(self._mails))

    def attach(self, app: web.Application, base_url: str) -> None:
        """Add the pages of the mails to `app`. Raises BadSettings unless its `base_url` is on loopback."""
        allowed_hosts = list_hosts(base_url)
        for path, handler in ((MAILS_PATH, self._show_mails), (MAILS_PATH + "/{number}", self._show_html)):
            app.router.add_get(path, require_loopback(handler, allowed_hosts), allow_head=False)

    async def _show_mails(self, _request: web.Request) -> web.Response:
        html = _TEMPLATES.get_template("mails.html").render(mails=self.list_mails(), path=MAILS_PATH)
        return web.Response(text=html, content_type="text/html", headers={"Cache-Control": "no-store"})

    async def _show_html(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        mail = next((mail for mail in self._mails if str(mail.number) == number), None)
        if mail is None:
            raise web.HTTPNotFound(text="This e-mail is not kept anymore. They are deleted when the workspace stops.")
        return web.Response(text=mail.html, content_type="text/html", headers=_HTML_HEADERS)


_TEMPLATES = Environment(loader=PackageLoader("bot.simulator"), autoescape=True, trim_blocks=True, lstrip_blocks=True)

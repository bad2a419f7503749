"""Sessions of the pages: a signed cookie, without any state on the server.

Rule: the cookie belongs to our host (`__Host-`) and expires after twelve hours. Browsers send it only over https and
hide it from JavaScript. It identifies the visitor. Permission is checked again for every request.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.links.signing import ExpiredToken, InvalidToken, TokenSigner
from bot.storage.request_log import PersonKey

#: lifetime of a session in seconds
SESSION_SECONDS = 12 * 3600
COOKIE = "__Host-record"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor from a team; `user` is empty after a signed link. `session` is a random id for each browser."""

    team: str
    user: str
    session: str

    @property
    def rate_limit_key(self) -> PersonKey:
        """Rate-limit key for page views (separate from the key for questions)."""
        return self.team, f"pages:{self.user or self.session}"


class Sessions:
    """Reads and writes the session cookie; `now` returns seconds since 1970."""

    def __init__(self, signing_secrets: Sequence[str], now: Callable[[], float]) -> None:
        self._signer = TokenSigner(signing_secrets, "session", SESSION_SECONDS, now)

    def read_visitor(self, request: web.Request) -> Visitor | None:
        """Return the visitor, or None if the cookie is missing, invalid or expired."""
        try:
            payload = self._signer.verify(request.cookies.get(COOKIE, ""))
            return Visitor(payload["team"], payload["user"], payload["session"])
        except (InvalidToken, ExpiredToken, KeyError):
            return None

    def start(self, response: web.Response, team: str, user: str = "") -> None:
        """Set a new session cookie on the response."""
        payload = {"team": team, "user": user, "session": secrets.token_hex(8)}
        set_cookie(response, COOKIE, self._signer.sign(payload), SESSION_SECONDS)

    def end(self, response: web.Response) -> None:
        """Delete the session cookie."""
        delete_cookie(response, COOKIE)


def set_cookie(response: web.Response, name: str, value: str, seconds: int) -> None:
    """Set a secure cookie. SameSite=Lax: other sites, such as Slack, send it only with a followed link."""
    response.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="Lax")


def delete_cookie(response: web.Response, name: str) -> None:
    """Delete a cookie that `set_cookie` set."""
    response.del_cookie(name, path="/", secure=True, httponly=True, samesite="Lax")

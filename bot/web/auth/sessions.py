"""Who looks at the pages, from one request to the next: a signed cookie, nothing on our side.

Rule: the cookie is bound to our host (`__Host-`), over https alone, out of reach of script, and good for twelve hours.
It says who was let in, not that they still may look: that is asked for every request.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.links.signing import ExpiredToken, InvalidToken, TokenSigner
from bot.storage.request_log import PersonKey

#: seconds for which somebody is let in
SESSION_SECONDS = 12 * 3600
COOKIE = "__Host-record"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody of a team (`bot.teams`); without `user` whoever holds its link. `session` tells them from others."""

    team: str
    user: str
    session: str

    @property
    def rate_limit_key(self) -> PersonKey:
        """Who pays for their pages. Not who pays for questions: these have a rate of their own."""
        return self.team, f"pages:{self.user or self.session}"


class Sessions:
    """Reads and writes the cookie. `now` gives seconds since 1970."""

    def __init__(self, signing_secrets: Sequence[str], now: Callable[[], float]) -> None:
        self._signer = TokenSigner(signing_secrets, "session", SESSION_SECONDS, now)

    def read_visitor(self, request: web.Request) -> Visitor | None:
        """Who asks; None for nobody that is known, or not any more."""
        try:
            payload = self._signer.verify(request.cookies.get(COOKIE, ""))
            return Visitor(payload["team"], payload["user"], payload["session"])
        except (InvalidToken, ExpiredToken, KeyError):
            return None

    def start(self, response: web.Response, team: str, user: str = "") -> None:
        """Lets somebody in, with the answer they are given."""
        payload = {"team": team, "user": user, "session": secrets.token_hex(8)}
        set_cookie(response, COOKIE, self._signer.sign(payload), SESSION_SECONDS)

    def end(self, response: web.Response) -> None:
        """Takes the cookie away."""
        delete_cookie(response, COOKIE)


def set_cookie(response: web.Response, name: str, value: str, seconds: int) -> None:
    """Sets a cookie of ours. Lax: it comes along when somebody follows a link, from Slack too, and never else."""
    response.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="Lax")


def delete_cookie(response: web.Response, name: str) -> None:
    """Takes a cookie of ours away."""
    response.del_cookie(name, path="/", secure=True, httponly=True, samesite="Lax")

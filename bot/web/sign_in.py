"""Signing in with Slack: to Slack's page, and back with who somebody is (OpenID Connect, authorization code).

Rule: what comes back is taken once, from the browser that set out, on any copy of the bot: the state is signed, bound
to a cookie, and noted as used where repeated requests are. The access token that Slack gives along is not kept.
"""

import secrets
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import urlencode, urlsplit

from aiohttp import ClientError, web
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import clients
from bot.logs import logger
from bot.settings import Settings
from bot.store.admission import Came
from bot.store.gate import Gate
from bot.web import addresses, refusals
from bot.web.identity import NotIdentified, identified
from bot.web.members import Members
from bot.web.paths import safe
from bot.web.sessions import Sessions, drop, keep
from bot.web.signed import Expired, Forged, Signed
from briefings.errors import RecordUnavailable

#: seconds in which somebody who set out must be back; a state is remembered as used for as long (`limits`)
STATE_SECONDS = 10 * 60
COOKIE = "__Host-record-sign-in"
#: who somebody is and to which workspace they belong: nothing of their profile, no mail address
_SCOPE = "openid"
_LONGEST_CODE = 500


class SignIn:
    """Signs people in. `now` gives seconds since 1970. Only where `settings.signs_in`."""

    def __init__(
        self, settings: Settings, sessions: Sessions, members: Members, gate: Gate, now: Callable[[], float]
    ) -> None:
        self._settings = settings
        self._sessions = sessions
        self._members = members
        self._gate = gate
        self._now = now
        self._states = Signed(settings.signs_with, "sign-in", STATE_SECONDS, now)
        parts = urlsplit(settings.api_url)
        #: where Slack is: its id_tokens name it as their issuer, its pages are there
        self._slack = f"{parts.scheme}://{parts.netloc}"
        self._back = f"{settings.pages_url}{addresses.PREFIX}{addresses.SIGNED_IN}"

    async def begin(self, request: web.Request) -> web.Response:
        """Leads to Slack's page."""
        secret = secrets.token_urlsafe(24)
        nonce = _nonce(secret)
        told = {"nonce": nonce, "to": safe(request.query.get("to", ""))}
        asked = {
            "response_type": "code",
            "scope": _SCOPE,
            "client_id": str(self._settings.client_id),
            "redirect_uri": self._back,
            "state": self._states.written(told),
            "nonce": nonce,
        }
        if team := await self._team():
            asked["team"] = team
        response = led(f"{self._slack}/openid/connect/authorize?{urlencode(asked)}")
        keep(response, COOKIE, secret, STATE_SECONDS)
        return response

    async def back(self, request: web.Request) -> web.Response:
        """Takes who Slack leads back. Raises NotLetIn, RecordUnavailable."""
        told = self._begun(request)
        to = safe(told["to"])
        if request.query.get("error"):
            why = "declined" if request.query["error"] == "access_denied" else "refused by Slack"
            raise refusals.not_signed_in(why, "Slack did not let you sign in here. You may try again.", to=to)
        await self._once(told["nonce"], to)
        try:
            who = identified(
                await self._exchanged(request.query.get("code", ""), to),
                issuer=self._slack,
                client_id=str(self._settings.client_id),
                nonce=told["nonce"],
                now=self._now(),
            )
        except NotIdentified as error:
            logger().warning("not signed in", claim=error.why)
            raise refusals.not_signed_in("not identified", str(error), to=to) from None
        team = await self._members.of(who)
        if team is None:
            raise refusals.not_installed()
        response = led(to)
        drop(response, COOKIE)
        self._sessions.begin(response, team, who.user)
        logger().info("signed in")
        return response

    def _begun(self, request: web.Request) -> dict[str, str]:
        """What was asked when this browser set out."""
        again = "This sign-in was begun elsewhere, or too long ago: please begin again."
        try:
            told = self._states.read(request.query.get("state", ""))
        except (Forged, Expired):
            raise refusals.not_signed_in("state", again) from None
        mine = _nonce(request.cookies.get(COOKIE, ""))
        if not {"nonce", "to"} <= told.keys() or not secrets.compare_digest(mine, told["nonce"]):
            raise refusals.not_signed_in("other browser", again)
        return told

    async def _once(self, nonce: str, to: str) -> None:
        if not (await self._gate.admit(Came(f"sign-in:{nonce}"))).new:
            raise refusals.not_signed_in("repeated", "This sign-in was used already: please begin again.", to=to)

    async def _exchanged(self, code: str, to: str) -> object:
        """The id_token for a code."""
        client = clients.web_client(self._settings.api_url)
        asked = {
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret,
            "code": code[:_LONGEST_CODE],
            "redirect_uri": self._back,
            "grant_type": "authorization_code",
        }
        try:
            return (await client.api_call("openid.connect.token", data=asked)).get("id_token")
        except SlackApiError as error:
            logger().warning("not signed in", error=clients.error_code(error))
            sentence = "Slack did not confirm who you are: please sign in again."
            raise refusals.not_signed_in("refused by Slack", sentence, to=to) from None
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            logger().error("not signed in", error=type(error).__name__)
            sentence = "Slack does not answer just now. Please try again in a minute."
            raise refusals.not_signed_in("no answer", sentence, status=503, to=to) from None

    async def _team(self) -> str | None:
        """The workspace to name to Slack, so that nobody is asked to choose one that is not let in."""
        try:
            return await self._members.only()
        except RecordUnavailable:
            return None


def led(address: str) -> web.Response:
    """Leads elsewhere, by GET, leaving nothing behind."""
    return web.Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})


def _nonce(secret: str) -> str:
    """What is told of a secret that stays in the browser."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

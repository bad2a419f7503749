"""Sign in with Slack (OpenID Connect, authorization code flow).

Rule: each sign-in works once, in the browser that started it, on any replica. The state is signed and bound to a
cookie, and the request log marks it as used. Slack's access token is discarded.
"""

import secrets
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import urlencode, urlsplit

from aiohttp import ClientError, web
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.core.logs import get_logger
from bot.core.settings import Settings
from bot.links import urls
from bot.links.signing import ExpiredToken, InvalidToken, TokenSigner
from bot.links.urls import resolve_redirect
from bot.slack.transport import clients
from bot.slack.transport.request_gate import RequestGate
from bot.storage.request_log import Request
from bot.web.auth import access_denied
from bot.web.auth.membership import InvalidIdToken, Membership, verify_id_token
from bot.web.auth.sessions import Sessions, delete_cookie, set_cookie
from briefings import DatabaseUnavailable

#: seconds in which a sign-in must be completed; the request log keeps a used state for at least as long
STATE_SECONDS = 10 * 60
COOKIE = "__Host-record-sign-in"
#: asks for the user id and workspace only: no profile, no email address
_SCOPE = "openid"
_MAX_CODE_LENGTH = 500


class SignIn:
    """Handlers of the sign-in; `now` returns seconds since 1970. Requires `settings.has_sign_in`."""

    def __init__(
        self,
        settings: Settings,
        sessions: Sessions,
        membership: Membership,
        gate: RequestGate,
        now: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._sessions = sessions
        self._membership = membership
        self._gate = gate
        self._now = now
        self._state_signer = TokenSigner(settings.page_signing_secrets, "sign-in", STATE_SECONDS, now)
        parts = urlsplit(settings.api_url)
        #: Slack's base URL, which is also the issuer of its id_tokens
        self._slack_url = f"{parts.scheme}://{parts.netloc}"
        self._callback_url = f"{settings.pages_url}{urls.PREFIX}{urls.SIGN_IN_CALLBACK}"

    async def start(self, request: web.Request) -> web.Response:
        """Redirect to Slack's sign-in page."""
        secret = secrets.token_urlsafe(24)
        nonce = _hash_secret(secret)
        state = {"nonce": nonce, "to": resolve_redirect(request.query.get("to", ""))}
        params = {
            "response_type": "code",
            "scope": _SCOPE,
            "client_id": str(self._settings.client_id),
            "redirect_uri": self._callback_url,
            "state": self._state_signer.sign(state),
            "nonce": nonce,
        }
        if team := await self._find_team_hint():
            params["team"] = team
        response = redirect(f"{self._slack_url}/openid/connect/authorize?{urlencode(params)}")
        set_cookie(response, COOKIE, secret, STATE_SECONDS)
        return response

    async def handle_callback(self, request: web.Request) -> web.Response:
        """Handle the redirect back from Slack: start a session and redirect to the requested page.

        Raises AccessDenied or DatabaseUnavailable.
        """
        state = self._read_state(request)
        return_to = resolve_redirect(state["to"])
        if request.query.get("error"):
            reason = "declined" if request.query["error"] == "access_denied" else "refused by Slack"
            raise access_denied.sign_in_failed(
                reason, "Slack didn't complete the sign-in. You can try again.", return_to=return_to
            )
        await self._claim_nonce(state["nonce"], return_to)
        try:
            identity = verify_id_token(
                await self._exchange_code(request.query.get("code", ""), return_to),
                issuer=self._slack_url,
                client_id=str(self._settings.client_id),
                nonce=state["nonce"],
                now=self._now(),
            )
        except InvalidIdToken as error:
            get_logger().warning("sign-in failed", claim=error.reason)
            raise access_denied.sign_in_failed("not identified", str(error), return_to=return_to) from None
        team = await self._membership.find_team(identity)
        if team is None:
            raise access_denied.not_installed()
        response = redirect(return_to)
        delete_cookie(response, COOKIE)
        self._sessions.start(response, team, identity.user)
        get_logger().info("user signed in")
        return response

    def _read_state(self, request: web.Request) -> dict[str, str]:
        """Return the signed state, if this browser started the sign-in and it has not expired."""
        message = "This sign-in started in another browser, or took too long. Please sign in again."
        try:
            state = self._state_signer.verify(request.query.get("state", ""))
        except (InvalidToken, ExpiredToken):
            raise access_denied.sign_in_failed("state", message) from None
        cookie_nonce = _hash_secret(request.cookies.get(COOKIE, ""))
        if not {"nonce", "to"} <= state.keys() or not secrets.compare_digest(cookie_nonce, state["nonce"]):
            raise access_denied.sign_in_failed("other browser", message)
        return state

    async def _claim_nonce(self, nonce: str, return_to: str) -> None:
        if not (await self._gate.admit(Request(f"sign-in:{nonce}"))).is_new:
            raise access_denied.sign_in_failed(
                "repeated", "This sign-in was already used. Please sign in again.", return_to=return_to
            )

    async def _exchange_code(self, code: str, return_to: str) -> object:
        """Exchange an authorization code for the id_token."""
        client = clients.make_web_client(self._settings.api_url)
        params = {
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret,
            "code": code[:_MAX_CODE_LENGTH],
            "redirect_uri": self._callback_url,
            "grant_type": "authorization_code",
        }
        try:
            return (await client.api_call("openid.connect.token", data=params)).get("id_token")
        except SlackApiError as error:
            get_logger().warning("sign-in failed", error=clients.get_error_code(error))
            sentence = "Slack couldn't confirm who you are. Please sign in again."
            raise access_denied.sign_in_failed("refused by Slack", sentence, return_to=return_to) from None
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            get_logger().error("sign-in failed", error=type(error).__name__)
            sentence = "Slack isn't responding. Please try again in a minute."
            raise access_denied.sign_in_failed("no answer", sentence, status=503, return_to=return_to) from None

    async def _find_team_hint(self) -> str | None:
        """Return the only workspace with access, so that Slack does not offer others; None if there may be several."""
        try:
            return await self._membership.get_only_team()
        except DatabaseUnavailable:
            return None


def redirect(url: str) -> web.Response:
    """Return a 303 redirect that is not cached."""
    return web.Response(status=303, headers={"Location": url, "Cache-Control": "no-store"})


def _hash_secret(secret: str) -> str:
    """Hash the cookie's secret; only the hash leaves the browser."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

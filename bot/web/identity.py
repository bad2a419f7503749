"""Who Slack says has signed in: the claims of an id_token. Pure.

Rule: the token came straight from Slack's token endpoint over TLS, which OpenID Connect Core 1.0 (3.1.3.7, point 6)
accepts in place of checking its signature; everything else that it asks to be checked is.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from briefings.errors import BriefingsError

#: seconds by which Slack's clock and ours may differ
_MAX_CLOCK_SKEW = 60
#: Slack's own claims, which bear this name at every Slack
_CLAIM_PREFIX = "https://slack.com/"
_MAX_ID_LENGTH = 32


class InvalidIdToken(BriefingsError):
    """The id_token does not say who this is. `why` is a word for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__("Slack's answer does not fit the question: please sign in again.")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody, their workspace (T…), and its organisation (E…), if it belongs to one."""

    user: str
    team: str
    organisation: str | None


def verify_id_token(id_token: object, *, issuer: str, client_id: str, nonce: str, now: float) -> Identity:
    """Who an id_token names; it must be for us, for this sign-in (`nonce`), and in time. Raises NotIdentified."""
    claims = _decode_claims(id_token)
    audience = claims.get("aud")
    expires = claims.get("exp")
    if claims.get("iss") != issuer:
        raise InvalidIdToken("iss")
    if audience not in (client_id, [client_id]) or claims.get("azp", client_id) != client_id:
        raise InvalidIdToken("aud")
    if isinstance(expires, bool) or not isinstance(expires, int | float) or expires <= now - _MAX_CLOCK_SKEW:
        raise InvalidIdToken("exp")
    if not secrets.compare_digest(str(claims.get("nonce")).encode("utf-8", "replace"), nonce.encode()):
        raise InvalidIdToken("nonce")
    user, team = (_get_id(claims, name) for name in ("user_id", "team_id"))
    if not (user and team):
        raise InvalidIdToken("team")
    return Identity(user, team, _get_id(claims, "enterprise_id"))


def _decode_claims(id_token: object) -> Mapping[str, Any]:
    try:
        # what is checked is checked above, by the clock that is passed in
        return jwt.decode(str(id_token), options={"verify_signature": False})
    except jwt.PyJWTError:
        raise InvalidIdToken("no token") from None


def _get_id(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(_CLAIM_PREFIX + name)
    return (
        value
        if isinstance(value, str) and value.isalnum() and value.isascii() and len(value) <= _MAX_ID_LENGTH
        else None
    )

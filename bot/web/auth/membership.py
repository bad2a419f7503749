"""Workspace membership: which workspaces have the bot installed, and whose identity an id_token confirms.

Rule: membership is checked for every request, with a short cache. If it cannot be checked, access is refused.
Rule: id_tokens come straight from Slack's token endpoint over TLS. OpenID Connect Core 1.0 (3.1.3.7, point 6) accepts
this in place of a signature check. All other required checks are done here.
"""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import jwt
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.logs import get_logger
from bot.slack.authorization import REFUSAL_CODES
from bot.slack.transport.clients import get_error_code
from bot.storage.installations import InstallationStore
from briefings import BriefingsError, DatabaseUnavailable

#: allowed difference between Slack's clock and ours, in seconds
_MAX_CLOCK_SKEW = 60
#: prefix of the names of Slack's own claims
_CLAIM_PREFIX = "https://slack.com/"
_MAX_ID_LENGTH = 32
#: seconds for which an answer is cached: from the database, and from Slack
DATABASE_CACHE_SECONDS, SLACK_CACHE_SECONDS = 10.0, 60.0
#: workspaces in the cache
_MAX_CACHED_TEAMS = 1_000
_UNKNOWN_MESSAGE = "We couldn't check with Slack that the bot is still installed. Please try again in a minute."


class InvalidIdToken(BriefingsError):
    """The id_token does not identify the user; `reason` names the failed check for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__("Slack's reply didn't match this sign-in. Please sign in again.")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Identity:
    """A Slack user, their workspace (T…), and its organisation (E…) if it has one."""

    user: str
    team: str
    organisation: str | None


class Membership(Protocol):
    """Workspaces that have the bot installed, by team id: T… for a workspace, E… for an organisation.

    Every method may raise DatabaseUnavailable.
    """

    async def is_installed(self, team: str) -> bool:
        """Return whether the bot is installed in this team."""

    async def find_team(self, identity: Identity) -> str | None:
        """Return the user's team that has the bot installed, or None."""

    async def get_only_team(self) -> str | None:
        """Return the id (T…) of the only workspace, or None if there may be several."""


class MultiWorkspaceMembership:
    """Membership of a bot that any workspace can install; `now` returns seconds."""

    def __init__(self, installations: InstallationStore, now: Callable[[], float]) -> None:
        self._installations = installations
        self._now = now
        self._cache: OrderedDict[str, tuple[bool, float]] = OrderedDict()

    async def is_installed(self, team: str) -> bool:
        """Return whether the team has an installation."""
        cache_entry = self._cache.get(team)
        if cache_entry and self._now() - cache_entry[1] < DATABASE_CACHE_SECONDS:
            return cache_entry[0]
        checked_at = self._now()
        is_installed = await self._installations.find_workspace(team) is not None
        self._cache[team] = (is_installed, checked_at)
        self._cache.move_to_end(team)
        while len(self._cache) > _MAX_CACHED_TEAMS:
            self._cache.popitem(last=False)
        return is_installed

    async def find_team(self, identity: Identity) -> str | None:
        """Return the workspace if it has an installation, else its organisation; requests use the same order."""
        for team in filter(None, (identity.team, identity.organisation)):
            if await self._installations.find_workspace(team) is not None:
                return team
        return None

    async def get_only_team(self) -> str | None:
        """Return None, because any workspace can install the bot."""
        return None


@dataclass(frozen=True, slots=True)
class _TokenOwner:
    """The workspace or organisation of the bot's token; it has no ids if Slack rejects the token."""

    team: str = ""
    organisation: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.team, self.organisation)))


class SingleWorkspaceMembership:
    """Membership of a bot with the token of one workspace or organisation; `now` returns seconds."""

    def __init__(self, client: AsyncWebClient, now: Callable[[], float]) -> None:
        self._client = client
        self._now = now
        self._token_owner: _TokenOwner | None = None
        self._checked_at = float("-inf")
        self._lock = asyncio.Lock()

    async def is_installed(self, team: str) -> bool:
        """Return whether the team owns the token and Slack still accepts it."""
        return team in (await self._get_token_owner()).ids

    async def find_team(self, identity: Identity) -> str | None:
        """Return the token's team if the user belongs to it, else None."""
        token_owner = await self._get_token_owner()
        return next(
            (team for team in filter(None, (identity.team, identity.organisation)) if team in token_owner.ids), None
        )

    async def get_only_team(self) -> str | None:
        """Return the id of the token's workspace, or None for an organisation."""
        team = (await self._get_token_owner()).team
        return team if team.startswith("T") else None

    async def _get_token_owner(self) -> _TokenOwner:
        async with self._lock:
            if self._token_owner is None or self._now() - self._checked_at >= SLACK_CACHE_SECONDS:
                self._token_owner, self._checked_at = await self._fetch_token_owner(), self._now()
            return self._token_owner

    async def _fetch_token_owner(self) -> _TokenOwner:
        """Ask Slack who owns the token; if Slack does not answer, return the last known owner."""
        try:
            response = await self._client.auth_test()
        except SlackApiError as error:
            if get_error_code(error) in REFUSAL_CODES:
                return _TokenOwner()
            reason = get_error_code(error)
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            reason = type(error).__name__
        else:
            # an install in one workspace gives no access to the organisation's other workspaces
            is_organisation_install = response.get("is_enterprise_install") is True
            return _TokenOwner(
                str(response.get("team_id") or ""),
                str(response.get("enterprise_id") or "") if is_organisation_install else "",
            )
        get_logger().warning("membership check failed", error=reason)
        if self._token_owner is None:
            raise DatabaseUnavailable(_UNKNOWN_MESSAGE)
        return self._token_owner


def verify_id_token(id_token: object, *, issuer: str, client_id: str, nonce: str, now: float) -> Identity:
    """Return the identity in an id_token after checking issuer, audience, expiry and `nonce`.

    `now` is seconds since 1970. Raises InvalidIdToken.
    """
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
        # verify_id_token checks the claims itself, because it takes the clock as an argument
        return jwt.decode(str(id_token), options={"verify_signature": False})
    except (jwt.PyJWTError, UnicodeError):  # a lone surrogate is not encoded
        raise InvalidIdToken("no token") from None


def _get_id(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(_CLAIM_PREFIX + name)
    return (
        value
        if isinstance(value, str) and value.isalnum() and value.isascii() and len(value) <= _MAX_ID_LENGTH
        else None
    )

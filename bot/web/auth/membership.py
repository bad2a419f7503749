"""Which workspaces may look at the pages: those in which the bot is installed now.

Rule: asked for every request, remembered for a moment. Where nobody can tell, nobody is let in.

Who Slack says has signed in: the claims of an id_token. Pure.

Rule: the token came straight from Slack's token endpoint over TLS, which OpenID Connect Core 1.0 (3.1.3.7, point 6)
accepts in place of checking its signature; everything else that it asks to be checked is.
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


#: seconds for which it is remembered that the bot is, or is not, installed: by the database, by Slack
DATABASE_CACHE_SECONDS, SLACK_CACHE_SECONDS = 10.0, 60.0
#: workspaces that are remembered
_MAX_CACHED_TEAMS = 1_000
_UNKNOWN_MESSAGE = "Slack could not be asked whether the bot is still installed. Please try again in a minute."


class Membership(Protocol):
    """Knows the workspaces, by the ids of `bot.teams`. What it is asked may raise RecordUnavailable."""

    async def is_installed(self, team: str) -> bool:
        """Whether the bot is installed there."""

    async def find_team(self, identity: Identity) -> str | None:
        """The team to which somebody belongs, None when the bot is installed nowhere of theirs."""

    async def get_only_team(self) -> str | None:
        """The one workspace (T…) that there is, None when there may be several."""


class MultiWorkspaceMembership:
    """Every workspace that has installed the bot. `now` gives seconds."""

    def __init__(self, installations: InstallationStore, now: Callable[[], float]) -> None:
        self._installations = installations
        self._now = now
        self._cache: OrderedDict[str, tuple[bool, float]] = OrderedDict()

    async def is_installed(self, team: str) -> bool:
        """Whether there is an installation."""
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
        """The workspace's own installation before that of its organisation, as requests find theirs."""
        for team in filter(None, (identity.team, identity.organisation)):
            if await self._installations.find_workspace(team) is not None:
                return team
        return None

    async def get_only_team(self) -> str | None:
        """None: anybody may install it."""
        return None


@dataclass(frozen=True, slots=True)
class _TokenOwner:
    """Where the bot's one token comes from; no ids when Slack takes it no more."""

    team: str = ""
    organisation: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.team, self.organisation)))


class SingleWorkspaceMembership:
    """The one workspace, or organisation, whose token the bot has. `now` gives seconds."""

    def __init__(self, client: AsyncWebClient, now: Callable[[], float]) -> None:
        self._client = client
        self._now = now
        self._token_owner: _TokenOwner | None = None
        self._checked_at = float("-inf")
        self._lock = asyncio.Lock()

    async def is_installed(self, team: str) -> bool:
        """Whether it is that one, and Slack still takes the token."""
        return team in (await self._get_token_owner()).ids

    async def find_team(self, identity: Identity) -> str | None:
        """That one, if they belong to it."""
        token_owner = await self._get_token_owner()
        return next(
            (team for team in filter(None, (identity.team, identity.organisation)) if team in token_owner.ids), None
        )

    async def get_only_team(self) -> str | None:
        """Its id, if it is a workspace."""
        team = (await self._get_token_owner()).team
        return team if team.startswith("T") else None

    async def _get_token_owner(self) -> _TokenOwner:
        async with self._lock:
            if self._token_owner is None or self._now() - self._checked_at >= SLACK_CACHE_SECONDS:
                self._token_owner, self._checked_at = await self._fetch_token_owner(), self._now()
            return self._token_owner

    async def _fetch_token_owner(self) -> _TokenOwner:
        """What Slack says. When it does not answer, what it last said."""
        try:
            response = await self._client.auth_test()
        except SlackApiError as error:
            if get_error_code(error) in REFUSAL_CODES:
                return _TokenOwner()
            reason = get_error_code(error)
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            reason = type(error).__name__
        else:
            # unless all of the organisation installed it, its other workspaces are strangers
            is_organisation_install = response.get("is_enterprise_install") is True
            return _TokenOwner(
                str(response.get("team_id") or ""),
                str(response.get("enterprise_id") or "") if is_organisation_install else "",
            )
        get_logger().warning("workspace not asked for", error=reason)
        if self._token_owner is None:
            raise DatabaseUnavailable(_UNKNOWN_MESSAGE)
        return self._token_owner

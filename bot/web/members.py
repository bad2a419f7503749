"""Which workspaces may look at the pages: those in which the bot is installed now.

Rule: asked for every request, remembered for a moment. Where nobody can tell, nobody is let in.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clients import error_code
from bot.logs import logger
from bot.store.installations import Installations
from bot.tokens import REFUSALS
from bot.web.identity import Identity
from briefings.errors import RecordUnavailable

#: seconds for which it is remembered that the bot is, or is not, installed: by the database, by Slack
KEPT_SECONDS, ASKED_SECONDS = 10.0, 60.0
#: workspaces that are remembered
_MOST = 1_000
_UNKNOWN = "Slack could not be asked whether the bot is still installed. Please try again in a minute."


class Members(Protocol):
    """Knows the workspaces, by the ids of `bot.teams`. What it is asked may raise RecordUnavailable."""

    async def has(self, team: str) -> bool:
        """Whether the bot is installed there."""

    async def of(self, who: Identity) -> str | None:
        """The team to which somebody belongs, None when the bot is installed nowhere of theirs."""

    async def only(self) -> str | None:
        """The one workspace (T…) that there is, None when there may be several."""


class Many:
    """Every workspace that has installed the bot. `now` gives seconds."""

    def __init__(self, installations: Installations, now: Callable[[], float]) -> None:
        self._installations = installations
        self._now = now
        self._kept: OrderedDict[str, tuple[bool, float]] = OrderedDict()

    async def has(self, team: str) -> bool:
        """Whether there is an installation."""
        kept = self._kept.get(team)
        if kept and self._now() - kept[1] < KEPT_SECONDS:
            return kept[0]
        asked_at = self._now()
        found = await self._installations.place_of(team) is not None
        self._kept[team] = (found, asked_at)
        self._kept.move_to_end(team)
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return found

    async def of(self, who: Identity) -> str | None:
        """The workspace's own installation before that of its organisation, as requests find theirs."""
        for team in filter(None, (who.team, who.organisation)):
            if await self._installations.place_of(team) is not None:
                return team
        return None

    async def only(self) -> str | None:
        """None: anybody may install it."""
        return None


@dataclass(frozen=True, slots=True)
class _Own:
    """Where the bot's one token comes from; no ids when Slack takes it no more."""

    team: str = ""
    organisation: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.team, self.organisation)))


class Single:
    """The one workspace, or organisation, whose token the bot has. `now` gives seconds."""

    def __init__(self, client: AsyncWebClient, now: Callable[[], float]) -> None:
        self._client = client
        self._now = now
        self._own: _Own | None = None
        self._at = float("-inf")
        self._lock = asyncio.Lock()

    async def has(self, team: str) -> bool:
        """Whether it is that one, and Slack still takes the token."""
        return team in (await self._asked()).ids

    async def of(self, who: Identity) -> str | None:
        """That one, if they belong to it."""
        own = await self._asked()
        return next((team for team in filter(None, (who.team, who.organisation)) if team in own.ids), None)

    async def only(self) -> str | None:
        """Its id, if it is a workspace."""
        team = (await self._asked()).team
        return team if team.startswith("T") else None

    async def _asked(self) -> _Own:
        async with self._lock:
            if self._own is None or self._now() - self._at >= ASKED_SECONDS:
                self._own, self._at = await self._ask(), self._now()
            return self._own

    async def _ask(self) -> _Own:
        """What Slack says. When it does not answer, what it last said."""
        try:
            answer = await self._client.auth_test()
        except SlackApiError as error:
            if error_code(error) in REFUSALS:
                return _Own()
            why = error_code(error)
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            why = type(error).__name__
        else:
            # unless all of the organisation installed it, its other workspaces are strangers
            whole = answer.get("is_enterprise_install") is True
            return _Own(str(answer.get("team_id") or ""), str(answer.get("enterprise_id") or "") if whole else "")
        logger().warning("workspace not asked for", error=why)
        if self._own is None:
            raise RecordUnavailable(_UNKNOWN)
        return self._own

"""Finds the current day where a user is, so that "today" is their day.

Rule: a zone is read from Slack once an hour for each user. Without Slack's answer, the day is that of UTC.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.transport.clients import get_time_zone

#: seconds until a zone is read again, and to wait for it; users whose zone is kept
_TTL_SECONDS, _TIMEOUT_SECONDS, _MAX_USERS = 3600.0, 2.0, 2_000


@dataclass(frozen=True, slots=True)
class Asker:
    """The user who asks, with the client of their workspace."""

    client: AsyncWebClient | None
    user: str


@dataclass(slots=True)
class AskerDays:
    """Returns the current day of users. `now` returns the time in UTC. For one event loop."""

    now: Callable[[], datetime]
    _zones: OrderedDict[tuple[str, str], tuple[float, str | None]] = field(default_factory=OrderedDict)

    async def get_today(self, asker: Asker) -> date:
        """Return the current day in the user's time zone. Never raises."""
        now = self.now()
        zone = await self._find_zone(asker, now.timestamp())
        try:
            return now.astimezone(ZoneInfo(zone)).date() if zone else now.date()
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return now.date()

    async def _find_zone(self, asker: Asker, seconds: float) -> str | None:
        if asker.client is None or not asker.user:
            return None
        key = (asker.client.token or "", asker.user)
        entry = self._zones.get(key)
        if entry and seconds - entry[0] < _TTL_SECONDS:
            return entry[1]
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                zone = await get_time_zone(asker.client, asker.user)
        except TimeoutError:
            return None
        self._zones[key] = seconds, zone
        while len(self._zones) > _MAX_USERS:
            self._zones.popitem(last=False)
        return zone

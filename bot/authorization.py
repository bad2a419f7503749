"""Finds the token for a request, where the bot is installed in many workspaces, and renews it in time.

Rule: nothing is asked of Slack but a new token, when the old one has less than two hours to live. Bolt's own would ask
auth.test for every request, and renews one token from several requests at once, of which Slack takes the first.
"""

import asyncio
from collections.abc import Callable
from weakref import WeakValueDictionary

from aiohttp import ClientError
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackClientError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from bot.logs import logger
from bot.store.installations import Installations
from briefings.errors import BriefingsError

#: minutes of life that a token in use has left at least
_MINUTES = 120
_Place = tuple[str | None, str | None]


class NotInstalled(BriefingsError):
    """Slack sends something from where the bot is not installed, or from where its token was taken back."""


class Authorization(AsyncAuthorize):
    """`rotator` renews tokens; `now` is in seconds since 1970."""

    def __init__(self, installations: Installations, rotator: AsyncTokenRotator, now: Callable[[], float]) -> None:
        self._installations = installations
        self._rotator = rotator
        self._now = now
        self._renewing: WeakValueDictionary[_Place, asyncio.Lock] = WeakValueDictionary()

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **_: object,
    ) -> AuthorizeResult:
        """The bot's token for that workspace. Raises NotInstalled, RecordUnavailable."""
        bot = None if context.is_enterprise_install else await self._find(enterprise_id, team_id)
        if bot is None and enterprise_id is not None:
            bot = await self._find(enterprise_id, None)
        if bot is not None:
            bot = await self._in_force(bot)
        if bot is None:
            raise NotInstalled(
                "On the Record is not installed here any more: ask an admin of this workspace to install it again."
            )
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id,
            bot_token=bot.bot_token,
            bot_scopes=bot.bot_scopes,
            user_id=user_id,
        )

    async def token_of(self, team: str) -> str | None:
        """The bot's token for a team's id, when nobody there has asked anything. Raises RecordUnavailable."""
        place = await self._installations.place_of(team)
        bot = await self._find(*place) if place else None
        bot = await self._in_force(bot) if bot else None
        return bot.bot_token if bot else None

    async def _find(self, enterprise_id: str | None, team_id: str | None) -> Bot | None:
        return await self._installations.async_find_bot(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=team_id is None
        )

    async def _in_force(self, bot: Bot) -> Bot | None:
        """`bot` with a token that lives, renewed by one request at a time."""
        if not self._ends_within(bot, _MINUTES):
            return bot
        place = (bot.enterprise_id, bot.team_id)
        lock = self._renewing.setdefault(place, asyncio.Lock())
        async with lock:
            found = await self._find(*place)
            if found is None or not self._ends_within(found, _MINUTES):
                return found
            return await self._renewed(found) or await self._spared(found)

    async def _renewed(self, bot: Bot) -> Bot | None:
        try:
            new = await self._rotator.perform_bot_token_rotation(bot=bot, minutes_before_expiration=_MINUTES)
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            logger().warning("token not renewed", error=type(error).__name__)
            return None
        if new is not None:
            await self._installations.async_save_bot(new)
        return new

    async def _spared(self, old: Bot) -> Bot | None:
        """What there is when renewing failed: another replica's new token, or the old one while it lives."""
        found = await self._find(old.enterprise_id, old.team_id)
        return None if found is None or self._ends_within(found, 0) else found

    def _ends_within(self, bot: Bot, minutes: int) -> bool:
        return bot.bot_token_expires_at is not None and bot.bot_token_expires_at <= self._now() + minutes * 60

"""Finds the bot token of each workspace, renews it before it expires, and checks the configured tokens at start.

Rule: authorization calls Slack only to renew a token with less than two hours left. Bolt's own authorization calls
auth.test for every request. It can also renew a token several times at once, and Slack accepts only the first. At
start, a token that Slack rejects stops the program with one sentence; an unreachable Slack does not.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from weakref import WeakValueDictionary

from aiohttp import ClientError
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.logs import get_logger
from bot.core.settings import Settings
from bot.slack.transport import clients
from bot.storage.installations import InstallationStore
from briefings import BadSettings, BriefingsError

#: renew a token that has fewer minutes left than this
_MIN_MINUTES_LEFT = 120
_WorkspaceKey = tuple[str | None, str | None]


class NotInstalled(BriefingsError):
    """The bot is not installed in the workspace, or its token was revoked."""


class TokenAuthorization(AsyncAuthorize):
    """Finds tokens in the database. `rotator` renews them; `now` returns seconds since 1970."""

    def __init__(self, installations: InstallationStore, rotator: AsyncTokenRotator, now: Callable[[], float]) -> None:
        self._installations = installations
        self._rotator = rotator
        self._now = now
        self._rotation_locks: WeakValueDictionary[_WorkspaceKey, asyncio.Lock] = WeakValueDictionary()

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **_: object,
    ) -> AuthorizeResult:
        """Return the bot's token for the workspace of a request. Raises NotInstalled, DatabaseUnavailable."""
        bot = None if context.is_enterprise_install else await self._find_bot(enterprise_id, team_id)
        if bot is None and enterprise_id is not None:
            bot = await self._find_bot(enterprise_id, None)
        if bot is not None:
            bot = await self._ensure_valid(bot)
        if bot is None:
            raise NotInstalled("On the Record isn't installed here anymore. Ask a workspace admin to install it again.")
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id,
            bot_token=bot.bot_token,
            bot_scopes=bot.bot_scopes,
            user_id=user_id,
        )

    async def get_token(self, team: str) -> str | None:
        """Return the bot's token for a team id, or None if not installed. For posts that no request caused.

        Raises DatabaseUnavailable.
        """
        workspace_key = await self._installations.find_workspace(team)
        bot = await self._find_bot(*workspace_key) if workspace_key else None
        bot = await self._ensure_valid(bot) if bot else None
        return bot.bot_token if bot else None

    async def _find_bot(self, enterprise_id: str | None, team_id: str | None) -> Bot | None:
        return await self._installations.async_find_bot(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=team_id is None
        )

    async def _ensure_valid(self, bot: Bot) -> Bot | None:
        """Return `bot` with a valid token. One request at a time renews it."""
        if not self._expires_within(bot, _MIN_MINUTES_LEFT):
            return bot
        workspace_key = (bot.enterprise_id, bot.team_id)
        lock = self._rotation_locks.setdefault(workspace_key, asyncio.Lock())
        async with lock:
            current_bot = await self._find_bot(*workspace_key)
            if current_bot is None or not self._expires_within(current_bot, _MIN_MINUTES_LEFT):
                return current_bot
            return await self._rotate_token(current_bot) or await self._find_usable_bot(current_bot)

    async def _rotate_token(self, bot: Bot) -> Bot | None:
        try:
            new_bot = await self._rotator.perform_bot_token_rotation(
                bot=bot, minutes_before_expiration=_MIN_MINUTES_LEFT
            )
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            get_logger().warning("token renewal failed", error=type(error).__name__)
            return None
        if new_bot is not None:
            await self._installations.async_save_bot(new_bot)
        return new_bot

    async def _find_usable_bot(self, old_bot: Bot) -> Bot | None:
        """Return another replica's new token after a failed renewal, or the old one if it is still valid."""
        current_bot = await self._find_bot(old_bot.enterprise_id, old_bot.team_id)
        return None if current_bot is None or self._expires_within(current_bot, 0) else current_bot

    def _expires_within(self, bot: Bot, minutes: int) -> bool:
        return bot.bot_token_expires_at is not None and bot.bot_token_expires_at <= self._now() + minutes * 60


def make_client_finder(
    settings: Settings, authorization: TokenAuthorization | None
) -> Callable[[str], Awaitable[AsyncWebClient | None]]:
    """Return a function that maps a team id to its Slack client, or None if the bot is not installed there.

    `authorization` finds tokens when many workspaces can install the bot. Without it, the settings' token is used.
    """

    async def find_client(team: str) -> AsyncWebClient | None:
        token = await authorization.get_token(team) if authorization else settings.bot_token
        return clients.make_web_client(settings.api_url, token) if token else None

    return find_client


#: Slack's error codes for a token that is not valid
REFUSAL_CODES = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type"}
)


async def check_tokens(settings: Settings) -> str | None:
    """Call Slack with the bot token and the app token. Raises BadSettings if Slack rejects one.

    Returns the id of the only workspace that the bot token works in, "" if there are several, and None if Slack has
    not said it.
    """
    client = clients.make_web_client(settings.api_url, settings.bot_token)
    owner = await _check_token("SLACK_BOT_TOKEN", "auth.test", client)
    if settings.app_token:
        await _check_token(
            "SLACK_APP_TOKEN", "apps.connections.open", clients.make_web_client(settings.api_url, settings.app_token)
        )
    if not owner:
        return None
    team = owner.get("team_id")
    return team if isinstance(team, str) and owner.get("is_enterprise_install") is not True else ""


async def _check_token(name: str, method: str, client: AsyncWebClient) -> Mapping[str, Any]:
    """Return Slack's answer, or {} if it says nothing about the token."""
    try:
        answer = (await client.api_call(method)).data
    except SlackApiError as error:
        code = str(error.response.get("error"))
        if code in REFUSAL_CODES:
            raise BadSettings(f"Slack rejected {name} ({code}). Copy it again from the app's settings page.") from None
        get_logger().warning("token check failed", name=name, error=code)
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        get_logger().warning("token check failed", name=name, error=type(error).__name__)
    else:
        return answer if isinstance(answer, dict) else {}
    return {}

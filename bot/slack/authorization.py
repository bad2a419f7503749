"""Finds the token for a request, where the bot is installed in many workspaces, and renews it in time.

Rule: nothing is asked of Slack but a new token, when the old one has less than two hours to live. Bolt's own would ask
auth.test for every request, and renews one token from several requests at once, of which Slack takes the first.

The bot's client for a workspace, when nobody there has asked anything: for what it posts by itself.

Rule: the token is the one that an answer would use, renewed in time.

Asks Slack, at start, whether it takes the tokens.

Rule: a token that Slack refuses stops the start with one sentence; a Slack that cannot be reached does not.
"""

import asyncio
from collections.abc import Awaitable, Callable
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

#: minutes of life that a token in use has left at least
_MIN_MINUTES_LEFT = 120
_WorkspaceKey = tuple[str | None, str | None]


class NotInstalled(BriefingsError):
    """Slack sends something from where the bot is not installed, or from where its token was taken back."""


class TokenAuthorization(AsyncAuthorize):
    """`rotator` renews tokens; `now` is in seconds since 1970."""

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
        """The bot's token for that workspace. Raises NotInstalled, RecordUnavailable."""
        bot = None if context.is_enterprise_install else await self._find_bot(enterprise_id, team_id)
        if bot is None and enterprise_id is not None:
            bot = await self._find_bot(enterprise_id, None)
        if bot is not None:
            bot = await self._ensure_valid(bot)
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

    async def get_token(self, team: str) -> str | None:
        """The bot's token for a team's id, when nobody there has asked anything. Raises RecordUnavailable."""
        workspace_key = await self._installations.find_workspace(team)
        bot = await self._find_bot(*workspace_key) if workspace_key else None
        bot = await self._ensure_valid(bot) if bot else None
        return bot.bot_token if bot else None

    async def _find_bot(self, enterprise_id: str | None, team_id: str | None) -> Bot | None:
        return await self._installations.async_find_bot(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=team_id is None
        )

    async def _ensure_valid(self, bot: Bot) -> Bot | None:
        """`bot` with a token that lives, renewed by one request at a time."""
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
            get_logger().warning("token not renewed", error=type(error).__name__)
            return None
        if new_bot is not None:
            await self._installations.async_save_bot(new_bot)
        return new_bot

    async def _find_usable_bot(self, old_bot: Bot) -> Bot | None:
        """What there is when renewing failed: another replica's new token, or the old one while it lives."""
        current_bot = await self._find_bot(old_bot.enterprise_id, old_bot.team_id)
        return None if current_bot is None or self._expires_within(current_bot, 0) else current_bot

    def _expires_within(self, bot: Bot, minutes: int) -> bool:
        return bot.bot_token_expires_at is not None and bot.bot_token_expires_at <= self._now() + minutes * 60


def make_client_finder(
    settings: Settings, authorization: TokenAuthorization | None
) -> Callable[[str], Awaitable[AsyncWebClient | None]]:
    """Gives the client for a team's id (`bot.teams`), None where the bot is not installed.

    `authorization` finds tokens where many workspaces have installed it; without, there is the settings' one.
    """

    async def find_client(team: str) -> AsyncWebClient | None:
        token = await authorization.get_token(team) if authorization else settings.bot_token
        return clients.make_web_client(settings.api_url, token) if token else None

    return find_client


#: what Slack says of a token that it takes no more
REFUSAL_CODES = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type"}
)


async def check_tokens(settings: Settings) -> None:
    """Raises BadSettings when Slack refuses the bot's token or the app's."""
    client = clients.make_web_client(settings.api_url, settings.bot_token)
    await _check_token("SLACK_BOT_TOKEN", "auth.test", client)
    if settings.app_token:
        await _check_token(
            "SLACK_APP_TOKEN", "apps.connections.open", clients.make_web_client(settings.api_url, settings.app_token)
        )


async def _check_token(name: str, method: str, client: AsyncWebClient) -> None:
    try:
        await client.api_call(method)
    except SlackApiError as error:
        code = str(error.response.get("error"))
        if code in REFUSAL_CODES:
            raise BadSettings(f"Slack refuses {name} ({code}): copy it again from the app's page.") from None
        get_logger().warning("token not checked", name=name, error=code)
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        get_logger().warning("token not checked", name=name, error=type(error).__name__)

"""The bot's client for a workspace, when nobody there has asked anything: for what it posts by itself.

Rule: the token is the one that an answer would use, renewed in time.
"""

from collections.abc import Awaitable, Callable

from slack_sdk.web.async_client import AsyncWebClient

from bot import clients
from bot.authorization import TokenAuthorization
from bot.core.settings import Settings


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

"""Asks Slack, at start, whether it takes the tokens.

Rule: a token that Slack refuses stops the start with one sentence; a Slack that cannot be reached does not.
"""

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot import clients
from bot.core.logs import get_logger
from bot.core.settings import Settings
from briefings.errors import BadSettings

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

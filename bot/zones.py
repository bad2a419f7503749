"""By whose clock a person lives: the time zone of their Slack profile.

Rule: what Slack does not say, or says of no zone there is, is not known; nobody's clock is guessed.
"""

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clients import get_error_code
from bot.core.logs import get_logger
from bot.queries.time_zones import is_zone


async def get_time_zone(client: AsyncWebClient, user: str) -> str | None:
    """The IANA name of the zone of `user`, None when it is not known. Never raises. Needs `users:read`."""
    try:
        profile = (await client.users_info(user=user)).get("user") or {}
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        reason = get_error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
        get_logger().error("zone not known", error=reason)
        return None
    name = profile.get("tz")
    return name if isinstance(name, str) and is_zone(name) else None

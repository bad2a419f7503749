"""Finds messages in a channel by the key in their metadata.

Rule: a message counts as missing only if every message since then was read. Otherwise the search raises an error.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.slack_errors import ErrorScope, classify_error
from bot.slack.transport import clients
from bot.slack.transport.channel_posts import get_message_key

#: messages per request; Slack returns only 15 to some kinds of app
_PAGE_SIZE = 200
#: most pages to read; a busier channel counts as unreadable
_MAX_PAGES = 20
#: largest expected difference between Slack's clock and ours
_MAX_CLOCK_SKEW = timedelta(minutes=5)
_CONNECTION_ERRORS = (SlackClientError, ClientError, TimeoutError, OSError)


class ChannelUnreadable(Exception):
    """The channel cannot be read. `code` is the reason; `is_temporary` means that a retry may work."""

    def __init__(self, code: str, *, is_temporary: bool) -> None:
        super().__init__(code)
        self.code, self.is_temporary = code, is_temporary


async def find_messages(
    client: AsyncWebClient, channel: str, keys: frozenset[str], since: datetime, thread: str | None = None
) -> dict[str, str]:
    """Return the ts of each message since `since` that has one of the `keys`, by key.

    With `thread`, the search covers that thread only. Raises ChannelUnreadable.
    """
    ts_by_key: dict[str, str] = {}
    async for message in _iterate_messages(client, channel, since, thread):
        key = get_message_key(message)
        if isinstance(key, str) and key in keys:
            ts_by_key[key] = str(message.get("ts"))
            if len(ts_by_key) == len(keys):
                break
    return ts_by_key


async def _iterate_messages(
    client: AsyncWebClient, channel: str, since: datetime, thread: str | None
) -> AsyncIterator[dict[str, Any]]:
    params = {"channel": channel, "limit": _PAGE_SIZE, "include_all_metadata": True}
    params["oldest"] = f"{(since - _MAX_CLOCK_SKEW).timestamp():.6f}"
    method = "conversations.history"
    if thread:
        params["ts"], method = thread, "conversations.replies"
    for _ in range(_MAX_PAGES):
        response = await _call_api(client, method, params)
        messages, metadata = response.get("messages"), response.get("response_metadata")
        if not isinstance(messages, list):
            raise ChannelUnreadable("no messages", is_temporary=True)
        for message in messages:
            if isinstance(message, dict):
                yield message
        cursor = metadata.get("next_cursor") if isinstance(metadata, dict) else None
        if not cursor:
            if response.get("has_more"):
                raise ChannelUnreadable("no cursor", is_temporary=False)
            return
        params["cursor"] = cursor
    raise ChannelUnreadable("too many messages", is_temporary=False)


async def _call_api(client: AsyncWebClient, method: str, params: dict[str, Any]) -> dict[str, Any]:
    try:
        response = await client.api_call(method, params=params)
    except SlackApiError as error:
        code = clients.get_error_code(error)
        raise ChannelUnreadable(code, is_temporary=classify_error(code) is ErrorScope.TRANSIENT) from error
    except _CONNECTION_ERRORS as error:
        raise ChannelUnreadable(type(error).__name__, is_temporary=True) from error
    return response.data if isinstance(response.data, dict) else {}

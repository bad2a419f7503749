"""Finds out whether a message stands in a channel, by the key in its metadata.

Rule: "it is not there" is said only when all that was posted since was seen; whoever cannot see says so.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot import clients
from bot.digests.trouble import Concerns, concerns
from bot.posting import key_of

#: messages asked for at once; some kinds of app are given 15
_PAGE = 200
#: after so many pages a channel is too busy to be seen through
_MOST_PAGES = 20
#: Slack's clock and ours may differ by so much
_SKEW = timedelta(minutes=5)
_DROPPED = (SlackClientError, ClientError, TimeoutError, OSError)


class Unseen(Exception):
    """The channel cannot be read: `passing` when it may be later; `code` is why."""

    def __init__(self, code: str, *, passing: bool) -> None:
        super().__init__(code)
        self.code, self.passing = code, passing


async def find(
    client: AsyncWebClient, channel: str, keys: frozenset[str], since: datetime, thread: str | None = None
) -> dict[str, str]:
    """The ts of each message with one of `keys` among those posted since then, in the thread if one is named.

    Raises Unseen.
    """
    found: dict[str, str] = {}
    async for message in _messages(client, channel, since, thread):
        key = key_of(message)
        if isinstance(key, str) and key in keys:
            found[key] = str(message["ts"])
            if len(found) == len(keys):
                break
    return found


async def _messages(
    client: AsyncWebClient, channel: str, since: datetime, thread: str | None
) -> AsyncIterator[dict[str, Any]]:
    asked = {"channel": channel, "limit": _PAGE, "include_all_metadata": True}
    asked["oldest"] = f"{(since - _SKEW).timestamp():.6f}"
    method = "conversations.history"
    if thread:
        asked["ts"], method = thread, "conversations.replies"
    for _ in range(_MOST_PAGES):
        told = await _called(client, method, asked)
        for message in told.get("messages") or ():
            yield message
        cursor = (told.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            if told.get("has_more"):
                raise Unseen("no cursor", passing=False)
            return
        asked["cursor"] = cursor
    raise Unseen("too many messages", passing=False)


async def _called(client: AsyncWebClient, method: str, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        told = await client.api_call(method, params=asked)
    except SlackApiError as error:
        code = clients.error_code(error)
        raise Unseen(code, passing=concerns(code) is Concerns.NOBODY) from error
    except _DROPPED as error:
        raise Unseen(type(error).__name__, passing=True) from error
    return told.data if isinstance(told.data, dict) else {}

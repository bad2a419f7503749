"""Checks whether the bot can post in a conversation, before something is set up there."""

import asyncio

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.transport.channel_posts import NOT_MEMBER_CODES
from bot.slack.transport.clients import get_error_code

#: seconds to wait for Slack's answer; without one, the delivery finds out later
_TIMEOUT_SECONDS = 1.5
_OUTSIDE_CODES = (*NOT_MEMBER_CODES, "is_archived")


async def is_outside(client: AsyncWebClient, channel: str) -> bool:
    """Whether Slack says that the bot cannot post in the channel. False if it does not answer."""
    try:
        # only members can read a channel's history, and the bot already has the scope for it
        await asyncio.wait_for(client.conversations_history(channel=channel, limit=1), _TIMEOUT_SECONDS)
    except SlackApiError as error:
        return get_error_code(error) in _OUTSIDE_CODES
    except (SlackClientError, ClientError, TimeoutError, OSError):
        return False
    return False

"""Answers the form that follows a feed.

Rule: the result is honest. It says what the feed has, or why it can't be followed. If the form was closed meanwhile,
the result comes as a direct message. A channel is told only about a feed that is new.
"""

import re
from typing import Any

from aiohttp import ClientError
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackClientError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.core import slack_limits
from bot.core.logs import format_traceback, get_logger
from bot.core.permissions.table import GuardedAction
from bot.core.public_errors import explain_publicly
from bot.listeners.feeds import FeedCommands, describe_followed_feed, parse_feed_command
from bot.listeners.welcome.fields import get_value
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.formatting import format_count
from bot.slack.blocks.message import Message, section
from bot.slack.permissions.actor import get_actor
from bot.slack.permissions.authorizer import Refusal, Subject
from bot.slack.transport.channel_posts import DeliveryUncertain, NotPosted
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import Requester, get_requester
from bot.slack.views import modals, welcome
from briefings import BriefingsError
from briefings.feeds import FollowResult

_NO_FEEDS = "Feeds need a database. Ask the person who runs On the Record to set DATABASE_URL."
_FAILURE = "Something went wrong on our side. Please try again."
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{1,30}")
#: longest sentence of a result, in characters
_MAX_SENTENCE = 1_200
_CONNECTION_ERRORS = (SlackClientError, ClientError, TimeoutError, OSError)


def register(app: AsyncApp, answers: AnswerService, feed_commands: FeedCommands | None) -> None:
    """Register the listener."""

    async def on_feed(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        requester, team = get_requester(body, client), get_team_id(context)
        typed, channel = (get_value(view, name) for name in (welcome.ADDRESS_FIELD, welcome.CHANNEL_FIELD))
        command = parse_feed_command(f"follow {typed}")
        if feed_commands is None or command is None:
            problem = _describe_bad_address(typed) if feed_commands else _NO_FEEDS
            await ack(response_action="errors", errors={welcome.ADDRESS_FIELD: problem})
            return
        loading_view = modals.build_loading_view(welcome.FEED_TITLE)
        await ack(response_action="update", view=loading_view.to_dict())
        try:
            decision = await feed_commands.authorize(requester, team)
            if isinstance(decision, Refusal):
                lines, is_added = [decision.sentence], False
            else:
                feed = await feed_commands.follow(requester, team, command.address)
                lines, is_added = [mrkdwn.shorten(describe_followed_feed(feed), _MAX_SENTENCE)], True
                if _CHANNEL_ID.fullmatch(channel) and feed.is_new:
                    lines.append(await _announce(answers, feed_commands, requester, team, channel, feed))
        except BriefingsError as error:
            lines, is_added = [mrkdwn.shorten(explain_publicly(error), _MAX_SENTENCE)], False
        except Exception as error:  # noqa: BLE001  # after any error, the form must not stay at "Loading…"
            get_logger().error("feed form failed", error=type(error).__name__, place=format_traceback(error))
            lines, is_added = [_FAILURE], False
        await _show_result(answers, requester, str(view.get("id")), lines, is_added=is_added)

    app.view(welcome.FEED_CALLBACK)(on_feed)


async def build_view(feed_commands: FeedCommands | None, requester: Requester, team: str) -> View:
    """Return the form, or a notice for users who can't add feeds."""
    if feed_commands is None:
        return modals.build_notice_view(welcome.FEED_TITLE, _NO_FEEDS)
    decision = await feed_commands.authorize(requester, team)
    if isinstance(decision, Refusal):
        return modals.build_notice_view(welcome.FEED_TITLE, decision.sentence)
    return welcome.build_feed_form()


def _describe_bad_address(typed: str) -> str:
    return (
        f"“{mrkdwn.to_plain_text(typed, 100)}” is not a web address. Try one such as https://www.example.org/news"
        if typed
        else "Type the address of a feed or a news site, such as https://www.example.org/news"
    )


async def _announce(
    answers: AnswerService,
    feed_commands: FeedCommands,
    requester: Requester,
    team: str,
    channel: str,
    feed: FollowResult,
) -> str:
    """Tell the channel about a new feed. Return a line of the result."""
    actor = get_actor(team, requester.user, requester.client)
    decision = await feed_commands.authorizer.authorize(GuardedAction.ANNOUNCE_FEED, actor, Subject(channel))
    if isinstance(decision, Refusal):
        return f"The message in <#{channel}> was not posted. {mrkdwn.shorten(decision.sentence, _MAX_SENTENCE)}"
    name = mrkdwn.format_link(feed.address, feed.title or feed.address, 150)
    count = format_count(feed.entry_count, "article")
    text = f"<@{requester.user}> added a feed: {name} ({count}). You can ask about its articles in a few minutes."
    if requester.client is None:
        return ""
    try:
        await answers.poster.post(requester.client, channel, Message(text, (section(text),)))
    except (NotPosted, DeliveryUncertain) as error:
        return f"The message in <#{channel}> was not posted. {mrkdwn.shorten(str(error), _MAX_SENTENCE)}"
    return f"Posted a message in <#{channel}>."


async def _show_result(
    answers: AnswerService, requester: Requester, view_id: str, lines: list[str], *, is_added: bool
) -> None:
    """Show the result in the form's modal, or send it to the user if the modal was closed."""
    if requester.client is None:
        return
    try:
        view = welcome.build_feed_result_view(lines, is_added=is_added)
        await requester.client.views_update(view_id=view_id, view=view)
    except _CONNECTION_ERRORS as view_error:
        get_logger().info("modal update failed", error=type(view_error).__name__)
        text = "\n".join(lines)[: slack_limits.SECTION_TEXT]
        try:
            await answers.poster.post(requester.client, requester.user, Message(text, (section(text),)))
        except (NotPosted, DeliveryUncertain) as error:
            get_logger().error("feed result not delivered", error=type(error).__name__)

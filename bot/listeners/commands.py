"""Listens for `/briefing` and `/whosaid`: acknowledges at once, parses the text, and lets the executor answer."""

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.links.urls import PageLinks
from bot.listeners.feeds import FeedCommands, parse_feed_command
from bot.queries import queries
from bot.queries.queries import BriefingQuery, Command, HelpCommand, TopicsQuery, UsageMessage, WhoSaidQuery
from bot.slack.blocks.message import Message
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import get_requester
from bot.slack.views import notices

_ParsedQuery = BriefingQuery | WhoSaidQuery | TopicsQuery | HelpCommand | UsageMessage
_PARSERS: dict[Command, Callable[[str, date], _ParsedQuery]] = {
    Command.BRIEFING: queries.parse_briefing,
    Command.WHOSAID: queries.parse_who_said,
}


def register(app: AsyncApp, answers: AnswerService, feed_commands: FeedCommands | None = None) -> None:
    """Register the commands. Without `feed_commands`, `/briefing follow …` is treated as a question."""

    def listener(command: Command) -> Callable[..., Awaitable[None]]:
        async def on_command(
            ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
        ) -> None:
            await ack()
            text, requester = str(body.get("text") or ""), get_requester(body, client)
            feed_command = parse_feed_command(text) if feed_commands and command is Command.BRIEFING else None
            if feed_commands and feed_command:
                make = partial(feed_commands.answer, requester, get_team_id(context), feed_command)
            else:
                query = _PARSERS[command](text, answers.today())
                make = partial(_answer_query, answers, command, query, answers.get_page_links(context, body))
            await answers.executor.answer(requester, make, source=command.value)

        return on_command

    for command in _PARSERS:
        app.command(command.value)(listener(command))


async def _answer_query(
    answers: AnswerService, command: Command, query: _ParsedQuery, page_links: PageLinks | None
) -> Message:
    match query:
        case TopicsQuery():
            return await answers.executor.call(lambda service: notices.build_topic_list(service.list_topics()))
        case HelpCommand():
            return notices.build_help(command)
        case UsageMessage(sentence):
            return notices.build_notice(sentence)
        case _:
            return await answers.cache.get_first_page(query, page_links=page_links)

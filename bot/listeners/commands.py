"""Listens for `/briefing` and `/whosaid`: acknowledges at once, and lets the executor read and answer."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.answers.asker_days import Asker
from bot.links.urls import PageLinks
from bot.listeners.feeds import FeedCommands, parse_feed_command
from bot.listeners.provenance.desk import ProvenanceDesk, parse_outlet_command
from bot.queries.queries import Command, HelpCommand, TopicsQuery, UsageMessage
from bot.slack.blocks.message import Message
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import Requester, get_requester
from bot.slack.views import notices

_COMMANDS = (Command.BRIEFING, Command.WHOSAID)


def register(
    app: AsyncApp,
    answers: AnswerService,
    feed_commands: FeedCommands | None = None,
    provenance_desk: ProvenanceDesk | None = None,
) -> None:
    """Register the commands. Without `feed_commands` and `provenance_desk`, theirs are treated as questions."""

    def listener(command: Command) -> Callable[..., Awaitable[None]]:
        async def on_command(
            ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
        ) -> None:
            await ack()
            text, requester = str(body.get("text") or ""), get_requester(body, client)
            feed_command = parse_feed_command(text) if feed_commands and command is Command.BRIEFING else None
            outlet_command = parse_outlet_command(text) if provenance_desk and command is Command.BRIEFING else None
            if provenance_desk and outlet_command:
                make = partial(provenance_desk.answer, requester, get_team_id(context), outlet_command)
            elif feed_commands and feed_command:
                make = partial(feed_commands.answer, requester, get_team_id(context), feed_command)
            else:
                make = partial(_answer_text, answers, command, text, requester, answers.get_page_links(context, body))
            await answers.executor.answer(requester, make, source=command.value)

        return on_command

    for command in _COMMANDS:
        app.command(command.value)(listener(command))


async def _answer_text(
    answers: AnswerService, command: Command, text: str, requester: Requester, page_links: PageLinks | None
) -> Message:
    query = await answers.read_question(text, command, Asker(requester.client, requester.user))
    match query:
        case TopicsQuery():
            return await answers.executor.call(lambda service: notices.build_topic_list(service.list_topics()))
        case HelpCommand():
            return notices.build_help(command)
        case UsageMessage(sentence):
            return notices.build_notice(sentence)
        case _:
            return await answers.cache.get_first_page(query, page_links=page_links)

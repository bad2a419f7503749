"""Listens for `/topic`, and answers messages about topics in plain words."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.listeners.topics import form
from bot.queries.queries import Command, HelpCommand, UsageMessage
from bot.slack.blocks.message import Message
from bot.slack.transport.message_events import IncomingMessage
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import get_requester
from bot.slack.views import notices
from bot.storage.topics.changes import TeamTopics
from bot.topics.command_parser import (
    ChangeCommand,
    FormCommand,
    ShowCommand,
    SuggestCommand,
    TopicCommand,
    parse_command,
)
from bot.topics.plain_parser import parse_plain
from bot.topics.service import TopicService
from briefings import BadQuestion, BriefingsError
from briefings.stories import find_topic

_NO_DATABASE = "Topics need a database. Ask the person who runs On the Record to set DATABASE_URL."


def register(app: AsyncApp, answers: AnswerService, topic_service: TopicService | None) -> None:
    """Register the command. Without `topic_service`, it replies that topics need a database."""

    async def on_command(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        requester, team = get_requester(body, client), get_team_id(context)
        error: BriefingsError | None = None
        command: TopicCommand = HelpCommand()
        try:
            if topic_service is None:
                raise BadQuestion(_NO_DATABASE)
            topics = await topic_service.load(team)
            command = parse_command(str(body.get("text") or ""), lambda name: _is_topic(topics, name))
            if isinstance(command, FormCommand):
                await form.open_form(
                    answers, topic_service, body, client, topics, command, team=team, person=requester.user
                )
                return
        except BriefingsError as problem:
            error = problem

        async def make_answer() -> Message:
            if error or topic_service is None:
                raise error or BadQuestion(_NO_DATABASE)
            return await _answer(topic_service, team, requester.user, command)

        await answers.executor.answer(requester, make_answer, source=Command.TOPIC.value)

    app.command(Command.TOPIC.value)(on_command)


async def answer_plain(
    topic_service: TopicService, _client: AsyncWebClient, team: str, message: IncomingMessage
) -> Message | None:
    """Return the answer to a message about topics, or None for any other message. Raises BriefingsError."""
    text = message.text
    if "topic" not in text.casefold():
        return None
    topics = await topic_service.load(team)
    command = parse_plain(text, lambda name: _is_topic(topics, name))
    if command is None:
        return None
    if isinstance(command, FormCommand):
        usage = f"/topic edit {command.name}" if command.is_edit else "/topic new"
        return notices.build_notice(f"To fill in a form, type {usage}")
    return await _answer(topic_service, team, message.user, command)


async def _answer(topic_service: TopicService, team: str, person: str, command: TopicCommand) -> Message:
    """Return the answer to a command. Raises BriefingsError."""
    match command:
        case HelpCommand():
            return notices.build_help(Command.TOPIC)
        case UsageMessage(sentence):
            return notices.build_notice(sentence)
        case ShowCommand(name):
            return await topic_service.show(team, name)
        case SuggestCommand():
            return await topic_service.suggest()
        case ChangeCommand(change):
            return await topic_service.change(team, person, change)
    return await topic_service.list_topics()


def _is_topic(topics: TeamTopics, name: str) -> bool:
    return find_topic(topics.topics, name) is not None

"""Answers questions in plain words: mentions, direct messages and the Assistant panel.

Rule: every question gets exactly one answer, if only a sentence; a failed post is logged. A message is answered in its
thread. Suggested prompts and the status are optional, so their failure never blocks the answer. Apps with Slack's agent
view and with the older Assistant panel are both served (docs/decisions/0045).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from aiohttp import ClientError
from slack_bolt.async_app import AsyncApp, AsyncAssistant
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.set_status.async_set_status import AsyncSetStatus
from slack_bolt.context.set_suggested_prompts.async_set_suggested_prompts import AsyncSetSuggestedPrompts
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.answers.asker_days import Asker
from bot.core import slack_limits
from bot.core.logs import format_traceback, get_library_logger, get_logger
from bot.links.urls import PageLinks
from bot.queries.queries import HelpCommand, TopicsQuery, UsageMessage
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import Message
from bot.slack.transport import replies
from bot.slack.transport.clients import get_error_code
from bot.slack.transport.message_events import IncomingMessage, parse_message_event
from bot.slack.transport.request_verification import get_team_id
from bot.slack.views import notices
from briefings import TopicSummary

#: longest wait for a call that the answer does not need, in seconds
_OPTIONAL_CALL_SECONDS = 3.0
_STATUS = "is searching the articles…"
_TITLE = "What would you like to know?"
#: answers a message of a team in plain words, or returns None if it is not about its subject
PlainHandler = Callable[[AsyncWebClient, str, IncomingMessage], Awaitable[Message | None]]
_HELP = {"title": "What can I ask?", "message": "help"}


async def answer(
    answers: AnswerService,
    client: AsyncWebClient,
    incoming_message: IncomingMessage,
    page_links: PageLinks | None,
    *,
    source: str,
    handlers: Sequence[PlainHandler] = (),
    team: str = "",
) -> None:
    """Post the answer in the thread of the question, or in the conversation without a thread. Never raises."""
    message = await answers.executor.make_message(
        partial(_answer_text, answers, client, incoming_message, page_links, handlers, team),
        source=source,
    )
    if await replies.post_reply(answers.poster, client, incoming_message, message):
        get_logger().info("answer delivered", source=source)


def register(app: AsyncApp, answers: AnswerService, handlers: Sequence[PlainHandler] = ()) -> None:
    """Register the listeners for mentions and direct messages. Messages from bots are ignored.

    `handlers` are asked first, in order.
    """

    async def on_mention(body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        incoming_message = parse_message_event(body)
        if incoming_message is None:
            return
        # an edit can add a mention, and can repeat one
        if not (incoming_message.is_edited and await replies.was_answered(client, incoming_message)):
            page_links = answers.get_page_links(context, body, is_shared=True)
            team = get_team_id(context)
            await answer(answers, client, incoming_message, page_links, source="mention", handlers=handlers, team=team)

    async def on_message(body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        if incoming_message := parse_message_event(body):
            page_links = answers.get_page_links(context, body)
            set_status = client.assistant_threads_setStatus
            await _try_call(
                set_status(channel_id=incoming_message.channel, thread_ts=incoming_message.thread, status=_STATUS)
            )
            team = get_team_id(context)
            await answer(
                answers, client, incoming_message, page_links, source="direct message", handlers=handlers, team=team
            )

    app.event("app_mention")(on_mention)
    app.event("message")(on_message)


def register_assistant(app: AsyncApp, answers: AnswerService, handlers: Sequence[PlainHandler] = ()) -> None:
    """Register the listeners for suggested prompts, and for the older Assistant panel."""
    assistant = AsyncAssistant(logger=get_library_logger())

    async def on_messages_opened(event: dict[str, Any], client: AsyncWebClient) -> None:
        """Suggest prompts above the conversation of an app with the agent view, which has no thread yet."""
        if isinstance(channel := event.get("channel"), str):
            prompts = await _list_prompts(answers)
            await _try_call(
                client.assistant_threads_setSuggestedPrompts(channel_id=channel, title=_TITLE, prompts=prompts)
            )

    async def on_started(set_suggested_prompts: AsyncSetSuggestedPrompts | None) -> None:
        if set_suggested_prompts:  # none for an event without a thread
            await _try_call(set_suggested_prompts(prompts=await _list_prompts(answers), title=_TITLE))

    async def on_changed() -> None:
        """Ignore what the user looks at. Bolt's default listener would make two calls to store an unused channel."""

    async def on_user_message(
        body: dict[str, Any], client: AsyncWebClient, set_status: AsyncSetStatus, context: AsyncBoltContext
    ) -> None:
        if incoming_message := parse_message_event(body):
            await _try_call(set_status(_STATUS))
            # the answer clears the status
            page_links, team = answers.get_page_links(context, body), get_team_id(context)
            await answer(
                answers, client, incoming_message, page_links, source="assistant", handlers=handlers, team=team
            )

    assistant.thread_started(on_started)
    assistant.thread_context_changed(on_changed)
    assistant.user_message(on_user_message)
    app.assistant(assistant)
    app.event("app_home_opened", matchers=[_is_messages_tab])(on_messages_opened)
    app.event("app_context_changed")(on_changed)


def build_prompts(topics: tuple[TopicSummary, ...]) -> list[dict[str, str]]:
    """Return the suggested prompts: the topics with the newest articles, then help."""
    available_topics = [
        summary.topic for summary in topics if summary.articles and len(summary.topic.slug) <= slack_limits.PROMPT_TEXT
    ]
    prompts = [
        {
            "title": mrkdwn.to_plain_text(topic.title, slack_limits.PROMPT_TEXT) or topic.slug,
            "message": f"brief me on {topic.slug}",
        }
        for topic in available_topics[: slack_limits.PROMPTS - 1]
    ]
    return [*prompts, _HELP]


async def _answer_text(
    answers: AnswerService,
    client: AsyncWebClient,
    incoming_message: IncomingMessage,
    page_links: PageLinks | None,
    handlers: Sequence[PlainHandler],
    team: str,
) -> Message:
    """Return the answer without a share button, because everyone in the conversation already sees it."""
    for handler in handlers:
        if message := await handler(client, team, incoming_message):
            return message
    query = await answers.read_question(incoming_message.text, asker=Asker(client, incoming_message.user))
    match query:
        case TopicsQuery():
            return await answers.executor.call(lambda service: notices.build_topic_list(service.list_topics()))
        case HelpCommand():
            return notices.build_plain_language_help()
        case UsageMessage(sentence):
            return notices.build_notice(sentence)
        case _:
            return await answers.cache.get_first_page(query, sharable=False, page_links=page_links)


async def _is_messages_tab(event: dict[str, Any]) -> bool:
    return event.get("tab") == "messages"


async def _list_prompts(answers: AnswerService) -> list[dict[str, str]]:
    try:
        return build_prompts(await answers.executor.call(lambda service: service.list_topics()))
    except Exception as error:  # noqa: BLE001  # after any error, help is still suggested
        get_logger().error("topic list failed", error=type(error).__name__, place=format_traceback(error))
        return [_HELP]


async def _try_call(call: Awaitable[object]) -> None:
    try:
        async with asyncio.timeout(_OPTIONAL_CALL_SECONDS):
            await call
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        reason = get_error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
        get_logger().info("assistant update failed", error=reason)

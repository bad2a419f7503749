"""The Assistant panel: it suggests what to ask, shows that it is at work, and answers plain words in its thread.

Rule: what is shown beside an answer (prompts, "is looking") is a kindness: its failure takes nothing from the answer.
"""

from collections.abc import Awaitable
from typing import Any

from aiohttp import ClientError
from slack_bolt.async_app import AsyncApp, AsyncAssistant
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.set_status.async_set_status import AsyncSetStatus
from slack_bolt.context.set_suggested_prompts.async_set_suggested_prompts import AsyncSetSuggestedPrompts
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot import talking
from bot.answers.answer_service import AnswerService
from bot.core import slack_limits
from bot.core.logs import format_traceback, get_library_logger, get_logger
from bot.slack.blocks import mrkdwn
from bot.slack.transport.clients import get_error_code
from bot.slack.transport.message_events import parse_message_event
from briefings.service.service import TopicSummary

_STATUS = "is looking in the record…"
_TITLE = "What would you like to know?"
_HELP = {"title": "What can I ask?", "message": "help"}


def register_assistant(app: AsyncApp, answers: AnswerService) -> None:
    """Makes `app` answer there."""
    assistant = AsyncAssistant(logger=get_library_logger())

    async def on_started(set_suggested_prompts: AsyncSetSuggestedPrompts) -> None:
        try:
            prompts = build_prompts(await answers.executor.call(lambda service: service.list_topics()))
        except Exception as error:  # noqa: BLE001  # whatever breaks, there is still something to ask
            get_logger().error("topics not read", error=type(error).__name__, place=format_traceback(error))
            prompts = [_HELP]
        await _try_call(set_suggested_prompts(prompts=prompts, title=_TITLE))

    async def on_changed() -> None:
        """Bolt's own listener would keep, with two calls to Slack, what channel somebody looks at: nothing needs it."""

    async def on_user_message(
        body: dict[str, Any], client: AsyncWebClient, set_status: AsyncSetStatus, context: AsyncBoltContext
    ) -> None:
        if incoming_message := parse_message_event(body):
            await _try_call(set_status(_STATUS))
            # which takes the status away
            await talking.answer(
                answers, client, incoming_message, answers.get_page_links(context, body), source="assistant"
            )

    assistant.thread_started(on_started)
    assistant.thread_context_changed(on_changed)
    assistant.user_message(on_user_message)
    app.assistant(assistant)


def build_prompts(topics: tuple[TopicSummary, ...]) -> list[dict[str, str]]:
    """What is suggested: the topics with the newest articles, then help."""
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


async def _try_call(call: Awaitable[object]) -> None:
    try:
        await call
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        reason = get_error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
        get_logger().info("assistant not told", error=reason)

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

from bot import escape, limits, talking
from bot.asking import Asking
from bot.clients import error_code
from bot.heard import heard
from bot.logs import library_logger, logger, place
from briefings.desk import TopicSummary

_STATUS = "is looking in the record…"
_TITLE = "What would you like to know?"
_HELP = {"title": "What can I ask?", "message": "help"}


def register(app: AsyncApp, asking: Asking) -> None:
    """Makes `app` answer there."""
    assistant = AsyncAssistant(logger=library_logger())

    async def on_started(set_suggested_prompts: AsyncSetSuggestedPrompts) -> None:
        try:
            prompts = prompted(await asking.answering.call(lambda desk: desk.topics()))
        except Exception as error:  # noqa: BLE001  # whatever breaks, there is still something to ask
            logger().error("topics not read", error=type(error).__name__, place=place(error))
            prompts = [_HELP]
        await _kindly(set_suggested_prompts(prompts=prompts, title=_TITLE))

    async def on_changed() -> None:
        """Bolt's own listener would keep, with two calls to Slack, what channel somebody looks at: nothing needs it."""

    async def on_said(
        body: dict[str, Any], client: AsyncWebClient, set_status: AsyncSetStatus, context: AsyncBoltContext
    ) -> None:
        if said := heard(body):
            await _kindly(set_status(_STATUS))
            # which takes the status away
            await talking.answer(asking, client, said, asking.pages(context, body), door="assistant")

    assistant.thread_started(on_started)
    assistant.thread_context_changed(on_changed)
    assistant.user_message(on_said)
    app.assistant(assistant)


def prompted(topics: tuple[TopicSummary, ...]) -> list[dict[str, str]]:
    """What is suggested: the topics with the newest articles, then help."""
    held = [one.topic for one in topics if one.articles and len(one.topic.slug) <= limits.PROMPT]
    found = [
        {"title": escape.plain(topic.title, limits.PROMPT) or topic.slug, "message": f"brief me on {topic.slug}"}
        for topic in held[: limits.PROMPTS - 1]
    ]
    return [*found, _HELP]


async def _kindly(call: Awaitable[object]) -> None:
    try:
        await call
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        told = error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
        logger().info("assistant not told", error=told)

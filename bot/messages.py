"""Mentions and direct messages: questions in plain words. A mention is answered in its thread."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot import talking
from bot.answers.answer_service import AnswerService
from bot.slack.transport.message_events import parse_message_event


def register(app: AsyncApp, answers: AnswerService) -> None:
    """Makes `app` listen to them. What no person said is passed over."""

    async def on_mention(body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        if incoming_message := parse_message_event(body):
            page_links = answers.get_page_links(context, body, is_shared=True)
            await talking.answer(answers, client, incoming_message, page_links, source="mention")

    async def on_message(body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        if incoming_message := parse_message_event(body):
            page_links = answers.get_page_links(context, body)
            await talking.answer(answers, client, incoming_message, page_links, source="direct message")

    app.event("app_mention")(on_mention)
    app.event("message")(on_message)

"""Mentions and direct messages: questions in plain words. A mention is answered in its thread."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot import talking
from bot.asking import Asking
from bot.heard import heard


def register(app: AsyncApp, asking: Asking) -> None:
    """Makes `app` listen to them. What no person said is passed over."""

    async def on_mention(body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        if said := heard(body):
            pages = asking.pages(context, body, shared=True)
            await talking.answer(asking, client, said, pages, door="mention")

    async def on_message(body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        if said := heard(body):
            pages = asking.pages(context, body)
            await talking.answer(asking, client, said, pages, door="direct message")

    app.event("app_mention")(on_mention)
    app.event("message")(on_message)

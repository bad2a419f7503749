"""The buttons that ask: another page of an answer, a question that was offered."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.asking import Asking
from bot.blocks.message import Message
from bot.blocks.press import Action, pressed
from bot.courier import asker_of


def action_id(action: Action) -> re.Pattern[str]:
    """The action_ids of every button of this kind."""
    return re.compile(rf"^{action.value}(:.+)?$")


def is_private(body: dict[str, Any]) -> bool:
    """Whether what was pressed is seen by the one who pressed it alone: only that may be replaced for them."""
    return bool((body.get("container") or {}).get("is_ephemeral"))


def register(app: AsyncApp, asking: Asking) -> None:
    """Makes `app` listen to them."""

    async def on_page(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()

        async def page() -> Message:
            what = pressed(action.get("value"))
            return await asking.composed.page(asking.question(what), what.page, sharable=True)

        await asking.answering.answer(asker_of(body, client), page, door=Action.PAGE.value, replace=is_private(body))

    async def on_ask(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()

        async def first() -> Message:
            return await asking.composed.first(asking.question(pressed(action.get("value"))))

        await asking.answering.answer(asker_of(body, client), first, door=Action.ASK.value)

    app.action(action_id(Action.PAGE))(on_page)
    app.action(action_id(Action.ASK))(on_ask)

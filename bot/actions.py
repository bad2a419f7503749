"""The buttons that ask: another page of an answer, a question that was offered."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot import showing
from bot.asking import Asking
from bot.blocks.message import Message
from bot.blocks.press import Action, pressed
from bot.courier import asker_of


def action_id(action: Action) -> re.Pattern[str]:
    """The action_ids of every button of this kind."""
    return re.compile(rf"^{action.value}(:.+)?$")


def is_private(body: dict[str, Any]) -> bool:
    """Whether what was pressed is seen by the one who pressed it alone: only that may be replaced for them."""
    return bool((body.get("container") or {}).get("is_ephemeral")) or _with_the_bot_alone(body)


def register(app: AsyncApp, asking: Asking) -> None:
    """Makes `app` listen to them."""

    async def on_page(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()

        async def page() -> Message:
            what = pressed(action.get("value"))
            question, pages = asking.question(what), asking.pages(context, body)
            return await asking.composed.page(question, what.page, sharable=_is_sharable(body), pages=pages)

        await _deliver(asking, body, client, page, Action.PAGE, replace=is_private(body))

    async def on_ask(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()

        async def first() -> Message:
            question = asking.question(pressed(action.get("value")))
            return await asking.composed.first(question, sharable=_is_sharable(body), pages=asking.pages(context, body))

        await _deliver(asking, body, client, first, Action.ASK)

    app.action(action_id(Action.PAGE))(on_page)
    app.action(action_id(Action.ASK))(on_ask)


async def _deliver(
    asking: Asking,
    body: dict[str, Any],
    client: AsyncWebClient,
    make: Callable[[], Awaitable[Message]],
    door: Action,
    *,
    replace: bool = False,
) -> None:
    """To where the button was pressed: a modal or the App Home, or a message."""
    if body.get("view"):
        await showing.answered(asking, body, client, make, door.value)
    else:
        await asking.answering.answer(asker_of(body, client), make, door=door.value, replace=replace)


def _is_sharable(body: dict[str, Any]) -> bool:
    """Whether there is a channel to share it to."""
    return not (body.get("view") or _with_the_bot_alone(body))


def _with_the_bot_alone(body: dict[str, Any]) -> bool:
    channel = (body.get("channel") or {}).get("id")
    return isinstance(channel, str) and channel.startswith("D")

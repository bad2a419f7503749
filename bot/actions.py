"""The buttons. What a button asks for travels in its value, so nothing is kept between two presses."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.answering import Answering
from bot.blocks.briefing import WHOLE_ACTION, first_answer, whole_answer
from bot.blocks.notices import TOPIC_ACTION


def register(app: AsyncApp, answering: Answering) -> None:
    """Makes `app` listen to the buttons of its own messages."""

    async def on_whole(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        asked = str(action.get("value") or "")
        await answering.answer(
            str(body.get("response_url")), lambda desk: whole_answer(desk.brief(asked)), door=WHOLE_ACTION, replace=True
        )

    async def on_topic(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        asked = str(action.get("value") or "")
        await answering.answer(
            str(body.get("response_url")), lambda desk: first_answer(desk.brief(asked), asked), door=TOPIC_ACTION
        )

    app.action(WHOLE_ACTION)(on_whole)
    app.action(re.compile(rf"^{TOPIC_ACTION}\d+$"))(on_topic)

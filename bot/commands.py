"""The slash commands that ask: acknowledged at once, read, and the answer left to `Answering`."""

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import ask
from bot.ask import BriefingAsk, Command, HelpAsk, TopicsAsk, Usage, WhoSaidAsk
from bot.asking import Asking
from bot.blocks import notices
from bot.blocks.message import Message
from bot.courier import asker_of

_Asked = BriefingAsk | WhoSaidAsk | TopicsAsk | HelpAsk | Usage
_READ: dict[Command, Callable[[str, date], _Asked]] = {Command.BRIEFING: ask.briefing, Command.WHOSAID: ask.whosaid}


def register(app: AsyncApp, asking: Asking) -> None:
    """Makes `app` listen to the slash commands that ask."""

    def listener(command: Command) -> Callable[..., Awaitable[None]]:
        async def on_command(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            asked = _READ[command](str(body.get("text") or ""), asking.today())
            await asking.answering.answer(
                asker_of(body, client), partial(_answered, asking, command, asked), door=command.value
            )

        return on_command

    for command in _READ:
        app.command(command.value)(listener(command))


async def _answered(asking: Asking, command: Command, asked: _Asked) -> Message:
    match asked:
        case TopicsAsk():
            return await asking.answering.call(lambda desk: notices.topics(desk.topics()))
        case HelpAsk():
            return notices.help_for(command)
        case Usage(sentence):
            return notices.sentence(sentence)
        case _:
            return await asking.composed.first(asked)

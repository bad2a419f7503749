"""The slash commands that ask: acknowledged at once, read, and the answer left to `Answering`."""

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot import ask
from bot.ask import BriefingAsk, Command, HelpAsk, TopicsAsk, Usage, WhoSaidAsk
from bot.asking import Asking
from bot.blocks import notices
from bot.blocks.message import Message
from bot.blocks.pages import Pages
from bot.courier import asker_of
from bot.following import Following, wish_of
from bot.teams import team_of

_Asked = BriefingAsk | WhoSaidAsk | TopicsAsk | HelpAsk | Usage
_READ: dict[Command, Callable[[str, date], _Asked]] = {Command.BRIEFING: ask.briefing, Command.WHOSAID: ask.whosaid}


def register(app: AsyncApp, asking: Asking, following: Following | None = None) -> None:
    """Makes `app` listen to the slash commands that ask; without `following`, a wish to follow a feed asks, too."""

    def listener(command: Command) -> Callable[..., Awaitable[None]]:
        async def on_command(
            ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
        ) -> None:
            await ack()
            typed, asker = str(body.get("text") or ""), asker_of(body, client)
            wish = wish_of(typed) if following and command is Command.BRIEFING else None
            if following and wish:
                made = partial(following.answer, asker, team_of(context), wish)
            else:
                asked = _READ[command](typed, asking.today())
                made = partial(_answered, asking, command, asked, asking.pages(context, body))
            await asking.answering.answer(asker, made, door=command.value)

        return on_command

    for command in _READ:
        app.command(command.value)(listener(command))


async def _answered(asking: Asking, command: Command, asked: _Asked, pages: Pages | None) -> Message:
    match asked:
        case TopicsAsk():
            return await asking.answering.call(lambda desk: notices.topics(desk.topics()))
        case HelpAsk():
            return notices.help_for(command)
        case Usage(sentence):
            return notices.sentence(sentence)
        case _:
            return await asking.composed.first(asked, pages=pages)

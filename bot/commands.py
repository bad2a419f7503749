"""The slash commands. Each acknowledges at once, reads what was typed, and leaves the answer to `Answering`."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import ask
from bot.answering import Answering
from bot.blocks import briefing, notices, whosaid
from bot.blocks.message import Message
from bot.blocks.notices import Command
from briefings.desk import Desk


def register(app: AsyncApp, answering: Answering) -> None:
    """Makes `app` listen to /briefing and /whosaid."""

    async def on_briefing(ack: AsyncAck, command: dict[str, Any]) -> None:
        await ack()
        asked = ask.briefing(str(command.get("text") or ""))
        await answering.answer(
            str(command.get("response_url")), lambda desk: answer_briefing(desk, asked), door=Command.BRIEFING.value
        )

    async def on_whosaid(ack: AsyncAck, command: dict[str, Any]) -> None:
        await ack()
        asked = ask.whosaid(str(command.get("text") or ""))
        await answering.answer(
            str(command.get("response_url")), lambda desk: answer_whosaid(desk, asked), door=Command.WHOSAID.value
        )

    app.command(Command.BRIEFING.value)(on_briefing)
    app.command(Command.WHOSAID.value)(on_whosaid)


def answer_briefing(desk: Desk, asked: ask.BriefingAsk | ask.TopicsAsk | ask.HelpAsk | ask.Usage) -> Message:
    """The message for /briefing. Blocking."""
    match asked:
        case ask.BriefingAsk(words):
            return briefing.first_answer(desk.brief(words), words)
        case ask.TopicsAsk():
            return notices.topics(desk.topics())
        case ask.HelpAsk():
            return notices.help_for(Command.BRIEFING)
        case ask.Usage(sentence):
            return notices.sentence(sentence)


def answer_whosaid(desk: Desk, asked: ask.WhoSaidAsk | ask.HelpAsk | ask.Usage) -> Message:
    """The message for /whosaid. Blocking."""
    match asked:
        case ask.WhoSaidAsk(words):
            return whosaid.answer(desk.who_said(words))
        case ask.HelpAsk():
            return notices.help_for(Command.WHOSAID)
        case ask.Usage(sentence):
            return notices.sentence(sentence)

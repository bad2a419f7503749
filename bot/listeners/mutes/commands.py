"""Listens for `/sources`, for the menu entry "Mute this source here", and for the buttons "Unmute".

Rule: Slack has its own command `/mute`, which no app can replace, so ours is `/sources mute`. Where a request with
the name `/mute` or `/unmute` does arrive, it is answered too.
"""

import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.listeners import open_modal
from bot.listeners.buttons import add_action_listener
from bot.mutes import command_parser, views
from bot.mutes.current_channel import find_channel
from bot.mutes.service import MuteService, choose_target
from bot.queries.queries import Command, HelpCommand
from bot.slack.blocks.button_values import Action
from bot.slack.blocks.menus import decode_press
from bot.slack.blocks.message import Message
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import get_requester
from bot.slack.views import notices
from briefings import BadQuestion

_NO_DATABASE = "Muting sources needs a database. Ask the person who runs On the Record to set DATABASE_URL."
#: other names of the command, with the word that they mean
_ALIASES = {"/mute": "mute", "/unmute": "unmute"}


def register(app: AsyncApp, answers: AnswerService, mute_service: MuteService | None) -> None:
    """Register the listeners. Without `mute_service`, they reply that muting needs a database."""

    def make_command_listener(verb: str) -> Callable[..., Awaitable[None]]:
        async def on_command(
            ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
        ) -> None:
            await ack()
            requester = get_requester(body, client)
            text = add_verb(verb, str(body.get("text") or ""))
            command = command_parser.parse_command(text, requester.channel)

            async def make_answer() -> Message:
                if isinstance(command, HelpCommand):
                    return notices.build_help(Command.SOURCES)
                service = _require(mute_service)
                return await service.answer(command, get_team_id(context), requester.channel, requester.user)

            await answers.executor.answer(requester, make_answer, source=Command.SOURCES.value)

        return on_command

    async def on_mute(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()

        async def make_answer() -> Message:
            service = _require(mute_service)
            _, citation = await answers.find_citation(decode_press(action)[1])
            quotation = await answers.executor.call(
                lambda record: record.get_context(citation.article, citation.start, citation.end)
            )
            channel, person = find_channel(body), str(context.user_id or "")
            if not channel:
                raise BadQuestion("Sources are muted in a channel. Ask there, then use the line's menu.")
            target = choose_target(quotation.source.publisher, quotation.source.url)
            return await service.mute(get_team_id(context), channel, person, [target])

        await _deliver(answers, body, client, make_answer)

    async def on_unmute(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        channel, person = find_channel(body), str(context.user_id or "")
        key = str(action.get("value") or "")
        make_answer = partial(_unmute, mute_service, get_team_id(context), channel, person, key)
        await _deliver(answers, body, client, make_answer)

    app.command(Command.SOURCES.value)(make_command_listener(""))
    for name, verb in _ALIASES.items():
        app.command(name)(make_command_listener(verb))
    add_action_listener(app, Action.MUTE, on_mute)
    app.action(re.compile(rf"^{views.UNMUTE_ACTION}(:.*)?$", re.DOTALL))(on_unmute)


def add_verb(verb: str, text: str) -> str:
    """Return the text after `/sources` for the text after an alias. "list" and "help" stay what they are."""
    is_own = re.fullmatch(r"\s*(?:list|ls|show|help|\?)?\s*", text, re.IGNORECASE)
    return text if not verb or is_own else f"{verb} {text}"


async def _unmute(mute_service: MuteService | None, team: str, channel: str, person: str, key: str) -> Message:
    return await _require(mute_service).unmute_key(team, channel, person, key)


def _require(mute_service: MuteService | None) -> MuteService:
    if mute_service is None:
        raise BadQuestion(_NO_DATABASE)
    return mute_service


async def _deliver(
    answers: AnswerService, body: dict[str, Any], client: AsyncWebClient, make: Callable[[], Awaitable[Message]]
) -> None:
    """Show the answer in a modal, for a button in a modal, or else as a message that only this user sees."""
    if body.get("view"):
        await open_modal.show_answer(answers, body, client, make, Action.MUTE.value)
    else:
        await answers.executor.answer(get_requester(body, client), make, source=Action.MUTE.value)

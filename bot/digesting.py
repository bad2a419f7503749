"""The doors to digests: `/digest`, and the buttons of a list and of the App Home.

Rule: acknowledged at once, answered for the asker's eyes alone.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot import digest_form, showing
from bot.ask import Command, HelpAsk, Usage
from bot.asking import Asking
from bot.blocks import notices, scheduled
from bot.blocks.message import Message
from bot.courier import Asker, asker_of
from bot.digests import asked
from bot.digests.asked import AddAsk, Asked, FormAsk, ManageAsk, Verb
from bot.digests.desk import DigestDesk, wish
from bot.home import Homes
from bot.teams import team_of
from briefings.errors import BadQuestion, BriefingsError

_NO_STORE = "Digests need a database, and the bot runs without one of its own: set DATABASE_URL."


def register(app: AsyncApp, asking: Asking, desk: DigestDesk | None, homes: Homes) -> None:
    """Makes `app` listen to them. Without `desk` nothing can be kept, and whoever asks is told so."""
    app.command(Command.DIGEST.value)(_command(asking, desk))
    if desk:
        app.action(re.compile(rf"^{scheduled.PRESS}:"))(_press(asking, desk, homes))
        digest_form.register(app, asking, desk)


def _command(asking: Asking, desk: DigestDesk | None) -> Callable[..., Awaitable[None]]:
    async def on_command(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        wanted, asker = asked.read(str(body.get("text") or "")), asker_of(body, client)
        if desk and isinstance(wanted, FormAsk) and await _may_be_asked(desk, wanted.ask):
            await digest_form.opened(asking, body, client, wanted.ask)
            return

        async def answer() -> Message:
            if isinstance(wanted, HelpAsk):
                return notices.help_for(Command.DIGEST)
            if desk is None:
                raise BadQuestion(_NO_STORE)
            return await _answered(desk, wanted, asker, team_of(context))

        await asking.answering.answer(asker, answer, door=Command.DIGEST.value)

    return on_command


def _press(asking: Asking, desk: DigestDesk, homes: Homes) -> Callable[..., Awaitable[None]]:
    async def on_press(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        team, person, value = team_of(context), str(context.user_id or ""), str(action.get("value") or "")
        at_home, shows = bool(body.get("view")), value.startswith(Verb.PREVIEW.value)

        async def done() -> Message:
            verb, digest = await desk.pressed(team, value)
            if verb is Verb.PREVIEW:
                return await desk.preview(digest)
            note = await desk.change(client, digest, verb, person)
            return scheduled.told(note) if at_home else await desk.listed(team, digest.wish.channel, note)

        if not at_home:
            await asking.answering.answer(asker_of(body, client), done, door=scheduled.PRESS, replace=not shows)
        elif shows:
            await showing.answered(asking, body, client, done, scheduled.PRESS)
        else:
            shown = await asking.answering.message(done, door=scheduled.PRESS)
            await homes.publish(client, team, person, note=shown.text)

    return on_press


async def _may_be_asked(desk: DigestDesk, ask: str) -> bool:
    """Whether there is a form for it: for nothing at all, or for what there will be news on."""
    try:
        return not ask or bool(await desk.expected(ask))
    except BriefingsError:
        return False


async def _answered(desk: DigestDesk, wanted: Asked, asker: Asker, team: str) -> Message:
    """The answer to a command. Raises BriefingsError."""
    if asker.client is None:
        raise BadQuestion("Slack did not say where this was typed: please type it again.")
    match wanted:
        case Usage(sentence):
            return notices.sentence(sentence)
        case ManageAsk(Verb.PREVIEW, which):
            return await desk.preview(await desk.named(team, asker.channel, which))
        case ManageAsk(verb, which):
            digest = await desk.named(team, asker.channel, which)
            return scheduled.told(await desk.change(asker.client, digest, verb, asker.user))
        case AddAsk(typed):
            zone = await desk.zone(asker.client, asker.user, typed.zone)
            return await desk.schedule(asker.client, wish(team, asker.channel, asker.user, replace(typed, zone=zone)))
        case FormAsk(ask):
            await desk.expected(ask)  # says why there is no form
    return await desk.listed(team, asker.channel)

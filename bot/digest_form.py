"""The form that schedules a digest: opened from `/digest` and the App Home, read, kept.

Rule: what it lacks is said beside its field, and nothing is kept before all of it is sound.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot import escape, limits, showing
from bot.ask import cleaned
from bot.asking import Asking
from bot.blocks import scheduled
from bot.blocks.message import Message
from bot.courier import Asker, asker_of
from bot.digests import words, zones
from bot.digests.desk import DigestDesk, wish
from bot.logs import logger, place
from bot.teams import team_of
from bot.zones import zone_of
from briefings.errors import BadQuestion, BriefingsError

_TITLE = "A new digest"
_NOT_KEPT = "This could not be kept right now: please try again in a minute."
#: seconds within which a form is answered, so that Slack does not give up on it
_SECONDS = limits.ACK_SECONDS - 0.5
_CHANNEL = re.compile(r"[CDG][A-Z0-9]{1,30}")


def register(app: AsyncApp, asking: Asking, desk: DigestDesk) -> None:
    """Makes `app` listen to it, and to the button that opens it."""

    async def on_new(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await opened(asking, body, client, "")

    async def on_form(ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                message = await _scheduled(desk, view, client, team_of(context), str(context.user_id or ""))
        except _Lack as lack:
            await ack(response_action="errors", errors={lack.field: lack.why})
        except BriefingsError as error:
            await ack(response_action="errors", errors={scheduled.CHANNEL: escape.readable(str(error))})
        except Exception as error:  # noqa: BLE001  # whatever it is, the person keeps what they typed
            logger().error("a digest is not kept", error=type(error).__name__, place=place(error))
            await ack(response_action="errors", errors={scheduled.CHANNEL: _NOT_KEPT})
        else:
            await ack(response_action="update", view=scheduled.done(message).to_dict())

    app.action(scheduled.NEW)(on_new)
    app.view(scheduled.FORM)(on_form)


async def opened(asking: Asking, body: dict[str, Any], client: AsyncWebClient, ask: str) -> None:
    """Opens it for `ask`, which may be ""."""
    await showing.opened(asking, body, client, _TITLE, lambda: _form(asking, asker_of(body, client), ask))


async def _form(asking: Asking, asker: Asker, ask: str) -> View:
    topics = await asking.answering.call(lambda known: known.topics())
    zone = await zone_of(asker.client, asker.user) if asker.client else None
    return scheduled.form(topics, ask=ask, zone=zone or "", channel=asker.channel)


@dataclass
class _Lack(Exception):
    """A field of the form that cannot be used, and why."""

    field: str
    why: str


async def _scheduled(
    desk: DigestDesk, view: Mapping[str, Any], client: AsyncWebClient, team: str, person: str
) -> Message:
    """What was filled in, checked and kept. Raises _Lack, BriefingsError."""
    filled = {name: _value(view, name) for name in scheduled.FIELDS}
    ask = cleaned(filled[scheduled.WORDS] or filled[scheduled.TOPIC])
    if not ask:
        raise _Lack(scheduled.WORDS, "Choose a topic above, or type some words.")
    with _beside(scheduled.ZONE):
        named = filled[scheduled.ZONE]
        # what Slack says of a person may be a name that nobody would type, such as Etc/UTC
        zone = named if zones.is_zone(named) else zones.named(named) if named else await desk.zone(client, person, "")
    with _beside(scheduled.TIME):
        schedule, _ = words.read(f"{filled[scheduled.DAYS]} at {filled[scheduled.TIME]}", zone)
    if not _CHANNEL.fullmatch(filled[scheduled.CHANNEL]):
        raise _Lack(scheduled.CHANNEL, "Choose the channel.")
    with _beside(scheduled.WORDS):
        await desk.expected(ask)
    typed = words.Typed(ask, schedule, zone)
    return await desk.schedule(client, wish(team, filled[scheduled.CHANNEL], person, typed, filled[scheduled.NOTHING]))


@contextmanager
def _beside(field: str) -> Iterator[None]:
    """What is wrong in here is said beside that field."""
    try:
        yield
    except BadQuestion as error:
        raise _Lack(field, escape.readable(str(error))) from error


def _value(view: Mapping[str, Any], name: str) -> str:
    values = (view.get("state") or {}).get("values") or {}
    element = (values.get(name) or {}).get(name) or {}
    option = (element.get("selected_option") or {}).get("value")
    return str(option or element.get("selected_conversation") or element.get("value") or "").strip()

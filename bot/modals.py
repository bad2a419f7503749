"""The buttons that open a modal: read in context, compare the wordings, this looks wrong; and the form of the last.

Rule: what was pressed names a line of an answer, which is asked for again: nothing is kept between two presses.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot import escape, limits, showing
from bot.actions import action_id
from bot.asking import Asking
from bot.blocks import modals
from bot.blocks.cited import hit_at, places
from bot.blocks.pages import Pages
from bot.blocks.press import Action, Press, pressed
from bot.courier import asker_of
from bot.logs import logger, place
from bot.store.feedback import Doubt, Feedback
from bot.teams import team_of
from briefings.errors import BadQuestion, NothingFound

#: seconds within which a form is answered, so that Slack does not give up on it
_SECONDS = limits.ACK_SECONDS - 0.7
_NOT_KEPT = "This could not be kept right now: please try again in a minute."
_THANKS = "Thank you. It is kept for those who look after On the Record here."

Make = Callable[[Press, Pages | None], Awaitable[View]]


def register(app: AsyncApp, asking: Asking, feedback: Feedback | None) -> None:
    """Makes `app` listen to them. Without `feedback` a doubt cannot be kept, and whoever has one is told so."""
    makers: dict[Action, tuple[str, Make]] = {
        Action.CONTEXT: ("Read in context", partial(_reading, asking)),
        Action.WORDINGS: ("The wordings", lambda what, _: _wordings(asking, what)),
    }

    def listener(action: Action) -> Callable[..., Awaitable[None]]:
        title, make = makers[action]

        async def on_press(
            ack: AsyncAck,
            body: dict[str, Any],
            action: dict[str, Any],
            client: AsyncWebClient,
            context: AsyncBoltContext,
        ) -> None:
            await ack()
            pages = asking.pages(context, body)
            await showing.opened(asking, body, client, title, lambda: make(pressed(action.get("value")), pages))

        return on_press

    async def on_wrong(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        channel = asker_of(body, client).channel
        await showing.opened(
            asking,
            body,
            client,
            "This looks wrong",
            lambda: _doubt(asking, pressed(action.get("value")), channel),
        )

    async def on_pick(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        view = body.get("view") or {}
        chosen = str((action.get("selected_option") or {}).get("value") or "")

        async def picked() -> View:
            here = pressed(view.get("private_metadata"))
            return await _reading(asking, Press(here.asked, here.page, chosen), asking.pages(context, body))

        await showing.filled(client, str(view.get("id")), "Read in context", picked)

    async def on_doubt(ack: AsyncAck, view: dict[str, Any], context: AsyncBoltContext) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                await _keep(feedback, await _doubted(asking, view, team_of(context), str(context.user_id or "")))
        except Exception as error:  # noqa: BLE001  # whatever it is, the person keeps what they typed
            logger().error("a doubt is not kept", error=type(error).__name__, place=place(error))
            said = str(error) if isinstance(error, BadQuestion | NothingFound) else _NOT_KEPT
            await ack(response_action="errors", errors={modals.COMMENT: said})
            return
        await ack(response_action="update", view=modals.told("This looks wrong", _THANKS).to_dict())

    for action in makers:
        app.action(action_id(action))(listener(action))
    app.action(action_id(Action.WRONG))(on_wrong)
    app.action(modals.PICK)(on_pick)
    app.view(modals.DOUBT)(on_doubt)


async def _reading(asking: Asking, what: Press, pages: Pages | None) -> View:
    found, where = await asking.place(what)
    context = await asking.answering.call(lambda desk: desk.context(where.article, where.start, where.end))
    page = pages.article(where.article, where.start, where.end) if pages else None
    return modals.reading(context, Press(what.asked, what.page, where.key), places(found), page)


async def _wordings(asking: Asking, what: Press) -> View:
    found, where = await asking.place(what)
    hit = hit_at(found, where.key)
    if hit is None or not hit.variants:
        raise NothingFound("There is no other wording of this in the record any more: ask again.")
    return modals.wordings(hit)


async def _doubt(asking: Asking, what: Press, channel: str) -> View:
    found, where = await asking.place(what)
    every = places(found)
    meant = [where] if what.line or len(every) == 1 else every
    # of several lines none is chosen beforehand, for nobody would notice
    here = Press(what.asked, what.page, where.key if len(meant) == 1 else "")
    return modals.doubt(here, meant, f"{channel} {what.value}")


async def _doubted(asking: Asking, view: dict[str, Any], team: str, person: str) -> Doubt:
    """What was filled in, checked. Raises BriefingsError."""
    channel, _, kept = str(view.get("private_metadata")).partition(" ")
    values = (view.get("state") or {}).get("values") or {}
    what = pressed(kept)
    line, kind = (_chosen(values, name) for name in (modals.LINE, modals.KIND))
    comment = str(((values.get(modals.COMMENT) or {}).get(modals.COMMENT) or {}).get("value") or "")
    if kind not in modals.KINDS or not line:
        raise BadQuestion("Choose a line, and what is wrong with it.")
    _, where = await asking.place(Press(what.asked, what.page, line))
    return Doubt(
        team,
        person,
        channel or None,
        what.asked,
        where.article,
        where.start,
        where.end,
        kind,
        escape.readable(comment)[: modals.LONGEST_COMMENT],
    )


async def _keep(feedback: Feedback | None, doubt: Doubt) -> None:
    if feedback is None:
        raise BadQuestion("Nothing is kept here: the bot runs without a database of its own.")
    await feedback.add(doubt)


def _chosen(values: dict[str, Any], name: str) -> str:
    return str((((values.get(name) or {}).get(name) or {}).get("selected_option") or {}).get("value") or "")

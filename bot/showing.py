"""Shows a modal: at once that something comes, within the three seconds of the trigger, then what was asked for.

Rule: whatever breaks, the modal does not stay at "One moment".
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.asking import Asking
from bot.blocks import modals, notices
from bot.blocks.message import Message
from bot.clients import error_code
from bot.courier import asker_of
from bot.logs import logger, place
from briefings.errors import BriefingsError

_LATE = "Slack waited too long to open this: please press the button again."
_FAILURES = (SlackClientError, ClientError, TimeoutError, OSError)


async def opened(
    asking: Asking, body: dict[str, Any], client: AsyncWebClient, title: str, make: Callable[[], Awaitable[View]]
) -> None:
    """Opens the modal, on top of the one in which the button was pressed, then fills it."""
    opening = client.views_push if _modal(body) else client.views_open
    try:
        answer = await opening(trigger_id=str(body.get("trigger_id")), view=modals.waiting(title))
    except _FAILURES as error:
        logger().error("modal not opened", error=_told(error))

        async def late() -> Message:
            return notices.sentence(_LATE)

        if body.get("response_url"):
            await asking.answering.answer(asker_of(body, client), late, door=title)
        return
    await filled(client, str(answer["view"]["id"]), title, make)


async def filled(client: AsyncWebClient, view_id: str, title: str, make: Callable[[], Awaitable[View]]) -> None:
    """Puts what `make` gives, or the sentence it raises, into a modal that is open."""
    try:
        view = await make()
    except BriefingsError as error:
        view = modals.told(title, str(error))
    except Exception as error:  # noqa: BLE001  # whatever breaks, the modal does not stay at "One moment"
        logger().error("failed", error=type(error).__name__, place=place(error))
        view = modals.told(title, "Something went wrong on our side and was logged. Please try again.")
    try:
        await client.views_update(view_id=view_id, view=view)
    except _FAILURES as error:  # closed in the meantime, as a rule
        logger().info("modal not filled", error=_told(error))


async def answered(
    asking: Asking, body: dict[str, Any], client: AsyncWebClient, make: Callable[[], Awaitable[Message]], door: str
) -> None:
    """Shows an answer asked for in the App Home in a modal, and one asked for in a modal in its place."""

    async def view() -> View:
        return modals.answer(await asking.answering.message(make, door=door))

    if here := _modal(body):
        await filled(client, str(here.get("id")), modals.ANSWER, view)
    else:
        await opened(asking, body, client, modals.ANSWER, view)


def _modal(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The modal in which a button was pressed, if it was in one."""
    view: Mapping[str, Any] = body.get("view") or {}
    return view if view.get("type") == "modal" else {}


def _told(error: Exception) -> str:
    return error_code(error) if isinstance(error, SlackApiError) else type(error).__name__

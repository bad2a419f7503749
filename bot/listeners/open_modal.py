"""Opens a modal with a placeholder, within the three seconds of Slack's trigger, then fills it.

Rule: an answer keeps the channel in its metadata, so that its buttons leave out what the channel mutes.
Rule: after any error the modal shows a message, and never stays at "Loading…". If Slack does not open it, the message
appears where the button is: in the conversation, in App Home or in the modal below.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackClientError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.core.logs import format_traceback, get_logger
from bot.core.public_errors import explain_publicly
from bot.mutes.current_channel import get_channel_id
from bot.slack.blocks.message import Message
from bot.slack.transport.clients import get_error_name
from bot.slack.transport.response_url import get_requester
from bot.slack.views import modals, notices
from bot.slack.views.home_note import add_home_note
from briefings import BriefingsError

_EXPIRED_TRIGGER = "This took too long to open. Please press the button again."
_FAILURES = (SlackClientError, ClientError, TimeoutError, OSError)


async def open_modal(
    answers: AnswerService,
    body: dict[str, Any],
    client: AsyncWebClient,
    title: str,
    build_view: Callable[[], Awaitable[View]],
) -> None:
    """Open a modal, on top of the one with the button if there is one, then fill it."""
    open_view = client.views_push if _get_modal(body) else client.views_open
    try:
        response = await open_view(trigger_id=str(body.get("trigger_id")), view=modals.build_loading_view(title))
    except _FAILURES as error:
        get_logger().error("modal open failed", error=get_error_name(error))

        await _explain_failure(answers, body, client, title)
        return
    await fill_modal(client, str(response["view"]["id"]), title, build_view)


async def _explain_failure(answers: AnswerService, body: Mapping[str, Any], client: AsyncWebClient, title: str) -> None:
    """Say at the button that the modal did not open. A form that is open is left alone, with what the user typed."""
    if body.get("response_url"):

        async def make_notice() -> Message:
            return notices.build_notice(_EXPIRED_TRIGGER)

        await answers.executor.answer(get_requester(body, client), make_notice, source=title)
        return
    view: Mapping[str, Any] = body.get("view") or {}
    user = get_requester(body, client).user
    try:
        if view.get("type") == "home" and user:
            await client.views_publish(user_id=user, view=add_home_note(view, _EXPIRED_TRIGGER))
        elif view.get("type") == "modal" and not view.get("submit"):
            notice_view = modals.build_notice_view(title, _EXPIRED_TRIGGER)
            await client.views_update(view_id=str(view.get("id")), view=notice_view)
    except _FAILURES as error:
        get_logger().error("modal failure not shown", error=get_error_name(error))


async def fill_modal(
    client: AsyncWebClient, view_id: str, title: str, build_view: Callable[[], Awaitable[View]]
) -> None:
    """Fill an open modal with the view of `build_view`, or with its error message."""
    try:
        view = await build_view()
    except BriefingsError as error:
        view = modals.build_notice_view(title, explain_publicly(error))
    except Exception as error:  # noqa: BLE001  # after any error, the modal must not stay at "Loading…"
        get_logger().error("modal build failed", error=type(error).__name__, place=format_traceback(error))
        view = modals.build_notice_view(title, "Something went wrong on our side. Please try again.")
    if not view.private_metadata and not view.callback_id:
        view.private_metadata = get_channel_id() or None
    try:
        await client.views_update(view_id=view_id, view=view)
    except _FAILURES as error:  # usually because the user has closed it
        get_logger().info("modal update failed", error=get_error_name(error))


async def show_answer(
    answers: AnswerService,
    body: dict[str, Any],
    client: AsyncWebClient,
    make: Callable[[], Awaitable[Message]],
    source: str,
) -> None:
    """Show an answer in a modal: a new one for App Home, or the same one for a button in a modal."""

    async def build_view() -> View:
        return modals.build_answer_view(await answers.executor.make_message(make, source=source))

    if modal := _get_modal(body):
        await fill_modal(client, str(modal.get("id")), modals.ANSWER_TITLE, build_view)
    else:
        await open_modal(answers, body, client, modals.ANSWER_TITLE, build_view)


def _get_modal(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the modal with the pressed button, or an empty mapping."""
    view: Mapping[str, Any] = body.get("view") or {}
    return view if view.get("type") == "modal" else {}

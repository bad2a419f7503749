"""Listens for "Save as canvas or file": opens the form, and saves the answer as its user chose.

Rule: the form is acknowledged at once, and then shows what happened. If Slack allows no canvas, it offers files.
"""

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.answers.export_builder import ExportBuilder
from bot.core.permissions.table import GuardedAction
from bot.listeners import open_modal
from bot.listeners.buttons import add_action_listener
from bot.listeners.exports import saving, views
from bot.listeners.exports.saving import CanvasRefused, SaveTarget
from bot.listeners.welcome.fields import get_value
from bot.mutes.current_channel import get_channel_id
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue, decode_button
from bot.slack.blocks.menus import decode_press
from bot.slack.permissions.actor import get_actor
from bot.slack.permissions.authorizer import Authorizer
from bot.slack.transport.request_verification import get_team_id
from bot.slack.views import modals
from briefings import BadQuestion, BriefingService
from briefings.exports import Document, Format, render, render_markdown

_NO_USER = "Slack didn't say who pressed this. Please try again."
_NO_TARGET = "Choose what to save the answer as."
#: Bolt passes an acknowledgement on within 10 ms. Its "Loading…" would replace a view that is shown before
_ACK_SECONDS = 0.1


def register(app: AsyncApp, answers: AnswerService, authorizer: Authorizer) -> None:
    """Register the listeners."""

    async def on_save(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        actor = get_actor(get_team_id(context), str(context.user_id or ""), client)

        async def build_form() -> View:
            await authorizer.require(GuardedAction.EXPORT, actor)
            return await _build_form(answers, decode_press(action)[1])

        await open_modal.open_modal(answers, body, client, views.SAVE_TITLE, build_form)

    async def on_form(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack(response_action="update", view=modals.build_loading_view(views.SAVE_TITLE).to_dict())
        await asyncio.sleep(_ACK_SECONDS)
        user = str((body.get("user") or {}).get("id") or "")
        actor = get_actor(get_team_id(context), user, client)

        async def save() -> View:
            await authorizer.require(GuardedAction.EXPORT, actor)
            return await _save(answers, view, SaveTarget(client, user))

        await open_modal.fill_modal(client, str(view.get("id")), views.SAVE_TITLE, save)

    add_action_listener(app, Action.SAVE, on_save)
    app.view(views.SAVE_CALLBACK)(on_form)


async def _build_form(answers: AnswerService, button: ButtonValue) -> View:
    document = await _build_document(answers, button)
    return views.build_save_form(document.title, ButtonValue(button.command_text, channel=get_channel_id()).value)


async def _save(answers: AnswerService, view: dict[str, Any], target: SaveTarget) -> View:
    """Save the answer of the form, and return the modal that says so. Raises BriefingsError."""
    if not target.user:
        raise BadQuestion(_NO_USER)
    choice = get_value(view, views.TARGET_FIELD)
    button = decode_button(view.get("private_metadata"))
    if choice != views.CANVAS and choice not in set(Format):
        raise BadQuestion(_NO_TARGET)
    document = await _build_document(answers, button)
    if choice == views.CANVAS:
        markdown = await answers.executor.call(lambda _: render_markdown(document, with_title=False))
        try:
            return views.build_result_view(await saving.save_canvas(target, document.title, markdown))
        except CanvasRefused as error:
            return views.build_save_form(document.title, button.value, problem=mrkdwn.make_readable(str(error)))
    export_format = Format(choice)
    file = await answers.executor.call(lambda _: render(document, export_format))
    return views.build_result_view(await saving.upload_file(target, document, file, export_format.label))


async def _build_document(answers: AnswerService, button: ButtonValue) -> Document:
    """Return the whole answer of a button. Raises BriefingsError."""
    result = (await answers.cache.get_answer(answers.get_query(button))).result

    def build(service: BriefingService) -> Document:
        return ExportBuilder(service, answers.today()).build_result(result)

    return await answers.executor.call(build)

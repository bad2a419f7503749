"""Listens for `/watch`, and for the buttons and menus of watches.

Rule: a request is acknowledged at once, and only its user sees the answer.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.core.public_errors import explain_publicly
from bot.listeners import open_modal
from bot.listeners.buttons import add_action_listener
from bot.listeners.home import HomePublisher
from bot.listeners.watches import form
from bot.listeners.watches.requests import NO_DATABASE, Asker, answer_command
from bot.queries.queries import Command, HelpCommand
from bot.slack.blocks.button_values import Action
from bot.slack.blocks.message import Message, build_message
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import get_requester
from bot.slack.views import notices
from bot.watches import command_parser, list_view
from bot.watches.command_parser import EditCommand, FormCommand, WatchAction
from bot.watches.model import ChannelWatch
from bot.watches.service import WatchService
from briefings import BadQuestion, BriefingsError


def register(
    app: AsyncApp, answers: AnswerService, watch_service: WatchService | None, home_publisher: HomePublisher
) -> None:
    """Register the listeners. Without `watch_service`, `/watch` replies that watches need a database."""
    app.command(Command.WATCH.value)(_make_command_listener(answers, watch_service))
    if watch_service is None:
        add_action_listener(app, Action.WATCH, _make_refusal(answers))
    else:
        pattern = re.compile(rf"^({list_view.BUTTON_ACTION}|{list_view.MENU_ACTION}):")
        app.action(pattern)(_make_button_listener(answers, watch_service, home_publisher))
        form.register(app, answers, watch_service)


def _make_refusal(answers: AnswerService) -> Callable[..., Awaitable[None]]:
    async def on_press(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()

        async def make_notice() -> Message:
            return notices.build_notice(NO_DATABASE)

        await answers.executor.answer(get_requester(body, client), make_notice, source=list_view.BUTTON_ACTION)

    return on_press


def _make_command_listener(
    answers: AnswerService, watch_service: WatchService | None
) -> Callable[..., Awaitable[None]]:
    async def on_command(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        requester, team = get_requester(body, client), get_team_id(context)
        command = command_parser.parse_command(str(body.get("text") or ""))
        form_error: BriefingsError | None = None
        if watch_service and isinstance(command, FormCommand):
            await form.open_form(answers, watch_service, body, client, team)
            return
        if watch_service and isinstance(command, EditCommand) and not command.text:
            try:
                (watch,) = await watch_service.select(team, requester.channel, command)
                await watch_service.require_permission(client, watch, requester.user)
                await form.open_edit_form(answers, body, client, watch)
            except BriefingsError as error:
                form_error = error
            else:
                return

        async def make_answer() -> Message:
            if form_error:
                raise form_error
            if isinstance(command, HelpCommand):
                return notices.build_help(Command.WATCH)
            if watch_service is None:
                raise BadQuestion(NO_DATABASE)
            return await answer_command(watch_service, command, Asker(team, requester.channel, requester.user, client))

        await answers.executor.answer(requester, make_answer, source=Command.WATCH.value)

    return on_command


def _make_button_listener(
    answers: AnswerService, watch_service: WatchService, home_publisher: HomePublisher
) -> Callable[..., Awaitable[None]]:
    async def on_press(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        team, person, value = get_team_id(context), str(context.user_id or ""), _get_value(action)
        is_home, is_preview = bool(body.get("view")), value.startswith(WatchAction.PREVIEW.value)

        async def apply_action() -> Message:
            watch_action, watch = await watch_service.decode_button(team, value)
            if watch_action is WatchAction.PREVIEW:
                return await watch_service.preview(client, watch, person)
            note = await watch_service.change(client, [watch], watch_action, person)
            if is_home or get_requester(body, client).channel != watch.config.channel:
                # elsewhere, its creator may have left the channel, and learns nothing of the other watches there
                return build_message(note)
            return await watch_service.list_watches(team, watch.config.channel, note)

        if value.startswith(WatchAction.EDIT.value):
            await _open_edit_form(answers, watch_service, body, client, team, value)
        elif not is_home:
            # a notice is everyone's: only a private message is replaced
            is_private = bool((body.get("container") or {}).get("is_ephemeral"))
            await answers.executor.answer(
                get_requester(body, client),
                apply_action,
                source=list_view.BUTTON_ACTION,
                replace=is_private and not is_preview,
            )
        elif is_preview or (body.get("view") or {}).get("type") == "modal":
            await open_modal.show_answer(answers, body, client, apply_action, list_view.BUTTON_ACTION)
        else:
            message = await answers.executor.make_message(apply_action, source=list_view.BUTTON_ACTION)
            await home_publisher.publish(client, team, person, note=message.text)

    return on_press


def _get_value(action: Mapping[str, Any]) -> str:
    """Return the value of a pressed button or of a chosen option."""
    option = action.get("selected_option")
    return str((option.get("value") if isinstance(option, Mapping) else action.get("value")) or "")


async def _open_edit_form(
    answers: AnswerService,
    watch_service: WatchService,
    body: dict[str, Any],
    client: AsyncWebClient,
    team: str,
    value: str,
) -> None:
    """Open the form for "Edit", or explain why it cannot be opened."""
    watch: ChannelWatch
    try:
        _, watch = await watch_service.decode_button(team, value)
        await watch_service.require_permission(client, watch, get_requester(body, client).user)
    except BriefingsError as error:
        notice = notices.build_notice(explain_publicly(error))

        async def make_notice() -> Message:
            return notice

        if body.get("view"):
            await open_modal.show_answer(answers, body, client, make_notice, list_view.BUTTON_ACTION)
        else:
            await answers.executor.answer(get_requester(body, client), make_notice, source=list_view.BUTTON_ACTION)
    else:
        await form.open_edit_form(answers, body, client, watch)

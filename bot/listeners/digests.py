"""Listens for `/digest` and for the buttons of digests in lists and in App Home.

Rule: a request is acknowledged at once, and only its user sees the answer.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.core.public_errors import explain_publicly
from bot.digests import command_parser, list_view
from bot.digests.command_parser import AddCommand, DigestAction, DigestCommand, EditCommand, FormCommand, ManageCommand
from bot.digests.details_command import DetailsCommand
from bot.digests.mail.command import MailCommand
from bot.digests.service import DigestService, build_config
from bot.listeners import digest_form, open_modal
from bot.listeners.buttons import is_private
from bot.listeners.home import HomePublisher
from bot.queries.queries import Command, HelpCommand, UsageMessage
from bot.slack.blocks.message import Message, build_message
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import Requester, get_requester
from bot.slack.views import notices
from briefings import BadQuestion, BriefingsError

_NO_DATABASE = "Digests need a database. Ask the person who runs On the Record to set DATABASE_URL."


def register(
    app: AsyncApp, answers: AnswerService, digest_service: DigestService | None, home_publisher: HomePublisher
) -> None:
    """Register the listeners. Without `digest_service`, `/digest` replies that digests need a database."""
    app.command(Command.DIGEST.value)(_make_command_listener(answers, digest_service))
    if digest_service:
        app.action(re.compile(rf"^{list_view.BUTTON_ACTION}:"))(
            _make_button_listener(answers, digest_service, home_publisher)
        )
        digest_form.register(app, answers, digest_service)


def _make_command_listener(
    answers: AnswerService, digest_service: DigestService | None
) -> Callable[..., Awaitable[None]]:
    async def on_command(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        requester = get_requester(body, client)
        command = command_parser.parse_command(str(body.get("text") or ""), answers.today())
        form_error: BriefingsError | None = None
        if digest_service:
            try:
                if await _open_form(answers, digest_service, command, body, client, get_team_id(context)):
                    return
            except BriefingsError as error:
                form_error = error

        async def make_answer() -> Message:
            if form_error:
                raise form_error
            if isinstance(command, HelpCommand):
                return notices.build_help(Command.DIGEST)
            if digest_service is None:
                raise BadQuestion(_NO_DATABASE)
            return await _answer_command(digest_service, command, requester, get_team_id(context))

        await answers.executor.answer(requester, make_answer, source=Command.DIGEST.value)

    return on_command


def _make_button_listener(
    answers: AnswerService, digest_service: DigestService, home_publisher: HomePublisher
) -> Callable[..., Awaitable[None]]:
    async def on_press(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        team, person, value = get_team_id(context), str(context.user_id or ""), _get_value(action)
        is_home, is_preview = bool(body.get("view")), value.startswith(DigestAction.PREVIEW.value)

        async def apply_action() -> Message:
            digest_action, digest = await digest_service.decode_button(team, value)
            if digest_action is DigestAction.PREVIEW:
                return await digest_service.preview(client, digest, person)
            note = await digest_service.change(client, digest, digest_action, person)
            if is_home or get_requester(body, client).channel != digest.config.channel:
                # elsewhere, its creator may have left the channel, and learns nothing of the other digests there
                return build_message(note)
            return await digest_service.list_digests(team, digest.config.channel, note)

        if value.startswith(DigestAction.EDIT.value):
            await _open_edit_form(answers, digest_service, body, client, team, value)
        elif not is_home:
            # what everyone sees is never replaced by what only this user may see
            is_replaced = is_private(body) and not is_preview
            await answers.executor.answer(
                get_requester(body, client), apply_action, source=list_view.BUTTON_ACTION, replace=is_replaced
            )
        elif is_preview:
            await open_modal.show_answer(answers, body, client, apply_action, list_view.BUTTON_ACTION)
        else:
            message = await answers.executor.make_message(apply_action, source=list_view.BUTTON_ACTION)
            await home_publisher.publish(client, team, person, note=message.text)

    return on_press


def _get_value(press: Mapping[str, Any]) -> str:
    """Return the value of a button, or of the chosen option of a menu; "" without one."""
    option = press.get("selected_option")
    return str(press.get("value") or (option.get("value") if isinstance(option, Mapping) else None) or "")


async def _open_form(
    answers: AnswerService,
    digest_service: DigestService,
    command: DigestCommand,
    body: dict[str, Any],
    client: AsyncWebClient,
    team: str,
) -> bool:
    """Open the form that a command is about. Return False if it needs no form. Raises BriefingsError."""
    match command:
        case FormCommand(query, addresses):
            if query:
                await digest_service.resolve_title(query)  # raises the error that explains the missing form
            emails = ", ".join(address.text for address in addresses)
            await digest_form.open_form(answers, digest_service, body, client, team, query, emails)
        case EditCommand(selector, None):
            requester = get_requester(body, client)
            digest = await digest_service.find_digest(team, requester.channel, selector, DigestAction.EDIT)
            await digest_service.require_permission(client, digest, requester.user)
            await digest_form.open_edit_form(answers, digest_service, body, client, digest)
        case _:
            return False
    return True


async def _open_edit_form(
    answers: AnswerService,
    digest_service: DigestService,
    body: dict[str, Any],
    client: AsyncWebClient,
    team: str,
    value: str,
) -> None:
    """Open the form for the button "Edit", or explain why it cannot be opened."""
    try:
        _, digest = await digest_service.decode_button(team, value)
        await digest_service.require_permission(client, digest, get_requester(body, client).user)
    except BriefingsError as error:
        notice = notices.build_notice(explain_publicly(error))

        async def make_notice() -> Message:
            return notice

        if body.get("view"):
            await open_modal.show_answer(answers, body, client, make_notice, list_view.BUTTON_ACTION)
        else:
            await answers.executor.answer(get_requester(body, client), make_notice, source=list_view.BUTTON_ACTION)
    else:
        await digest_form.open_edit_form(answers, digest_service, body, client, digest)


async def _answer_command(
    digest_service: DigestService, command: DigestCommand, requester: Requester, team: str
) -> Message:
    """Return the answer to a command. Raises BriefingsError."""
    if requester.client is None:
        raise BadQuestion("Slack didn't say where this was typed. Please type it again.")
    match command:
        case UsageMessage(sentence):
            return notices.build_notice(sentence)
        case ManageCommand(DigestAction.PREVIEW, selector):
            digest = await digest_service.find_digest(team, requester.channel, selector)
            return await digest_service.preview(requester.client, digest, requester.user)
        case ManageCommand(digest_action, selector):
            digest = await digest_service.find_digest(team, requester.channel, selector, digest_action)
            return build_message(await digest_service.change(requester.client, digest, digest_action, requester.user))
        case DetailsCommand(place):
            return build_message(
                await digest_service.set_details(requester.client, team, requester.channel, requester.user, place)
            )
        case MailCommand():
            return build_message(
                await digest_service.change_mail(requester.client, team, requester.channel, requester.user, command)
            )
        case AddCommand(request, addresses):
            zone = await digest_service.resolve_zone(requester.client, requester.user, request.zone)
            config = build_config(team, requester.channel, requester.user, replace(request, zone=zone))
            return await digest_service.schedule(
                requester.client, config, channel_name=requester.channel_name, addresses=addresses
            )
        case EditCommand(selector, request) if request is not None:
            digest = await digest_service.find_digest(team, requester.channel, selector, DigestAction.EDIT)
            zone = digest.config.zone
            if request.zone != command_parser.KEEP_ZONE:
                zone = await digest_service.resolve_zone(requester.client, requester.user, request.zone)
            schedule = request.schedule
            if not request.names_days:
                schedule = digest.config.schedule.change_times(schedule.rules[0].times)
            config = replace(digest.config, schedule=schedule, zone=zone)
            return await digest_service.edit(requester.client, digest, config, requester.user)
    return await digest_service.list_digests(team, requester.channel)

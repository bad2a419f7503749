"""Listens for `/digest` and for the buttons of digests in lists and in App Home.

Rule: a request is acknowledged at once, and only its user sees the answer.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.digests import command_parser, list_view
from bot.digests.command_parser import AddCommand, DigestAction, DigestCommand, FormCommand, ManageCommand
from bot.digests.details_command import DetailsCommand
from bot.digests.service import DigestService, build_config
from bot.listeners import digest_form, open_modal
from bot.listeners.home import HomePublisher
from bot.queries.queries import Command, HelpCommand, UsageMessage
from bot.slack.blocks.message import Message
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
        command, requester = command_parser.parse_command(str(body.get("text") or "")), get_requester(body, client)
        if digest_service and isinstance(command, FormCommand) and await _has_form(digest_service, command.query):
            await digest_form.open_form(answers, body, client, command.query)
            return

        async def make_answer() -> Message:
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
        team, person, value = get_team_id(context), str(context.user_id or ""), str(action.get("value") or "")
        is_home, is_preview = bool(body.get("view")), value.startswith(DigestAction.PREVIEW.value)

        async def apply_action() -> Message:
            digest_action, digest = await digest_service.decode_button(team, value)
            if digest_action is DigestAction.PREVIEW:
                return await digest_service.preview(digest)
            note = await digest_service.change(client, digest, digest_action, person)
            return (
                list_view.build_message(note)
                if is_home
                else await digest_service.list_digests(team, digest.config.channel, note)
            )

        if not is_home:
            await answers.executor.answer(
                get_requester(body, client), apply_action, source=list_view.BUTTON_ACTION, replace=not is_preview
            )
        elif is_preview:
            await open_modal.show_answer(answers, body, client, apply_action, list_view.BUTTON_ACTION)
        else:
            message = await answers.executor.make_message(apply_action, source=list_view.BUTTON_ACTION)
            await home_publisher.publish(client, team, person, note=message.text)

    return on_press


async def _has_form(digest_service: DigestService, query: str) -> bool:
    """Whether to open the form: for an empty query, or for one that matches articles."""
    try:
        return not query or bool(await digest_service.resolve_title(query))
    except BriefingsError:
        return False


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
            return await digest_service.preview(await digest_service.find_digest(team, requester.channel, selector))
        case ManageCommand(digest_action, selector):
            digest = await digest_service.find_digest(team, requester.channel, selector)
            return list_view.build_message(
                await digest_service.change(requester.client, digest, digest_action, requester.user)
            )
        case DetailsCommand(place):
            return list_view.build_message(
                await digest_service.set_details(requester.client, team, requester.channel, requester.user, place)
            )
        case AddCommand(request):
            zone = await digest_service.resolve_zone(requester.client, requester.user, request.zone)
            return await digest_service.schedule(
                requester.client, build_config(team, requester.channel, requester.user, replace(request, zone=zone))
            )
        case FormCommand(query):
            await digest_service.resolve_title(query)  # raises the error that explains the missing form
    return await digest_service.list_digests(team, requester.channel)

"""Listens for the form that sets up or changes a watch: opens it, checks the input and saves the watch.

Rule: each error is shown at its field, and nothing is saved before all fields are valid.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.core.ack_deadline import limit_to_ack
from bot.core.logs import format_traceback, get_logger
from bot.core.public_errors import explain_publicly
from bot.listeners import open_modal
from bot.listeners.buttons import add_action_listener
from bot.queries.queries import WhoSaidQuery
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.button_values import Action
from bot.slack.blocks.forms import build_confirmation_view
from bot.slack.blocks.menus import decode_press
from bot.slack.blocks.message import Message
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import get_requester
from bot.watches import form_view, list_view
from bot.watches.form_view import SubmittedForm
from bot.watches.model import ChannelWatch, WatchConfig
from bot.watches.service import WatchService
from briefings import BadQuestion, BriefingsError
from briefings.watches import WatchQuery

_NOT_SAVED = "The watch couldn't be saved. Please try again in a minute."
_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{1,30}")


def register(app: AsyncApp, answers: AnswerService, watch_service: WatchService) -> None:
    """Register the listeners."""

    async def on_new(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        await ack()
        await open_form(answers, watch_service, body, client, get_team_id(context))

    async def on_watch_this(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """Open the form with the question of an answer filled in."""
        await ack()

        def read_query() -> WatchQuery:
            query = answers.get_query(decode_press(action)[1])
            if not isinstance(query, WhoSaidQuery):
                raise BadQuestion("This button belongs to an older answer. Ask again.")
            return WatchQuery(query.words or None, "", query.by, query.about, query.outlet)

        await open_form(answers, watch_service, body, client, get_team_id(context), read_query)

    async def on_form(ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        team, person = get_team_id(context), str(context.user_id or "")
        is_edit = view.get("callback_id") == form_view.EDIT_CALLBACK
        try:
            async with limit_to_ack():
                message = await _save(watch_service, view, client, team, person, is_edit=is_edit)
        except _FieldError as error:
            await ack(response_action="errors", errors={error.field: mrkdwn.make_readable(str(error))})
        except BriefingsError as error:
            await ack(
                response_action="errors", errors={form_view.WORDS_FIELD: mrkdwn.make_readable(explain_publicly(error))}
            )
        except Exception as error:  # noqa: BLE001  # after any error, the form keeps what the user typed
            get_logger().error("watch save failed", error=type(error).__name__, place=format_traceback(error))
            await ack(response_action="errors", errors={form_view.WORDS_FIELD: _NOT_SAVED})
        else:
            title = form_view.EDIT_TITLE if is_edit else form_view.FORM_TITLE
            await ack(response_action="update", view=build_confirmation_view(message, title).to_dict())

    app.action(list_view.NEW_WATCH_ACTION)(on_new)
    add_action_listener(app, Action.WATCH, on_watch_this)
    for callback in (form_view.FORM_CALLBACK, form_view.EDIT_CALLBACK):
        app.view(callback)(on_form)
    _register_options(app, answers)


def _register_options(app: AsyncApp, answers: AnswerService) -> None:
    """Register the listeners for the names that are offered while the user types."""

    async def on_speaker_options(ack: AsyncAck, payload: dict[str, Any]) -> None:
        try:
            async with limit_to_ack():
                people = await answers.executor.call(lambda service: service.list_people())
        except (BriefingsError, TimeoutError):
            people = ()
        await _offer(ack, [person.name for person in people], payload)

    async def on_outlet_options(ack: AsyncAck, payload: dict[str, Any]) -> None:
        try:
            async with limit_to_ack():
                outlets = await answers.executor.call(lambda service: service.name_lookup.list_outlets())
        except (BriefingsError, TimeoutError):
            outlets = ()
        await _offer(ack, sorted(outlets), payload)

    app.options(form_view.SPEAKER_FIELD)(on_speaker_options)
    app.options(form_view.OUTLET_FIELD)(on_outlet_options)


async def open_form(
    answers: AnswerService,
    watch_service: WatchService,
    body: dict[str, Any],
    client: AsyncWebClient,
    team: str,
    read_query: Callable[[], WatchQuery] | None = None,
) -> None:
    """Open the form with the query of `read_query` filled in, which may raise BriefingsError."""
    requester = get_requester(body, client)

    async def build_view() -> View:
        await watch_service.require_setting_up(client, team, requester.user)
        return form_view.build_form_view(read_query() if read_query else None, requester.channel)

    await open_modal.open_modal(answers, body, client, form_view.FORM_TITLE, build_view)


async def open_edit_form(
    answers: AnswerService, body: dict[str, Any], client: AsyncWebClient, watch: ChannelWatch
) -> None:
    """Open the form with the query of `watch`."""

    async def build_view() -> View:
        return form_view.build_edit_view(watch)

    await open_modal.open_modal(answers, body, client, form_view.EDIT_TITLE, build_view)


class _FieldError(BadQuestion):
    """An invalid field of the form."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


async def _save(
    watch_service: WatchService,
    view: Mapping[str, Any],
    client: AsyncWebClient,
    team: str,
    person: str,
    *,
    is_edit: bool,
) -> Message:
    """Check the form and save the watch. Return its confirmation. Raises BriefingsError."""
    form = form_view.read_form(view)
    query = await _build_query(watch_service, form)
    if is_edit:
        channel, _, number = str(view.get("private_metadata") or "").partition(" ")
        watch = await watch_service.find_by_number(team, channel, number)
        return await watch_service.edit(client, watch, query, person)
    if not _CHANNEL_ID.fullmatch(form.channel):
        raise _FieldError(form_view.CHANNEL_FIELD, "Choose a channel.")
    try:
        return await watch_service.add(client, WatchConfig(team, form.channel, person, query))
    except BadQuestion as error:
        raise _FieldError(form_view.CHANNEL_FIELD, str(error)) from error


async def _build_query(watch_service: WatchService, form: SubmittedForm) -> WatchQuery:
    """Return what the form watches for. Raises BriefingsError."""
    if not (form.words or form.speaker):
        raise _FieldError(form_view.WORDS_FIELD, "Type some words, or choose a speaker below.")
    query = await watch_service.read_query(form.words) if form.words else None
    try:
        return WatchQuery(
            query.phrase if query else None,
            query.words if query else "",
            form.speaker or (query.by if query else None),
            form.subject or (query.about if query else None),
            form.outlet or (query.outlet if query else None),
        )
    except BadQuestion as error:
        field = form_view.SUBJECT_FIELD if form.subject and "subject" in str(error) else form_view.WORDS_FIELD
        raise _FieldError(field, str(error)) from error


async def _offer(ack: AsyncAck, names: list[str], payload: Mapping[str, Any]) -> None:
    options = form_view.build_name_options(names, str(payload.get("value") or "").strip()[:80])
    await ack(options=[option.to_dict() for option in options])

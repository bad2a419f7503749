"""Listens for the form that schedules or changes a digest: opens it, checks the input and saves the digest.

Rule: each error is shown at its field, and nothing is saved before all fields are valid.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.core import slack_limits
from bot.core.ack_deadline import limit_to_ack
from bot.core.logs import format_traceback, get_logger
from bot.core.public_errors import explain_publicly
from bot.digests import list_view, schedule_parser
from bot.digests.form import form_parser, form_view
from bot.digests.form.form_parser import FieldError
from bot.digests.form.form_view import FormValues
from bot.digests.model import Digest
from bot.digests.service import DigestService, build_config
from bot.listeners import open_modal
from bot.queries import time_zones
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.forms import build_confirmation_view
from bot.slack.blocks.message import Message
from bot.slack.transport.channel_posts import is_between_people
from bot.slack.transport.clients import get_time_zone
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import get_requester
from briefings import BriefingsError, TopicSuggestions, TopicSummary

_NOT_SAVED = "The digest couldn't be saved. Please try again in a minute."
#: time zones to offer before the user types
_COMMON_ZONES = (
    "Europe/London",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Europe/Paris",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "UTC",
)


def register(app: AsyncApp, answers: AnswerService, digest_service: DigestService) -> None:
    """Register the form, the options of its selects, and the button that opens it."""

    async def on_new(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        await ack()
        await open_form(answers, digest_service, body, client, get_team_id(context))

    async def on_form(ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        team, person = get_team_id(context), str(context.user_id or "")
        is_edit = view.get("callback_id") == form_view.EDIT_CALLBACK
        error_field = form_view.WORDS_FIELD if is_edit else form_view.CHANNEL_FIELD
        try:
            async with limit_to_ack():
                save = _save_edit if is_edit else _schedule_digest
                message = await save(digest_service, view, client, team, person)
        except FieldError as error:
            await ack(response_action="errors", errors={error.field: error.reason})
        except BriefingsError as error:
            await ack(response_action="errors", errors={error_field: mrkdwn.make_readable(explain_publicly(error))})
        except Exception as error:  # noqa: BLE001  # after any error, the form keeps what the user typed
            get_logger().error("digest save failed", error=type(error).__name__, place=format_traceback(error))
            await ack(response_action="errors", errors={error_field: _NOT_SAVED})
        else:
            title = form_view.EDIT_TITLE if is_edit else form_view.FORM_TITLE
            await ack(response_action="update", view=build_confirmation_view(message, title).to_dict())

    async def on_topic_options(ack: AsyncAck, payload: dict[str, Any]) -> None:
        topics: tuple[TopicSummary, ...] = ()
        suggestions: TopicSuggestions | None = None
        try:
            async with limit_to_ack():
                topics = await answers.executor.call(lambda service: service.list_topics())
                suggestions = await answers.find_suggestions_soon()
        except (BriefingsError, TimeoutError) as error:
            get_logger().warning("topic options incomplete", error=type(error).__name__)
        typed_text = str(payload.get("value") or "")
        options = form_view.build_topic_options(topics, typed_text, suggestions.suggestions if suggestions else ())
        await ack(options=[option.to_dict() for option in options])

    async def on_zone_options(ack: AsyncAck, payload: dict[str, Any]) -> None:
        typed_text = str(payload.get("value") or "").strip()[:80]
        zones = time_zones.search_zones(typed_text, slack_limits.OPTIONS) if typed_text else _COMMON_ZONES
        await ack(options=[form_view.build_zone_option(zone).to_dict() for zone in zones])

    app.action(list_view.NEW_DIGEST_ACTION)(on_new)
    app.options(form_view.TOPIC_FIELD)(on_topic_options)
    app.options(form_view.ZONE_FIELD)(on_zone_options)
    for callback in (form_view.FORM_CALLBACK, form_view.EDIT_CALLBACK):
        app.view(callback)(on_form)


async def open_form(
    answers: AnswerService,
    digest_service: DigestService,
    body: dict[str, Any],
    client: AsyncWebClient,
    team: str,
    query: str = "",
    emails: str = "",
) -> None:
    """Open the form with `query` and e-mail addresses filled in ("" for none)."""
    requester = get_requester(body, client)

    async def build_view() -> View:
        await digest_service.require_scheduling(client, team, requester.user)
        topics = await answers.executor.call(lambda service: service.list_topics())
        zone = await get_time_zone(client, requester.user)
        place = await digest_service.get_details_place(team, requester.channel)
        # the select has only channels
        is_channel = not is_between_people(requester.channel, requester.channel_name)
        emails_value = emails if digest_service.has_mail else None
        channel = requester.channel if is_channel else ""
        values = FormValues(query, zone or "", channel, details_place=place, emails=emails_value)
        return form_view.build_form_view(topics, values)

    await open_modal.open_modal(answers, body, client, form_view.FORM_TITLE, build_view)


async def open_edit_form(
    answers: AnswerService, digest_service: DigestService, body: dict[str, Any], client: AsyncWebClient, digest: Digest
) -> None:
    """Open the form with the settings of `digest`."""

    async def build_view() -> View:
        topics = await answers.executor.call(lambda service: service.list_topics())
        place = await digest_service.get_details_place(digest.config.team, digest.config.channel)
        emails = await digest_service.list_addresses(digest)
        return form_view.build_edit_view(topics, digest, place, emails)

    await open_modal.open_modal(answers, body, client, form_view.EDIT_TITLE, build_view)


async def _schedule_digest(
    digest_service: DigestService, view: Mapping[str, Any], client: AsyncWebClient, team: str, person: str
) -> Message:
    """Check the form and save the digest. Return its confirmation. Raises FieldError or BriefingsError."""
    form = form_parser.parse_form(view, digest_service.today, has_channel=True)
    with form_parser.report_at_field(form_view.ZONE_FIELD):
        zone = form.zone or await digest_service.resolve_zone(client, person, "")
    with form_parser.report_at_field(form_view.WORDS_FIELD):
        await digest_service.resolve_title(form.query)
    request = schedule_parser.DigestRequest(form.query, form.schedule, zone)
    config = build_config(team, form.channel, person, request, form.when_nothing.value)
    message = await digest_service.schedule(client, config, addresses=form.addresses or ())
    shown_channel, _, shown_place = form_view.get_metadata(view)
    if form.details_place is None and shown_place and form.channel != shown_channel:
        return await digest_service.explain_details(config, message)
    return await digest_service.apply_details(client, config, person, form.details_place, message)


async def _save_edit(
    digest_service: DigestService, view: Mapping[str, Any], client: AsyncWebClient, team: str, person: str
) -> Message:
    """Check the form and save the changed digest. Return the confirmation. Raises FieldError or BriefingsError."""
    channel, number, _ = form_view.get_metadata(view)
    digest = await digest_service.find_by_number(team, channel, number)
    form = form_parser.parse_form(view, digest_service.today, has_channel=False)
    with form_parser.report_at_field(form_view.WORDS_FIELD):
        await digest_service.resolve_title(form.query)
    config = replace(
        digest.config,
        query=form.query,
        schedule=form.schedule,
        zone=form.zone or digest.config.zone,
        when_nothing=form.when_nothing,
    )
    message = await digest_service.edit(client, digest, config, person)
    if form.addresses is not None:
        edited_digest = replace(digest, config=config)
        message = await digest_service.apply_addresses(edited_digest, form.addresses, person, message)
    return await digest_service.apply_details(client, config, person, form.details_place, message)

"""Listens for the form that schedules a digest: opens it, checks the input and saves the digest.

Rule: each error is shown at its field, and nothing is saved before all fields are valid.
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

from bot.answers.answer_service import AnswerService
from bot.core import slack_limits
from bot.core.logs import format_traceback, get_logger
from bot.digests import list_view, schedule_parser
from bot.digests.service import DigestService, build_config
from bot.listeners import open_modal
from bot.queries import time_zones
from bot.queries.queries import clean_input
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import Message
from bot.slack.transport.clients import get_time_zone
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import Requester, get_requester
from briefings import BadQuestion, BriefingsError

_NOT_SAVED = "The digest couldn't be saved. Please try again in a minute."
#: seconds to answer a form before Slack shows an error
_TIMEOUT_SECONDS = slack_limits.ACK_SECONDS - 0.5
_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{1,30}")


def register(app: AsyncApp, answers: AnswerService, digest_service: DigestService) -> None:
    """Register the form and the button that opens it."""

    async def on_new(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await open_form(answers, body, client, "")

    async def on_form(ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                message = await _schedule_digest(
                    digest_service, view, client, get_team_id(context), str(context.user_id or "")
                )
        except _FieldError as field_error:
            await ack(response_action="errors", errors={field_error.field: field_error.reason})
        except BriefingsError as error:
            await ack(response_action="errors", errors={list_view.CHANNEL_FIELD: mrkdwn.make_readable(str(error))})
        except Exception as error:  # noqa: BLE001  # after any error, the form keeps what the user typed
            get_logger().error("digest save failed", error=type(error).__name__, place=format_traceback(error))
            await ack(response_action="errors", errors={list_view.CHANNEL_FIELD: _NOT_SAVED})
        else:
            await ack(response_action="update", view=list_view.build_confirmation_view(message).to_dict())

    app.action(list_view.NEW_DIGEST_ACTION)(on_new)
    app.view(list_view.FORM_CALLBACK)(on_form)


async def open_form(answers: AnswerService, body: dict[str, Any], client: AsyncWebClient, query: str) -> None:
    """Open the form with `query` filled in ("" for none)."""
    await open_modal.open_modal(
        answers, body, client, list_view.FORM_TITLE, lambda: _build_form(answers, get_requester(body, client), query)
    )


async def _build_form(answers: AnswerService, requester: Requester, query: str) -> View:
    topics = await answers.executor.call(lambda service: service.list_topics())
    zone = await get_time_zone(requester.client, requester.user) if requester.client else None
    return list_view.build_form_view(topics, topic_or_words=query, zone=zone or "", channel=requester.channel)


@dataclass
class _FieldError(Exception):
    """An invalid field of the form, with the reason."""

    field: str
    reason: str


async def _schedule_digest(
    digest_service: DigestService, view: Mapping[str, Any], client: AsyncWebClient, team: str, person: str
) -> Message:
    """Check the form and save the digest. Return its confirmation. Raises _FieldError or BriefingsError."""
    form_values = {name: _get_value(view, name) for name in list_view.FIELDS}
    query = clean_input(form_values[list_view.WORDS_FIELD] or form_values[list_view.TOPIC_FIELD])
    if not query:
        raise _FieldError(list_view.WORDS_FIELD, "Choose a topic above, or type some words.")
    with _report_at_field(list_view.ZONE_FIELD):
        zone_name = form_values[list_view.ZONE_FIELD]
        # a zone from Slack can be a name that the parser refuses, such as Etc/UTC
        zone = (
            zone_name
            if time_zones.is_zone(zone_name)
            else time_zones.parse_zone(zone_name)
            if zone_name
            else await digest_service.resolve_zone(client, person, "")
        )
    with _report_at_field(list_view.TIME_FIELD):
        schedule, _ = schedule_parser.parse_schedule(
            f"{form_values[list_view.DAYS_FIELD]} at {form_values[list_view.TIME_FIELD]}", zone
        )
    if not _CHANNEL_ID.fullmatch(form_values[list_view.CHANNEL_FIELD]):
        raise _FieldError(list_view.CHANNEL_FIELD, "Choose a channel.")
    with _report_at_field(list_view.WORDS_FIELD):
        await digest_service.resolve_title(query)
    request = schedule_parser.DigestRequest(query, schedule, zone)
    return await digest_service.schedule(
        client,
        build_config(
            team, form_values[list_view.CHANNEL_FIELD], person, request, form_values[list_view.WHEN_NOTHING_FIELD]
        ),
    )


@contextmanager
def _report_at_field(field: str) -> Iterator[None]:
    """Show a BadQuestion at this field of the form."""
    try:
        yield
    except BadQuestion as error:
        raise _FieldError(field, mrkdwn.make_readable(str(error))) from error


def _get_value(view: Mapping[str, Any], name: str) -> str:
    values = (view.get("state") or {}).get("values") or {}
    element = (values.get(name) or {}).get(name) or {}
    option = (element.get("selected_option") or {}).get("value")
    return str(option or element.get("selected_conversation") or element.get("value") or "").strip()

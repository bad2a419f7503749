"""Listens for "Timeline" and "Compare…" in answers, and for the form with the second name.

Rule: the answer of the form replaces the form, so nothing is posted in a channel. An error is shown at its field.
"""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.listeners import open_modal
from bot.listeners.buttons import add_action_listener, deliver, is_sharable
from bot.listeners.welcome.fields import get_value
from bot.mutes.current_channel import get_channel_id
from bot.queries.person_queries import ComparisonQuery, TimelineQuery
from bot.queries.queries import WhoSaidQuery, clean_input
from bot.slack.blocks.button_values import Action, ButtonValue, decode_button
from bot.slack.blocks.menus import decode_press
from bot.slack.blocks.message import Message
from bot.slack.views import modals
from bot.slack.views.people import compare_form
from bot.slack.views.people.timeline import to_timeline
from briefings import BadQuestion

_NO_NAME = "Type a person's name, for example: Theresa May"
_NO_PERSON = "This answer is not about one person. Ask for one, for example: /whosaid by:Corbyn"
_SOURCE = "compare form"


def register(app: AsyncApp, answers: AnswerService) -> None:
    """Register the listeners."""

    async def on_timeline(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()

        async def make_timeline() -> Message:
            return await answers.cache.get_first_page(
                _read_timeline(answers, decode_press(action)[1]),
                sharable=is_sharable(body),
                page_links=answers.get_page_links(context, body),
            )

        await deliver(answers, body, client, make_timeline, Action.TIMELINE)

    async def on_compare(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()

        async def build_form() -> View:
            query = _read_timeline(answers, decode_press(action)[1])
            name = await answers.executor.call(lambda service: service.name_lookup.get_full_name(query.by))
            value = ButtonValue(query.command_text, channel=get_channel_id()).value
            return compare_form.build_form(name, query.about or "", value)

        await open_modal.open_modal(answers, body, client, compare_form.TITLE, build_form)

    async def on_form(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        second = clean_input(get_value(view, compare_form.NAME_FIELD))
        about = clean_input(get_value(view, compare_form.ABOUT_FIELD))
        if not re.search(r"\w", second):
            await ack(response_action="errors", errors={compare_form.NAME_FIELD: _NO_NAME})
            return
        await ack(response_action="update", view=modals.build_loading_view(modals.ANSWER_TITLE).to_dict())
        page_links = answers.get_page_links(context, body)

        async def make_comparison() -> Message:
            query = _read_timeline(answers, decode_button(view.get("private_metadata")))
            comparison = ComparisonQuery(
                query.by, second, about if re.search(r"\w", about) else None, query.outlet, query.since, query.until
            )
            return await answers.cache.get_first_page(comparison, sharable=False, page_links=page_links)

        async def build_view() -> View:
            return modals.build_answer_view(await answers.executor.make_message(make_comparison, source=_SOURCE))

        await open_modal.fill_modal(client, str(view.get("id")), modals.ANSWER_TITLE, build_view)

    add_action_listener(app, Action.TIMELINE, on_timeline)
    add_action_listener(app, Action.COMPARE, on_compare)
    app.view(compare_form.CALLBACK)(on_form)


def _read_timeline(answers: AnswerService, button: ButtonValue) -> TimelineQuery:
    """Return the timeline of the person that an answer is about. Raises BadQuestion for another answer."""
    query = answers.get_query(button)
    if isinstance(query, TimelineQuery):
        return query
    timeline_query = to_timeline(query) if isinstance(query, WhoSaidQuery) else None
    if timeline_query is None:
        raise BadQuestion(_NO_PERSON)
    return timeline_query

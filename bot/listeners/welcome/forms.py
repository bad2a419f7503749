"""Listens for the buttons for newcomers, and answers the forms for a briefing and for who said something.

Rule: each error is shown at its field. A form's answer replaces the form, so nothing is posted in a channel.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.digests.service import DigestService
from bot.links.urls import PageLinks
from bot.listeners import digest_form, open_modal
from bot.listeners.feeds import FeedCommands
from bot.listeners.welcome import feed_form
from bot.listeners.welcome.fields import get_value
from bot.mutes.current_channel import get_channel_id
from bot.queries import queries
from bot.queries.queries import BriefingQuery, Command, Query, WhoSaidQuery, clean_input
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import Message
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import get_requester
from bot.slack.views import modals, welcome

_NO_DATABASE = "Digests need a database. Ask the person who runs On the Record to set DATABASE_URL."
_NO_WORDS = "Type some words, or the name of a person."
_NO_TOPIC = "Choose a topic above, or type some words."
_SOURCE = "start form"


def register(
    app: AsyncApp,
    answers: AnswerService,
    digest_service: DigestService | None = None,
    feed_commands: FeedCommands | None = None,
) -> None:
    """Register the listeners. Without a service, its button explains what is missing."""

    async def on_start(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        match action.get("action_id"):
            case welcome.START_BRIEFING:
                await _open(answers, body, client, welcome.BRIEFING_TITLE, lambda: _build_briefing_form(answers))
            case welcome.START_WHO_SAID:
                await _open(answers, body, client, welcome.WHO_SAID_TITLE, _build_who_said_form)
            case welcome.START_DIGEST if digest_service:
                await digest_form.open_form(answers, digest_service, body, client, get_team_id(context))
            case welcome.START_DIGEST:
                await _open(answers, body, client, "New digest", _build_no_database_view)
            case welcome.START_FEED:
                requester, team = get_requester(body, client), get_team_id(context)
                await _open(
                    answers,
                    body,
                    client,
                    welcome.FEED_TITLE,
                    lambda: feed_form.build_view(feed_commands, requester, team),
                )

    async def on_briefing(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        words = clean_input(get_value(view, welcome.WORDS_FIELD))
        topic = clean_input(get_value(view, welcome.TOPIC_FIELD))
        query = _parse(answers, Command.BRIEFING, words) if words else BriefingQuery(topic) if topic else None
        problem = _describe_problem(words) if words else _NO_TOPIC
        await _answer_form(answers, ack, body, view, client, context, query, problem)

    async def on_who_said(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        words = clean_input(get_value(view, welcome.WORDS_FIELD))
        speaker = clean_input(get_value(view, welcome.SPEAKER_FIELD))
        query = _parse(answers, Command.WHOSAID, words) if words else WhoSaidQuery("") if speaker else None
        if isinstance(query, WhoSaidQuery) and speaker:
            query = replace(query, by=speaker)
        problem = _describe_problem(words) if words else _NO_WORDS
        await _answer_form(answers, ack, body, view, client, context, query, problem)

    for action_id in (welcome.START_BRIEFING, welcome.START_WHO_SAID, welcome.START_DIGEST, welcome.START_FEED):
        app.action(action_id)(on_start)
    app.view(welcome.BRIEFING_CALLBACK)(on_briefing)
    app.view(welcome.WHO_SAID_CALLBACK)(on_who_said)
    feed_form.register(app, answers, feed_commands)


async def _open(
    answers: AnswerService,
    body: dict[str, Any],
    client: AsyncWebClient,
    title: str,
    build_view: Callable[[], Awaitable[View]],
) -> None:
    """Open a form, or show it in the modal with the pressed button. It keeps the channel for its answer."""

    async def build_form() -> View:
        form = await build_view()
        form.private_metadata = get_channel_id() or None
        return form

    view = body.get("view")
    if isinstance(view, Mapping) and view.get("type") == "modal":
        await open_modal.fill_modal(client, str(view.get("id")), title, build_form)
    else:
        await open_modal.open_modal(answers, body, client, title, build_form)


async def _build_briefing_form(answers: AnswerService) -> View:
    return welcome.build_briefing_form(await answers.executor.call(lambda service: service.list_topics()))


async def _build_who_said_form() -> View:
    return welcome.build_who_said_form()


async def _build_no_database_view() -> View:
    return modals.build_notice_view("New digest", _NO_DATABASE)


def _parse(answers: AnswerService, command: Command, words: str) -> Query | None:
    return queries.parse_command(f"{command.value} {words}", answers.today())


def _describe_problem(words: str) -> str:
    return f"I don't understand “{mrkdwn.to_plain_text(words, 100)}”. Try fewer words, for example: budget vote"


async def _answer_form(
    answers: AnswerService,
    ack: AsyncAck,
    body: dict[str, Any],
    view: Mapping[str, Any],
    client: AsyncWebClient,
    context: AsyncBoltContext,
    query: Query | None,
    problem: str,
) -> None:
    """Show the answer in the modal of the form, or `problem` at its field for words if there is no query."""
    if query is None:
        await ack(response_action="errors", errors={welcome.WORDS_FIELD: problem})
        return
    await ack(response_action="update", view=modals.build_loading_view(modals.ANSWER_TITLE).to_dict())
    page_links: PageLinks | None = answers.get_page_links(context, body)

    async def make_answer() -> Message:
        return await answers.cache.get_first_page(query, sharable=False, page_links=page_links)

    async def build_view() -> View:
        return modals.build_answer_view(await answers.executor.make_message(make_answer, source=_SOURCE))

    await open_modal.fill_modal(client, str(view.get("id")), modals.ANSWER_TITLE, build_view)

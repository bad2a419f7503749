"""Opens the form of a topic, and saves what was submitted. Each error is shown at its field."""

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
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.forms import build_confirmation_view
from bot.slack.transport.request_verification import get_team_id
from bot.storage.topics.changes import TeamTopics
from bot.topics import form_view
from bot.topics.command_parser import FormCommand
from bot.topics.service import TopicService
from briefings import BriefingsError

_NOT_SAVED = "The topic couldn't be saved. Please try again in a minute."


def register(app: AsyncApp, topic_service: TopicService) -> None:
    """Register the form and the options of its select."""

    async def on_form(ack: AsyncAck, view: dict[str, Any], context: AsyncBoltContext) -> None:
        submitted = form_view.parse_form(view)
        try:
            async with limit_to_ack():
                message = await topic_service.save_form(get_team_id(context), str(context.user_id or ""), submitted)
        except BriefingsError as error:
            reason = mrkdwn.make_readable(explain_publicly(error))
            field = form_view.WORDS_FIELD if "phrase" in reason or "article has" in reason else form_view.NAME_FIELD
            await ack(response_action="errors", errors={field: reason})
        except Exception as error:  # noqa: BLE001  # after any error, the form keeps what the user typed
            get_logger().error("topic save failed", error=type(error).__name__, place=format_traceback(error))
            await ack(response_action="errors", errors={form_view.NAME_FIELD: _NOT_SAVED})
        else:
            title = form_view.EDIT_TITLE if submitted.slug else form_view.NEW_TITLE
            await ack(response_action="update", view=build_confirmation_view(message, title).to_dict())

    async def on_options(ack: AsyncAck, payload: dict[str, Any], context: AsyncBoltContext) -> None:
        try:
            async with limit_to_ack():
                topics = (await topic_service.load(get_team_id(context))).topics
        except (BriefingsError, TimeoutError):
            topics = ()
        options = form_view.build_merge_options(topics, str(payload.get("value") or ""))
        await ack(options=[option.to_dict() for option in options])

    app.view(form_view.FORM_CALLBACK)(on_form)
    app.options(form_view.MERGE_FIELD)(on_options)


async def open_form(
    answers: AnswerService,
    topic_service: TopicService,
    body: dict[str, Any],
    client: AsyncWebClient,
    topics: TeamTopics,
    command: FormCommand,
    *,
    team: str,
    person: str,
) -> None:
    """Open the form. Raises BadQuestion if there is no topic to change."""
    topic = topics.find(command.name) if command.is_edit else None

    async def build_view() -> View:
        await topic_service.require_permission(team, person)
        return form_view.build_form(topic, command.name, ())

    title = form_view.EDIT_TITLE if topic else form_view.NEW_TITLE
    await open_modal.open_modal(answers, body, client, title, build_view)

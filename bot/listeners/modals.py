"""Listens for the buttons "Read in context", "Wordings" and "This looks wrong", and for the form of the last one.

Rule: a button names a citation of an answer, and each press gets the answer again. No state is kept between presses.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.core.ack_deadline import limit_to_ack
from bot.core.logs import format_traceback, get_logger
from bot.core.permissions.table import GuardedAction
from bot.core.public_errors import explain_publicly
from bot.links.urls import PageLinks
from bot.listeners import open_modal
from bot.listeners.buttons import add_action_listener
from bot.mutes.current_channel import get_channel_id
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue, decode_button
from bot.slack.blocks.citations import find_hit, list_citations, list_sides
from bot.slack.blocks.menus import decode_press
from bot.slack.permissions.actor import get_actor
from bot.slack.permissions.authorizer import Authorizer
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import get_requester
from bot.slack.views import modals
from bot.storage.feedback import FeedbackItem, FeedbackRepository
from briefings import BadQuestion, NothingFound, list_other_wordings

_NOT_SAVED = "Your report couldn't be saved. Please try again in a minute."
_THANKS = "Thank you. This workspace's admins can now review your report."

ViewBuilder = Callable[[ButtonValue, PageLinks | None], Awaitable[View]]


def register(
    app: AsyncApp, answers: AnswerService, feedback: FeedbackRepository | None, authorizer: Authorizer
) -> None:
    """Register the listeners. Without `feedback`, the form replies that reports can't be saved."""
    view_builders: dict[Action, tuple[str, ViewBuilder]] = {
        Action.CONTEXT: ("Read in context", partial(_build_context_view, answers)),
        Action.WORDINGS: ("Wordings", lambda button, _: _build_wordings_view(answers, button)),
    }

    def listener(action: Action) -> Callable[..., Awaitable[None]]:
        title, build_view = view_builders[action]

        async def on_press(
            ack: AsyncAck,
            body: dict[str, Any],
            action: dict[str, Any],
            client: AsyncWebClient,
            context: AsyncBoltContext,
        ) -> None:
            await ack()
            page_links = answers.get_page_links(context, body)
            await open_modal.open_modal(
                answers, body, client, title, lambda: build_view(decode_press(action)[1], page_links)
            )

        return on_press

    async def on_report(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        channel = get_requester(body, client).channel
        actor = get_actor(get_team_id(context), str(context.user_id or ""), client)

        async def build_view() -> View:
            await authorizer.require(GuardedAction.REPORT, actor)
            return await _build_feedback_view(answers, decode_press(action)[1], channel)

        await open_modal.open_modal(answers, body, client, "This looks wrong", build_view)

    async def on_pick(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        view = body.get("view") or {}
        citation_key = str((action.get("selected_option") or {}).get("value") or "")

        async def build_view() -> View:
            button = decode_button(view.get("private_metadata"))
            return await _build_context_view(
                answers,
                ButtonValue(button.command_text, button.page, citation_key),
                answers.get_page_links(context, body),
            )

        await open_modal.fill_modal(client, str(view.get("id")), "Read in context", build_view)

    async def on_feedback(ack: AsyncAck, view: dict[str, Any], context: AsyncBoltContext) -> None:
        team, person = get_team_id(context), str(context.user_id or "")
        try:
            async with limit_to_ack():
                await authorizer.require(GuardedAction.REPORT, get_actor(team, person))
                await _save_feedback(feedback, await _parse_feedback(answers, view, team, person))
        except Exception as error:  # noqa: BLE001  # after any error, the form keeps what the user typed
            get_logger().error("feedback save failed", error=type(error).__name__, place=format_traceback(error))
            error_text = explain_publicly(error) if isinstance(error, BadQuestion | NothingFound) else _NOT_SAVED
            await ack(response_action="errors", errors={modals.COMMENT_FIELD: error_text})
            return
        await ack(response_action="update", view=modals.build_notice_view("This looks wrong", _THANKS).to_dict())

    for action in view_builders:
        add_action_listener(app, action, listener(action))
    add_action_listener(app, Action.WRONG, on_report)
    app.action(modals.LINE_PICKER)(on_pick)
    app.view(modals.FEEDBACK_CALLBACK)(on_feedback)


async def _build_context_view(answers: AnswerService, button: ButtonValue, page_links: PageLinks | None) -> View:
    result, citation = await answers.find_citation(button)
    context = await answers.executor.call(
        lambda service: service.get_context(citation.article, citation.start, citation.end)
    )
    page_url = page_links.build_article_link(citation.article, citation.start, citation.end) if page_links else None
    channel = button.channel or get_channel_id()
    value = ButtonValue(button.command_text, button.page, citation.id, channel=channel)
    return modals.build_context_view(context, value, list_citations(result), page_url)


async def _build_wordings_view(answers: AnswerService, button: ButtonValue) -> View:
    result, citation = await answers.find_citation(button)
    hit = find_hit(result, citation.id)
    if hit is None or not list_other_wordings(hit):
        raise NothingFound("This quote has no other wordings anymore. Please ask again.")
    return modals.build_wordings_view(hit)


async def _build_feedback_view(answers: AnswerService, button: ButtonValue, channel: str) -> View:
    result, citation = await answers.find_citation(button)
    sides = list_sides(result, citation.id) if button.slot else ()
    if len(sides) > 1:
        return modals.build_feedback_view(sides, f"{channel} {ButtonValue(button.command_text, button.page).value}")
    citations = list_citations(result)
    # the menu of a line names its citation; the button of a whole answer does not, and users choose
    if button.citation_id or len(citations) == 1:
        form_button = ButtonValue(button.command_text, button.page, citation.id)
        return modals.build_feedback_view([citation], f"{channel} {form_button.value}")
    return modals.build_feedback_view(citations, f"{channel} {button.value}")


async def _parse_feedback(answers: AnswerService, view: dict[str, Any], team: str, person: str) -> FeedbackItem:
    """Check the form and return its feedback. Raises BriefingsError."""
    channel, _, button_text = str(view.get("private_metadata")).partition(" ")
    values = (view.get("state") or {}).get("values") or {}
    button = decode_button(button_text)
    citation_key, kind = (_get_selection(values, name) for name in (modals.LINE_FIELD, modals.KIND_FIELD))
    citation_key = citation_key or button.citation_id
    comment = str(((values.get(modals.COMMENT_FIELD) or {}).get(modals.COMMENT_FIELD) or {}).get("value") or "")
    if kind not in modals.FEEDBACK_KINDS or not citation_key:
        raise BadQuestion("Choose a passage and what is wrong with it.")
    _, citation = await answers.find_citation(ButtonValue(button.command_text, button.page, citation_key))
    return FeedbackItem(
        team,
        person,
        channel or None,
        button.command_text,
        citation.article,
        citation.start,
        citation.end,
        kind,
        mrkdwn.make_readable(comment)[: modals.MAX_COMMENT_LENGTH],
    )


async def _save_feedback(feedback: FeedbackRepository | None, feedback_item: FeedbackItem) -> None:
    if feedback is None:
        raise BadQuestion("Reports need a database. Ask the person who runs On the Record to set DATABASE_URL.")
    await feedback.add(feedback_item)


def _get_selection(values: dict[str, Any], name: str) -> str:
    return str((((values.get(name) or {}).get(name) or {}).get("selected_option") or {}).get("value") or "")

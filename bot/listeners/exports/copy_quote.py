"""Listens for "Copy as quote" in the menu of a quotation: shows it as plain text to copy."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.answers.export_builder import ExportBuilder
from bot.listeners import open_modal
from bot.listeners.buttons import add_action_listener
from bot.listeners.exports import views
from bot.slack.blocks.button_values import Action, ButtonValue
from bot.slack.blocks.citations import AnswerResult, make_citation_id
from bot.slack.blocks.menus import decode_press
from briefings import BriefingService, NothingFound
from briefings.exports import Document, Passage, build_plain_quote

_OUTDATED_ANSWER = "The articles have changed since this answer. Please ask again."


def register(app: AsyncApp, answers: AnswerService) -> None:
    """Register the listener."""

    async def on_copy(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await open_modal.open_modal(
            answers, body, client, views.COPY_TITLE, lambda: _build_view(answers, decode_press(action)[1])
        )

    add_action_listener(app, Action.COPY, on_copy)


async def _build_view(answers: AnswerService, button: ButtonValue) -> View:
    result = (await answers.cache.get_answer(answers.get_query(button))).result
    document = await answers.executor.call(lambda service: _build_document(answers, service, result))
    passages = find_passages(document, button.citation_id)
    if not passages:
        raise NothingFound(_OUTDATED_ANSWER)
    return views.build_copy_view([build_plain_quote(passage) for passage in passages])


def _build_document(answers: AnswerService, service: BriefingService, result: AnswerResult) -> Document:
    return ExportBuilder(service, answers.today()).build_result(result)


def find_passages(document: Document, citation_id: str) -> list[Passage]:
    """Return the passage with this citation; all with sources for the menu of a whole answer, which names none."""
    passages = [
        cited_passage
        for passage in document.passages
        for cited_passage in (passage, *passage.wordings)
        if cited_passage.places
    ]
    if not citation_id:
        return passages
    return [passage for passage in passages if _get_citation_id(passage) == citation_id][:1]


def _get_citation_id(passage: Passage) -> str:
    place = passage.places[0]
    return make_citation_id(place.article, place.start, place.end)

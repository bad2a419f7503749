"""Listens for the buttons and menus of topics and suggested topics, in messages and in App Home."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.core.public_errors import explain_publicly
from bot.digests.service import DigestService
from bot.listeners import digest_form, open_modal
from bot.listeners.buttons import is_private
from bot.listeners.home import HomePublisher
from bot.listeners.topics import form
from bot.slack.blocks.message import Message
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import get_requester
from bot.slack.views import notices
from bot.storage.topics.changes import AddTopic, MuteTopic, RemoveTopic, RestoreTopic, TopicChange
from bot.topics import list_view
from bot.topics.command_parser import FormCommand
from bot.topics.service import TopicService
from briefings import BadQuestion, BriefingsError

_OLD_BUTTON = "This button belongs to an older answer. To see the topics, type /topic"


class TopicButtons:
    """Handles the buttons of topics and of suggested topics."""

    def __init__(
        self,
        answers: AnswerService,
        topic_service: TopicService,
        digest_service: DigestService,
        home_publisher: HomePublisher,
    ) -> None:
        self._answers = answers
        self._topic_service = topic_service
        self._digest_service = digest_service
        self._home_publisher = home_publisher

    def register(self, app: AsyncApp) -> None:
        """Register the listener of all buttons and menus."""
        app.action(re.compile(rf"^{list_view.BUTTON_ACTION}:"))(self._on_press)

    async def _on_press(
        self,
        ack: AsyncAck,
        body: dict[str, Any],
        action: dict[str, Any],
        client: AsyncWebClient,
        context: AsyncBoltContext,
    ) -> None:
        await ack()
        team, person = get_team_id(context), str(context.user_id or "")
        try:
            verb, name, words = _decode(action)
            if verb in (list_view.NEW, list_view.EDIT):
                topics = await self._topic_service.load(team)
                command = FormCommand(name, is_edit=verb == list_view.EDIT)
                await form.open_form(
                    self._answers, self._topic_service, body, client, topics, command, team=team, person=person
                )
                return
            if verb in (list_view.DIGEST, list_view.DIGEST_SUGGESTION):
                await digest_form.open_form(self._answers, self._digest_service, body, client, team, name)
                return
        except BriefingsError as error:
            await self._show(body, client, _make_notice(explain_publicly(error)))
            return

        async def make_answer() -> Message:
            return await self._run(team, person, verb, name, words)

        is_home = (body.get("view") or {}).get("type") == "home"
        if is_home and verb == list_view.ADD_SUGGESTION:
            message = await self._answers.executor.make_message(make_answer, source=list_view.BUTTON_ACTION)
            await self._home_publisher.publish(client, team, person, note=message.text)
        else:
            await self._show(body, client, make_answer, replace=verb == list_view.PAGE and is_private(body))

    async def _run(self, team: str, person: str, verb: str, name: str, words: tuple[str, ...]) -> Message:
        """Return the answer to a press. Raises BriefingsError."""
        if verb == list_view.PAGE:
            return await self._topic_service.list_topics(int(name) if re.fullmatch(r"\d{1,3}", name) else 1)
        if verb == list_view.SUGGEST:
            return await self._topic_service.suggest()
        changes: dict[str, TopicChange] = {
            list_view.MUTE: MuteTopic(name, is_muted=True),
            list_view.UNMUTE: MuteTopic(name, is_muted=False),
            list_view.REMOVE: RemoveTopic(name),
            list_view.RESTORE: RestoreTopic(name),
            list_view.ADD_SUGGESTION: AddTopic(name, words),
        }
        if verb not in changes:
            raise BadQuestion(_OLD_BUTTON)
        return await self._topic_service.change(team, person, changes[verb])

    async def _show(
        self,
        body: dict[str, Any],
        client: AsyncWebClient,
        make: Callable[[], Awaitable[Message]],
        *,
        replace: bool = False,
    ) -> None:
        """Show the answer in a modal, for a button in a modal or App Home, or else as a message."""
        if body.get("view"):
            await open_modal.show_answer(self._answers, body, client, make, list_view.BUTTON_ACTION)
        else:
            requester = get_requester(body, client)
            await self._answers.executor.answer(requester, make, source=list_view.BUTTON_ACTION, replace=replace)


def _make_notice(sentence: str) -> Callable[[], Awaitable[Message]]:
    async def make() -> Message:
        return notices.build_notice(sentence)

    return make


def _decode(action: Mapping[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    """Return the verb of a press, the topic's name and its words. Raises BadQuestion."""
    option = action.get("selected_option")
    value = str((option.get("value") if isinstance(option, Mapping) else action.get("value")) or "")
    verb = str(action.get("action_id") or "").split(":")[1]
    if verb in (list_view.ADD_SUGGESTION, list_view.DIGEST_SUGGESTION):
        if suggestion := list_view.decode_suggestion(value):
            return verb, *suggestion
        raise BadQuestion(_OLD_BUTTON)
    verb, _, name = value.partition(" ")
    return verb, name, ()

"""Listens for the buttons and menus that open another page of an answer or ask a suggested question."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.listeners import open_modal
from bot.slack.blocks.button_values import Action
from bot.slack.blocks.menus import MENU, decode_press, get_requested_action
from bot.slack.blocks.message import Message
from bot.slack.transport.response_url import get_requester
from bot.slack.views import notices

Listener = Callable[..., Awaitable[None]]


def add_action_listener(app: AsyncApp, requested_action: Action, listener: Listener) -> None:
    """Let `listener` handle all buttons and all options of menus with this action."""

    async def is_requested(action: dict[str, Any]) -> bool:
        return get_requested_action(action) is requested_action

    app.action(re.compile(rf"^({requested_action.value}|{MENU})(:.*)?$", re.DOTALL), matchers=[is_requested])(listener)


def is_private(body: dict[str, Any]) -> bool:
    """Whether only this user sees the message with the button. Only such a message may be replaced."""
    return bool((body.get("container") or {}).get("is_ephemeral")) or _is_direct_message(body)


def register(app: AsyncApp, answers: AnswerService) -> None:
    """Register the listeners."""

    async def on_page(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()

        async def make_page() -> Message:
            _, button = decode_press(action)
            if button.command_text == notices.TOPICS:
                topics = await answers.executor.call(lambda service: service.list_topics())
                return notices.build_topic_list(topics, button.page)
            query, page_links = answers.get_query(button), answers.get_page_links(context, body)
            return await answers.cache.get_page(
                query, button.page, slot=button.slot, sharable=is_sharable(body), page_links=page_links
            )

        await deliver(answers, body, client, make_page, Action.PAGE, replace=is_private(body))

    async def on_question(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()

        async def make_first_page() -> Message:
            query = answers.get_query(decode_press(action)[1])
            return await answers.cache.get_first_page(
                query, sharable=is_sharable(body), page_links=answers.get_page_links(context, body)
            )

        await deliver(answers, body, client, make_first_page, Action.ASK)

    add_action_listener(app, Action.PAGE, on_page)
    add_action_listener(app, Action.ASK, on_question)


async def deliver(
    answers: AnswerService,
    body: dict[str, Any],
    client: AsyncWebClient,
    make: Callable[[], Awaitable[Message]],
    source: Action,
    *,
    replace: bool = False,
) -> None:
    """Show the answer in a modal, for a button in a modal or App Home, or else as a message."""
    if body.get("view"):
        await open_modal.show_answer(answers, body, client, make, source.value)
    else:
        await answers.executor.answer(get_requester(body, client), make, source=source.value, replace=replace)


def is_sharable(body: dict[str, Any]) -> bool:
    """Whether the answer can be shared: there is a channel, and it is not a direct message."""
    return not (body.get("view") or _is_direct_message(body))


def _is_direct_message(body: dict[str, Any]) -> bool:
    channel = (body.get("channel") or {}).get("id")
    return isinstance(channel, str) and channel.startswith("D")

"""Answers requests that no listener knows: a button, menu, form or command of another version of the bot.

A form of another version can also have a listener, whose errors are about fields that the form does not have.
Rule: whoever pressed something gets one sentence, and Slack gets a 200. Events that nothing listens to stay silent.
"""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.core.command_names import CommandNames
from bot.core.logs import get_logger
from bot.slack.blocks.message import Message
from bot.slack.transport.clients import get_error_code
from bot.slack.transport.response_url import ResponseUrlClient, get_requester
from bot.slack.views import modals, notices

_TITLE = "On the Record"
OLD_BUTTON = "This button belongs to an older answer. Ask again."
OLD_FORM = "This form belongs to an older version of On the Record. Nothing was saved. Open it again."
OLD_SHORTCUT = "This menu entry belongs to an older version of On the Record. Mention me with your question instead."
_PRESSES = ("block_actions", "interactive_message")
_SHORTCUTS = ("message_action", "shortcut")
_FORMS = ("view_submission", "dialog_submission")
_MENUS = ("block_suggestion", "dialog_suggestion")
#: elements of a modal that only keep a choice until the form is sent; no listener needs them
_CHOICES = ("checkboxes", "radio_buttons", "datepicker", "datetimepicker", "timepicker", "plain_text_input")
_FAILURES = (SlackClientError, ClientError, TimeoutError, OSError)


class UnknownRequests:
    """Answers with the names of the team's commands."""

    def __init__(self, response_url_client: ResponseUrlClient, command_names: CommandNames) -> None:
        self._response_url_client = response_url_client
        self._command_names = command_names

    async def answer(self, request: AsyncBoltRequest) -> BoltResponse:
        """Tell the user what happened, and return the acknowledgement. Never raises."""
        body: Mapping[str, Any] = request.body
        kind = "command" if "command" in body else str(body.get("type"))
        get_logger().info("request not handled", type=kind)
        if kind == "command":
            await self._reply(request, self._build_command_notice(str(body["command"])))
        elif kind in _PRESSES and not _is_silent(body):
            await self._reply(request, notices.build_notice(OLD_BUTTON))
        elif kind in _SHORTCUTS:
            await self._reply(request, notices.build_notice(OLD_SHORTCUT))
        elif kind == "view_submission":
            return _build_json(
                {"response_action": "update", "view": modals.build_notice_view(_TITLE, OLD_FORM).to_dict()}
            )
        elif kind in _FORMS:
            await self._reply(request, notices.build_notice(OLD_FORM))
        elif kind in _MENUS:
            return _build_json({"options": []})
        return BoltResponse(status=200, body="")

    def adapt_form_errors(self, request: AsyncBoltRequest, response: BoltResponse) -> BoltResponse:
        """Return a message in the place of errors for fields that the submitted form does not have.

        Slack would refuse these errors and show nothing of them.
        """
        blocks = (request.body.get("view") or {}).get("blocks")
        if request.body.get("type") != "view_submission" or not response.body or not isinstance(blocks, list):
            return response
        errors = json.loads(response.body).get("errors") or {}
        fields = {str(block.get("block_id")) for block in blocks if isinstance(block, dict)}
        if not fields or fields.issuperset(errors):
            return response
        get_logger().info("form of another version", fields=sorted(set(errors) - fields))
        sentence = " ".join(dict.fromkeys(map(str, errors.values())))
        view = modals.build_notice_view(_TITLE, f"{sentence} {OLD_FORM}")
        return _build_json({"response_action": "update", "view": view.to_dict()})

    def _build_command_notice(self, command: str) -> Message:
        *names, last_name = self._command_names.list_own_names()
        return notices.build_notice(f"I don't know {command[:40]}. Try {', '.join(names)} or {last_name}.")

    async def _reply(self, request: AsyncBoltRequest, message: Message) -> None:
        """Show a message where the user pressed: in the conversation, or in a modal."""
        body, client = request.body, request.context.client
        if isinstance(url := body.get("response_url"), str) and url:
            await self._response_url_client.deliver(get_requester(body, client), message)
            return
        is_in_modal = (body.get("view") or {}).get("type") == "modal"
        open_view = client.views_push if is_in_modal else client.views_open
        try:
            await open_view(trigger_id=str(body.get("trigger_id")), view=modals.build_notice_view(_TITLE, message.text))
        except _FAILURES as error:
            reason = get_error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
            get_logger().info("modal open failed", error=reason)


def _is_silent(body: Mapping[str, Any]) -> bool:
    """Whether no answer is due: the button opened a link, or the choice belongs to a form that is still open."""
    action = next((action for action in body.get("actions") or () if isinstance(action, dict)), {})
    view: Mapping[str, Any] = body.get("view") or {}
    is_modal = view.get("type") == "modal"
    is_menu = str(action.get("type")).endswith("_select")  # without a form, a choice in it is a request
    is_choice = is_modal and (action.get("type") in _CHOICES or (is_menu and bool(view.get("submit"))))
    return bool(action.get("url")) or is_choice


def _build_json(body: Mapping[str, Any]) -> BoltResponse:
    return BoltResponse(
        status=200, body=json.dumps(body), headers={"content-type": ["application/json; charset=utf-8"]}
    )

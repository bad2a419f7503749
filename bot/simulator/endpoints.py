"""Slack's endpoints for the bot: the fake Web API, the response_urls, and injected faults.

Rule: answers have Slack's error codes and statuses. Refused payloads are also shown to the user.
Rule: an injected fault affects only the bot's next post, and is an error that Slack is known to return.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.simulator.state.files import MAX_FILE_BYTES
from bot.simulator.state.model import Exchange, SlackError
from bot.simulator.state.validation import ErrorDetails, Json
from bot.simulator.state.workspace import Workspace
from bot.simulator.web_api import build_error, handle_api_call, show_slack_error

#: API methods that post a message
_POST_METHODS: Final = ("chat.postMessage", "chat.postEphemeral")


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """A fault: its label on the page, Slack's error code and status, and whether the message is posted anyway."""

    label: str
    error: str
    status: int = 200
    is_accepted: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


INJECTED_FAULTS: Final = {
    "busy": InjectedFault("Rate limit: 429, retry after 1 second", "ratelimited", 429, headers={"Retry-After": "1"}),
    "refused": InjectedFault("Refused: restricted_action", "restricted_action"),
    "failed": InjectedFault("Slack error, message lost: internal_error", "internal_error"),
    "dropped": InjectedFault("Slack error, message posted anyway: internal_error", "internal_error", is_accepted=True),
}


def find_injected_fault(name: str, method: str) -> InjectedFault | None:
    """Return the fault with this name if it affects calls of `method`, else None."""
    return INJECTED_FAULTS.get(name) if method in _POST_METHODS else None


def answer_with_fault(injected_fault: InjectedFault, accept: Callable[[], Json]) -> Json:
    """Return Slack's error answer; call `accept` first if the fault posts the message anyway."""
    if injected_fault.is_accepted:
        accept()
    return build_error(ErrorDetails(injected_fault.error))


@dataclass(frozen=True, slots=True)
class FakeSlackApi:
    """Request handlers of the Web API and the response_urls; the bot authenticates with `bot_token`."""

    workspace: Workspace
    bot_token: str

    async def handle_web_api(self, request: web.Request) -> web.Response:
        """Handle a Web API call."""
        args, method = await _read_arguments(request), request.match_info["method"]
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or args.get("token")
        if not token:
            return web.json_response(build_error(ErrorDetails("not_authed")))
        if not secrets.compare_digest(str(token).encode(), self.bot_token.encode()):
            return web.json_response(build_error(ErrorDetails("invalid_auth")))
        if injected_fault := find_injected_fault(self.workspace.injected_fault, method):
            self.workspace.injected_fault = ""
            self.workspace.mark_clock_turned()
            answer_body = answer_with_fault(injected_fault, lambda: handle_api_call(self.workspace, method, args))
            return web.json_response(answer_body, status=injected_fault.status, headers=injected_fault.headers)
        return web.json_response(handle_api_call(self.workspace, method, args))

    async def handle_upload(self, request: web.Request) -> web.Response:
        """Take the content of a file. Its address is a secret, so it needs no token."""
        content = await request.content.read(MAX_FILE_BYTES + 1)
        is_stored = self.workspace.files.upload(request.match_info["id"], content)
        return web.Response(text="OK") if is_stored else web.Response(status=404, text="no such upload")

    async def handle_file(self, request: web.Request) -> web.Response:
        """Return a file to save, or a canvas as the text that the bot sent."""
        file = self.workspace.files.find(request.match_info["id"])
        if file is None or file.content is None:
            raise web.HTTPNotFound(text="This file no longer exists.")
        if file.is_canvas:
            return web.Response(body=file.content, content_type="text/plain", charset="utf-8")
        disposition = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        headers = {"Content-Type": "application/octet-stream", "Content-Disposition": disposition}
        return web.Response(body=file.content, headers=headers)

    async def handle_response_url(self, request: web.Request) -> web.Response:
        """Handle a POST to a response_url."""
        token = request.match_info["token"]
        payload = await read_json_object(request)
        try:
            message = self.workspace.respond(token, payload)
        except SlackError as error:
            channel = self.workspace.response_urls.find_channel(token)
            if channel:
                show_slack_error(self.workspace, channel, "response_url", error.details, payload)
            is_expired = error.details.code in ("expired_url", "used_url")
            return web.json_response(build_error(error.details), status=404 if is_expired else 400)
        if message:
            self.workspace.record_exchange(message.ts, Exchange("response_url", payload, {"status": 200, "body": "ok"}))
        return web.Response(text="ok")


async def read_json_object(request: web.Request) -> Json:
    """Return the request body, a JSON object. Raises HTTPBadRequest for any other body."""
    try:
        value = json.loads(await request.text())
    except (ValueError, RecursionError) as error:
        raise web.HTTPBadRequest(text="invalid_payload") from error
    if not isinstance(value, dict):
        raise web.HTTPBadRequest(text="invalid_payload")
    return value


async def _read_arguments(request: web.Request) -> Json:
    """Return the arguments of a Web API call: JSON or form, and the query string."""
    if request.content_type == "application/json":
        return {**request.query, **await read_json_object(request)}
    return {**request.query, **await request.post()}

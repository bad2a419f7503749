"""The workspace as the bot sees it, over HTTP: Slack's Web API, and the response_urls.

Rule: answers are Slack's, with its codes and statuses; what is refused is shown to the person as well.

What can be made to go wrong, once, with the next message that the bot posts: to see what it then says and does.

Rule: each trouble is one that Slack is known to make, in Slack's own words.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from bot.simulator.state.model import Exchange, SlackError
from bot.simulator.state.validation import ErrorDetails, Json
from bot.simulator.state.workspace import Workspace
from bot.simulator.web_api import build_error, handle_api_call, show_slack_error

#: the methods by which the bot posts
_POST_METHODS: Final = ("chat.postMessage", "chat.postEphemeral")


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """How it is called on the page, Slack's code and status, and whether the message is taken all the same."""

    label: str
    error: str
    status: int = 200
    is_accepted: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


INJECTED_FAULTS: Final = {
    "busy": InjectedFault(
        "Too many messages: 429, try again in a second", "ratelimited", 429, headers={"Retry-After": "1"}
    ),
    "refused": InjectedFault("Refused: restricted_action", "restricted_action"),
    "failed": InjectedFault("Slack's own error, the message is lost: internal_error", "internal_error"),
    "dropped": InjectedFault(
        "Slack's own error, the message is taken all the same: internal_error", "internal_error", is_accepted=True
    ),
}


def find_injected_fault(name: str, method: str) -> InjectedFault | None:
    """The trouble of that name, if a call of `method` meets it."""
    return INJECTED_FAULTS.get(name) if method in _POST_METHODS else None


def answer_with_fault(injected_fault: InjectedFault, accept: Callable[[], Json]) -> Json:
    """What Slack then answers; `take` takes the message, where it is taken."""
    if injected_fault.is_accepted:
        accept()
    return build_error(ErrorDetails(injected_fault.error))


@dataclass(frozen=True, slots=True)
class FakeSlackApi:
    """The handlers. The bot shows `bot_token`."""

    workspace: Workspace
    bot_token: str

    async def handle_web_api(self, request: web.Request) -> web.Response:
        """Slack's Web API."""
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

    async def handle_response_url(self, request: web.Request) -> web.Response:
        """A response_url."""
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
    """The body, which must be a JSON object."""
    try:
        value = json.loads(await request.text())
    except (ValueError, RecursionError) as error:
        raise web.HTTPBadRequest(text="invalid_payload") from error
    if not isinstance(value, dict):
        raise web.HTTPBadRequest(text="invalid_payload")
    return value


async def _read_arguments(request: web.Request) -> Json:
    """A Web API call's arguments: JSON or a form, and the query."""
    if request.content_type == "application/json":
        return {**request.query, **await read_json_object(request)}
    return {**request.query, **await request.post()}

"""The workspace as the bot sees it, over HTTP: Slack's Web API, and the response_urls.

Rule: answers are Slack's, with its codes and statuses; what is refused is shown to the person as well.
"""

import json
import secrets
from dataclasses import dataclass

from aiohttp import web

from bot.local.faults import ErrorDetails, Json
from bot.local.model import Exchange, SlackError
from bot.local.trouble import answer_with_fault, find_injected_fault
from bot.local.webapi import build_error, handle_api_call, show_slack_error
from bot.local.workspace import Workspace


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

"""The workspace as the bot sees it, over HTTP: Slack's Web API, and the response_urls.

Rule: answers are Slack's, with its codes and statuses; what is refused is shown to the person as well.
"""

import json
import secrets
from dataclasses import dataclass

from aiohttp import web

from bot.local.faults import Fault, Json
from bot.local.model import Exchange, Refused
from bot.local.trouble import answered, met
from bot.local.webapi import answer, refused, show_refusal
from bot.local.workspace import Workspace


@dataclass(frozen=True, slots=True)
class SlackSide:
    """The handlers. The bot shows `bot_token`."""

    workspace: Workspace
    bot_token: str

    async def api(self, request: web.Request) -> web.Response:
        """Slack's Web API."""
        args, method = await _arguments(request), request.match_info["method"]
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or args.get("token")
        if not token:
            return web.json_response(refused(Fault("not_authed")))
        if not secrets.compare_digest(str(token).encode(), self.bot_token.encode()):
            return web.json_response(refused(Fault("invalid_auth")))
        if trouble := met(self.workspace.trouble, method):
            self.workspace.trouble = ""
            self.workspace.turned()
            told = answered(trouble, lambda: answer(self.workspace, method, args))
            return web.json_response(told, status=trouble.status, headers=trouble.headers)
        return web.json_response(answer(self.workspace, method, args))

    async def response(self, request: web.Request) -> web.Response:
        """A response_url."""
        token = request.match_info["token"]
        payload = await json_object(request)
        try:
            made = self.workspace.respond(token, payload)
        except Refused as refusal:
            channel = self.workspace.responses.channel_of(token)
            if channel:
                show_refusal(self.workspace, channel, "response_url", refusal.fault, payload)
            late = refusal.fault.error in ("expired_url", "used_url")
            return web.json_response(refused(refusal.fault), status=404 if late else 400)
        if made:
            self.workspace.traced(made.ts, Exchange("response_url", payload, {"status": 200, "body": "ok"}))
        return web.Response(text="ok")


async def json_object(request: web.Request) -> Json:
    """The body, which must be a JSON object."""
    try:
        value = json.loads(await request.text())
    except (ValueError, RecursionError) as error:
        raise web.HTTPBadRequest(text="invalid_payload") from error
    if not isinstance(value, dict):
        raise web.HTTPBadRequest(text="invalid_payload")
    return value


async def _arguments(request: web.Request) -> Json:
    """A Web API call's arguments: JSON or a form, and the query."""
    if request.content_type == "application/json":
        return {**request.query, **await json_object(request)}
    return {**request.query, **await request.post()}

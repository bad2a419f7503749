"""Mounts the local workspace on the bot's web application: the page, the Web API, the response_urls, the live log.

Rule: for this machine only. Every request must name a loopback host, every request a page makes must come from our own
page, and the page may load nothing from anywhere else.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.resources import files
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from bot import limits
from bot.local.dispatch import Dispatch
from bot.local.drawing import Drawing
from bot.local.faults import Fault, Json
from bot.local.model import BOT, Channel, Clock, Command, Ids, Message, Refused, Shortcut, View
from bot.local.webapi import answer, refused, show_refusal
from bot.local.workspace import Workspace
from briefings.errors import BadSettings

#: where the workspace of an application is found
WORKSPACE: Final = web.AppKey("local_workspace", Workspace)
#: what the bot's commands are, unless the caller says otherwise
COMMANDS: Final = (
    Command("/briefing", "topic or words", "What the sources say on a topic"),
    Command("/whosaid", "words", "Who said these words, and where"),
)
BOT_TOKEN: Final = "-".join(("xoxb", "local", "workspace"))
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_LONGEST_LINE = 8_000
_POLL_SECONDS = 25.0
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def attach(
    app: web.Application,
    *,
    signing_secret: str,
    base_url: str,
    clock: Clock,
    bot_token: str = BOT_TOKEN,
    commands: tuple[Command, ...] = COMMANDS,
    shortcuts: tuple[Shortcut, ...] = (),
    ids: Ids = lambda: secrets.token_hex(16),
    ack_seconds: float = limits.ACK_SECONDS,
) -> None:
    """Adds the workspace's routes to the bot's `app`, before it starts.

    `base_url` is where `app` will listen ("http://127.0.0.1:3000"); the bot's SLACK_API_URL is `base_url` +
    "/local/api/" and its token `bot_token`; `commands` and `shortcuts` are those of its
    manifest (`model.commands_of`, `model.shortcuts_of`).
    `ack_seconds` is how long the bot may take to acknowledge. Raises BadSettings unless `base_url` is on loopback.
    """
    base_url = base_url.rstrip("/")
    hosts = _hosts(base_url)
    bell = _Bell()
    workspace = Workspace(clock, ids, commands, on_change=bell.ring, shortcuts=shortcuts)
    dispatch = Dispatch(
        workspace,
        lambda: app[_SESSION],
        base_url + "/slack/events",
        signing_secret,
        base_url + "/local/response/",
        ack_seconds,
    )
    app[WORKSPACE] = workspace
    desk = _FrontDesk(workspace, Drawing(workspace), dispatch, bell, bot_token)
    app.router.add_static("/local/static", Path(str(files("bot.local"))) / "static")
    for method, path, handler in desk.routes():
        app.router.add_route(method, path, _from_here(handler, hosts))
    app.on_response_prepare.append(_add_headers)
    app.cleanup_ctx.append(_session)
    app.on_shutdown.append(bell.close)


class _Bell:
    """Wakes those who wait for a change, and all of them for good at shutdown."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.closed = False

    def ring(self) -> None:
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def wait(self, seconds: float) -> None:
        event = self._event
        if not self.closed:
            try:
                async with asyncio.timeout(seconds):
                    await event.wait()
            except TimeoutError:
                return

    async def close(self, _app: web.Application) -> None:
        self.closed = True
        self.ring()


class _FrontDesk:
    """The handlers."""

    def __init__(self, workspace: Workspace, drawing: Drawing, dispatch: Dispatch, bell: _Bell, bot_token: str) -> None:
        self._workspace = workspace
        self._drawing = drawing
        self._dispatch = dispatch
        self._bell = bell
        self._bot_token = bot_token
        # tells a page that outlived a restart of the server to load itself anew
        self._epoch = secrets.token_hex(8)

    def routes(self) -> tuple[tuple[str, str, Handler], ...]:
        return (
            ("GET", "/", self.page),
            ("GET", "/local/events", self.events),
            ("POST", "/local/send", self.send),
            ("POST", "/local/api/{method}", self.api),
            ("GET", "/local/api/{method}", self.api),
            ("POST", "/local/response/{token}", self.response),
        )

    async def page(self, request: web.Request) -> web.Response:
        """The page, in the channel that `?channel=` names."""
        channel = self._channel(request)
        return web.Response(
            text=self._drawing.page(channel, self._epoch),
            content_type="text/html",
            headers={"Cache-Control": "no-store"},
        )

    async def events(self, request: web.Request) -> web.Response:
        """What has changed in a channel after version `after`; waits a while when nothing has."""
        channel = self._channel(request)
        after = _number(request.query.get("after"))
        if request.query.get("epoch") != self._epoch:
            return _fresh({"reload": True})
        if self._workspace.version <= after:
            await self._bell.wait(_POLL_SECONDS)
        return _fresh(self._changes(channel, after))

    async def send(self, request: web.Request) -> web.Response:
        """What the person did on the page: typed a line, clicked, submitted or closed a modal."""
        if request.headers.get("Origin") is None or request.content_type != "application/json":
            raise web.HTTPForbidden(text="Only this workspace's own page may send.")
        what = await _json_object(request)
        try:
            return web.json_response({"ok": True, **await self._do(what)})
        except Refused as refusal:
            return web.json_response(refused(refusal.fault), status=400)

    async def api(self, request: web.Request) -> web.Response:
        """Slack's Web API."""
        args = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or args.get("token")
        if not token:
            return web.json_response(refused(Fault("not_authed")))
        if not secrets.compare_digest(str(token).encode(), self._bot_token.encode()):
            return web.json_response(refused(Fault("invalid_auth")))
        return web.json_response(answer(self._workspace, request.match_info["method"], args))

    async def response(self, request: web.Request) -> web.Response:
        """A response_url."""
        token = request.match_info["token"]
        payload = await _json_object(request)
        try:
            self._workspace.respond(token, payload)
        except Refused as refusal:
            channel = self._workspace.responses.channel_of(token)
            if channel:
                show_refusal(self._workspace, channel, "response_url", refusal.fault, payload)
            late = refusal.fault.error in ("expired_url", "used_url")
            return web.json_response(refused(refusal.fault), status=404 if late else 400)
        return web.Response(text="ok")

    async def _do(self, what: Json) -> Json:
        view = self._view(what.get("view"))
        match what.get("do"):
            case "type":
                await self._dispatch.typed(str(what.get("channel")), _line(what))
            case "shortcut":
                await self._dispatch.chosen(self._message(what.get("ts")), str(what.get("shortcut")))
            case "home":
                await self._dispatch.home_opened(self._workspace.conversation(BOT.id))
            case "panel":
                await self._dispatch.panel_opened(self._workspace.conversation(BOT.id))
            case "act" if view:
                await self._dispatch.acted_in_view(view, *_place(what))
            case "act":
                await self._dispatch.acted(self._message(what.get("ts")), *_place(what))
            case "submit" if view and isinstance(what.get("values"), dict):
                return {"errors": await self._dispatch.submitted(view, what["values"])}
            case "close" if view:
                self._workspace.close_modals()
            case _:
                raise Refused("invalid_arguments")
        return {}

    def _changes(self, channel: Channel, after: int) -> Json:
        changed = [
            {"id": message.ts, "html": None if message.deleted else self._drawing.message(message)}
            for message in self._workspace.since(channel.id, after)
        ]
        changes: Json = {"version": self._workspace.version, "messages": changed}
        if self._workspace.modals_version > after:
            changes["modal"] = self._drawing.modal()
        if self._workspace.home_version > after:
            changes["home"] = self._drawing.home()
        if self._workspace.panel_version > after:
            changes["panel"] = {"prompts": list(self._workspace.prompts), "status": self._workspace.status}
        return changes

    def _channel(self, request: web.Request) -> Channel:
        try:
            return self._workspace.conversation(request.query.get("channel", self._workspace.channels[0].id))
        except Refused as refusal:
            raise web.HTTPNotFound(text="There is no such channel here.") from refusal

    def _message(self, ts: object) -> Message:
        message = self._workspace.message(str(ts))
        if message is None:
            raise Refused("message_not_found")
        return message

    def _view(self, number: object) -> View | None:
        home = (self._workspace.home,) if self._workspace.home else ()
        return next((view for view in (*self._workspace.modals, *home) if view.id == number), None)


_SESSION: Final = web.AppKey("local_workspace_session", aiohttp.ClientSession)


async def _session(app: web.Application) -> AsyncIterator[None]:
    async with aiohttp.ClientSession() as session:
        app[_SESSION] = session
        yield


def _hosts(base_url: str) -> frozenset[str]:
    """The Host headers under which this machine may be asked for."""
    parts = urlsplit(base_url)
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK:
        raise BadSettings(f"The local workspace serves this machine only: set HOST to 127.0.0.1 (it is in {base_url}).")
    names = ("127.0.0.1", "localhost", "[::1]")
    return frozenset(f"{name}:{parts.port or 80}" for name in names) | (frozenset() if parts.port else frozenset(names))


def _from_here(handler: Handler, hosts: frozenset[str]) -> Handler:
    """The handler behind the door: a foreign name for this host, or a foreign page's request, is turned away."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        if request.host not in hosts:
            raise web.HTTPForbidden(text="This workspace answers to loopback names only.")
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"http://{request.host}":
            raise web.HTTPForbidden(text="Only this workspace's own page may ask.")
        if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin") and request.path != "/":
            raise web.HTTPForbidden(text="Only this workspace's own page may ask.")
        return await handler(request)

    return guarded


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    if request.path == "/" or request.path.startswith("/local/"):
        response.headers.update(_HEADERS)


async def _arguments(request: web.Request) -> Json:
    """A Web API call's arguments: JSON or a form, and the query."""
    if request.content_type == "application/json":
        return {**request.query, **await _json_object(request)}
    return {**request.query, **await request.post()}


async def _json_object(request: web.Request) -> Json:
    try:
        value = json.loads(await request.text())
    except (ValueError, RecursionError) as error:
        raise web.HTTPBadRequest(text="invalid_payload") from error
    if not isinstance(value, dict):
        raise web.HTTPBadRequest(text="invalid_payload")
    return value


def _fresh(body: Json) -> web.Response:
    return web.json_response(body, headers={"Cache-Control": "no-store"})


def _line(what: Json) -> str:
    line = what.get("text")
    if not isinstance(line, str) or not line.strip() or len(line) > _LONGEST_LINE:
        raise Refused("invalid_arguments")
    return line.rstrip()


def _place(what: Json) -> tuple[str, str, str | None]:
    chosen = what.get("chosen")
    return str(what.get("block")), str(what.get("action")), None if chosen is None else str(chosen)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 12 else 0

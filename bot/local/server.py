"""Mounts the local workspace on the bot's web application: the page, the live log, the Web API, the response_urls.

Rule: for this machine only (`loopback`).
"""

import secrets
from collections.abc import AsyncIterator
from typing import Final

import aiohttp
from aiohttp import web

from bot import files, limits
from bot.local import agenda as agendas
from bot.local import loopback
from bot.local.agenda import Agenda
from bot.local.bell import Bell
from bot.local.clock import TurnableClock
from bot.local.deeds import Deeds, view_named
from bot.local.dispatch import Dispatch
from bot.local.drawing import Drawing
from bot.local.faults import Json
from bot.local.loopback import Handler
from bot.local.model import Channel, Command, Ids, Refused, Shortcut
from bot.local.slack_side import SlackSide, json_object
from bot.local.webapi import refused
from bot.local.workspace import Workspace

#: where the workspace of an application is found
WORKSPACE: Final = web.AppKey("local_workspace", Workspace)
#: what the bot's commands are, unless the caller says otherwise
COMMANDS: Final = (
    Command("/briefing", "topic or words", "What the sources say on a topic"),
    Command("/whosaid", "words", "Who said these words, and where"),
)
BOT_TOKEN: Final = "-".join(("xoxb", "local", "workspace"))
_POLL_SECONDS = 25.0


def attach(
    app: web.Application,
    *,
    signing_secret: str,
    base_url: str,
    clock: TurnableClock | None = None,
    bot_token: str = BOT_TOKEN,
    commands: tuple[Command, ...] = COMMANDS,
    shortcuts: tuple[Shortcut, ...] = (),
    agenda: Agenda = agendas.none,
    ids: Ids = lambda: secrets.token_hex(16),
    ack_seconds: float = limits.ACK_SECONDS,
) -> None:
    """Adds the workspace's routes to the bot's `app`, before it starts.

    `base_url` is where `app` will listen ("http://127.0.0.1:3000"); the bot's SLACK_API_URL is `base_url` +
    "/local/api/" and its token `bot_token`; `clock` must be the bot's own as well, or it refuses what is signed once
    the clock was turned; `commands` and `shortcuts` are those of its manifest (`model.commands_of`,
    `model.shortcuts_of`); `agenda` tells of its digests. `ack_seconds` is how long the bot may take to acknowledge.
    Raises BadSettings unless `base_url` is on loopback.
    """
    base_url = base_url.rstrip("/")
    known = loopback.hosts(base_url)
    clock, bell = clock or TurnableClock(), Bell()
    workspace = Workspace(clock, ids, commands, on_change=bell.ring, shortcuts=shortcuts)
    to_bot, respond_at = base_url + "/slack/events", base_url + "/local/response/"
    dispatch = Dispatch(workspace, lambda: app[_SESSION], to_bot, signing_secret, respond_at, ack_seconds)
    app[WORKSPACE] = workspace
    front, slack = (
        _Front(workspace, Drawing(workspace, clock), Deeds(workspace, dispatch, clock, agenda), bell),
        SlackSide(workspace, bot_token),
    )
    app.router.add_routes(files.routes("/local/static", "bot.local"))
    for method, path, handler in (
        *front.routes(),
        ("POST", "/local/api/{method}", slack.api),
        ("GET", "/local/api/{method}", slack.api),
        ("POST", "/local/response/{token}", slack.response),
    ):
        app.router.add_route(method, path, loopback.from_here(handler, known))
    app.on_response_prepare.append(loopback.add_headers)
    app.cleanup_ctx.append(_session)
    app.on_shutdown.append(bell.close)


class _Front:
    """The handlers of the page."""

    def __init__(self, workspace: Workspace, drawing: Drawing, deeds: Deeds, bell: Bell) -> None:
        self._workspace = workspace
        self._drawing = drawing
        self._deeds = deeds
        self._bell = bell
        # tells a page that outlived a restart of the server to load itself anew
        self._epoch = secrets.token_hex(8)

    def routes(self) -> tuple[tuple[str, str, Handler], ...]:
        return (
            ("GET", "/", self.page),
            ("GET", "/local/events", self.events),
            ("GET", "/local/thread", self.thread),
            ("GET", "/local/inspect", self.inspect),
            ("GET", "/local/agenda", self.agenda),
            ("POST", "/local/send", self.send),
        )

    async def page(self, request: web.Request) -> web.Response:
        """The page, in the channel that `?channel=` names; the App Home with `?tab=home`."""
        channel = self._channel(request)
        at_home = channel.is_im and request.query.get("tab") == "home"
        return _html(self._drawing.page(channel, self._epoch, at_home=at_home))

    async def events(self, request: web.Request) -> web.Response:
        """What has changed in a channel after version `after`; waits a while when nothing has."""
        channel = self._channel(request)
        after = _number(request.query.get("after"))
        if request.query.get("epoch") != self._epoch:
            return _fresh({"reload": True})
        if self._workspace.version <= after:
            await self._bell.wait(_POLL_SECONDS)
        return _fresh(self._drawing.changes(channel, after))

    async def thread(self, request: web.Request) -> web.Response:
        """What stands below a message."""
        below = self._workspace.answers(request.query.get("ts", ""))
        return _fresh({"messages": [self._drawing.change(message) for message in below]})

    async def inspect(self, request: web.Request) -> web.Response:
        """What was sent for a message or a view, and how much of Slack's limits it uses."""
        if message := self._workspace.message(request.query.get("ts", "")):
            return _html(self._drawing.inspected(message))
        if view := view_named(self._workspace, request.query.get("view")):
            return _html(self._drawing.inspected_view(view))
        raise web.HTTPNotFound(text="It is not there any more.")

    async def agenda(self, _request: web.Request) -> web.Response:
        """The digests: when they come, and what became of their runs."""
        return _html(self._drawing.agenda(await self._deeds.agenda()))

    async def send(self, request: web.Request) -> web.Response:
        """What the person did on the page."""
        if request.headers.get("Origin") is None or request.content_type != "application/json":
            raise web.HTTPForbidden(text="Only this workspace's own page may send.")
        what = await json_object(request)
        try:
            return web.json_response({"ok": True, **await self._deeds.do(what)})
        except Refused as refusal:
            return web.json_response(refused(refusal.fault), status=400)

    def _channel(self, request: web.Request) -> Channel:
        try:
            return self._workspace.conversation(request.query.get("channel", self._workspace.channels[0].id))
        except Refused as refusal:
            raise web.HTTPNotFound(text="There is no such channel here.") from refusal


_SESSION: Final = web.AppKey("local_workspace_session", aiohttp.ClientSession)


async def _session(app: web.Application) -> AsyncIterator[None]:
    async with aiohttp.ClientSession() as session:
        app[_SESSION] = session
        yield


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})


def _fresh(body: Json) -> web.Response:
    return web.json_response(body, headers={"Cache-Control": "no-store"})


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 12 else 0

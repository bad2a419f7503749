"""Mounts the local workspace on the bot's web application: the page, the live log, the Web API, the response_urls.

Rule: for this machine only (`loopback`).
"""

import secrets
from collections.abc import AsyncIterator
from typing import Final

import aiohttp
from aiohttp import web

from bot.core import http, slack_limits
from bot.local import agenda as agendas
from bot.local import loopback
from bot.local.agenda import Agenda
from bot.local.bell import ChangeEvents
from bot.local.clock import TurnableClock
from bot.local.deeds import UserActions, find_view
from bot.local.dispatch import Dispatcher
from bot.local.drawing import PageRenderer
from bot.local.faults import Json
from bot.local.loopback import Handler
from bot.local.model import Channel, Command, NewId, Shortcut, SlackError
from bot.local.slack_side import FakeSlackApi, read_json_object
from bot.local.webapi import build_error
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
    agenda: Agenda = agendas.empty_agenda,
    new_id: NewId = lambda: secrets.token_hex(16),
    ack_seconds: float = slack_limits.ACK_SECONDS,
) -> None:
    """Adds the workspace's routes to the bot's `app`, before it starts.

    `base_url` is where `app` will listen ("http://127.0.0.1:3000"); the bot's SLACK_API_URL is `base_url` +
    "/local/api/" and its token `bot_token`; `clock` must be the bot's own as well, or it refuses what is signed once
    the clock was turned; `commands` and `shortcuts` are those of its manifest (`model.commands_of`,
    `model.shortcuts_of`); `agenda` tells of its digests. `ack_seconds` is how long the bot may take to acknowledge.
    Raises BadSettings unless `base_url` is on loopback.
    """
    base_url = base_url.rstrip("/")
    allowed_hosts = loopback.list_hosts(base_url)
    clock, change_events = clock or TurnableClock(), ChangeEvents()
    workspace = Workspace(clock, new_id, commands, on_change=change_events.notify, shortcuts=shortcuts)
    bot_url, response_url_base = base_url + "/slack/events", base_url + "/local/response/"
    dispatcher = Dispatcher(workspace, lambda: app[_SESSION], bot_url, signing_secret, response_url_base, ack_seconds)
    app[WORKSPACE] = workspace
    page_handlers, slack_api = (
        _PageHandlers(
            workspace, PageRenderer(workspace, clock), UserActions(workspace, dispatcher, clock, agenda), change_events
        ),
        FakeSlackApi(workspace, bot_token),
    )
    app.router.add_routes(http.build_routes("/local/static", "bot.local"))
    for method, path, handler in (
        *page_handlers.routes(),
        ("POST", "/local/api/{method}", slack_api.handle_web_api),
        ("GET", "/local/api/{method}", slack_api.handle_web_api),
        ("POST", "/local/response/{token}", slack_api.handle_response_url),
    ):
        app.router.add_route(method, path, loopback.require_loopback(handler, allowed_hosts))
    app.on_response_prepare.append(loopback.add_headers)
    app.cleanup_ctx.append(_open_session)
    app.on_shutdown.append(change_events.close)


class _PageHandlers:
    """The handlers of the page."""

    def __init__(
        self, workspace: Workspace, renderer: PageRenderer, user_actions: UserActions, change_events: ChangeEvents
    ) -> None:
        self._workspace = workspace
        self._renderer = renderer
        self._user_actions = user_actions
        self._change_events = change_events
        # tells a page that outlived a restart of the server to load itself anew
        self._epoch = secrets.token_hex(8)

    def routes(self) -> tuple[tuple[str, str, Handler], ...]:
        return (
            ("GET", "/", self.get_page),
            ("GET", "/local/events", self.get_changes),
            ("GET", "/local/thread", self.get_thread),
            ("GET", "/local/inspect", self.get_inspection),
            ("GET", "/local/agenda", self.get_agenda),
            ("POST", "/local/send", self.perform_action),
        )

    async def get_page(self, request: web.Request) -> web.Response:
        """The page, in the channel that `?channel=` names; the App Home with `?tab=home`."""
        channel = self._get_channel(request)
        at_home = channel.is_im and request.query.get("tab") == "home"
        return _html_response(self._renderer.render_page(channel, self._epoch, at_home=at_home))

    async def get_changes(self, request: web.Request) -> web.Response:
        """What has changed in a channel after version `after`; waits a while when nothing has."""
        channel = self._get_channel(request)
        after = _parse_version(request.query.get("after"))
        if request.query.get("epoch") != self._epoch:
            return _json_response({"reload": True})
        if self._workspace.version <= after:
            await self._change_events.wait(_POLL_SECONDS)
        return _json_response(self._renderer.build_changes(channel, after))

    async def get_thread(self, request: web.Request) -> web.Response:
        """What stands below a message."""
        replies = self._workspace.list_visible_replies(request.query.get("ts", ""))
        return _json_response({"messages": [self._renderer.build_change(message) for message in replies]})

    async def get_inspection(self, request: web.Request) -> web.Response:
        """What was sent for a message or a view, and how much of Slack's limits it uses."""
        if message := self._workspace.find_message(request.query.get("ts", "")):
            return _html_response(self._renderer.render_inspection(message))
        if view := find_view(self._workspace, request.query.get("view")):
            return _html_response(self._renderer.render_view_inspection(view))
        raise web.HTTPNotFound(text="It is not there any more.")

    async def get_agenda(self, _request: web.Request) -> web.Response:
        """The digests: when they come, and what became of their runs."""
        return _html_response(self._renderer.render_agenda(await self._user_actions.agenda()))

    async def perform_action(self, request: web.Request) -> web.Response:
        """What the person did on the page."""
        if request.headers.get("Origin") is None or request.content_type != "application/json":
            raise web.HTTPForbidden(text="Only this workspace's own page may send.")
        action = await read_json_object(request)
        try:
            return web.json_response({"ok": True, **await self._user_actions.perform(action)})
        except SlackError as error:
            return web.json_response(build_error(error.details), status=400)

    def _get_channel(self, request: web.Request) -> Channel:
        try:
            return self._workspace.get_conversation(request.query.get("channel", self._workspace.channels[0].id))
        except SlackError as error:
            raise web.HTTPNotFound(text="There is no such channel here.") from error


_SESSION: Final = web.AppKey("local_workspace_session", aiohttp.ClientSession)


async def _open_session(app: web.Application) -> AsyncIterator[None]:
    async with aiohttp.ClientSession() as session:
        app[_SESSION] = session
        yield


def _html_response(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})


def _json_response(body: Json) -> web.Response:
    return web.json_response(body, headers={"Cache-Control": "no-store"})


def _parse_version(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 12 else 0

"""Mounts the local workspace on the bot's web application: the page, the live log, the Web API, the response_urls.

Rule: for this machine only (`loopback`).

Wakes the pages that wait for a change, and all of them for good at shutdown.

Keeps the workspace to this machine: who may ask, and what a page may load.

Rule: every request must name a loopback host, every request a page makes must come from our own page, and the page may
load nothing from anywhere else, nor run or style anything that stands in it.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from bot.core import http, slack_limits
from bot.simulator import pages as agendas
from bot.simulator.dispatch import Dispatcher
from bot.simulator.endpoints import FakeSlackApi, read_json_object
from bot.simulator.pages import Agenda
from bot.simulator.rendering import PageRenderer
from bot.simulator.state.clock import TurnableClock
from bot.simulator.state.model import Channel, Command, NewId, Shortcut, SlackError
from bot.simulator.state.validation import Json
from bot.simulator.state.workspace import Workspace
from bot.simulator.user_actions import UserActions, find_view
from bot.simulator.web_api import build_error
from briefings import BadSettings


class ChangeEvents:
    """Rung at each change."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._is_closed = False

    def notify(self) -> None:
        """Wakes all who wait now."""
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def wait(self, seconds: float) -> None:
        """Until it is rung, so long at most."""
        event = self._event
        if not self._is_closed:
            try:
                async with asyncio.timeout(seconds):
                    await event.wait()
            except TimeoutError:
                return

    async def close(self, _app: web.Application) -> None:
        """Nobody waits any more."""
        self._is_closed = True
        self.notify()


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
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


def list_hosts(base_url: str) -> frozenset[str]:
    """The Host headers under which this machine may be asked for. Raises BadSettings unless it is on loopback."""
    parts = urlsplit(base_url)
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK_HOSTS:
        raise BadSettings(f"The local workspace serves this machine only: set HOST to 127.0.0.1 (it is in {base_url}).")
    names = ("127.0.0.1", "localhost", "[::1]")
    return frozenset(f"{name}:{parts.port or 80}" for name in names) | (frozenset() if parts.port else frozenset(names))


def require_loopback(handler: Handler, allowed_hosts: frozenset[str]) -> Handler:
    """The handler behind the door: a foreign name for this host, or a foreign page's request, is turned away."""

    async def guard(request: web.Request) -> web.StreamResponse:
        if request.host not in allowed_hosts:
            raise web.HTTPForbidden(text="This workspace answers to loopback names only.")
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"http://{request.host}":
            raise web.HTTPForbidden(text="Only this workspace's own page may ask.")
        if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin") and request.path != "/":
            raise web.HTTPForbidden(text="Only this workspace's own page may ask.")
        return await handler(request)

    return guard


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """What a browser is told of each of our pages."""
    if request.path == "/" or request.path.startswith("/local/"):
        response.headers.update(_HEADERS)


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
    allowed_hosts = list_hosts(base_url)
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
    app.router.add_routes(http.build_routes("/local/static", "bot.simulator"))
    for method, path, handler in (
        *page_handlers.routes(),
        ("POST", "/local/api/{method}", slack_api.handle_web_api),
        ("GET", "/local/api/{method}", slack_api.handle_web_api),
        ("POST", "/local/response/{token}", slack_api.handle_response_url),
    ):
        app.router.add_route(method, path, require_loopback(handler, allowed_hosts))
    app.on_response_prepare.append(add_headers)
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

"""HTTP server of the local workspace: the page, live updates, the fake Web API and the response_urls.

Rule: every request must use a loopback host, and requests from a browser must come from our own page. The page loads
nothing from other hosts and has no inline scripts or styles.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from bot.core import http, slack_limits
from bot.server.guard.headers import HEADERS
from bot.simulator.dispatch import Dispatcher
from bot.simulator.endpoints import FakeSlackApi, read_json_object
from bot.simulator.file_methods import DOCS, FILES, UPLOADS
from bot.simulator.pages import Agenda, empty_agenda
from bot.simulator.rendering import PageRenderer
from bot.simulator.state.clock import TurnableClock
from bot.simulator.state.model import Channel, Command, NewId, Shortcut, SlackError
from bot.simulator.state.validation import Json
from bot.simulator.state.workspace import Workspace
from bot.simulator.user_actions import UserActions, find_view
from bot.simulator.web_api import build_error
from briefings import BadSettings


class ChangeEvents:
    """Signals each change of the workspace to the waiting pages."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._is_closed = False

    def notify(self) -> None:
        """Wake all waiting pages."""
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def wait(self, seconds: float) -> None:
        """Wait for the next change, at most `seconds`; return at once after `close`."""
        event = self._event
        if not self._is_closed:
            try:
                async with asyncio.timeout(seconds):
                    await event.wait()
            except TimeoutError:
                return

    async def close(self, _app: web.Application) -> None:
        """Wake all waiting pages, and let none wait again (an aiohttp on_shutdown signal)."""
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
    """Return the allowed Host headers. Raises BadSettings unless `base_url` is on loopback."""
    parts = urlsplit(base_url)
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK_HOSTS:
        raise BadSettings(f"The local workspace runs on this machine only. Set HOST to 127.0.0.1 (now {base_url}).")
    names = ("127.0.0.1", "localhost", "[::1]")
    return frozenset(f"{name}:{parts.port or 80}" for name in names) | (frozenset() if parts.port else frozenset(names))


def require_loopback(handler: Handler, allowed_hosts: frozenset[str]) -> Handler:
    """Wrap a handler so that it refuses other host names and requests from other pages."""

    async def guard(request: web.Request) -> web.StreamResponse:
        if request.host not in allowed_hosts:
            raise web.HTTPForbidden(text="Open this workspace at 127.0.0.1 or localhost.")
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"http://{request.host}":
            raise web.HTTPForbidden(text="Only this workspace's own page can send requests.")
        if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin") and request.path != "/":
            raise web.HTTPForbidden(text="Only this workspace's own page can send requests.")
        return await handler(request)

    return guard


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the security headers to the workspace's responses (an aiohttp on_response_prepare signal)."""
    if request.path == "/" or request.path.startswith("/local/"):
        for name, value in _HEADERS.items():
            if name not in response.headers or response.headers[name] == HEADERS.get(name):
                response.headers[name] = value


#: key of the workspace in the aiohttp application
WORKSPACE: Final = web.AppKey("local_workspace", Workspace)
#: default slash commands
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
    agenda: Agenda = empty_agenda,
    new_id: NewId = lambda: secrets.token_hex(16),
    ack_seconds: float = slack_limits.ACK_SECONDS,
) -> None:
    """Add the workspace's routes to the bot's `app` before it starts.

    `base_url` is where `app` will listen ("http://127.0.0.1:3000"). The bot's SLACK_API_URL is `base_url` +
    "/local/api/", and its token is `bot_token`. The bot must use the same `clock`; otherwise it rejects signatures
    after a change of the clock. `commands` and `shortcuts` come from the app's manifest (`model.read_commands`,
    `model.read_shortcuts`). `agenda` returns the bot's digests. The bot must acknowledge within `ack_seconds`. Raises
    BadSettings unless `base_url` is on loopback.
    """
    base_url = base_url.rstrip("/")
    allowed_hosts = list_hosts(base_url)
    clock, change_events = clock or TurnableClock(), ChangeEvents()
    workspace = Workspace(
        clock, new_id, commands, on_change=change_events.notify, shortcuts=shortcuts, base_url=base_url
    )
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
        ("POST", UPLOADS + "/{id}", slack_api.handle_upload),
        ("GET", FILES + "/{id}/{name}", slack_api.handle_file),
        ("GET", DOCS + "/{team}/{id}", slack_api.handle_file),
    ):
        app.router.add_route(method, path, require_loopback(handler, allowed_hosts))
    app.on_response_prepare.append(add_headers)
    app.cleanup_ctx.append(_open_session)
    app.on_shutdown.append(change_events.close)


class _PageHandlers:
    """Request handlers of the page."""

    def __init__(
        self, workspace: Workspace, renderer: PageRenderer, user_actions: UserActions, change_events: ChangeEvents
    ) -> None:
        self._workspace = workspace
        self._renderer = renderer
        self._user_actions = user_actions
        self._change_events = change_events
        # lets pages from before a restart of the server reload
        self._epoch = secrets.token_hex(8)

    def routes(self) -> tuple[tuple[str, str, Handler], ...]:
        """Return method, path and handler of each route."""
        return (
            ("GET", "/", self.get_page),
            ("GET", "/local/events", self.get_changes),
            ("GET", "/local/thread", self.get_thread),
            ("GET", "/local/inspect", self.get_inspection),
            ("GET", "/local/agenda", self.get_agenda),
            ("POST", "/local/send", self.perform_action),
        )

    async def get_page(self, request: web.Request) -> web.Response:
        """Show the page for `?channel=`, or the App Home with `?tab=home`."""
        channel = self._get_channel(request)
        at_home = channel.is_im and request.query.get("tab") == "home"
        return _html_response(self._renderer.render_page(channel, self._epoch, at_home=at_home))

    async def get_changes(self, request: web.Request) -> web.Response:
        """Return the changes in a channel after version `after`; wait for one if needed (long polling)."""
        channel = self._get_channel(request)
        after = _parse_version(request.query.get("after"))
        if request.query.get("epoch") != self._epoch:
            return _json_response({"reload": True})
        if self._workspace.version <= after:
            await self._change_events.wait(_POLL_SECONDS)
        return _json_response(self._renderer.build_changes(channel, after))

    async def get_thread(self, request: web.Request) -> web.Response:
        """Return the replies to a message."""
        replies = self._workspace.list_visible_replies(request.query.get("ts", ""))
        return _json_response({"messages": [self._renderer.build_change(message) for message in replies]})

    async def get_inspection(self, request: web.Request) -> web.Response:
        """Show the payloads of a message or view, and its use of Slack's limits."""
        if message := self._workspace.find_message(request.query.get("ts", "")):
            return _html_response(self._renderer.render_inspection(message))
        if view := find_view(self._workspace, request.query.get("view")):
            return _html_response(self._renderer.render_view_inspection(view))
        raise web.HTTPNotFound(text="This message or view no longer exists.")

    async def get_agenda(self, _request: web.Request) -> web.Response:
        """Show the digests with their next and last runs."""
        return _html_response(self._renderer.render_agenda(await self._user_actions.agenda()))

    async def perform_action(self, request: web.Request) -> web.Response:
        """Perform an action of the user on the page."""
        if request.headers.get("Origin") is None or request.content_type != "application/json":
            raise web.HTTPForbidden(text="Only this workspace's own page can send requests.")
        action = await read_json_object(request)
        try:
            return web.json_response({"ok": True, **await self._user_actions.perform(action)})
        except SlackError as error:
            return web.json_response(build_error(error.details), status=400)

    def _get_channel(self, request: web.Request) -> Channel:
        try:
            return self._workspace.get_conversation(request.query.get("channel", self._workspace.channels[0].id))
        except SlackError as error:
            raise web.HTTPNotFound(text="Channel not found.") from error


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

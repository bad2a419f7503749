"""The two pages that install the bot: /slack/install, and /slack/oauth_redirect, to which Slack redirects.

Rule: they use slack_bolt's OAuth flow, with states and installations in the database. Every error becomes a page with a
message. The page after an installation does not wait for the welcome of the installer.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation

from bot.core.logs import format_traceback, get_library_logger, get_logger
from bot.core.settings import Settings
from bot.listeners.welcome.greeter import Greeter
from bot.server.manifest import INSTALL_PATH, REDIRECT_PATH, SCOPES
from bot.slack.transport import clients
from bot.storage.installations import STATE_SECONDS, InstallationStore, OAuthStateStore

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
#: Bolt's pages have a style of their own, and Slack's button as an image
_CONTENT_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src https://platform.slack-edge.com; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


def make_installer_greeting(settings: Settings, greeter: Greeter) -> Callable[[Installation], None]:
    """Return a function that starts to send the installer a welcome."""

    def greet(installation: Installation) -> None:
        client = clients.make_web_client(settings.api_url, installation.bot_token)
        clients.rename_commands(client, settings.command_names)
        team = installation.enterprise_id if installation.is_enterprise_install else installation.team_id
        greeter.start_workspace_greeting(client, team or "", installation.user_id)

    return greet


def build_routes(
    settings: Settings,
    installations: InstallationStore,
    states: OAuthStateStore,
    on_installed: Callable[[Installation], None] = lambda _: None,
) -> list[web.RouteDef]:
    """Return the routes of the two pages. `on_installed` is called after each installation."""
    flow = AsyncOAuthFlow(
        client=clients.make_web_client(settings.api_url),
        logger=get_library_logger(),
        settings=AsyncOAuthSettings(
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            scopes=SCOPES,
            user_scopes=(),
            redirect_uri=settings.public_url and settings.public_url + REDIRECT_PATH,
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            installation_store=installations,
            installation_store_bot_only=True,
            state_store=states,
            state_expiration_seconds=STATE_SECONDS,
            callback_options=_build_callbacks(on_installed),
            logger=get_library_logger(),
        ),
    )
    return [
        web.get(INSTALL_PATH, _make_handler(flow.handle_installation), allow_head=False),
        web.get(REDIRECT_PATH, _make_handler(flow.handle_callback), allow_head=False),
    ]


def _build_callbacks(on_installed: Callable[[Installation], None]) -> AsyncCallbackOptions:
    """Return Bolt's own pages, with a call of `on_installed` after an installation."""

    async def on_success(success: AsyncSuccessArgs) -> BoltResponse:
        on_installed(success.installation)
        return await success.default.success(success)

    async def on_failure(failure: AsyncFailureArgs) -> BoltResponse:
        return await failure.default.failure(failure)

    return AsyncCallbackOptions(success=on_success, failure=on_failure)


def _make_handler(handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> Handler:
    async def handle_request(request: web.Request) -> web.StreamResponse:
        bolt_request = AsyncBoltRequest(body="", query=request.query_string, headers=dict(request.headers.items()))
        try:
            response = await to_aiohttp_response(await handle(bolt_request))
        except Exception as error:  # noqa: BLE001  # Slack, the network or the database can fail: show a message
            get_logger().error("installation failed", error=type(error).__name__, place=format_traceback(error))
            raise web.HTTPServiceUnavailable(
                text="On the Record couldn't be installed. Please try again in a few minutes."
            ) from None
        response.headers.update({"Content-Security-Policy": _CONTENT_POLICY, "Cache-Control": "no-store"})
        return response

    return handle_request

"""The two pages that install the bot: /slack/install, and /slack/oauth_redirect, to which Slack redirects.

Rule: they use slack_bolt's OAuth flow, with states and installations in the database. Every error becomes a page with a
message.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.core.logs import format_traceback, get_library_logger, get_logger
from bot.core.settings import Settings
from bot.server.manifest import INSTALL_PATH, REDIRECT_PATH, SCOPES
from bot.slack.transport import clients
from bot.storage.installations import STATE_SECONDS, InstallationStore, OAuthStateStore

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_routes(settings: Settings, installations: InstallationStore, states: OAuthStateStore) -> list[web.RouteDef]:
    """Return the routes of the two pages."""
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
            logger=get_library_logger(),
        ),
    )
    return [
        web.get(INSTALL_PATH, _make_handler(flow.handle_installation), allow_head=False),
        web.get(REDIRECT_PATH, _make_handler(flow.handle_callback), allow_head=False),
    ]


def _make_handler(handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> Handler:
    async def handle_request(request: web.Request) -> web.StreamResponse:
        bolt_request = AsyncBoltRequest(body="", query=request.query_string, headers=dict(request.headers.items()))
        try:
            return await to_aiohttp_response(await handle(bolt_request))
        except Exception as error:  # noqa: BLE001  # Slack, the network or the database can fail: show a message
            get_logger().error("installation failed", error=type(error).__name__, place=format_traceback(error))
            raise web.HTTPServiceUnavailable(
                text="On the Record couldn't be installed. Please try again in a few minutes."
            ) from None

    return handle_request

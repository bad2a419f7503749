"""The Slack checks of `ontherecord doctor`: tokens, scopes, URLs, pages and admins.

Rule: each check returns a sentence about its result, or raises BadSettings with what is missing and where to set it.
Checks change nothing in Slack and show no secret.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.permissions.admin_list import find_groups
from bot.core.settings import Mode, Settings
from bot.links.urls import PREFIX as PAGES_PREFIX
from bot.server.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH, SCOPES, SIGN_IN_REDIRECT_PATH
from bot.slack.transport import clients
from briefings import BadSettings

Check = Callable[[Settings], str]

#: minimum length of PAGES_SECRET, in characters
_MIN_SECRET_LENGTH = 32
_SCOPE_PAGE = "the app's “OAuth & Permissions” page"


def list_checks(settings: Settings) -> Iterator[tuple[str, Check]]:
    """Yield the name and the function of each check for the current mode."""
    if settings.bot_token:
        yield "bot token", _check_bot_token
    if settings.mode is Mode.OAUTH or settings.has_sign_in:
        yield "client", _check_client
    if settings.mode is Mode.SOCKET:
        yield "app token", _check_app_token
        yield "pages", _check_pages
        return
    yield "signing secret", _check_signing_secret
    yield "public URL", _check_public_url
    yield "pages", _check_pages
    if settings.bot_token:
        for group in find_groups(settings.admins):
            yield f"admins {group}", partial(_check_group, group)


def _check_bot_token(settings: Settings) -> str:
    response = _call_slack(settings, "SLACK_BOT_TOKEN", "auth.test", settings.bot_token)
    granted_scopes = _parse_scopes(response)
    result = f"accepted in {response.get('team') or response.get('team_id') or 'a workspace'}"
    if granted_scopes is None:
        return f"{result}; Slack did not list its scopes"
    if missing_scopes := [scope for scope in SCOPES if scope not in granted_scopes]:
        raise BadSettings(
            f"SLACK_BOT_TOKEN lacks {_join_names(missing_scopes)}. Add {'it' if len(missing_scopes) == 1 else 'them'} "
            f"under “Bot Token Scopes” on {_SCOPE_PAGE}, then reinstall the app."
        )
    return f"{result}, with all scopes"


def _check_app_token(settings: Settings) -> str:
    try:
        _call_slack(settings, "SLACK_APP_TOKEN", "apps.connections.open", settings.app_token)
    except _TokenRejectedError as error:
        if error.code == "missing_scope":
            raise BadSettings(
                "SLACK_APP_TOKEN lacks connections:write: create an app-level token with this scope on the app's "
                "“Basic Information” page."
            ) from None
        raise
    return "accepted, with connections:write"


def _check_client(settings: Settings) -> str:
    """Send an invented code: Slack checks the client first, so it rejects the code only if the client is correct."""
    client = clients.make_web_client(settings.api_url)
    try:
        _run_call(
            settings,
            lambda: client.oauth_v2_access(
                client_id=settings.client_id or "", client_secret=settings.client_secret or "", code="doctor"
            ),
        )
    except SlackApiError as error:
        code = str(error.response.get("error"))
        if code in ("invalid_client_id", "bad_client_secret"):
            name = "SLACK_CLIENT_ID" if code == "invalid_client_id" else "SLACK_CLIENT_SECRET"
            raise BadSettings(f"Slack rejected {name} ({code}). Copy it again from the app's settings page.") from None
        if code != "invalid_code":
            return f"not checked, because Slack answered {code}"
    return "accepted" + ("; each installation brings its own token" if settings.mode is Mode.OAUTH else "")


def _check_signing_secret(settings: Settings) -> str:
    if not re.fullmatch(r"[0-9a-z]{32}", settings.signing_secret or ""):
        raise BadSettings(
            "Invalid SLACK_SIGNING_SECRET: it must have 32 lowercase letters and digits. Copy it from the app's “Basic "
            "Information” page, not the client secret next to it."
        )
    return "has the right format; Slack's first request will show whether it belongs to this app"


def _check_public_url(settings: Settings) -> str:
    if settings.public_url is None:
        raise BadSettings(
            "PUBLIC_URL is not set: set it to the public https URL of this bot, and enter that URL followed by "
            f"{EVENTS_PATH} in the app's settings."
        )
    if not settings.public_url.startswith("https://"):
        raise BadSettings(
            f"Invalid PUBLIC_URL {settings.public_url}: Slack accepts only URLs that begin with https://."
        )
    paths = [EVENTS_PATH, *((INSTALL_PATH, REDIRECT_PATH) if settings.mode is Mode.OAUTH else ())]
    return f"requests go to {', '.join(settings.public_url + path for path in paths)}"


def _check_pages(settings: Settings) -> str:
    if settings.public_url is None:
        return "off, so answers link only to publishers; to turn the pages on, set PUBLIC_URL to an https URL"
    if not settings.public_url.startswith("https://"):
        raise BadSettings(f"The pages are off: PUBLIC_URL must begin with https://, not {settings.public_url}.")
    if settings.pages_url is None:
        raise BadSettings("The pages are off: set PAGES_SECRET, which signs their links in Socket Mode.")
    if any(len(secret) < _MIN_SECRET_LENGTH for secret in settings.pages_secrets):
        raise BadSettings(f"PAGES_SECRET is too short: use at least {_MIN_SECRET_LENGTH} random characters.")
    location = f"on, at {settings.pages_url}{PAGES_PREFIX}/"
    if not settings.has_sign_in:
        return (
            f"{location}; users open them from links in Slack. To let users also sign in, set SLACK_CLIENT_ID and "
            "SLACK_CLIENT_SECRET"
        )
    return (
        f"{location}; users open them from links in Slack or sign in with Slack. For sign-in, "
        f"{settings.pages_url}{SIGN_IN_REDIRECT_PATH} must be one of the “Redirect URLs” on {_SCOPE_PAGE}"
    )


def _check_group(group: str, settings: Settings) -> str:
    client = clients.make_web_client(settings.api_url, settings.bot_token)
    try:
        response = _run_call(settings, lambda: client.usergroups_users_list(usergroup=group))
    except SlackApiError as error:
        raise BadSettings(
            f"Invalid id {group} in ADMINS: Slack answered {error.response.get('error')}. Use the id of a user group."
        ) from None
    user_count = len(response.get("users") or ())
    return f"{user_count} user{'' if user_count == 1 else 's'}"


class _TokenRejectedError(BadSettings):
    """Slack rejected a token; `code` is Slack's error code."""

    def __init__(self, name: str, code: str) -> None:
        super().__init__(f"Slack rejected {name} ({code}). Copy it again from the app's settings page.")
        self.code = code


def _call_slack(settings: Settings, name: str, method: str, token: str | None) -> AsyncSlackResponse:
    client: AsyncWebClient = clients.make_web_client(settings.api_url, token)
    try:
        return _run_call(settings, lambda: client.api_call(method))
    except SlackApiError as error:
        raise _TokenRejectedError(name, str(error.response.get("error"))) from None


def _run_call(settings: Settings, call: Callable[[], Awaitable[AsyncSlackResponse]]) -> AsyncSlackResponse:
    """Return Slack's response. Raises SlackApiError for an error response, BadSettings if Slack is unreachable."""

    async def run() -> AsyncSlackResponse:
        return await call()

    try:
        return asyncio.run(run())
    except SlackApiError:
        raise
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        raise BadSettings(
            f"Can't reach Slack at {settings.api_url} ({type(error).__name__}). Check the network and try again."
        ) from None


def _parse_scopes(response: AsyncSlackResponse) -> set[str] | None:
    """Return the scopes of a token, or None if Slack did not list them."""
    scope_header = next((value for name, value in response.headers.items() if name.lower() == "x-oauth-scopes"), None)
    return None if scope_header is None else {scope.strip() for scope in str(scope_header).split(",")}


def _join_names(scopes: list[str]) -> str:
    return scopes[0] if len(scopes) == 1 else f"{', '.join(scopes[:-1])} and {scopes[-1]}"

"""What `ontherecord doctor` asks of Slack: whether it takes the tokens, whether they may do what the bot needs.

Rule: each check gives what is fine, or raises one sentence with what is missing and where to set it. Nothing is changed
in Slack, and no secret is told.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.settings import Mode, Settings
from bot.links.urls import PREFIX as PAGES_PREFIX
from bot.server.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH, SCOPES, SIGN_IN_REDIRECT_PATH
from bot.slack.transport import clients
from briefings import BadSettings

Check = Callable[[Settings], str]

#: characters of a secret that nobody guesses
_MIN_SECRET_LENGTH = 32
_SCOPE_PAGE = "the app's “OAuth & Permissions” page"


def list_checks(settings: Settings) -> Iterator[tuple[str, Check]]:
    """What there is to check in this mode: a name, and what gives a sentence or raises BadSettings."""
    if settings.bot_token:
        yield "bot token", _check_bot_token
    if settings.mode is Mode.OAUTH or settings.has_sign_in:
        yield "client", _check_client
    if settings.mode is Mode.SOCKET:
        yield "app token", _check_app_token
        yield "pages", _check_pages
        return
    yield "signing secret", _check_signing_secret
    yield "public address", _check_public_address
    yield "pages", _check_pages
    if settings.bot_token:
        for group in (admin_id for admin_id in settings.admins if admin_id.startswith("S")):
            yield f"admins {group}", partial(_check_group, group)


def _check_bot_token(settings: Settings) -> str:
    response = _call_slack(settings, "SLACK_BOT_TOKEN", "auth.test", settings.bot_token)
    granted_scopes = _parse_scopes(response)
    workspace_note = f"Slack takes it in {response.get('team') or response.get('team_id') or 'a workspace'}"
    if granted_scopes is None:
        return f"{workspace_note}, and does not say what it may do"
    if missing_scopes := [scope for scope in SCOPES if scope not in granted_scopes]:
        raise BadSettings(
            f"SLACK_BOT_TOKEN lacks {_join_names(missing_scopes)}: add what is missing under “Bot Token Scopes” on {_SCOPE_PAGE}, "
            "then reinstall the app."
        )
    return f"{workspace_note}, with every scope"


def _check_app_token(settings: Settings) -> str:
    try:
        _call_slack(settings, "SLACK_APP_TOKEN", "apps.connections.open", settings.app_token)
    except _TokenRefused as refusal:
        if refusal.code == "missing_scope":
            raise BadSettings(
                "SLACK_APP_TOKEN lacks connections:write: make an app-level token with that scope on the app's “Basic "
                "Information” page."
            ) from None
        raise
    return "Slack takes it, with connections:write"


def _check_client(settings: Settings) -> str:
    """A made-up code: Slack looks at the client first, and refuses the code only when the client is right."""
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
            raise BadSettings(f"Slack refuses {name} ({code}): copy it again from the app's page.") from None
        if code != "invalid_code":
            return f"Slack answers {code}, which says nothing of the client"
    return "Slack takes it" + ("; tokens come with each installation" if settings.mode is Mode.OAUTH else "")


def _check_signing_secret(settings: Settings) -> str:
    if not re.fullmatch(r"[0-9a-z]{32}", settings.signing_secret or ""):
        raise BadSettings(
            "SLACK_SIGNING_SECRET does not look like Slack's, which are 32 small letters and digits: copy it from the "
            "app's “Basic Information” page, not the client secret beside it."
        )
    return "looks like Slack's; whether it is this app's shows when Slack sends the first request"


def _check_public_address(settings: Settings) -> str:
    if settings.public_url is None:
        raise BadSettings(
            "PUBLIC_URL is not set: set it to the https address where Slack reaches this bot, "
            f"and give Slack that address with {EVENTS_PATH} behind it."
        )
    if not settings.public_url.startswith("https://"):
        raise BadSettings(
            f"PUBLIC_URL must begin with https://, as Slack calls nothing else: it is {settings.public_url}."
        )
    paths = [EVENTS_PATH, *((INSTALL_PATH, REDIRECT_PATH) if settings.mode is Mode.OAUTH else ())]
    return f"Slack and people reach {', '.join(settings.public_url + path for path in paths)}"


def _check_pages(settings: Settings) -> str:
    if settings.public_url is None:
        return "closed, and answers link to publishers alone; PUBLIC_URL, an https address, would open them"
    if not settings.public_url.startswith("https://"):
        raise BadSettings(f"The pages are closed: PUBLIC_URL must begin with https://, and is {settings.public_url}.")
    if settings.pages_url is None:
        raise BadSettings("The pages are closed: set PAGES_SECRET, with which links to them are signed in Socket Mode.")
    if any(len(secret) < _MIN_SECRET_LENGTH for secret in settings.pages_secrets):
        raise BadSettings(
            f"PAGES_SECRET is short: make it {_MIN_SECRET_LENGTH} characters or more that nobody can guess."
        )
    access_note = f"open to the workspace at {settings.pages_url}{PAGES_PREFIX}/ by links from Slack"
    if not settings.has_sign_in:
        return f"{access_note}; with SLACK_CLIENT_ID and SLACK_CLIENT_SECRET people could sign in as well"
    return (
        f"{access_note} and by signing in with Slack, for which {settings.pages_url}{SIGN_IN_REDIRECT_PATH} must stand among the "
        f"“Redirect URLs” on {_SCOPE_PAGE}"
    )


def _check_group(group: str, settings: Settings) -> str:
    client = clients.make_web_client(settings.api_url, settings.bot_token)
    try:
        response = _run_call(settings, lambda: client.usergroups_users_list(usergroup=group))
    except SlackApiError as error:
        raise BadSettings(
            f"ADMINS names {group}, of which Slack says {error.response.get('error')}: give a user group's id."
        ) from None
    return f"{len(response.get('users') or ())} people"


class _TokenRefused(BadSettings):
    """Slack refuses a token; `code` is its word for why."""

    def __init__(self, name: str, code: str) -> None:
        super().__init__(f"Slack refuses {name} ({code}): copy it again from the app's page.")
        self.code = code


def _call_slack(settings: Settings, name: str, method: str, token: str | None) -> AsyncSlackResponse:
    client: AsyncWebClient = clients.make_web_client(settings.api_url, token)
    try:
        return _run_call(settings, lambda: client.api_call(method))
    except SlackApiError as error:
        raise _TokenRefused(name, str(error.response.get("error"))) from None


def _run_call(settings: Settings, call: Callable[[], Awaitable[AsyncSlackResponse]]) -> AsyncSlackResponse:
    """Raises SlackApiError when Slack refuses, BadSettings when it is not there."""

    async def run() -> AsyncSlackResponse:
        return await call()

    try:
        return asyncio.run(run())
    except SlackApiError:
        raise
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        raise BadSettings(
            f"Slack cannot be reached at {settings.api_url} ({type(error).__name__}): check the network, then ask again."
        ) from None


def _parse_scopes(response: AsyncSlackResponse) -> set[str] | None:
    """What Slack says a token may do, None when it does not say."""
    scope_header = next((value for name, value in response.headers.items() if name.lower() == "x-oauth-scopes"), None)
    return None if scope_header is None else {scope.strip() for scope in str(scope_header).split(",")}


def _join_names(scopes: list[str]) -> str:
    return scopes[0] if len(scopes) == 1 else f"{', '.join(scopes[:-1])} and {scopes[-1]}"

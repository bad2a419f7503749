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

from bot import clients
from bot.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH, SCOPES, SIGNED_IN_PATH
from bot.settings import Mode, Settings
from bot.web.addresses import PREFIX as PAGES_PREFIX
from briefings.errors import BadSettings

Check = Callable[[Settings], str]

#: characters of a secret that nobody guesses
_LONG = 32
_SCOPE_PAGE = "the app's “OAuth & Permissions” page"


def checks(told: Settings) -> Iterator[tuple[str, Check]]:
    """What there is to check in this mode: a name, and what gives a sentence or raises BadSettings."""
    if told.bot_token:
        yield "bot token", _bot_token
    if told.mode is Mode.OAUTH or told.signs_in:
        yield "client", _client
    if told.mode is Mode.SOCKET:
        yield "app token", _app_token
        yield "pages", _pages
        return
    yield "signing secret", _signing_secret
    yield "public address", _public_address
    yield "pages", _pages
    if told.bot_token:
        for group in (one for one in told.admins if one.startswith("S")):
            yield f"admins {group}", partial(_group, group)


def _bot_token(told: Settings) -> str:
    answer = _asked(told, "SLACK_BOT_TOKEN", "auth.test", told.bot_token)
    granted = _scopes(answer)
    where = f"Slack takes it in {answer.get('team') or answer.get('team_id') or 'a workspace'}"
    if granted is None:
        return f"{where}, and does not say what it may do"
    if missing := [scope for scope in SCOPES if scope not in granted]:
        raise BadSettings(
            f"SLACK_BOT_TOKEN lacks {_listed(missing)}: add what is missing under “Bot Token Scopes” on {_SCOPE_PAGE}, "
            "then reinstall the app."
        )
    return f"{where}, with every scope"


def _app_token(told: Settings) -> str:
    try:
        _asked(told, "SLACK_APP_TOKEN", "apps.connections.open", told.app_token)
    except _Refused as refusal:
        if refusal.code == "missing_scope":
            raise BadSettings(
                "SLACK_APP_TOKEN lacks connections:write: make an app-level token with that scope on the app's “Basic "
                "Information” page."
            ) from None
        raise
    return "Slack takes it, with connections:write"


def _client(told: Settings) -> str:
    """A made-up code: Slack looks at the client first, and refuses the code only when the client is right."""
    client = clients.web_client(told.api_url)
    try:
        _run(
            told,
            lambda: client.oauth_v2_access(
                client_id=told.client_id or "", client_secret=told.client_secret or "", code="doctor"
            ),
        )
    except SlackApiError as error:
        code = str(error.response.get("error"))
        if code in ("invalid_client_id", "bad_client_secret"):
            name = "SLACK_CLIENT_ID" if code == "invalid_client_id" else "SLACK_CLIENT_SECRET"
            raise BadSettings(f"Slack refuses {name} ({code}): copy it again from the app's page.") from None
        if code != "invalid_code":
            return f"Slack answers {code}, which says nothing of the client"
    return "Slack takes it" + ("; tokens come with each installation" if told.mode is Mode.OAUTH else "")


def _signing_secret(told: Settings) -> str:
    if not re.fullmatch(r"[0-9a-z]{32}", told.signing_secret or ""):
        raise BadSettings(
            "SLACK_SIGNING_SECRET does not look like Slack's, which are 32 small letters and digits: copy it from the "
            "app's “Basic Information” page, not the client secret beside it."
        )
    return "looks like Slack's; whether it is this app's shows when Slack sends the first request"


def _public_address(told: Settings) -> str:
    if told.public_url is None:
        raise BadSettings(
            "PUBLIC_URL is not set: set it to the https address where Slack reaches this bot, "
            f"and give Slack that address with {EVENTS_PATH} behind it."
        )
    if not told.public_url.startswith("https://"):
        raise BadSettings(f"PUBLIC_URL must begin with https://, as Slack calls nothing else: it is {told.public_url}.")
    ends = [EVENTS_PATH, *((INSTALL_PATH, REDIRECT_PATH) if told.mode is Mode.OAUTH else ())]
    return f"Slack and people reach {', '.join(told.public_url + end for end in ends)}"


def _pages(told: Settings) -> str:
    if told.public_url is None:
        return "closed, and answers link to publishers alone; PUBLIC_URL, an https address, would open them"
    if not told.public_url.startswith("https://"):
        raise BadSettings(f"The pages are closed: PUBLIC_URL must begin with https://, and is {told.public_url}.")
    if told.pages_url is None:
        raise BadSettings("The pages are closed: set PAGES_SECRET, with which links to them are signed in Socket Mode.")
    if any(len(secret) < _LONG for secret in told.pages_secrets):
        raise BadSettings(f"PAGES_SECRET is short: make it {_LONG} characters or more that nobody can guess.")
    opened = f"open to the workspace at {told.pages_url}{PAGES_PREFIX}/ by links from Slack"
    if not told.signs_in:
        return f"{opened}; with SLACK_CLIENT_ID and SLACK_CLIENT_SECRET people could sign in as well"
    return (
        f"{opened} and by signing in with Slack, for which {told.pages_url}{SIGNED_IN_PATH} must stand among the "
        f"“Redirect URLs” on {_SCOPE_PAGE}"
    )


def _group(group: str, told: Settings) -> str:
    client = clients.web_client(told.api_url, told.bot_token)
    try:
        answer = _run(told, lambda: client.usergroups_users_list(usergroup=group))
    except SlackApiError as error:
        raise BadSettings(
            f"ADMINS names {group}, of which Slack says {error.response.get('error')}: give a user group's id."
        ) from None
    return f"{len(answer.get('users') or ())} people"


class _Refused(BadSettings):
    """Slack refuses a token; `code` is its word for why."""

    def __init__(self, name: str, code: str) -> None:
        super().__init__(f"Slack refuses {name} ({code}): copy it again from the app's page.")
        self.code = code


def _asked(told: Settings, name: str, method: str, token: str | None) -> AsyncSlackResponse:
    client: AsyncWebClient = clients.web_client(told.api_url, token)
    try:
        return _run(told, lambda: client.api_call(method))
    except SlackApiError as error:
        raise _Refused(name, str(error.response.get("error"))) from None


def _run(told: Settings, call: Callable[[], Awaitable[AsyncSlackResponse]]) -> AsyncSlackResponse:
    """Raises SlackApiError when Slack refuses, BadSettings when it is not there."""

    async def run() -> AsyncSlackResponse:
        return await call()

    try:
        return asyncio.run(run())
    except SlackApiError:
        raise
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        raise BadSettings(
            f"Slack cannot be reached at {told.api_url} ({type(error).__name__}): check the network, then ask again."
        ) from None


def _scopes(answer: AsyncSlackResponse) -> set[str] | None:
    """What Slack says a token may do, None when it does not say."""
    named = next((value for name, value in answer.headers.items() if name.lower() == "x-oauth-scopes"), None)
    return None if named is None else {scope.strip() for scope in str(named).split(",")}


def _listed(scopes: list[str]) -> str:
    return scopes[0] if len(scopes) == 1 else f"{', '.join(scopes[:-1])} and {scopes[-1]}"

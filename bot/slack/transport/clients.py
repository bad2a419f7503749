"""Creates the clients that call Slack with their retry handlers, and reads error codes and a user's time zone.

Rule: a call that posts is retried only after a 429, because after a dropped connection the message may already be
posted. A call that only reads may be retried after any failure. An unknown time zone is never guessed.
"""

import re
from collections.abc import Awaitable
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.core.command_names import CommandNames
from bot.core.logs import get_library_logger, get_logger
from bot.queries.time_zones import is_zone

#: timeout of one call, in seconds
TIMEOUT_SECONDS = 15
#: what slack_sdk raises if it cannot read an answer, besides its own errors
_UNREADABLE = (ValueError, LookupError, RecursionError)
_READ_METHODS = ("auth.test", "apps.connections.open")
_READ_VERBS = ("info", "list", "history", "replies", "members", "getPermalink")


def make_web_client(api_url: str, token: str | None = None) -> AsyncWebClient:
    """Return a client of the Web API at `api_url`."""
    return AsyncWebClient(
        token=token,
        base_url=api_url,
        timeout=TIMEOUT_SECONDS,
        retry_handlers=make_retry_handlers(),
        logger=get_library_logger(),
    )


def rename_commands(client: AsyncWebClient, command_names: CommandNames) -> None:
    """Let `client` use the team's command names in every text it sends. Without own names, nothing changes."""
    if not command_names.own_names:
        return
    call = client.api_call

    def call_renamed(api_method: str, **arguments: Any) -> Awaitable[AsyncSlackResponse]:  # noqa: ANN401 - the SDK's
        if isinstance(arguments.get("json"), dict):
            arguments["json"] = command_names.rename_payload(arguments["json"])
        return call(api_method, **arguments)

    client.api_call = call_renamed  # type: ignore[assignment,method-assign]  # every method of the client calls it


def make_webhook_client(url: str, session: ClientSession) -> AsyncWebhookClient:
    """Return a client for one response_url. Bolt's own `respond` would retry after a dropped connection."""
    return AsyncWebhookClient(
        url,
        timeout=TIMEOUT_SECONDS,
        session=session,
        retry_handlers=[_WebhookRateLimitRetryHandler(max_retry_count=2)],
        logger=get_library_logger(),
    )


def make_retry_handlers() -> list[AsyncRetryHandler]:
    """Return new retry handlers for the Web API.

    They retry a 429 for all methods except chat.postMessage, which `channel_posts` retries itself. Dropped connections
    and server errors are retried only for methods that read. An answer that is no JSON object is an error of slack_sdk.
    """
    return [
        _UnreadableAnswerHandler(),
        _RateLimitRetryHandler(max_retry_count=2),
        _ReadConnectionRetryHandler(max_retry_count=2),
        _ReadServerErrorRetryHandler(max_retry_count=2),
    ]


def is_read_method(url: str) -> bool:
    """Whether the Web API method of `url` only reads."""
    method = urlsplit(url).path.rpartition("/")[2]
    return method in _READ_METHODS or method.rpartition(".")[2] in _READ_VERBS


def get_error_code(error: SlackApiError) -> str:
    """Return Slack's error code, or "no answer" if the response did not come from Slack itself."""
    response_data = error.response if isinstance(error.response, dict) else getattr(error.response, "data", None)
    return str(response_data.get("error") or "no answer") if isinstance(response_data, dict) else "no answer"


def get_error_name(error: Exception) -> str:
    """Return a name for the log: Slack's code of a refused call, or the class of any other error."""
    return get_error_code(error) if isinstance(error, SlackApiError) else type(error).__name__


def get_retry_after(error: SlackApiError) -> float:
    """Return the seconds to wait after a 429, from its Retry-After header; 1 if the header is missing."""
    headers = getattr(error.response, "headers", None) or {}
    header = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    header = header[0] if isinstance(header, list) and header else header
    return float(header) if isinstance(header, str) and re.fullmatch(r"[0-9]{1,5}", header) else 1.0


async def get_time_zone(client: AsyncWebClient, user: str) -> str | None:
    """Return the IANA name of a user's time zone, or None if unknown. Never raises. Needs the scope `users:read`."""
    try:
        profile = (await client.users_info(user=user)).get("user")
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        reason = get_error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
        get_logger().error("time zone lookup failed", error=reason)
        return None
    name = profile.get("tz") if isinstance(profile, dict) else None
    return name if isinstance(name, str) and is_zone(name) else None


async def is_deactivated(client: AsyncWebClient, user: str) -> bool:
    """Whether Slack says that a user's account is deactivated. False if it does not answer. Needs `users:read`."""
    try:
        profile = (await client.users_info(user=user)).get("user") or {}
    except Exception as error:  # noqa: BLE001  # after any error, the message is sent as usual
        get_logger().warning("user lookup failed", error=type(error).__name__)
        return False
    return bool(profile.get("deleted"))


class UnreadableAnswer(SlackClientError):
    """Something else than Slack's JSON was answered, such as the error page of a proxy."""


class _UnreadableAnswerHandler(AsyncRetryHandler):
    """Raises UnreadableAnswer for what slack_sdk fails on with an error of Python. It never retries.

    Clients copy their retry handlers, so it also works in the clients that Bolt makes.
    """

    async def _can_retry_async(
        self,
        *,
        state: RetryState,  # noqa: ARG002 - as slack_sdk calls it
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if isinstance(error, _UNREADABLE) and not isinstance(error, ClientError):
            raise UnreadableAnswer(f"not readable: {type(error).__name__}") from error
        if response is not None and error is None:
            # only an upload, which has a URL of its own, is answered with text
            is_other_data = response.data is not None and urlsplit(request.url).path.startswith("/api/")
            if is_other_data or not isinstance(response.body, dict | None):
                raise UnreadableAnswer("not a JSON object")
        return False


class _SelectiveRetryHandler(AsyncRetryHandler):
    """Restricts one of slack_sdk's retry handlers to the calls for which `_is_retryable` is true."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        can_retry = await super()._can_retry_async(state=state, request=request, response=response, error=error)
        return can_retry and self._is_retryable(request.url)

    def _is_retryable(self, url: str) -> bool:
        return is_read_method(url)


class _RateLimitRetryHandler(_SelectiveRetryHandler, AsyncRateLimitErrorRetryHandler):
    """Waits up to 99 seconds, and skips chat.postMessage: `channel_posts` retries it, because the channel must wait."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        can_retry = await super()._can_retry_async(state=state, request=request, response=response, error=error)
        return can_retry and re.fullmatch(r"[0-9]{1,2}", _get_pause(response)) is not None

    def _is_retryable(self, url: str) -> bool:
        return not url.endswith("/chat.postMessage")


class _WebhookRateLimitRetryHandler(AsyncRateLimitErrorRetryHandler):
    """Retries a 429 only after a short pause: a later answer comes sooner as an ephemeral message."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        can_retry = await super()._can_retry_async(state=state, request=request, response=response, error=error)
        return can_retry and re.fullmatch(r"[0-9]", _get_pause(response)) is not None


class _ReadConnectionRetryHandler(_SelectiveRetryHandler, AsyncConnectionErrorRetryHandler):
    pass


class _ReadServerErrorRetryHandler(_SelectiveRetryHandler, AsyncServerErrorRetryHandler):
    pass


def _get_pause(response: HttpResponse | None) -> str:
    """Return the Retry-After header, or "1" without one."""
    headers = {name.lower(): value for name, value in response.headers.items()} if response else {}
    return "".join(headers.get("retry-after") or ["1"])

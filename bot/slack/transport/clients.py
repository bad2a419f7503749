"""The clients that call Slack, and when they may call again.

Rule: a call that posts is repeated only when Slack says 429, because after a dropped connection the message may already
be in the channel. A call that only reads may be repeated after anything.

By whose clock a person lives: the time zone of their Slack profile.

Rule: what Slack does not say, or says of no zone there is, is not known; nobody's clock is guessed.
"""

import re
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
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.core.logs import get_library_logger, get_logger
from bot.queries.time_zones import is_zone

#: seconds for one call
TIMEOUT_SECONDS = 15
_READ_METHODS = ("auth.test", "apps.connections.open")
_READ_VERBS = ("info", "list", "history", "replies", "members", "getPermalink")


def make_web_client(api_url: str, token: str | None = None) -> AsyncWebClient:
    """A client of the Web API at `api_url`."""
    return AsyncWebClient(
        token=token,
        base_url=api_url,
        timeout=TIMEOUT_SECONDS,
        retry_handlers=make_retry_handlers(),
        logger=get_library_logger(),
    )


def make_webhook_client(url: str, session: ClientSession) -> AsyncWebhookClient:
    """A client that posts to one response_url. Bolt's own `respond` retries dropped connections, so it is not used."""
    return AsyncWebhookClient(
        url,
        timeout=TIMEOUT_SECONDS,
        session=session,
        retry_handlers=[_make_rate_limit_handler()],
        logger=get_library_logger(),
    )


def make_retry_handlers() -> list[AsyncRetryHandler]:
    """Fresh handlers: 429 for every method but what `posting` sends, dropped connections and server errors for reading
    ones.
    """
    return [
        _RateLimitRetryHandler(max_retry_count=2),
        _ReadConnectionRetryHandler(max_retry_count=2),
        _ReadServerErrorRetryHandler(max_retry_count=2),
    ]


def is_read_method(url: str) -> bool:
    """Whether the Web API method that `url` calls changes nothing."""
    method = urlsplit(url).path.rpartition("/")[2]
    return method in _READ_METHODS or method.rpartition(".")[2] in _READ_VERBS


def get_error_code(error: SlackApiError) -> str:
    """Slack's own code of an error; "no answer" for what came from something else on the way."""
    response_data = error.response if isinstance(error.response, dict) else getattr(error.response, "data", None)
    return str(response_data.get("error") or "no answer") if isinstance(response_data, dict) else "no answer"


def get_retry_after(error: SlackApiError) -> float:
    """The seconds that Slack asks to wait with a 429, one when it does not say."""
    headers = getattr(error.response, "headers", None) or {}
    header = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    header = header[0] if isinstance(header, list) and header else header
    return float(header) if isinstance(header, str) and re.fullmatch(r"[0-9]{1,5}", header) else 1.0


def _make_rate_limit_handler() -> AsyncRetryHandler:
    return AsyncRateLimitErrorRetryHandler(max_retry_count=2)


class _SelectiveRetryHandler(AsyncRetryHandler):
    """In front of one of slack_sdk's handlers: calls that `_may` be made again, and no others."""

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
    """Leaves messages to `posting`, which holds up the whole channel."""

    def _is_retryable(self, url: str) -> bool:
        return not url.endswith("/chat.postMessage")


class _ReadConnectionRetryHandler(_SelectiveRetryHandler, AsyncConnectionErrorRetryHandler):
    pass


class _ReadServerErrorRetryHandler(_SelectiveRetryHandler, AsyncServerErrorRetryHandler):
    pass


async def get_time_zone(client: AsyncWebClient, user: str) -> str | None:
    """The IANA name of the zone of `user`, None when it is not known. Never raises. Needs `users:read`."""
    try:
        profile = (await client.users_info(user=user)).get("user") or {}
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        reason = get_error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
        get_logger().error("zone not known", error=reason)
        return None
    name = profile.get("tz")
    return name if isinstance(name, str) and is_zone(name) else None

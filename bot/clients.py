"""The clients that call Slack, and when they may call again.

Rule: a call that posts is repeated only when Slack says 429, because after a dropped connection the message may already
be in the channel. A call that only reads may be repeated after anything.
"""

import re
from urllib.parse import urlsplit

from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
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

from bot.logs import library_logger

#: seconds for one call
TIMEOUT = 15
_READS = ("auth.test", "apps.connections.open")
_READING_VERBS = ("info", "list", "history", "replies", "members", "getPermalink")


def web_client(api_url: str, token: str | None = None) -> AsyncWebClient:
    """A client of the Web API at `api_url`."""
    return AsyncWebClient(
        token=token, base_url=api_url, timeout=TIMEOUT, retry_handlers=retries(), logger=library_logger()
    )


def webhook_client(url: str, session: ClientSession) -> AsyncWebhookClient:
    """A client that posts to one response_url. Bolt's own `respond` retries dropped connections, so it is not used."""
    return AsyncWebhookClient(
        url, timeout=TIMEOUT, session=session, retry_handlers=[_rate_limited()], logger=library_logger()
    )


def retries() -> list[AsyncRetryHandler]:
    """Fresh handlers: 429 for every method but what `posting` sends, dropped connections and server errors for reading
    ones.
    """
    return [_Limited(max_retry_count=2), _ReadDropped(max_retry_count=2), _ReadFailed(max_retry_count=2)]


def is_read(url: str) -> bool:
    """Whether the Web API method that `url` calls changes nothing."""
    method = urlsplit(url).path.rpartition("/")[2]
    return method in _READS or method.rpartition(".")[2] in _READING_VERBS


def error_code(error: SlackApiError) -> str:
    """Slack's own code of an error; "no answer" for what came from something else on the way."""
    told = error.response if isinstance(error.response, dict) else getattr(error.response, "data", None)
    return str(told.get("error") or "no answer") if isinstance(told, dict) else "no answer"


def retry_after(error: SlackApiError) -> float:
    """The seconds that Slack asks to wait with a 429, one when it does not say."""
    headers = getattr(error.response, "headers", None) or {}
    told = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    told = told[0] if isinstance(told, list) and told else told
    return float(told) if isinstance(told, str) and re.fullmatch(r"[0-9]{1,5}", told) else 1.0


def _rate_limited() -> AsyncRetryHandler:
    return AsyncRateLimitErrorRetryHandler(max_retry_count=2)


class _Chosen(AsyncRetryHandler):
    """In front of one of slack_sdk's handlers: calls that `_may` be made again, and no others."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        again = await super()._can_retry_async(state=state, request=request, response=response, error=error)
        return again and self._may(request.url)

    def _may(self, url: str) -> bool:
        return is_read(url)


class _Limited(_Chosen, AsyncRateLimitErrorRetryHandler):
    """Leaves messages to `posting`, which holds up the whole channel."""

    def _may(self, url: str) -> bool:
        return not url.endswith("/chat.postMessage")


class _ReadDropped(_Chosen, AsyncConnectionErrorRetryHandler):
    pass


class _ReadFailed(_Chosen, AsyncServerErrorRetryHandler):
    pass

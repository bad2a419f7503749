"""Verifies Slack's signature of HTTP requests, and reads the team of a request.

Rule: no part of a request is parsed before its signature is verified, and no body is read before its headers look like
Slack's. Bolt parses first, and answers 500 to a timestamp that is not a number, a non-ASCII signature or broken JSON.
So Slack's own verifier runs here, and Bolt gets only verified requests. A team id is the organisation's if a whole
Enterprise Grid organisation installed the bot, else the workspace's.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import Clock, SignatureVerifier

from bot.core import slack_limits
from bot.slack.transport.request_body import BodyReader

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
#: Slack's two types, and what clients send that do not name one
_CONTENT_TYPES = ("application/x-www-form-urlencoded", "application/json", "application/octet-stream", "text/plain")


class RequestVerifier:
    """Accepts requests that Slack signed with `signing_secret` within five minutes of `now` (seconds since 1970)."""

    def __init__(self, signing_secret: str, now: Callable[[], float], body_reader: BodyReader | None = None) -> None:
        self._verifier = SignatureVerifier(signing_secret, _InjectedClock(now))
        self._now = now
        self._body_reader = body_reader or BodyReader()

    def check_headers(self, request: web.Request) -> tuple[str, str]:
        """Return timestamp and signature. Raises aiohttp's 401, 413 or 415 if the headers can't be Slack's.

        Nothing of the body is read.
        """
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not (_TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature)):
            raise web.HTTPUnauthorized(text="invalid Slack signature")
        if abs(self._now() - int(timestamp)) > slack_limits.SIGNATURE_SECONDS:
            raise web.HTTPUnauthorized(text="invalid Slack signature")
        is_compressed = request.headers.get("Content-Encoding", "identity").lower() != "identity"
        if is_compressed or request.content_type not in _CONTENT_TYPES:
            raise web.HTTPUnsupportedMediaType(text="send a form or JSON, not compressed")
        self._body_reader.check_length(request)
        return timestamp, signature

    async def verify(self, request: web.Request) -> AsyncBoltRequest:
        """Return the request for Bolt. Raises aiohttp's 400, 401, 408, 413, 415 or 503 for one that is not valid."""
        timestamp, signature = self.check_headers(request)
        try:
            body = (await self._body_reader.read(request)).decode("utf-8")
        except UnicodeDecodeError:
            raise web.HTTPBadRequest(text="body is not UTF-8") from None
        if not self._verifier.is_valid(body, timestamp, signature):
            raise web.HTTPUnauthorized(text="invalid Slack signature")
        try:
            return AsyncBoltRequest(
                body=_prepare_body(body), query=request.query_string, headers=dict(request.headers.items())
            )
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError):  # neither a form nor a JSON object
            raise web.HTTPBadRequest(text="body is not a Slack request") from None


class _InjectedClock(Clock):
    """Gives Slack's verifier a clock that tests can set."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now  # type: ignore[method-assign]  # the verifier only ever calls clock.now()


def get_team_id(context: AsyncBoltContext) -> str:
    """Return the team id of a request, or "" if Slack sends none."""
    enterprise, team = context.enterprise_id, context.team_id
    return (enterprise if context.is_enterprise_install else team) or team or enterprise or ""


def is_visible_outside(context: AsyncBoltContext, body: Mapping[str, Any]) -> bool:
    """Whether people of another organisation can see the answer to a request, as far as Slack's data shows.

    Events say if their channel is shared with another organisation. For buttons and menus, the user's team is compared.
    In an organisation-wide installation, users belong to any of its workspaces: see `is_maybe_visible_outside`.
    """
    is_external = _is_of_other_team(context, body) and not context.is_enterprise_install
    return body.get("is_ext_shared_channel") is True or is_external


def is_maybe_visible_outside(context: AsyncBoltContext, body: Mapping[str, Any]) -> bool:
    """Whether the answer goes to someone of a workspace that may be one of the organisation's own, or another's."""
    return bool(context.is_enterprise_install) and _is_of_other_team(context, body)


def _is_of_other_team(context: AsyncBoltContext, body: Mapping[str, Any]) -> bool:
    user = body.get("user")
    user_team_id = user.get("team_id") if isinstance(user, Mapping) else None
    return user_team_id is not None and user_team_id not in (context.team_id, context.enterprise_id)


def _prepare_body(body: str) -> str:
    """Encode "payload" in a form whose text contains it: Bolt would mistake the form for an interaction."""
    is_form = not body.startswith(("{", "["))
    if is_form and "payload" in body and not re.search(r"(^|&)payload=", body):
        return body.replace("payload", "%70ayload")
    return body

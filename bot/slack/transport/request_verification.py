"""The door for Slack's signed requests: what is malformed, too large, stale or not signed by Slack ends here.

Rule: nothing of a request is parsed before its signature was checked. Bolt parses first and answers 500 to anybody who
sends a timestamp that is no number, a non-ASCII signature or broken JSON; so the check is made here, with Slack's own
verifier, and Bolt sees only what passed.

Under which id the bot keeps what belongs to a workspace.

Rule: the organisation's where all of an Enterprise Grid organisation has installed the bot, the workspace's otherwise.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import Clock, SignatureVerifier

from bot.core import slack_limits

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


class RequestVerifier:
    """Admits requests that Slack signed with `signing_secret` within five minutes of `now` (seconds since 1970)."""

    def __init__(self, signing_secret: str, now: Callable[[], float]) -> None:
        self._verifier = SignatureVerifier(signing_secret, _InjectedClock(now))

    async def verify(self, request: web.Request) -> AsyncBoltRequest:
        """The request for Bolt. Raises aiohttp's 400, 401 or 413 for one that is refused."""
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not (_TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature)):
            raise web.HTTPUnauthorized(text="not signed by Slack")
        if (request.content_length or 0) > slack_limits.REQUEST_BYTES:
            raise web.HTTPRequestEntityTooLarge(slack_limits.REQUEST_BYTES, request.content_length or 0)
        try:
            body = (await request.read()).decode("utf-8")
        except UnicodeDecodeError:
            raise web.HTTPBadRequest(text="not UTF-8") from None
        if not self._verifier.is_valid(body, timestamp, signature):
            raise web.HTTPUnauthorized(text="not signed by Slack")
        try:
            return AsyncBoltRequest(
                body=_prepare_body(body), query=request.query_string, headers=dict(request.headers.items())
            )
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError):  # no form, no JSON, JSON of no object
            raise web.HTTPBadRequest(text="not a request of Slack's") from None


class _InjectedClock(Clock):
    """Slack's verifier with the clock that was passed in."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now  # type: ignore[method-assign]  # the verifier only ever calls clock.now()


def _prepare_body(body: str) -> str:
    """`body` as Bolt reads it right: a form in which the word "payload" was typed would be taken for an interaction."""
    is_form = not body.startswith(("{", "["))
    if is_form and "payload" in body and not re.search(r"(^|&)payload=", body):
        return body.replace("payload", "%70ayload")
    return body


def get_team_id(context: AsyncBoltContext) -> str:
    """The id of the team that a request comes from; empty when Slack names none."""
    enterprise, team = context.enterprise_id, context.team_id
    return (enterprise if context.is_enterprise_install else team) or team or enterprise or ""


def is_visible_outside(context: AsyncBoltContext, body: Mapping[str, Any]) -> bool:
    """Whether people of another organisation see what a request is answered with, as far as Slack tells.

    Events say whether their channel is shared with one. Of a button or a menu Slack tells whose person used it; where a
    whole organisation has installed the bot, that may be any of its workspaces.
    """
    user = body.get("user")
    user_team_id = user.get("team_id") if isinstance(user, Mapping) else None
    is_external = user_team_id is not None and user_team_id not in (context.team_id, context.enterprise_id)
    return body.get("is_ext_shared_channel") is True or (is_external and not context.is_enterprise_install)

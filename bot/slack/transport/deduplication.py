"""Bolt middleware that handles each request once and limits the rate of questions per user.

Rule: a command, action or event takes effect once, even if it arrives repeatedly, over HTTP and the socket, or at
several replicas. A user over the limit gets a message with the seconds to wait.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackClientError

from bot.core.logs import get_logger
from bot.slack.transport.message_events import get_mention_key, is_edited, parse_message_event
from bot.slack.transport.request_gate import RequestGate
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import ResponseUrlClient, get_requester
from bot.slack.views import notices
from bot.storage.request_log import GateDecision, PersonKey, Request


def make_middleware(
    gate: RequestGate, response_url_client: ResponseUrlClient
) -> Callable[..., Awaitable[BoltResponse | None]]:
    """Return the middleware. It answers a repeated request with an empty 200; Slack retries after anything else."""

    async def deduplicate(req: AsyncBoltRequest, next_: Callable[[], Awaitable[Any]]) -> BoltResponse | None:
        key = get_request_key(req)
        if key is not None:
            decision = await _admit(gate, req, key)
            if decision.is_new and decision.wait_seconds:
                await _send_rate_limit_notice(req, response_url_client, decision.wait_seconds)
            if not decision.is_new or decision.wait_seconds:
                return BoltResponse(status=200, body="")
        await next_()
        return None

    return deduplicate


async def _admit(gate: RequestGate, req: AsyncBoltRequest, key: str) -> GateDecision:
    """Decide on a request. A mention also claims its message, so that an edit of it is not a second question."""
    request = Request(key, get_rate_limit_key(req))
    mention_key = get_mention_key(req.body)
    if mention_key is None:
        return await gate.admit(request)
    claim = Request(f"mention:{get_team_id(req.context)}:{mention_key}")
    # both in one transaction
    decision, claim_decision = await asyncio.gather(gate.admit(request), gate.admit(claim))
    is_repeated = is_edited(req.body) and not claim_decision.is_new
    return GateDecision(is_new=False) if is_repeated else decision


def get_request_key(req: AsyncBoltRequest) -> str | None:
    """Return the key by which a repeated request is recognised.

    It is None for Slack's URL verification and for the options of a select, which can be asked for again.
    """
    body = req.body
    if body.get("type") in ("url_verification", "block_suggestion"):
        return None
    for name in ("trigger_id", "event_id"):
        if isinstance(body.get(name), str) and body[name]:
            return f"{name}:{body[name]}"
    signature = req.headers.get("x-slack-signature")
    return f"signature:{signature[0]}" if signature else None


def get_rate_limit_key(req: AsyncBoltRequest) -> PersonKey | None:
    """Return the team and user to charge for a question; None for other requests, or if either is unknown."""
    is_question = bool(parse_message_event(req.body) if "event" in req.body else _get_response_url(req))
    person, team = req.context.user_id, get_team_id(req.context)
    return (team, person) if is_question and person and team else None


async def _send_rate_limit_notice(req: AsyncBoltRequest, response_url_client: ResponseUrlClient, seconds: int) -> None:
    """Tell the user privately how long to wait, through the response_url or in the channel of the event."""
    message = notices.build_rate_limit_notice(seconds)
    get_logger().info("question rate limited", wait=seconds)
    if _get_response_url(req):
        await response_url_client.deliver(get_requester(req.body, req.context.client), message)
        return
    event = req.body["event"]
    try:
        await req.context.client.chat_postEphemeral(
            channel=str(event.get("channel")),
            user=str(req.context.user_id),
            thread_ts=event.get("thread_ts"),
            **message.content,
        )
    except (SlackClientError, OSError) as error:
        get_logger().error("answer delivery failed", error=type(error).__name__)


def _get_response_url(req: AsyncBoltRequest) -> str | None:
    url = req.body.get("response_url")
    return url if isinstance(url, str) and url else None

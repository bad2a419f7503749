"""Lets each request through once, and each person so often a minute.

Rule: one effect for one command, action or event, whichever door (HTTP or socket) and whichever replica it comes
through, and however often. Who asks too much gets a kind word with the seconds to wait.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackClientError

from bot.blocks import notices
from bot.courier import Asker, Courier
from bot.heard import heard
from bot.logs import logger
from bot.store.admission import Came, Person
from bot.store.gate import Gate
from bot.teams import team_of


def middleware(gate: Gate, courier: Courier) -> Callable[..., Awaitable[BoltResponse | None]]:
    """Bolt middleware that answers a repeated request with an empty 200, because Slack would retry anything else."""

    async def once(req: AsyncBoltRequest, next_: Callable[[], Awaitable[Any]]) -> BoltResponse | None:
        key = key_of(req)
        if key is not None:
            verdict = await gate.admit(Came(key, who_pays(req)))
            if verdict.new and verdict.wait:
                await _slow_down(req, courier, verdict.wait)
            if not verdict.new or verdict.wait:
                return BoltResponse(status=200, body="")
        await next_()
        return None

    return once


def key_of(req: AsyncBoltRequest) -> str | None:
    """What makes a request the same as another, None for one that may be repeated (Slack verifying the address)."""
    body = req.body
    if body.get("type") == "url_verification":
        return None
    for name in ("trigger_id", "event_id"):
        if isinstance(body.get(name), str) and body[name]:
            return f"{name}:{body[name]}"
    signature = req.headers.get("x-slack-signature")
    return f"signature:{signature[0]}" if signature else None


def who_pays(req: AsyncBoltRequest) -> Person | None:
    """The team and person whose question this is; None when it asks nothing, or nobody could be told to wait."""
    asks = bool(heard(req.body) if "event" in req.body else _response_url(req))
    person, team = req.context.user_id, team_of(req.context)
    return (team, person) if asks and person and team else None


async def _slow_down(req: AsyncBoltRequest, courier: Courier, seconds: int) -> None:
    """For the asker's eyes alone, by the way the question came."""
    message = notices.too_often(seconds)
    logger().info("asked too often", wait=seconds)
    if response_url := _response_url(req):
        await courier.deliver(Asker(response_url), message)
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
        logger().error("answer not delivered", error=type(error).__name__)


def _response_url(req: AsyncBoltRequest) -> str | None:
    url = req.body.get("response_url")
    return url if isinstance(url, str) and url else None

"""Remembers what was handled, so that a request that comes again has no second effect.

Rule: one effect for one command, action or event, whichever door (HTTP or socket) it comes through and however often.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import limits


class Handled(Protocol):
    """A memory of what was handled. A database behind it serves several replicas."""

    async def claim(self, key: str) -> bool:
        """Whether `key` is new; from then on it is not, for `limits.REMEMBER_SECONDS`."""
        ...


class HandledHere:
    """The memory of one process: at most `most` keys, the oldest forgotten first. `now` is in seconds."""

    def __init__(self, now: Callable[[], float], most: int = 100_000) -> None:
        self._now = now
        self._most = most
        self._until: OrderedDict[str, float] = OrderedDict()

    async def claim(self, key: str) -> bool:
        """Whether `key` is new."""
        now = self._now()
        while self._until and (next(iter(self._until.values())) <= now or len(self._until) > self._most):
            self._until.popitem(last=False)
        if key in self._until:
            return False
        self._until[key] = now + limits.REMEMBER_SECONDS
        return True


def middleware(handled: Handled) -> Callable[..., Awaitable[BoltResponse | None]]:
    """Bolt middleware that answers a repeated request with an empty 200, because Slack would retry anything else."""

    async def once(req: AsyncBoltRequest, next_: Callable[[], Awaitable[Any]]) -> BoltResponse | None:
        key = key_of(req)
        if key is None or await handled.claim(key):
            await next_()
            return None
        return BoltResponse(status=200, body="")

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

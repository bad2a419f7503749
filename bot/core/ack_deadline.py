"""The time by which the request that is handled must be acknowledged.

Rule: commands, buttons, shortcuts and events are acknowledged first. A submitted form and the options of a menu are
answered in their acknowledgement, so their work ends before Slack stops waiting, however long the request has waited.
"""

import asyncio
from contextvars import ContextVar

from bot.core import slack_limits

#: seconds that the answer needs on its way to Slack
_MARGIN_SECONDS = 0.6
_deadline: ContextVar[float | None] = ContextVar("ack_deadline", default=None)


def start_ack_deadline() -> None:
    """Note that a request arrived which is answered in its acknowledgement, for the rest of the current task."""
    _deadline.set(_compute_deadline())


def limit_to_ack() -> asyncio.Timeout:
    """Return a context manager that ends its block with TimeoutError shortly before Slack stops waiting."""
    return asyncio.timeout_at(_deadline.get() or _compute_deadline())


def _compute_deadline() -> float:
    return asyncio.get_running_loop().time() + slack_limits.ACK_SECONDS - _MARGIN_SECONDS

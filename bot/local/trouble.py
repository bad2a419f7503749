"""What can be made to go wrong, once, with the next message that the bot posts: to see what it then says and does.

Rule: each trouble is one that Slack is known to make, in Slack's own words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.local.faults import Fault, Json
from bot.local.webapi import refused

#: the methods by which the bot posts
_POSTS: Final = ("chat.postMessage", "chat.postEphemeral")


@dataclass(frozen=True, slots=True)
class Trouble:
    """How it is called on the page, Slack's code and status, and whether the message is taken all the same."""

    label: str
    error: str
    status: int = 200
    taken: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


TROUBLES: Final = {
    "busy": Trouble("Too many messages: 429, try again in a second", "ratelimited", 429, headers={"Retry-After": "1"}),
    "refused": Trouble("Refused: restricted_action", "restricted_action"),
    "failed": Trouble("Slack's own error, the message is lost: internal_error", "internal_error"),
    "dropped": Trouble(
        "Slack's own error, the message is taken all the same: internal_error", "internal_error", taken=True
    ),
}


def met(name: str, method: str) -> Trouble | None:
    """The trouble of that name, if a call of `method` meets it."""
    return TROUBLES.get(name) if method in _POSTS else None


def answered(trouble: Trouble, take: Callable[[], Json]) -> Json:
    """What Slack then answers; `take` takes the message, where it is taken."""
    if trouble.taken:
        take()
    return refused(Fault(trouble.error))

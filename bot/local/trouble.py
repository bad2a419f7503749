"""What can be made to go wrong, once, with the next message that the bot posts: to see what it then says and does.

Rule: each trouble is one that Slack is known to make, in Slack's own words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.local.faults import ErrorDetails, Json
from bot.local.webapi import build_error

#: the methods by which the bot posts
_POST_METHODS: Final = ("chat.postMessage", "chat.postEphemeral")


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """How it is called on the page, Slack's code and status, and whether the message is taken all the same."""

    label: str
    error: str
    status: int = 200
    is_accepted: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


INJECTED_FAULTS: Final = {
    "busy": InjectedFault(
        "Too many messages: 429, try again in a second", "ratelimited", 429, headers={"Retry-After": "1"}
    ),
    "refused": InjectedFault("Refused: restricted_action", "restricted_action"),
    "failed": InjectedFault("Slack's own error, the message is lost: internal_error", "internal_error"),
    "dropped": InjectedFault(
        "Slack's own error, the message is taken all the same: internal_error", "internal_error", is_accepted=True
    ),
}


def find_injected_fault(name: str, method: str) -> InjectedFault | None:
    """The trouble of that name, if a call of `method` meets it."""
    return INJECTED_FAULTS.get(name) if method in _POST_METHODS else None


def answer_with_fault(injected_fault: InjectedFault, accept: Callable[[], Json]) -> Json:
    """What Slack then answers; `take` takes the message, where it is taken."""
    if injected_fault.is_accepted:
        accept()
    return build_error(ErrorDetails(injected_fault.error))

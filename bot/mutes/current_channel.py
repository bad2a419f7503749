"""Knows the channel of the request that is being handled, whose muted sources apply to its answer.

Rule: Bolt's middleware sets it once for each request, before any listener runs. What the channel mutes is read once,
when it is first needed. App Home, web pages and the terminal have no channel, so they show every source.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext

from bot.answers.left_out import LeftOut
from bot.slack.transport.request_verification import get_team_id

_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{1,30}")


@dataclass(slots=True)
class CurrentChannel:
    """The channel of a request, which its tasks share. `left_out` is None until it was read."""

    team: str
    channel: str
    left_out: LeftOut | None = None


_CURRENT: ContextVar[CurrentChannel | None] = ContextVar("current_channel", default=None)


def get_current_channel() -> CurrentChannel | None:
    """Return the channel of the request, or None outside a channel."""
    return _CURRENT.get()


def get_channel_id() -> str:
    """Return the id of the request's channel, or "" outside a channel."""
    current = _CURRENT.get()
    return current.channel if current else ""


@contextmanager
def use_channel(team: str, channel: str) -> Iterator[None]:
    """Leave out what this channel mutes in the work within the block; nothing for "" as the channel."""
    token = _CURRENT.set(_build(team, channel))
    try:
        yield
    finally:
        _CURRENT.reset(token)


def make_middleware() -> Callable[..., Awaitable[None]]:
    """Return the Bolt middleware that notes the channel of each request."""

    async def note_channel(
        body: dict[str, Any], context: AsyncBoltContext, next_: Callable[[], Awaitable[Any]]
    ) -> None:
        _CURRENT.set(_build(get_team_id(context), "" if _is_home_event(body) else find_channel(body)))
        await next_()

    return note_channel


def _build(team: str, channel: str) -> CurrentChannel | None:
    return CurrentChannel(team, channel) if team and channel else None


def _is_home_event(body: Mapping[str, Any]) -> bool:
    """Whether a user opens App Home, whose event names their direct messages."""
    event = body.get("event")
    return isinstance(event, Mapping) and event.get("type") == "app_home_opened" and event.get("tab") == "home"


def find_channel(body: Mapping[str, Any]) -> str:
    """Return the channel of a command, press, shortcut, form or event, or "" for none."""
    event = body.get("event")
    for holder in (body, event if isinstance(event, Mapping) else {}, body.get("container") or {}):
        for name in ("channel_id", "channel"):
            value = holder.get(name) if isinstance(holder, Mapping) else None
            value = value.get("id") if isinstance(value, Mapping) else value
            if isinstance(value, str) and _CHANNEL_ID.fullmatch(value):
                return value
    view = body.get("view")
    return _read_metadata(view.get("private_metadata")) if isinstance(view, Mapping) else ""


def _read_metadata(metadata: object) -> str:
    """Return the channel in a form's metadata: its first word, or the field "channel" of JSON."""
    if not isinstance(metadata, str):
        return ""
    if _CHANNEL_ID.fullmatch(first_word := metadata.partition(" ")[0]):
        return first_word
    try:
        fields = json.loads(metadata)
    except (ValueError, RecursionError):
        return ""
    channel = fields.get("channel") if isinstance(fields, dict) else None
    return channel if isinstance(channel, str) and _CHANNEL_ID.fullmatch(channel) else ""

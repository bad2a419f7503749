"""Knows who sent the request that is being handled, and in which channel the request proves them to be.

Rule: only Slack's own fields count. A channel in the value of a button or in the metadata of a form proves nothing,
because a copied message or a form that stays open is used from elsewhere. A message that everyone sees in a public
channel proves nothing either, because people can read it before they join.
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.transport.request_verification import get_team_id

_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{1,30}")
#: Slack's names of channels that only their members can see
_CLOSED_NAMES = ("directmessage", "privategroup")
_EVENTS = ("app_mention", "message")


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who wants to do something. `client` belongs to their workspace, `team` and `user` are Slack's ids."""

    team: str
    user: str
    client: AsyncWebClient | None = None
    #: the channel in which the request proves them to be, "" for none
    channel: str = ""
    #: the channel in which our form was opened that they submit, "" for none. It proves only direct messages
    opened_in: str = ""
    #: whether the request says that they belong to another workspace
    is_external: bool = False
    #: whether the request names a workspace that may be outside the organisation, so that Slack must be asked
    may_be_external: bool = False
    #: whether they use the terminal of the server
    is_operator: bool = False


OPERATOR = Actor("", "terminal", is_operator=True)
_CURRENT: ContextVar[Actor | None] = ContextVar("current_actor", default=None)


def get_actor(team: str, user: str, client: AsyncWebClient | None = None) -> Actor:
    """Return the sender of the current request, if it is this person; else this person, in no channel.

    If the request came from outside, whomever it names is from outside, too.
    """
    current = _CURRENT.get()
    if current and (current.team, current.user) == (team, user):
        return current if client is None else replace(current, client=client)
    is_external = current is not None and current.team == team and (current.is_external or current.may_be_external)
    return Actor(team, user, client, is_external=is_external)


@contextmanager
def use_actor(actor: Actor) -> Iterator[None]:
    """Make `actor` the sender of the current request in the work within the block."""
    token = _CURRENT.set(actor)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def make_middleware() -> Callable[..., Awaitable[None]]:
    """Return the Bolt middleware that notes the sender of each request."""

    async def note_actor(
        body: dict[str, Any],
        client: AsyncWebClient,
        context: AsyncBoltContext,
        next_: Callable[[], Awaitable[Any]],
    ) -> None:
        _CURRENT.set(
            Actor(
                get_team_id(context),
                str(context.user_id or ""),
                client,
                find_place(body),
                _find_form_channel(body),
                is_from_outside(body, context),
                is_maybe_from_outside(body, context),
            )
        )
        await next_()

    return note_actor


def find_place(body: Mapping[str, Any]) -> str:
    """Return the channel in which a request proves its sender to be, or "" for none."""
    event = body.get("event")
    if isinstance(event, Mapping):
        return _read_channel(event.get("channel")) if event.get("type") in _EVENTS else ""
    if isinstance(body.get("command"), str):
        return _read_channel(body.get("channel_id"))
    if body.get("type") == "message_action":
        return _read_channel(body.get("channel"))
    channel, container = _read_channel(body.get("channel")), body.get("container")
    if body.get("type") != "block_actions" or body.get("view") or not isinstance(container, Mapping):
        return ""
    channel_field = body.get("channel")
    name = channel_field.get("name") if isinstance(channel_field, Mapping) else None
    is_closed = channel.startswith("D") or name in _CLOSED_NAMES or container.get("is_ephemeral") is True
    return channel if is_closed else ""


def is_from_outside(body: Mapping[str, Any], context: AsyncBoltContext) -> bool:
    """Whether a request says that its sender belongs to another workspace, in a channel that both share.

    People of an organisation that installed the app as a whole belong to any of its workspaces.
    """
    return not context.is_enterprise_install and _names_other_team(body, context)


def is_maybe_from_outside(body: Mapping[str, Any], context: AsyncBoltContext) -> bool:
    """Whether a request to an organisation's app names a workspace that may be one of its own, or another's."""
    return bool(context.is_enterprise_install) and _names_other_team(body, context)


def _names_other_team(body: Mapping[str, Any], context: AsyncBoltContext) -> bool:
    event, user = body.get("event"), body.get("user")
    teams: list[object] = [user.get("team_id")] if isinstance(user, Mapping) else []
    if isinstance(event, Mapping):
        teams = [event.get("user_team"), event.get("source_team")]
        teams += [event.get("team")] if body.get("is_ext_shared_channel") is True else []
    own_teams = (None, "", context.team_id, context.enterprise_id)
    return any(team not in own_teams for team in teams)


def _find_form_channel(body: Mapping[str, Any]) -> str:
    """Return the channel in the metadata of a submitted form: its first word, or its field "channel"."""
    view = body.get("view")
    metadata = view.get("private_metadata") if body.get("type") == "view_submission" and isinstance(view, dict) else ""
    match = re.match(r'(?:\{.*"channel": ?")?([CDG][A-Z0-9]{1,30})(?:["\s]|$)', str(metadata or ""))
    return match[1] if match else ""


def _read_channel(value: object) -> str:
    value = value.get("id") if isinstance(value, Mapping) else value
    return value if isinstance(value, str) and _CHANNEL_ID.fullmatch(value) else ""

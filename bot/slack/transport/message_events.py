"""Parses message events: who wrote what to the bot, and where. Pure.

Rule: only messages that a person wrote count, and each counts once. Messages of bots, apps and of this bot, edits,
joins and other events in the form of a message are ignored. A mention that an edit added is a mention.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.queries.slack_text import read_slack_text
from bot.slack.transport.message_text import read_message

#: subtypes of messages written by people
_MESSAGE_SUBTYPES = (None, "file_share", "thread_broadcast")
#: fields that only messages of bots and apps have, and the mark of messages that Slack does not show
_BOT_FIELDS = ("bot_id", "app_id", "bot_profile", "hidden")
_CHANNEL_ID = re.compile(r"[A-Z][A-Z0-9]{1,30}")
_TIMESTAMP = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?")
_USER_ID = re.compile(r"[UW][A-Z0-9]{1,30}")


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A message to the bot. `thread` is the ts of the thread to answer in: the message's own outside a thread."""

    channel: str
    user: str
    ts: str
    thread: str
    text: str
    #: whether the mention may have been added by an edit
    is_edited: bool = False

    @property
    def key(self) -> str:
        """Return the id of the message."""
        return f"{self.channel} {self.ts}"

    @property
    def is_reply(self) -> bool:
        """Whether the message was written in a thread."""
        return self.thread != self.ts

    @property
    def is_direct(self) -> bool:
        """Whether it is a direct message to the bot."""
        return self.channel.startswith("D")


def parse_message_event(body: Mapping[str, Any]) -> IncomingMessage | None:
    """Return the message of a mention or a direct message, or None for any other event."""
    event = body.get("event")
    if not isinstance(event, dict) or not _is_user_message(event):
        return None
    channel, user, ts, text = (event.get(name) for name in ("channel", "user", "ts", "text"))
    if not (isinstance(channel, str) and isinstance(user, str) and isinstance(ts, str) and isinstance(text, str)):
        return None
    if not _USER_ID.fullmatch(user) or user == "USLACKBOT" or user in _get_bot_user_ids(body):
        return None
    thread = str(event.get("thread_ts") or ts)
    if not (_CHANNEL_ID.fullmatch(channel) and _TIMESTAMP.fullmatch(ts) and _TIMESTAMP.fullmatch(thread)):
        return None
    question = read_slack_text(text) or read_message(event).whole
    return IncomingMessage(channel, user, ts, thread, question, bool(event.get("edited")))


def is_edited(body: Mapping[str, Any]) -> bool:
    """Whether the event repeats a message after an edit."""
    event = body.get("event")
    return isinstance(event, dict) and bool(event.get("edited"))


def get_mention_key(body: Mapping[str, Any]) -> str | None:
    """Return a key for a mention that is the same when an edit repeats it, or None for anything else."""
    event = body.get("event")
    if not isinstance(event, dict) or event.get("type") != "app_mention":
        return None
    channel, ts = event.get("channel"), event.get("ts")
    is_valid = isinstance(channel, str) and isinstance(ts, str) and _CHANNEL_ID.fullmatch(channel)
    return f"{channel}:{ts}" if is_valid and _TIMESTAMP.fullmatch(str(ts)) else None


def _is_user_message(event: Mapping[str, Any]) -> bool:
    kind = event.get("type")
    if kind != "app_mention" and not (kind == "message" and event.get("channel_type") == "im"):
        return False
    is_repeated = bool(event.get("edited")) and kind != "app_mention"
    return (
        event.get("subtype") in _MESSAGE_SUBTYPES
        and not is_repeated
        and not any(event.get(name) for name in _BOT_FIELDS)
    )


def _get_bot_user_ids(body: Mapping[str, Any]) -> set[str]:
    """Return the bot's own user ids, as far as the event lists them."""
    raw_authorizations = body.get("authorizations")
    authorizations = (
        [authorization for authorization in raw_authorizations if isinstance(authorization, dict)]
        if isinstance(raw_authorizations, list)
        else []
    )
    return {str(authorization.get("user_id")) for authorization in authorizations if authorization.get("is_bot")}

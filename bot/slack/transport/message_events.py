"""Parses message events: who wrote what to the bot, and where. Pure.

Rule: only messages that a person wrote count, and each counts once. Messages of bots and of this bot, edits, joins
and other events in the form of a message are ignored.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.queries.slack_text import read_slack_text

#: subtypes of messages written by people
_MESSAGE_SUBTYPES = (None, "file_share", "thread_broadcast")
_USER_ID = re.compile(r"[UW][A-Z0-9]{1,30}")
_REFERENCE = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")
_STYLED_TEXT = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)([^\n]*?\S)\1(?![\w*_~`])")
_QUOTED_LINE = re.compile(r"(?m)^>{1,3} ?")


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A message to the bot. `thread` is the ts of the thread to answer in ("" for none); `key` is the message's id."""

    channel: str
    user: str
    thread: str
    text: str
    key: str


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
    is_mention = event["type"] == "app_mention"
    thread = event.get("thread_ts") or (ts if is_mention else "")
    return IncomingMessage(channel, user, str(thread), read_slack_text(text), f"{channel} {ts}")


def extract_text(text: str) -> str:
    """Return the text as people see it: links become labels; mentions, style marks and escapes are removed."""
    plain_text = _REFERENCE.sub(_render_reference, text)
    for entity, character in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ):  # &amp; last, so that nothing is unescaped twice
        plain_text = plain_text.replace(entity, character)
    return _STYLED_TEXT.sub(r"\2", _QUOTED_LINE.sub("", plain_text)).strip()


def _is_user_message(event: Mapping[str, Any]) -> bool:
    kind = event.get("type")
    if kind != "app_mention" and not (kind == "message" and event.get("channel_type") == "im"):
        return False
    return event.get("subtype") in _MESSAGE_SUBTYPES and not any(
        event.get(name) for name in ("bot_id", "edited", "hidden")
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


def _render_reference(reference: re.Match[str]) -> str:
    kind, target, label = reference.groups()
    if kind == "@":
        return " "
    if kind == "!":
        return f" {label or ''} "
    return f"#{label or target}" if kind else label or target

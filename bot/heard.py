"""What somebody says to the bot in a message: who, where, in which words. Pure.

Rule: only what a person wrote is heard, once: never a bot, the bot itself, an edit, a join or whatever else Slack tells
in the form of a message.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: messages of people have no subtype, or one of these
_SAID = (None, "file_share", "thread_broadcast")
_PERSON = re.compile(r"[UW][A-Z0-9]{1,30}")
_REFERENCE = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")
_STYLED = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)([^\n]*?\S)\1(?![\w*_~`])")
_QUOTED_LINE = re.compile(r"(?m)^>{1,3} ?")


@dataclass(frozen=True, slots=True)
class Heard:
    """`thread` is the ts of the thread to answer in, "" for none; `key` is the same for the same message."""

    channel: str
    user: str
    thread: str
    words: str
    key: str


def heard(body: Mapping[str, Any]) -> Heard | None:
    """What a person says in an event: in a mention, or in a conversation with the bot; None for everything else."""
    event = body.get("event")
    if not isinstance(event, dict) or not _is_said(event):
        return None
    channel, user, ts, text = (event.get(name) for name in ("channel", "user", "ts", "text"))
    if not (isinstance(channel, str) and isinstance(user, str) and isinstance(ts, str) and isinstance(text, str)):
        return None
    if not _PERSON.fullmatch(user) or user == "USLACKBOT" or user in _own(body):
        return None
    mentioned = event["type"] == "app_mention"
    thread = event.get("thread_ts") or (ts if mentioned else "")
    return Heard(channel, user, str(thread), words_of(text), f"{channel} {ts}")


def words_of(text: str) -> str:
    """A message's text as its reader sees it: mentions go, links are their labels, no marks of style, no escapes."""
    shown = _REFERENCE.sub(_shown, text)
    for escaped, plain in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):  # &amp; last, so that it is undone once
        shown = shown.replace(escaped, plain)
    return _STYLED.sub(r"\2", _QUOTED_LINE.sub("", shown)).strip()


def _is_said(event: Mapping[str, Any]) -> bool:
    kind = event.get("type")
    if kind != "app_mention" and not (kind == "message" and event.get("channel_type") == "im"):
        return False
    return event.get("subtype") in _SAID and not any(event.get(name) for name in ("bot_id", "edited", "hidden"))


def _own(body: Mapping[str, Any]) -> set[str]:
    """The bot's own ids, where Slack tells them."""
    told = body.get("authorizations")
    found = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    return {str(one.get("user_id")) for one in found if one.get("is_bot")}


def _shown(reference: re.Match[str]) -> str:
    kind, target, label = reference.groups()
    if kind == "@":
        return " "
    if kind == "!":
        return f" {label or ''} "
    return f"#{label or target}" if kind else label or target

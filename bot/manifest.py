"""The manifest from which Slack creates the app: what it is called, what it may do, where it is reached.

Rule: the fewest scopes that the listeners need, and every text within Slack's limits. `commands` gives the app its
slash commands; `chat:write` lets the bot post what somebody shares.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from bot import limits
from bot.blocks.notices import Command
from briefings.errors import BadSettings

EVENTS_PATH = "/slack/events"

_NAME = "On the Record"
_DESCRIPTION = "Briefs your team from the news: every line in its source's own words, linked to its sentence."
_LONG_DESCRIPTION = (
    "Type /briefing and a topic to see where a story stands, what happened day by day, who said what and where the "
    'sources differ. Type /whosaid and some words ("lynch-mob") to find who is quoted with them. Every line is copied '
    "from an article, never reworded, and opens the sentence it comes from; what the articles do not tell is said to "
    "be missing. Answers are shown to the asker alone."
)
_COMMANDS = {
    Command.BRIEFING: ("A story from its sources, in their own words", "[topic or words | help]"),
    Command.WHOSAID: ("Who is quoted with these words", '"words" | help'),
}
_SCOPES = ("chat:write", "commands")


def manifest(url: str | None = None) -> str:
    """The manifest as JSON, for Socket Mode, or for requests to the bot at `url` (https). Raises BadSettings."""
    return json.dumps(_manifest(_request_url(url)), indent=2, ensure_ascii=False) + "\n"


def _manifest(request_url: str | None) -> dict[str, Any]:
    reached: dict[str, Any] = {"request_url": request_url} if request_url else {}
    return {
        "display_information": {
            "name": _NAME,
            "description": _DESCRIPTION,
            "long_description": _LONG_DESCRIPTION,
            "background_color": "#1f2a44",
        },
        "features": {
            "bot_user": {"display_name": _NAME, "always_online": True},
            "slash_commands": [_command(command, request_url) for command in Command],
        },
        "oauth_config": {"scopes": {"bot": list(_SCOPES)}},
        "settings": {
            "interactivity": {"is_enabled": True, **reached},
            "org_deploy_enabled": False,
            "socket_mode_enabled": request_url is None,
            "token_rotation_enabled": False,
        },
    }


def _command(command: Command, request_url: str | None) -> dict[str, Any]:
    description, hint = _COMMANDS[command]
    reached = {"url": request_url} if request_url else {}
    return {
        "command": command.value,
        **reached,
        "description": description,
        "usage_hint": hint,
        "should_escape": False,
    }


def _request_url(url: str | None) -> str | None:
    if url is None:
        return None
    try:
        parts = urlsplit(url.strip())
        sound = (
            parts.scheme == "https" and bool(parts.hostname) and not (parts.query or parts.fragment or parts.username)
        )
        sound = sound and (parts.port is None or parts.port > 0) and not any(map(str.isspace, url.strip()))
    except ValueError:
        sound = False
    if not sound or len(url) > limits.ADDRESS:
        raise BadSettings(f"{url!r} is no https address that Slack could reach: give one like https://bot.example.org.")
    return url.strip().removesuffix(EVENTS_PATH).rstrip("/") + EVENTS_PATH

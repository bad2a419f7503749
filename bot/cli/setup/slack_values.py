"""The values that connect the bot to Slack: which ones a connection needs, where each is found, and its form. Pure.

Rule: a message about a value never shows the value.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from briefings import BadSettings

_QUOTES = "\"'“”‘’`"
#: how each kind of Slack token begins, and what it is called
_TOKEN_KINDS = {
    "xoxe.xoxb-": "a bot token",
    "xoxb-": "a bot token",
    "xapp-": "an app-level token",
    "xoxp-": "a user token",
    "xoxe.xoxp-": "a user token",
    "xoxe-": "a refresh token",
}


@dataclass(frozen=True, slots=True)
class SlackValue:
    """A setting, its name for people, where it is found in Slack, and whether it is a secret."""

    setting: str
    label: str
    location: str
    is_secret: bool = True


BOT_TOKEN = SlackValue(
    "SLACK_BOT_TOKEN", "Bot token (xoxb-…)", "“OAuth & Permissions”, after you click “Install to Workspace”"
)
APP_TOKEN = SlackValue(
    "SLACK_APP_TOKEN",
    "App-level token (xapp-…)",
    "“Basic Information” › “App-Level Tokens”: generate one with the scope connections:write",
)
SIGNING_SECRET = SlackValue("SLACK_SIGNING_SECRET", "Signing secret", "“Basic Information” › “App Credentials”")
CLIENT_ID = SlackValue("SLACK_CLIENT_ID", "Client ID", "“Basic Information” › “App Credentials”", is_secret=False)
CLIENT_SECRET = SlackValue("SLACK_CLIENT_SECRET", "Client secret", "“Basic Information” › “App Credentials”")
PUBLIC_URL = SlackValue(
    "PUBLIC_URL",
    "Public URL (https://…)",
    "not from Slack: your proxy's address, which leads to the bot",
    is_secret=False,
)
#: the values of each connection, in the order in which they are asked for
NEEDED_VALUES: Mapping[str, tuple[SlackValue, ...]] = {
    "socket": (BOT_TOKEN, APP_TOKEN),
    "http": (BOT_TOKEN, SIGNING_SECRET, PUBLIC_URL),
    "many": (SIGNING_SECRET, CLIENT_ID, CLIENT_SECRET, PUBLIC_URL),
}


def clean_value(setting: str, text: str) -> str:
    """Return a pasted value without what is often copied with it: spaces, quotation marks, or "SETTING="."""
    value = text.strip()
    value = re.sub(rf"^(?:export\s+)?{setting}\s*=\s*", "", value)
    return value.strip().strip(_QUOTES).strip()


def check_value(setting: str, value: str) -> None:
    """Check the form of a value. Raises BadSettings, which says what is wrong, without the value."""
    if not re.fullmatch(r"[!-~]+", value):
        raise BadSettings(f"{setting} contains a space or another invalid character. Copy it again.")
    kind = next((kind for start, kind in _TOKEN_KINDS.items() if value.startswith(start)), None)
    match setting:
        case "SLACK_BOT_TOKEN":
            _check_token(setting, kind, "a bot token", "xoxb-")
        case "SLACK_APP_TOKEN":
            _check_token(setting, kind, "an app-level token", "xapp-")
        case "PUBLIC_URL":
            if not re.fullmatch(r"https://[^\s/<>|\"]+(?:/[^\s<>|\"]*)?", value):
                raise BadSettings(f"{setting} must be an https URL, for example https://bot.example.org.")
        case "SLACK_CLIENT_ID":
            if kind or not re.fullmatch(r"\d+\.\d+", value):
                raise BadSettings(f"{setting} must be two numbers with a dot, for example 123456.7890.")
        case _:
            if kind:
                raise BadSettings(f"{setting}: this is {kind}. Copy the value that Slack labels as the secret.")
            if not re.fullmatch(r"\w{16,128}", value, re.ASCII):
                raise BadSettings(f"{setting} must have at least 16 letters and digits. Copy it again.")


def _check_token(setting: str, kind: str | None, expected_kind: str, start: str) -> None:
    if kind != expected_kind:
        actual = f"This is {kind}." if kind else "This is another kind of value."
        raise BadSettings(f"{setting} must start with {start}. {actual}")


def guess_connection(values: Mapping[str, str]) -> str | None:
    """Return the connection that the values are for, or None if there are too few."""
    if "SLACK_APP_TOKEN" in values:
        return "socket"
    if "SLACK_CLIENT_ID" in values and "SLACK_BOT_TOKEN" not in values:
        return "many"
    if "SLACK_SIGNING_SECRET" in values:
        return "http"
    return None

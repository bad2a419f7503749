"""What the app has in Slack: commands, help, message menus, scopes and events, from the manifest and the help."""

import json
import re
from typing import Any

from bot.queries.queries import Command
from bot.server import manifest
from bot.slack.views import notices
from docsite.markup import build_code, build_table

_REASON = re.compile(r"^- (`[^\n]*?(?:\n  [^\n]*)*)[;.]$", re.MULTILINE)


def build_slack() -> str:
    """Return the sections as Markdown."""
    fields = json.loads(manifest.build_manifest())
    features, scopes = fields["features"], fields["oauth_config"]["scopes"]["bot"]
    parts = [
        "## Commands",
        build_table(
            ("command", "does", "takes"),
            [
                (build_code(command["command"]), command["description"], build_code(command["usage_hint"]))
                for command in features["slash_commands"]
            ],
        ),
        *(f"### {command.value}\n\n{_build_help(command)}" for command in Command),
        "## Plain language",
        convert_mrkdwn(notices.PLAIN_LANGUAGE_HELP),
        "## Message menus",
        build_table(("entry", "does"), [(entry["name"], entry["description"]) for entry in features["shortcuts"]]),
        "## Scopes",
        f"The bot token has {len(scopes)} scopes. The app asks for no user scopes.",
        _build_scopes(scopes),
        "## Events",
        ", ".join(map(build_code, fields["settings"]["event_subscriptions"]["bot_events"])),
    ]
    return "\n\n".join(parts) + "\n"


def convert_mrkdwn(text: str) -> str:
    """Return one of our messages as Markdown: Slack's bold, italics and bullets become those of Markdown."""
    pieces = re.split(r"(`[^`]+`)", text)
    for number in range(0, len(pieces), 2):
        words = re.sub(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])", r"**\1**", pieces[number])
        pieces[number] = re.sub(r"(?<!\w)_([^_\n]+)_(?!\w)", r"*\1*", words).replace("<", "&lt;")
    lines = "".join(pieces).splitlines()
    return re.sub(r"\n\n(?=- )", "\n", "\n\n".join(re.sub(r"^• ", "- ", line) for line in lines)).replace(
        "\n- ", "\n\n- ", 1
    )


def _build_help(command: Command) -> str:
    return convert_mrkdwn(notices.build_help(command).text)


def _build_scopes(scopes: list[Any]) -> str:
    """Return why each scope is needed, as the manifest's own docstring says. Raises ValueError if one is missing."""
    reasons = [reason.replace("\n  ", " ") for reason in _REASON.findall(manifest.__doc__ or "")]
    missing = [scope for scope in scopes if not any(f"`{scope}`" in reason for reason in reasons)]
    if missing:
        raise ValueError(f"bot/server/manifest.py does not say what these scopes are for: {missing}")
    return "\n".join(f"- {reason}" for reason in reasons)

"""The manifest from which Slack creates the app: what it is called, what it may do, where it is reached.

Rule: the fewest scopes that the listeners need, and every text within Slack's limits. `commands` gives the app its
slash commands and shortcuts; `app_mentions:read` and `im:history` bring it what people say to it, `assistant:write` is
its panel; `chat:write` lets the bot answer there, and post what somebody shares or schedules; the scopes of history let
it see, in channels it is a member of, whether a post arrived whose connection was dropped, so that it is never sent
twice; `users:read` tells by whose clock a digest comes, and with `usergroups:read` who may add and remove. Texts,
events and scopes are those of every way to install the app.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from bot.core import slack_limits
from bot.links import urls
from bot.listeners import shortcuts
from bot.queries.queries import Command
from briefings import BadSettings

EVENTS_PATH = "/slack/events"
INSTALL_PATH, REDIRECT_PATH = "/slack/install", "/slack/oauth_redirect"
#: where Slack leads back who signs in to see the pages
SIGN_IN_REDIRECT_PATH = urls.PREFIX + urls.SIGN_IN_CALLBACK

_NAME = "On the Record"
_DESCRIPTION = "Briefs your team from the news: every line in its source's own words, linked to its sentence."
_LONG_DESCRIPTION = (
    "Type /briefing and a topic to see where a story stands, what happened day by day, who said what and where the "
    'sources differ. Type /whosaid and some words ("lynch-mob") to find who is quoted with them. Every line is copied '
    "from an article, never reworded, and opens the sentence it comes from; what the articles do not tell is said to "
    "be missing. Answers to commands are shown to the asker alone, until they share one; whoever mentions the app is "
    "answered in the thread, and a message's menu checks its quotations."
)
_COMMANDS = {
    Command.BRIEFING: ("A story from its sources, in their own words", "[topic or words] [since: until: from:] | help"),
    Command.WHOSAID: ("Who is quoted with these words", '"words" [by: about: since: until: from:] | help'),
    Command.DIGEST: (
        "What is new on a topic, in this channel, when you say",
        "[topic or words] [weekdays at 8:30] | list | now | preview | pause | resume | stop | help",
    ),
}
#: what the bot may do where it is installed; `doctor` checks them, OAuth asks for them
SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "chat:write",
    "commands",
    "groups:history",
    "im:history",
    "usergroups:read",
    "users:read",
)
_EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "assistant_thread_started",
    "message.im",
    "tokens_revoked",
)
_SHORTCUTS = {
    shortcuts.WHO_SAID_SHORTCUT: (
        "Who said this?",
        "Who is quoted with the words of this message. Only you see the answer.",
    ),
    shortcuts.CHECK_SHORTCUT: (
        "Check the quotes",
        "Compares each quotation of this message with the record, in its thread.",
    ),
    shortcuts.ADD_SHORTCUT: (
        "Add to the record",
        "Adds the articles that this message links to. Only you see what became of them.",
    ),
}
_ASSISTANT = "Ask where a story stands, or who said something: answers come in the sources' own words, with links."


def build_manifest(url: str | None = None, *, many_workspaces: bool = False) -> str:
    """The manifest as JSON, for Socket Mode, or for requests to the bot at `url` (https); `many` for many workspaces.

    Tokens are renewed only with `many`: the one token of one workspace, in its settings, would run out after 12 hours.
    Raises BadSettings.
    """
    if many_workspaces and url is None:
        raise BadSettings(
            "Many workspaces can install the app only where it is reached over HTTPS: give --url as well."
        )
    return (
        json.dumps(
            _build_manifest_fields(_normalize_request_url(url), many_workspaces=many_workspaces),
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
    )


def _build_manifest_fields(request_url: str | None, *, many_workspaces: bool) -> dict[str, Any]:
    base_url = request_url.removesuffix(EVENTS_PATH) if request_url else ""
    # scopes of people stand nowhere: signing in asks for its own, and an installation is not to ask for any
    redirect_urls = [base_url + path for path in (REDIRECT_PATH, SIGN_IN_REDIRECT_PATH)] if base_url else []
    request_url_field: dict[str, Any] = {"request_url": request_url} if request_url else {}
    return {
        "display_information": {
            "name": _NAME,
            "description": _DESCRIPTION,
            "long_description": _LONG_DESCRIPTION,
            "background_color": "#1f2a44",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "assistant_view": {"assistant_description": _ASSISTANT, "suggested_prompts": []},
            "bot_user": {"display_name": _NAME, "always_online": True},
            "shortcuts": [
                {"name": name, "type": "message", "callback_id": callback, "description": description}
                for callback, (name, description) in _SHORTCUTS.items()
            ],
            "slash_commands": [_build_command(command, request_url) for command in Command],
        },
        "oauth_config": {
            **({"redirect_urls": redirect_urls} if redirect_urls else {}),
            "scopes": {"bot": list(SCOPES)},
        },
        "settings": {
            "event_subscriptions": {**request_url_field, "bot_events": list(_EVENTS)},
            "interactivity": {"is_enabled": True, **request_url_field},
            "org_deploy_enabled": True,
            "socket_mode_enabled": request_url is None,
            "token_rotation_enabled": many_workspaces,
        },
    }


def _build_command(command: Command, request_url: str | None) -> dict[str, Any]:
    description, usage_hint = _COMMANDS[command]
    url_field = {"url": request_url} if request_url else {}
    return {
        "command": command.value,
        **url_field,
        "description": description,
        "usage_hint": usage_hint,
        "should_escape": False,
    }


def _normalize_request_url(url: str | None) -> str | None:
    if url is None:
        return None
    try:
        parts = urlsplit(url.strip())
        is_valid = (
            parts.scheme == "https" and bool(parts.hostname) and not (parts.query or parts.fragment or parts.username)
        )
        is_valid = is_valid and (parts.port is None or parts.port > 0) and not any(map(str.isspace, url.strip()))
    except ValueError:
        is_valid = False
    if not is_valid or len(url) > slack_limits.ADDRESS:
        raise BadSettings(f"{url!r} is no https address that Slack could reach: give one like https://bot.example.org.")
    return url.strip().removesuffix(EVENTS_PATH).rstrip("/") + EVENTS_PATH

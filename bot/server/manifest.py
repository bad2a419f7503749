"""The app manifest, from which Slack creates the app: its name, scopes, events, commands and URLs.

Rule: only the scopes that the listeners need, and every text within Slack's limits. Texts, events and scopes are the
same for every way to install the app. What the scopes are for:

- `commands`: slash commands and shortcuts;
- `app_mentions:read`, `im:history`: messages to the app; `assistant:write`: suggested prompts and the status;
- `chat:write`: answers to these messages, shared answers, digests and watches;
- `channels:history`, `groups:history`: after a dropped connection, whether a post arrived, so that it is never sent
  twice (only in channels that the app is a member of);
- `channels:read`, `groups:read`: invitations to a channel, so that the bot can say hello there; whether a person who
  changes something is in its channel;
- `users:read`: the time zone of a digest; with `usergroups:read`, who may change something;
- `canvases:write`, `files:write`: answers saved as a canvas or a file, only for the user who asks for it;
- `links:read`, `links:write`: previews of links to our own pages (Slack sends only links to `unfurl_domains`).

New apps use Slack's Agent messaging experience (`agent_view`). The classic form (`assistant_view`) is only for apps
that were created with it (docs/decisions/0045).
"""

import json
from typing import Any
from urllib.parse import urlsplit

from bot.core import slack_limits
from bot.core.command_names import STANDARD, CommandNames
from bot.links import urls
from bot.listeners import shortcuts
from bot.queries.queries import Command
from briefings import BadSettings

EVENTS_PATH = "/slack/events"
INSTALL_PATH, REDIRECT_PATH = "/slack/install", "/slack/oauth_redirect"
#: where Slack redirects users after they sign in to the pages
SIGN_IN_REDIRECT_PATH = urls.PREFIX + urls.SIGN_IN_CALLBACK

_NAME = "On the Record"
_DESCRIPTION = "Briefs your team from the news. Every quote is word for word and links to its sentence."
_LONG_DESCRIPTION = (
    "Type /briefing and a topic to see the latest, what happened day by day, who said what and where the sources "
    'differ. Type /whosaid and some words ("lynch-mob") to find out who is quoted with them. Everything is copied from '
    "articles, never reworded, and links to the sentence it comes from. A briefing also lists what the articles don't "
    "say. Only you see the answer to a command, until you share it. Mention the app to get an answer in the thread. To "
    "check the quotes in a message, use its menu."
)
_COMMANDS = {
    Command.BRIEFING: ("Get a briefing in the sources' own words", "[topic or words] [since: until: from:] | help"),
    Command.WHOSAID: ("Find out who is quoted with these words", '"words" [by: about: since: until: from:] | help'),
    Command.DIGEST: (
        "Schedule updates on a topic in this channel",
        "[topic or words] [weekdays at 8:30] | list | now | preview | pause | resume | stop | help",
    ),
    Command.WATCH: (
        "Hear as soon as an article has some words or a speaker",
        '"words" [by: about: from:] | list | pause | resume | edit | stop | limit | quiet | help',
    ),
    Command.TOPIC: (
        "Make, change and find topics for this workspace",
        "[list] | new NAME: words | rename A to B | merge A into B | mute | remove | suggest | help",
    ),
    Command.SOURCES: (
        "Leave out a source or a section in this channel",
        "[mute The Tribune] | mute tribune.example/sport | unmute | list | help",
    ),
}
#: scopes of the bot token; `doctor` checks them, and OAuth requests them
SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "canvases:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "links:read",
    "links:write",
    "usergroups:read",
    "users:read",
)
_EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "link_shared",
    "member_joined_channel",
    "message.im",
    "tokens_revoked",
)
#: the events of one messaging experience only: the current one, and the classic one
_AGENT_EVENTS, _CLASSIC_EVENTS = ("app_context_changed",), ("assistant_thread_started",)
_SHORTCUTS = {
    shortcuts.WHO_SAID_SHORTCUT: (
        "Who said this?",
        "Find out who is quoted with the words of this message. Only you see the answer.",
    ),
    shortcuts.CHECK_SHORTCUT: (
        "Check the quotes",
        "Compare each quote in this message with the articles. Results appear in its thread.",
    ),
    shortcuts.ADD_SHORTCUT: (
        "Add linked articles",
        "Add the articles that this message links to. Only you see the result.",
    ),
}
#: describes the app in both messaging experiences
_AGENT_DESCRIPTION = (
    "Ask for the latest on a story, or who said something. Answers are in the sources' own words, with links."
)


def build_manifest(
    url: str | None = None,
    *,
    many_workspaces: bool = False,
    classic: bool = False,
    command_names: CommandNames = STANDARD,
    pages_url: str | None = None,
) -> str:
    """Return the manifest as JSON: for signed requests to the bot at an https `url`, or without it for Socket Mode.

    `many_workspaces` also turns on token rotation. For a single workspace it stays off, because the token in the
    settings would expire after 12 hours. `classic` is for an app that was created with `assistant_view`.
    `command_names` are the team's own names of the commands. Links to `pages_url`, or without it to `url`, get a
    preview. Raises BadSettings for an invalid URL, or many workspaces
    without a URL.
    """
    if many_workspaces and url is None:
        raise BadSettings(
            "Many workspaces can install the app only over HTTPS: add --url and the bot's public https URL."
        )
    manifest = _build_manifest_fields(
        _normalize_request_url(url),
        command_names,
        many_workspaces=many_workspaces,
        classic=classic,
        unfurl_domain=_get_unfurl_domain(pages_url or url),
    )
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"


def _build_manifest_fields(
    request_url: str | None,
    command_names: CommandNames,
    *,
    many_workspaces: bool,
    classic: bool,
    unfurl_domain: str | None,
) -> dict[str, Any]:
    base_url = request_url.removesuffix(EVENTS_PATH) if request_url else ""
    # no user scopes: signing in requests its own, and an installation must not request any
    redirect_urls = [base_url + path for path in (REDIRECT_PATH, SIGN_IN_REDIRECT_PATH)] if base_url else []
    request_url_field: dict[str, Any] = {"request_url": request_url} if request_url else {}
    # without it, Slack does not ask for the options of the selects that users search
    options_url_field = {"message_menu_options_url": request_url} if request_url else {}
    events = _CLASSIC_EVENTS if classic else _AGENT_EVENTS
    return {
        "display_information": {
            "name": _NAME,
            "description": _DESCRIPTION,
            "long_description": command_names.rename_text(_LONG_DESCRIPTION),
            "background_color": "#1f2a44",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            **_build_messaging(classic=classic),
            "bot_user": {"display_name": _NAME, "always_online": True},
            "shortcuts": [
                {"name": name, "type": "message", "callback_id": callback, "description": description}
                for callback, (name, description) in _SHORTCUTS.items()
            ],
            "slash_commands": [_build_command(command, command_names, request_url) for command in Command],
            **({"unfurl_domains": [unfurl_domain]} if unfurl_domain else {}),
        },
        "oauth_config": {
            **({"redirect_urls": redirect_urls} if redirect_urls else {}),
            "scopes": {"bot": list(SCOPES)},
        },
        "settings": {
            "event_subscriptions": {**request_url_field, "bot_events": sorted((*_EVENTS, *events))},
            "interactivity": {"is_enabled": True, **request_url_field, **options_url_field},
            "org_deploy_enabled": True,
            "socket_mode_enabled": request_url is None,
            "token_rotation_enabled": many_workspaces,
        },
    }


def _get_unfurl_domain(url: str | None) -> str | None:
    """Return the host of our pages, or None: Slack knows only public hosts, without a port."""
    parts = urlsplit((url or "").strip())
    return parts.hostname if parts.scheme == "https" and parts.hostname and "." in parts.hostname else None


def _build_messaging(*, classic: bool) -> dict[str, Any]:
    """Return the feature for conversations with the app. A manifest can have only one of the two."""
    if classic:
        return {"assistant_view": {"assistant_description": _AGENT_DESCRIPTION, "suggested_prompts": []}}
    return {"agent_view": {"agent_description": _AGENT_DESCRIPTION}}


def _build_command(command: Command, command_names: CommandNames, request_url: str | None) -> dict[str, Any]:
    description, usage_hint = _COMMANDS[command]
    url_field = {"url": request_url} if request_url else {}
    return {
        "command": command_names.get_own_name(command.value),
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
        raise BadSettings(f"Invalid URL {url!r}: use a public https URL, for example https://bot.example.org.")
    return url.strip().removesuffix(EVENTS_PATH).rstrip("/") + EVENTS_PATH

"""The events Slack tells a bot of: what was said to it, the App Home and the Assistant panel opened. As JSON.

Rule: the fields are those of Slack's own events, and each event has an id of its own.
"""

from bot.local.faults import Json
from bot.local.model import APP_ID, BOT, TEAM_ID, YOU, Channel, Message
from bot.local.webapi import build_view_json
from bot.local.workspace import Workspace


def build_message_event(workspace: Workspace, channel: Channel, message: Message) -> Json:
    """A message in the conversation with the bot, or one that mentions it in a channel."""
    fields: Json = {"user": YOU.id, "text": message.text, "ts": message.ts, "channel": channel.id}
    fields |= {"thread_ts": message.thread} if message.thread else {}
    kind: Json = {"type": "message", "channel_type": "im"} if channel.is_im else {"type": "app_mention"}
    return _wrap_event(workspace, {**kind, **fields, "event_ts": message.ts})


def build_home_event(workspace: Workspace, channel: Channel) -> Json:
    """The Home tab, with what is seen there already."""
    view_fields = {"view": build_view_json(workspace.home)} if workspace.home else {}
    return _wrap_event(
        workspace, {"type": "app_home_opened", "user": YOU.id, "channel": channel.id, "tab": "home", **view_fields}
    )


def build_panel_event(workspace: Workspace, channel: Channel, thread: str) -> Json:
    """The Assistant panel, which is a thread in the conversation with the bot."""
    thread_fields = {"user_id": YOU.id, "channel_id": channel.id, "thread_ts": thread, "context": {}}
    return _wrap_event(
        workspace, {"type": "assistant_thread_started", "assistant_thread": thread_fields, "event_ts": thread}
    )


def _wrap_event(workspace: Workspace, event: Json) -> Json:
    return {
        "type": "event_callback",
        "team_id": TEAM_ID,
        "api_app_id": APP_ID,
        "event": event,
        "event_id": "Ev" + workspace.new_id()[:10].upper(),
        "event_time": int(workspace.clock().timestamp()),
        "authorizations": [{"team_id": TEAM_ID, "user_id": BOT.id, "is_bot": True, "is_enterprise_install": False}],
    }

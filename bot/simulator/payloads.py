"""Payloads that Slack sends to a bot, with their signatures: commands, clicks, submitted modals, shortcuts, events.

Rule: requests and events have the same fields as Slack's. Events are JSON with unique ids; all others are form-encoded.
Rule: the value of a click comes from the blocks that the bot posted, never from the page.
"""

import json
import re
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from slack_sdk.signature import SignatureVerifier

from bot.simulator.state.model import APP_ID, BOT, TEAM_DOMAIN, TEAM_ID, YOU, Channel, Command, Message, View
from bot.simulator.state.validation import Json
from bot.simulator.state.workspace import Workspace
from bot.simulator.web_api import build_message_json, build_view_json

#: Slack still sends its old verification token, although requests are signed
_LEGACY_VERIFICATION = "local"
_USER = {"id": YOU.id, "username": YOU.name, "name": YOU.name, "team_id": TEAM_ID}
#: elements outside inputs with a single choice
_OPTION_ACTIONS = ("static_select", "overflow")
#: inputs with a single choice, and with multiple choices
_SINGLE_CHOICE = ("static_select", "radio_buttons")
_MULTIPLE_CHOICE = ("multi_static_select", "checkboxes")
#: key of the value by element type; "value" for all others
_VALUE_KEYS = {
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "timepicker": "selected_time",
    "datepicker": "selected_date",
}
_COMMON_FIELDS = {
    "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
    "user": _USER,
    "api_app_id": APP_ID,
    "token": _LEGACY_VERIFICATION,
    "enterprise": None,
    "is_enterprise_install": False,
}


def sign_form(fields: dict[str, str], secret: str, now: datetime) -> tuple[bytes, dict[str, str]]:
    """Return the body and headers of a form-encoded request, signed (v0) with `secret` at time `now`."""
    return _sign(urlencode(fields), "application/x-www-form-urlencoded", secret, now)


def sign_event(event: Json, secret: str, now: datetime) -> tuple[bytes, dict[str, str]]:
    """Return the body and headers of a JSON event, signed in the same way."""
    return _sign(json.dumps(event), "application/json", secret, now)


def curl_quotes(text: str) -> str:
    """Replace straight quotation marks with “ ” ‘ ’, like Slack's clients."""
    text = re.sub(r'(?<![^\s(\[{“‘])"', "“", text).replace('"', "”")
    return re.sub(r"(?<![^\s(\[{“‘])'", "‘", text).replace("'", "’")


def build_command_form(
    workspace: Workspace, channel: Channel, command: Command, text: str, response_url: str
) -> dict[str, str]:
    """Build the form of a slash command; `text` is the text after the command."""
    return {
        "token": _LEGACY_VERIFICATION,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.is_im else channel.name,
        "user_id": YOU.id,
        "user_name": YOU.name,
        "command": command.name,
        "text": _escape(workspace, text) if command.should_escape else text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": workspace.new_trigger(channel.id),
    }


def build_message_action(
    workspace: Workspace, message: Message, block_id: str, action: Json, response_url: str
) -> dict[str, str]:
    """Build the form of a click in a message; like Slack, it does not include an ephemeral message."""
    container = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
    message_fields = {} if message.ephemeral else {"message": build_message_json(message)}
    return _encode_payload(
        type="block_actions",
        container={**container, "is_ephemeral": message.ephemeral},
        channel={"id": message.channel, "name": workspace.get_conversation(message.channel).name},
        **message_fields,
        state={"values": {}},
        response_url=response_url,
        trigger_id=workspace.new_trigger(message.channel),
        actions=[{**action, "block_id": block_id, "action_ts": message.ts}],
    )


def build_shortcut(workspace: Workspace, message: Message, name: str, response_url: str) -> dict[str, str]:
    """Build the form of a message shortcut."""
    return _encode_payload(
        type="message_action",
        callback_id=name,
        channel={"id": message.channel, "name": workspace.get_conversation(message.channel).name},
        message=build_message_json(message),
        message_ts=message.ts,
        response_url=response_url,
        trigger_id=workspace.new_trigger(message.channel),
    )


def build_view_action(workspace: Workspace, view: View, block_id: str, action: Json) -> dict[str, str]:
    """Build the form of a click in a modal or the App Home."""
    return _encode_payload(
        type="block_actions",
        container={"type": "view", "view_id": view.id},
        view=build_view_json(view),
        trigger_id=workspace.new_trigger(view.channel),
        actions=[{**action, "block_id": block_id, "action_ts": view.hash}],
    )


def build_suggestion(view: View, block_id: str, action_id: str, text: str) -> dict[str, str]:
    """Build the form that asks for the options of a select, after the user typed `text` into it."""
    return _encode_payload(
        type="block_suggestion",
        container={"type": "view", "view_id": view.id},
        view=build_view_json(view),
        block_id=block_id,
        action_id=action_id,
        value=text,
    )


def build_submission(workspace: Workspace, view: View, values: Json) -> dict[str, str]:
    """Build the form of a submitted modal; the keys of `values` are "block_id action_id"."""
    return _encode_payload(
        type="view_submission",
        trigger_id=workspace.new_trigger(view.channel),
        view={**build_view_json(view), "state": {"values": _build_state(view, values)}},
        response_urls=[],
    )


def find_element(blocks: list[Json], block_id: str, action_id: str) -> Json | None:
    """Return the element with these ids, or None."""
    for block in blocks:
        if block["block_id"] == block_id:
            candidates = (
                block["elements"] if block["type"] == "actions" else [block.get("accessory"), block.get("element")]
            )
            return next((part for part in candidates if part and part["action_id"] == action_id), None)
    return None


def build_action(element: Json, choice: str | None) -> Json | None:
    """Return the action of a click on `element`, or of the option with value `choice`; None if it has no action."""
    action = {"type": element["type"], "action_id": element["action_id"]}
    if element["type"] == "button":
        return action | {key: element[key] for key in ("text", "value", "url") if key in element}
    option = _find_option(element, choice) if element["type"] in _OPTION_ACTIONS else None
    return action | {"selected_option": option} if option else None


def build_message_event(workspace: Workspace, channel: Channel, message: Message) -> Json:
    """Build the event of a direct message to the bot, or of a mention in a channel."""
    fields: Json = {"user": YOU.id, "text": message.text, "ts": message.ts, "channel": channel.id}
    fields |= {"thread_ts": message.thread} if message.thread else {}
    kind: Json = {"type": "message", "channel_type": "im"} if channel.is_im else {"type": "app_mention"}
    return _wrap_event(workspace, {**kind, **fields, "event_ts": message.ts})


def build_links_event(workspace: Workspace, message: Message, links: list[str]) -> Json:
    """Build the event of a message with links to the app's own pages."""
    fields: Json = {"user": YOU.id, "channel": message.channel, "message_ts": message.ts, "event_ts": message.ts}
    fields |= {"thread_ts": message.thread} if message.thread else {}
    identity: Json = {"unfurl_id": f"{message.channel}/{message.ts}", "source": "conversations_history"}
    entries = [{"domain": urlsplit(url).hostname, "url": url} for url in links]
    return _wrap_event(workspace, {"type": "link_shared", **fields, **identity, "links": entries})


def build_home_event(workspace: Workspace, channel: Channel, tab: str = "home") -> Json:
    """Build the event of an opened tab of the app: Home, with the view already published there, or Messages."""
    view_fields = {"view": build_view_json(workspace.home)} if workspace.home and tab == "home" else {}
    return _wrap_event(
        workspace, {"type": "app_home_opened", "user": YOU.id, "channel": channel.id, "tab": tab, **view_fields}
    )


def build_joined_event(workspace: Workspace, channel: Channel) -> Json:
    """Build the event of the bot being added to a channel by the user."""
    member_fields = {"user": BOT.id, "channel": channel.id, "channel_type": "C", "team": TEAM_ID, "inviter": YOU.id}
    return _wrap_event(workspace, {"type": "member_joined_channel", **member_fields})


def build_panel_event(workspace: Workspace, channel: Channel, thread: str) -> Json:
    """Build the event of a new Assistant thread in the conversation with the bot."""
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


def _sign(body: str, content_type: str, secret: str, now: datetime) -> tuple[bytes, dict[str, str]]:
    timestamp = str(int(now.timestamp()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    headers = {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": str(signature),
    }
    return body.encode(), headers


def _build_state(view: View, values: Json) -> Json:
    state: Json = {}
    for block in view.body["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            value = values.get(f"{block['block_id']} {element['action_id']}")
            state[block["block_id"]] = {element["action_id"]: _build_input_value(element, value)}
    return state


def _build_input_value(element: Json, value: object) -> Json:
    kind = element["type"]
    if kind in _MULTIPLE_CHOICE:
        options = [_find_option(element, choice) for choice in value] if isinstance(value, list) else []
        return {"type": kind, "selected_options": [option for option in options if option]}
    if kind in _SINGLE_CHOICE:
        return {"type": kind, "selected_option": _find_option(element, value)}
    if kind == "external_select":
        # the bot checks the value, because its options are not part of the view
        option = {"text": {"type": "plain_text", "text": str(value)}, "value": str(value)} if value else None
        return {"type": kind, "selected_option": option}
    return {"type": kind, _VALUE_KEYS.get(kind, "value"): str(value) if value else None}


def _find_option(element: Json, choice: object) -> Json | None:
    options: list[Json] = element.get("options", [])
    return next((option for option in options if option["value"] == choice), None)


def _escape(workspace: Workspace, text: str) -> str:
    """Escape a command's text: & < > become entities; people, channels and URLs get angle brackets."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"https?://[^\s|]+", lambda match: f"<{match[0]}>", text)
    for person in workspace.people:
        text = re.sub(rf"(?<!\S)@{re.escape(person.name)}\b", f"<@{person.id}|{person.name}>", text)
    for channel in workspace.channels:
        text = re.sub(rf"(?<!\S)#{re.escape(channel.name)}\b", f"<#{channel.id}|{channel.name}>", text)
    return text


def _encode_payload(**fields: object) -> dict[str, str]:
    return {"payload": json.dumps({**_COMMON_FIELDS, **fields})}

"""Fake Slack Web API on the in-memory workspace: each method turns arguments into the fields of an answer.

Rule: answers are the same as Slack's, including `ok: false` with an error code. A payload that Slack would refuse is
also shown in its target channel, so that developers see it.
"""

import json
from collections.abc import Callable, Mapping

from bot.core import slack_limits
from bot.simulator import file_methods
from bot.simulator.state.model import (
    APP_ID,
    BOT,
    BOT_ID,
    SLACK,
    TEAM_DOMAIN,
    TEAM_ID,
    Channel,
    EntryKind,
    Exchange,
    Message,
    Person,
    SlackError,
    View,
)
from bot.simulator.state.validation import ErrorDetails, Json
from bot.simulator.state.workspace import Workspace

#: errors that do not depend on the payload; the bot reports them itself
_EXPECTED_ERRORS = ("not_in_channel",)


def handle_api_call(workspace: Workspace, method: str, args: Json) -> Json:
    """Return Slack's answer to a call of `method`; bad arguments never raise."""
    call = _METHODS.get(method)
    if call is None:
        return {"ok": False, "error": "unknown_method", "req_method": method}
    try:
        decoded_args = _decode(args)
        body: Json = {"ok": True, **call(workspace, decoded_args)}
    except SlackError as error:
        if method.startswith(("chat.", "views.")) and error.details.code not in _EXPECTED_ERRORS:
            show_slack_error(workspace, _find_target_channel(workspace, args), method, error.details, args)
        return build_error(error.details)
    if method.startswith("chat."):
        ts = str(body.get("ts") or body.get("message_ts") or decoded_args.get("ts"))
        workspace.record_exchange(ts, Exchange(method, remove_token(decoded_args), body))
    return body


def build_error(details: ErrorDetails) -> Json:
    """Build Slack's answer for an error."""
    body: Json = {"ok": False, "error": details.code}
    if details.messages:
        body |= {"errors": list(details.messages), "response_metadata": {"messages": list(details.messages)}}
    return body


def remove_token(payload: Json) -> Json:
    """Return a payload without its token, for display."""
    return {key: value for key, value in payload.items() if key != "token"}


def show_slack_error(workspace: Workspace, channel: str, name: str, details: ErrorDetails, payload: Json) -> None:
    """Show the user that Slack would refuse a payload, and why."""
    lines = [f"Slack would refuse this: {details.code} (answer to {name})", *details.messages]
    workspace.say(channel, EntryKind.REFUSAL, "\n".join(lines), author=SLACK, payload=remove_token(payload))


def build_view_json(view: View) -> Json:
    """Build a view as in Slack's answers and interaction payloads."""
    body = {"state": {"values": {}}, "private_metadata": "", "callback_id": "", **view.body}
    ids = {"id": view.id, "hash": view.hash, "root_view_id": view.root, "previous_view_id": view.previous}
    return {**body, **ids, "team_id": TEAM_ID, "app_id": APP_ID, "bot_id": BOT_ID}


def build_message_json(message: Message) -> Json:
    """Build a message as in Slack's answers and interaction payloads."""
    fields: Json = {
        "type": "message",
        "ts": message.ts,
        "text": message.text,
        "user": message.author.id,
        "team": TEAM_ID,
    }
    if message.author == BOT:
        fields |= {"bot_id": BOT_ID, "app_id": APP_ID, "blocks": list(message.blocks)}
    fields |= {"thread_ts": message.thread} if message.thread else {}
    metadata = (message.payload or {}).get("metadata")
    return fields | ({"metadata": metadata} if metadata else {})


def _test(_workspace: Workspace, args: Json) -> Json:
    return {"args": args} if args else {}


def _auth_test(workspace: Workspace, _args: Json) -> Json:
    return {
        # canvases are linked below this address
        "url": f"{workspace.base_url}/local/" if workspace.base_url else f"https://{TEAM_DOMAIN}.slack.com/",
        "team": "Local workspace",
        "team_id": TEAM_ID,
        "user": BOT.name,
        "user_id": BOT.id,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def _post_message(workspace: Workspace, args: Json) -> Json:
    return _build_post_answer(workspace.post(workspace.get_joined_channel(_require_text(args, "channel")).id, args))


def _post_ephemeral(workspace: Workspace, args: Json) -> Json:
    if _require_text(args, "user") not in (person.id for person in workspace.people):
        raise SlackError("user_not_in_channel")
    conversation = workspace.get_joined_channel(_require_text(args, "channel"))
    return {"message_ts": workspace.post(conversation.id, args, ephemeral=True).ts}


def _update(workspace: Workspace, args: Json) -> Json:
    return _build_post_answer(workspace.update(_require_text(args, "channel"), _require_text(args, "ts"), args))


def _delete(workspace: Workspace, args: Json) -> Json:
    workspace.delete(_require_text(args, "channel"), _require_text(args, "ts"))
    return {"channel": args["channel"], "ts": args["ts"]}


def _views_open(workspace: Workspace, args: Json) -> Json:
    return {"view": build_view_json(workspace.open_view(_require_text(args, "trigger_id"), _require_view(args)))}


def _views_push(workspace: Workspace, args: Json) -> Json:
    return {
        "view": build_view_json(
            workspace.open_view(_require_text(args, "trigger_id"), _require_view(args), on_top=True)
        )
    }


def _views_update(workspace: Workspace, args: Json) -> Json:
    return {
        "view": build_view_json(
            workspace.update_view(_require_text(args, "view_id"), _require_view(args), args.get("hash"))
        )
    }


def _views_publish(workspace: Workspace, args: Json) -> Json:
    _find_person(workspace, args, "user_id")
    return {"view": build_view_json(workspace.publish_home(_require_view(args)))}


def _users_info(workspace: Workspace, args: Json) -> Json:
    return {"user": _build_person_json(_find_person(workspace, args, "user"))}


def _usergroup(_workspace: Workspace, args: Json) -> Json:
    """Refuse every user group, because the workspace has none."""
    _require_text(args, "usergroup")
    raise SlackError("no_such_subteam")


def _conversations_info(workspace: Workspace, args: Json) -> Json:
    return {"channel": _build_channel_json(workspace, workspace.get_conversation(_require_text(args, "channel")))}


def _conversations_members(workspace: Workspace, args: Json) -> Json:
    """Return everyone, because all people of the workspace are in all its channels."""
    workspace.get_conversation(_require_text(args, "channel"))
    return {"members": [person.id for person in workspace.people], "response_metadata": {"next_cursor": ""}}


def _users_conversations(workspace: Workspace, args: Json) -> Json:
    _find_person(workspace, args, "user")
    return _conversations_list(workspace, args)


def _conversations_history(workspace: Workspace, args: Json) -> Json:
    """Return a channel's history, with metadata only on request, like Slack."""
    return _build_messages_answer(workspace.list_history(_require_text(args, "channel"), _parse_limit(args)), args)


def _conversations_replies(workspace: Workspace, args: Json) -> Json:
    """Return a thread, oldest message first."""
    replies = workspace.list_public_replies(_require_text(args, "channel"), _require_text(args, "ts"))
    oldest, limit = str(args.get("oldest") or "0"), _parse_limit(args)
    return _build_messages_answer([message for message in replies if message.ts >= oldest][:limit], args)


def _parse_limit(args: Json) -> int:
    limit = str(args.get("limit", "100"))
    if not limit.isdecimal() or not 1 <= int(limit) <= slack_limits.HISTORY_MESSAGES:
        raise SlackError("invalid_limit")
    return int(limit)


def _build_messages_answer(messages: list[Message], args: Json) -> Json:
    include_metadata = str(args.get("include_all_metadata")).lower() in ("1", "true")
    message_dicts = [build_message_json(message) for message in messages]
    visible_dicts = [
        message_dict if include_metadata else {key: message_dict[key] for key in message_dict if key != "metadata"}
        for message_dict in message_dicts
    ]
    return {"messages": visible_dicts, "has_more": False}


def _set_status(workspace: Workspace, args: Json) -> Json:
    _check_panel(workspace, args)
    workspace.show_panel(status=str(args.get("status") or ""))
    return {}


def _set_prompts(workspace: Workspace, args: Json) -> Json:
    if args.get("thread_ts"):  # only the older Assistant panel has a thread
        _check_panel(workspace, args)
    workspace.get_conversation(_require_text(args, "channel_id"))
    prompts = args.get("prompts")
    if (
        not isinstance(prompts, list)
        or not 1 <= len(prompts) <= slack_limits.PROMPTS
        or not all(map(_is_prompt, prompts))
    ):
        raise SlackError("invalid_arguments", ("[ERROR] prompts must be 1 to 4, each with a title and a message",))
    workspace.show_panel(prompts=tuple(prompts))
    return {}


def _is_prompt(prompt: object) -> bool:
    return isinstance(prompt, dict) and all(
        isinstance(prompt.get(name), str) and prompt[name] for name in ("title", "message")
    )


def _check_panel(workspace: Workspace, args: Json) -> None:
    workspace.get_conversation(_require_text(args, "channel_id"))
    if _require_text(args, "thread_ts") != workspace.panel_ts:
        raise SlackError("thread_not_found")


def _conversations_list(workspace: Workspace, _args: Json) -> Json:
    channels = [_build_channel_json(workspace, channel) for channel in workspace.channels if not channel.is_im]
    return {"channels": channels, "response_metadata": {"next_cursor": ""}}


def _conversations_open(workspace: Workspace, args: Json) -> Json:
    return {"channel": {"id": workspace.get_conversation(_require_text(args, "users").split(",")[0]).id}}


_METHODS: Mapping[str, Callable[[Workspace, Json], Json]] = {
    **file_methods.METHODS,
    "api.test": _test,
    "auth.test": _auth_test,
    "chat.postMessage": _post_message,
    "chat.postEphemeral": _post_ephemeral,
    "chat.update": _update,
    "chat.delete": _delete,
    "views.open": _views_open,
    "views.push": _views_push,
    "views.update": _views_update,
    "views.publish": _views_publish,
    "users.info": _users_info,
    "usergroups.users.list": _usergroup,
    "conversations.history": _conversations_history,
    "conversations.replies": _conversations_replies,
    "assistant.threads.setStatus": _set_status,
    "assistant.threads.setSuggestedPrompts": _set_prompts,
    "conversations.info": _conversations_info,
    "conversations.list": _conversations_list,
    "conversations.members": _conversations_members,
    "conversations.open": _conversations_open,
    "users.conversations": _users_conversations,
}


def _decode(args: Json) -> Json:
    """Decode the JSON strings in the arguments of form-encoded calls."""
    decoded_args = dict(args)
    for key, error in {
        "blocks": "invalid_blocks_format",
        "view": "invalid_arguments",
        "metadata": "invalid_metadata_format",
        "prompts": "invalid_arguments",
    }.items():
        if isinstance(args.get(key), str):
            try:
                decoded_args[key] = json.loads(args[key])
            except (ValueError, RecursionError) as json_error:
                raise SlackError(error) from json_error
    return decoded_args


def _require_text(args: Json, key: str) -> str:
    value = args.get(key)
    if not isinstance(value, str) or not value:
        raise SlackError("invalid_arguments", (f"[ERROR] missing required field: {key}",))
    return value


def _require_view(args: Json) -> Json:
    view = args.get("view")
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", ("[ERROR] missing required field: view",))
    return view


def _find_person(workspace: Workspace, args: Json, key: str) -> Person:
    for person in workspace.people:
        if person.id == args.get(key):
            return person
    raise SlackError("user_not_found")


def _build_post_answer(message: Message) -> Json:
    return {"channel": message.channel, "ts": message.ts, "message": build_message_json(message)}


def _build_person_json(person: Person) -> Json:
    profile = {"real_name": person.real_name, "display_name": person.name}
    names = {"name": person.name, "real_name": person.real_name, "profile": profile}
    clock = {"tz": "Etc/UTC", "tz_label": "Coordinated Universal Time", "tz_offset": 0}
    # the only user is an admin, to try all features
    rights = {"is_admin": not person.is_bot, "is_owner": not person.is_bot}
    return {"id": person.id, "team_id": TEAM_ID, "deleted": False, "is_bot": person.is_bot, **names, **clock, **rights}


def _build_channel_json(workspace: Workspace, channel: Channel) -> Json:
    if channel.is_im:
        return {"id": channel.id, "is_im": True, "is_channel": False, "user": "U0LOCAL001"}
    flags = {"is_channel": True, "is_im": False, "is_private": False, "is_archived": False}
    flags["is_member"] = channel.id not in workspace.uninvited_channels
    return {"id": channel.id, "name": channel.name, **flags}


def _find_target_channel(workspace: Workspace, args: Json) -> str:
    trigger = workspace.trigger_ids.find_channel(str(args.get("trigger_id")))
    try:
        return trigger or workspace.get_conversation(str(args.get("channel"))).id
    except SlackError:
        return workspace.channels[0].id

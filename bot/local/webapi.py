"""Slack's Web API over the workspace: a table of methods, each from arguments to the answer's fields.

Rule: an answer is what Slack answers, `ok: false` with its error code included; a payload Slack would refuse is also
shown in the channel it was meant for, because the person trying the bot is the one who wants to know.
"""

import json
from collections.abc import Callable, Mapping

from bot import limits
from bot.local.faults import Fault, Json
from bot.local.model import (
    APP_ID,
    BOT,
    BOT_ID,
    SLACK,
    TEAM_DOMAIN,
    TEAM_ID,
    Channel,
    Exchange,
    Kind,
    Message,
    Person,
    Refused,
    View,
)
from bot.local.workspace import Workspace

#: refusals that no payload could avoid: the bot is expected to tell of them itself
_NO_FAULT = ("not_in_channel",)


def answer(workspace: Workspace, method: str, args: Json) -> Json:
    """What Slack answers to a call of `method` with these arguments. Never raises on bad arguments."""
    call = _METHODS.get(method)
    if call is None:
        return {"ok": False, "error": "unknown_method", "req_method": method}
    try:
        decoded = _decoded(args)
        told: Json = {"ok": True, **call(workspace, decoded)}
    except Refused as refusal:
        if method.startswith(("chat.", "views.")) and refusal.fault.error not in _NO_FAULT:
            show_refusal(workspace, _meant_channel(workspace, args), method, refusal.fault, args)
        return refused(refusal.fault)
    if method.startswith("chat."):
        ts = str(told.get("ts") or told.get("message_ts"))
        workspace.traced(ts, Exchange(method, shown(decoded), told))
    return told


def refused(fault: Fault) -> Json:
    """A fault as Slack puts it in an answer."""
    out: Json = {"ok": False, "error": fault.error}
    if fault.details:
        out |= {"errors": list(fault.details), "response_metadata": {"messages": list(fault.details)}}
    return out


def shown(payload: Json) -> Json:
    """A payload without the token, to be shown."""
    return {key: value for key, value in payload.items() if key != "token"}


def show_refusal(workspace: Workspace, channel: str, what: str, fault: Fault, payload: Json) -> None:
    """Tells the person that Slack would not take this payload, and why."""
    lines = [f"Slack would refuse this: {fault.error} (answer to {what})", *fault.details]
    workspace.say(channel, Kind.REFUSAL, "\n".join(lines), author=SLACK, payload=shown(payload))


def view_json(view: View) -> Json:
    """A view as Slack sends it, in answers and in interactions."""
    body = {"state": {"values": {}}, "private_metadata": "", "callback_id": "", **view.body}
    ids = {"id": view.id, "hash": view.hash, "root_view_id": view.root, "previous_view_id": view.previous}
    return {**body, **ids, "team_id": TEAM_ID, "app_id": APP_ID, "bot_id": BOT_ID}


def message_json(message: Message) -> Json:
    """A message as Slack sends it, in answers and in interactions."""
    out: Json = {"type": "message", "ts": message.ts, "text": message.text, "user": message.author.id, "team": TEAM_ID}
    if message.author == BOT:
        out |= {"bot_id": BOT_ID, "app_id": APP_ID, "blocks": list(message.blocks)}
    out |= {"thread_ts": message.thread} if message.thread else {}
    metadata = (message.payload or {}).get("metadata")
    return out | ({"metadata": metadata} if metadata else {})


def _test(_workspace: Workspace, args: Json) -> Json:
    return {"args": args} if args else {}


def _auth_test(_workspace: Workspace, _args: Json) -> Json:
    return {
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "team": "Local workspace",
        "team_id": TEAM_ID,
        "user": BOT.name,
        "user_id": BOT.id,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def _post_message(workspace: Workspace, args: Json) -> Json:
    return _posted(workspace.post(workspace.member_of(_wanted(args, "channel")).id, args))


def _post_ephemeral(workspace: Workspace, args: Json) -> Json:
    if _wanted(args, "user") not in (person.id for person in workspace.people):
        raise Refused("user_not_in_channel")
    place = workspace.member_of(_wanted(args, "channel"))
    return {"message_ts": workspace.post(place.id, args, ephemeral=True).ts}


def _update(workspace: Workspace, args: Json) -> Json:
    return _posted(workspace.update(_wanted(args, "channel"), _wanted(args, "ts"), args))


def _delete(workspace: Workspace, args: Json) -> Json:
    workspace.delete(_wanted(args, "channel"), _wanted(args, "ts"))
    return {"channel": args["channel"], "ts": args["ts"]}


def _views_open(workspace: Workspace, args: Json) -> Json:
    return {"view": view_json(workspace.open_view(_wanted(args, "trigger_id"), _wanted_view(args)))}


def _views_push(workspace: Workspace, args: Json) -> Json:
    return {"view": view_json(workspace.open_view(_wanted(args, "trigger_id"), _wanted_view(args), on_top=True))}


def _views_update(workspace: Workspace, args: Json) -> Json:
    return {"view": view_json(workspace.update_view(_wanted(args, "view_id"), _wanted_view(args), args.get("hash")))}


def _views_publish(workspace: Workspace, args: Json) -> Json:
    _person(workspace, args, "user_id")
    return {"view": view_json(workspace.publish_home(_wanted_view(args)))}


def _users_info(workspace: Workspace, args: Json) -> Json:
    return {"user": _person_json(_person(workspace, args, "user"))}


def _usergroup(_workspace: Workspace, args: Json) -> Json:
    """There are no user groups here."""
    _wanted(args, "usergroup")
    raise Refused("no_such_subteam")


def _conversations_info(workspace: Workspace, args: Json) -> Json:
    return {"channel": _channel_json(workspace, workspace.conversation(_wanted(args, "channel")))}


def _conversations_history(workspace: Workspace, args: Json) -> Json:
    """Metadata comes along only when it is asked for, as in Slack."""
    return _told(workspace.history(_wanted(args, "channel"), _limit(args)), args)


def _conversations_replies(workspace: Workspace, args: Json) -> Json:
    """A thread, from its oldest message on."""
    found = workspace.replies(_wanted(args, "channel"), _wanted(args, "ts"))
    oldest, limit = str(args.get("oldest") or "0"), _limit(args)
    return _told([message for message in found if message.ts >= oldest][:limit], args)


def _limit(args: Json) -> int:
    limit = str(args.get("limit", "100"))
    if not limit.isdecimal() or not 1 <= int(limit) <= limits.HISTORY:
        raise Refused("invalid_limit")
    return int(limit)


def _told(found: list[Message], args: Json) -> Json:
    all_of_it = str(args.get("include_all_metadata")).lower() in ("1", "true")
    told = [message_json(message) for message in found]
    kept = [one if all_of_it else {key: one[key] for key in one if key != "metadata"} for one in told]
    return {"messages": kept, "has_more": False}


def _set_status(workspace: Workspace, args: Json) -> Json:
    _panel(workspace, args)
    workspace.show_panel(status=str(args.get("status") or ""))
    return {}


def _set_prompts(workspace: Workspace, args: Json) -> Json:
    _panel(workspace, args)
    prompts = args.get("prompts")
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= limits.PROMPTS or not all(map(_is_prompt, prompts)):
        raise Refused("invalid_arguments", ("[ERROR] prompts must be 1 to 4, each with a title and a message",))
    workspace.show_panel(prompts=tuple(prompts))
    return {}


def _is_prompt(prompt: object) -> bool:
    return isinstance(prompt, dict) and all(
        isinstance(prompt.get(name), str) and prompt[name] for name in ("title", "message")
    )


def _panel(workspace: Workspace, args: Json) -> None:
    workspace.conversation(_wanted(args, "channel_id"))
    if _wanted(args, "thread_ts") != workspace.panel:
        raise Refused("thread_not_found")


def _conversations_list(workspace: Workspace, _args: Json) -> Json:
    channels = [_channel_json(workspace, channel) for channel in workspace.channels if not channel.is_im]
    return {"channels": channels, "response_metadata": {"next_cursor": ""}}


def _conversations_open(workspace: Workspace, args: Json) -> Json:
    return {"channel": {"id": workspace.conversation(_wanted(args, "users").split(",")[0]).id}}


_METHODS: Mapping[str, Callable[[Workspace, Json], Json]] = {
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
    "conversations.open": _conversations_open,
}


def _decoded(args: Json) -> Json:
    """The arguments with the JSON that form-encoded calls carry in strings."""
    decoded = dict(args)
    for key, error in {
        "blocks": "invalid_blocks_format",
        "view": "invalid_arguments",
        "metadata": "invalid_metadata_format",
        "prompts": "invalid_arguments",
    }.items():
        if isinstance(args.get(key), str):
            try:
                decoded[key] = json.loads(args[key])
            except (ValueError, RecursionError) as error_of_json:
                raise Refused(error) from error_of_json
    return decoded


def _wanted(args: Json, key: str) -> str:
    value = args.get(key)
    if not isinstance(value, str) or not value:
        raise Refused("invalid_arguments", (f"[ERROR] missing required field: {key}",))
    return value


def _wanted_view(args: Json) -> Json:
    view = args.get("view")
    if not isinstance(view, dict):
        raise Refused("invalid_arguments", ("[ERROR] missing required field: view",))
    return view


def _person(workspace: Workspace, args: Json, key: str) -> Person:
    for person in workspace.people:
        if person.id == args.get(key):
            return person
    raise Refused("user_not_found")


def _posted(message: Message) -> Json:
    return {"channel": message.channel, "ts": message.ts, "message": message_json(message)}


def _person_json(person: Person) -> Json:
    profile = {"real_name": person.real_name, "display_name": person.name}
    names = {"name": person.name, "real_name": person.real_name, "profile": profile}
    clock = {"tz": "Etc/UTC", "tz_label": "Coordinated Universal Time", "tz_offset": 0}
    # the one person of this workspace is its admin too, and may try everything
    rights = {"is_admin": not person.is_bot, "is_owner": not person.is_bot}
    return {"id": person.id, "team_id": TEAM_ID, "deleted": False, "is_bot": person.is_bot, **names, **clock, **rights}


def _channel_json(workspace: Workspace, channel: Channel) -> Json:
    if channel.is_im:
        return {"id": channel.id, "is_im": True, "is_channel": False, "user": "U0LOCAL001"}
    flags = {"is_channel": True, "is_im": False, "is_private": False, "is_archived": False}
    flags["is_member"] = channel.id not in workspace.uninvited
    return {"id": channel.id, "name": channel.name, **flags}


def _meant_channel(workspace: Workspace, args: Json) -> str:
    trigger = workspace.triggers.channel_of(str(args.get("trigger_id")))
    try:
        return trigger or workspace.conversation(str(args.get("channel"))).id
    except Refused:
        return workspace.channels[0].id

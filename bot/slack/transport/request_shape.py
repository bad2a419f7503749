"""Checks the shape of a signed request before Bolt and the listeners read it. Pure.

Rule: Slack's requests have these shapes. A request with another shape is refused, because Bolt would fail in the middle
of it. Ids must be text that can be stored and sent again.
"""

import re
from collections.abc import Mapping
from typing import Any

#: fields that are objects, at the top of a request and in its view
_OBJECTS = ("channel", "container", "event", "message", "team", "view")
_REQUIRED_OBJECTS = {"event_callback": "event", "view_submission": "view", "view_closed": "view"}
_VIEW_OBJECTS = ("state",)
#: fields that are text
_TEXTS = (
    "action_id",
    "block_id",
    "callback_id",
    "command",
    "event_id",
    "response_url",
    "team_id",
    "text",
    "trigger_id",
    "type",
    "user_id",
)
_VIEW_TEXTS = ("callback_id", "id", "private_metadata", "type")
_EVENT_OBJECTS = ("assistant_thread", "tokens", "view")
_AUTHORIZATION_IDS = ("enterprise_id", "team_id", "user_id")
_ACTION_TEXTS = ("action_id", "block_id", "type")
#: fields whose text is also an id
_IDS = ("callback_id", "channel_id", "event_id", "response_url", "team_id", "trigger_id", "type", "user_id")
_UNSAFE_CHARACTERS = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def find_shape_problem(body: Mapping[str, Any]) -> str | None:
    """Return the name of the first field with a wrong shape, or None for a well-formed request."""
    problem = _find_wrong_type(body, _OBJECTS, dict) or _find_wrong_type(body, _TEXTS, str)
    if problem:
        return problem
    required_name = _REQUIRED_OBJECTS.get(str(body.get("type")))
    if required_name and body.get(required_name) is None:
        return required_name
    unsafe_id = next((name for name in _IDS if _is_unsafe(body.get(name))), None)
    if unsafe_id:
        return unsafe_id
    return _find_view_problem(body.get("view")) or _find_action_problem(body) or _find_source_problem(body)


def _find_view_problem(view: Any) -> str | None:  # noqa: ANN401 - JSON
    if view is None:
        return None
    problem = _find_wrong_type(view, _VIEW_OBJECTS, dict) or _find_wrong_type(view, _VIEW_TEXTS, str)
    if problem:
        return f"view.{problem}"
    state_values = (view.get("state") or {}).get("values")
    if state_values is None:
        return None
    blocks = state_values.values() if isinstance(state_values, dict) else (None,)
    is_valid = all(isinstance(block, dict) and all(map(_is_object, block.values())) for block in blocks)
    return None if is_valid else "view.state.values"


def _find_action_problem(body: Mapping[str, Any]) -> str | None:
    actions = body.get("actions")
    if body.get("type") not in ("block_actions", "interactive_message"):
        return None if actions is None or isinstance(actions, list) else "actions"
    if not (isinstance(actions, list) and actions and all(map(_is_object, actions))):
        return "actions"
    if body.get("type") == "block_actions" and not all(isinstance(action.get("action_id"), str) for action in actions):
        return "actions.action_id"
    for action in actions:
        if problem := _find_wrong_type(action, _ACTION_TEXTS, str) or _find_wrong_type(
            action, ("selected_option",), dict
        ):
            return f"actions.{problem}"
    return None


def _find_source_problem(body: Mapping[str, Any]) -> str | None:
    """Check who sent the request, and where: `user`, `channel` and `team` are objects with an id."""
    for name in ("user", "channel", "team"):
        source = body.get(name)
        if isinstance(source, dict) and not _is_id(source.get("id")):
            return f"{name}.id"
        if source is not None and not isinstance(source, dict | str):
            return name
        if _is_unsafe(source):
            return name
    return _find_event_problem(body)


def _find_event_problem(body: Mapping[str, Any]) -> str | None:
    event = body.get("event")
    if isinstance(event, dict) and (
        problem := _find_wrong_type(event, ("type",), str) or _find_wrong_type(event, _EVENT_OBJECTS, dict)
    ):
        return f"event.{problem}"
    authorizations = body.get("authorizations")
    for authorization in authorizations if isinstance(authorizations, list) else ():
        if isinstance(authorization, dict) and not all(_is_id(authorization.get(name)) for name in _AUTHORIZATION_IDS):
            return "authorizations"
    return None


def _find_wrong_type(fields: Mapping[str, Any], names: tuple[str, ...], kind: type) -> str | None:
    return next((name for name in names if not isinstance(fields.get(name), kind | None)), None)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _is_id(value: object) -> bool:
    return value is None or (isinstance(value, str) and not _is_unsafe(value))


def _is_unsafe(value: object) -> bool:
    return isinstance(value, str) and bool(_UNSAFE_CHARACTERS.search(value))

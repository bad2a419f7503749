"""A request with another shape than Slack's is refused before anything reads it."""

from typing import Any

import pytest

from bot.slack.transport.request_shape import find_shape_problem

ACTION = {"type": "button", "action_id": "page", "block_id": "b", "value": "x"}
PRESS: dict[str, Any] = {"type": "block_actions", "trigger_id": "1", "user": {"id": "U1"}, "actions": [ACTION]}
FORM: dict[str, Any] = {
    "type": "view_submission",
    "view": {"id": "V1", "state": {"values": {"b": {"b": {"value": "x"}}}}},
}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"command": "/briefing", "text": "\ud83d\0", "trigger_id": "1"},
        PRESS,
        PRESS | {"channel": {"id": "C1", "name": "news"}, "team": None, "view": None},
        FORM,
        FORM | {"view": {"state": {}}},
        {"type": "view_closed", "view": {"id": "V1", "state": {"values": {}}}},
        {"type": "event_callback", "event_id": "E1", "event": {"type": "message", "channel": ["C1"], "user": None}},
        {"type": "event_callback", "event": {}},
        {"type": "url_verification", "challenge": "x"},
    ],
)
def test_slacks_shapes_are_accepted(body: dict[str, Any]) -> None:
    assert find_shape_problem(body) is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (FORM | {"view": {"state": []}}, "view.state"),
        (FORM | {"view": {"state": {"values": []}}}, "view.state.values"),
        (FORM | {"view": {"state": {"values": {"b": []}}}}, "view.state.values"),
        (FORM | {"view": {"state": {"values": {"b": {"b": "x"}}}}}, "view.state.values"),
        (FORM | {"view": []}, "view"),
        (FORM | {"view": {"callback_id": {}}}, "view.callback_id"),
        (FORM | {"view": {"private_metadata": 7}}, "view.private_metadata"),
        (PRESS | {"actions": {}}, "actions"),
        (PRESS | {"actions": []}, "actions"),
        (PRESS | {"actions": ["page"]}, "actions"),
        (PRESS | {"actions": [{"action_id": 7}]}, "actions.action_id"),
        (PRESS | {"actions": [ACTION | {"selected_option": "x"}]}, "actions.selected_option"),
        ({"type": "block_actions"}, "actions"),
        ({"type": "event_callback"}, "event"),
        ({"type": "event_callback", "event": None}, "event"),
        ({"type": "view_submission"}, "view"),
        ({"type": "event_callback", "event": {"type": "app_home_opened", "view": 7}}, "event.view"),
        ({"type": "event_callback", "event": {}, "authorizations": [{"team_id": []}]}, "authorizations"),
        ({"type": "event_callback", "event": {}, "authorizations": [{"team_id": "T\ud83d"}]}, "authorizations"),
        (PRESS | {"actions": [{}]}, "actions.action_id"),
        ({"type": "block_suggestion", "action_id": []}, "action_id"),
        ({"type": "made_up\ud83d"}, "type"),
        (PRESS | {"user": []}, "user"),
        (PRESS | {"user": {"id": 7}}, "user.id"),
        (PRESS | {"channel": "C1"}, "channel"),
        (PRESS | {"container": [1]}, "container"),
        (PRESS | {"response_url": {}}, "response_url"),
        ({"type": ["event_callback"]}, "type"),
        ({"type": "event_callback", "event": []}, "event"),
        ({"type": "event_callback", "event": {"type": {}}}, "event.type"),
        ({"type": "event_callback", "event_id": "E\ud83d", "event": {}}, "event_id"),
        ({"command": "/briefing", "trigger_id": "1\0"}, "trigger_id"),
        ({"command": ["/briefing"]}, "command"),
    ],
)
def test_the_first_field_with_another_shape_is_named(body: dict[str, Any], field: str) -> None:
    assert find_shape_problem(body) == field

"""Tests of the payloads for the bot: fields, form encoding and signature match Slack's."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import Clock as SignatureClock
from slack_sdk.signature import SignatureVerifier

from bot.simulator.payloads import (
    build_action,
    build_command_form,
    build_message_action,
    build_submission,
    curl_quotes,
    find_element,
    sign_form,
)
from bot.simulator.state.model import CHANNELS, Clock, Command, read_commands
from bot.simulator.state.workspace import Workspace

NEWSROOM = CHANNELS[0]
BUTTON: dict[str, Any] = {
    "type": "button",
    "action_id": "go",
    "text": {"type": "plain_text", "text": "Go"},
    "value": "v",
    "style": "primary",
}
OPTION = {"text": {"type": "plain_text", "text": "One"}, "value": "1"}
SELECT = {"type": "static_select", "action_id": "pick", "options": [OPTION]}


def parse_payload(fields: dict[str, str]) -> dict[str, Any]:
    """Return the JSON payload of a form."""
    assert set(fields) == {"payload"}
    payload: dict[str, Any] = json.loads(fields["payload"])
    return payload


def test_signature_passes_slacks_verifier(clock: Clock) -> None:
    """The verifier accepts it a minute later, and refuses another secret or body."""

    class LaterClock(SignatureClock):
        def now(self) -> float:
            return clock().timestamp() + 60

    body, headers = sign_form({"text": "“é” & more"}, "made-up", clock())
    assert SignatureVerifier("made-up", LaterClock()).is_valid_request(body, headers)
    assert not SignatureVerifier("another", LaterClock()).is_valid_request(body, headers)
    assert not SignatureVerifier("made-up", LaterClock()).is_valid_request(body + b"x", headers)
    assert parse_qs(body.decode()) == {"text": ["“é” & more"]}
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_command_has_all_fields_of_slack(workspace: Workspace) -> None:
    fields = build_command_form(workspace, NEWSROOM, Command("/briefing", "", ""), "labour-crisis", "http://x/r")
    assert set(fields) == {
        "token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name", "command", "text",
        "api_app_id", "is_enterprise_install", "response_url", "trigger_id",
    }  # fmt: skip
    assert (fields["command"], fields["text"], fields["response_url"]) == ("/briefing", "labour-crisis", "http://x/r")
    assert workspace.trigger_ids.check(fields["trigger_id"]).channel == NEWSROOM.id


@pytest.mark.parametrize(
    ("should_escape", "text"),
    [
        (False, "@you & #newsroom <b> https://x.example/a"),
        (
            True,
            "<@U0LOCAL001|you> &amp; <#C0LOCAL001|newsroom> &lt;b&gt; <https://x.example/a>",
        ),
    ],
)
def test_text_is_escaped_only_if_the_manifest_asks_for_it(workspace: Workspace, should_escape: bool, text: str) -> None:
    command = Command("/c", "", "", should_escape=should_escape)
    typed_text = "@you & #newsroom <b> https://x.example/a"
    assert build_command_form(workspace, NEWSROOM, command, typed_text, "")["text"] == text


@pytest.mark.parametrize(
    ("typed_text", "curled_text"),
    [
        ('"lynch-mob"', "“lynch-mob”"),
        ("it's 'so'", "it’s ‘so’"),
        ("say (\"it's 'so'\")", "say (“it’s ‘so’”)"),
        ("\"'nested'\"", "“‘nested’”"),
        ("labour-crisis", "labour-crisis"),
    ],
)
def test_quotation_marks_are_curled_like_in_slacks_clients(typed_text: str, curled_text: str) -> None:
    assert curl_quotes(typed_text) == curled_text


@given(st.text())
def test_curling_changes_nothing_else(text: str) -> None:
    flat = str.maketrans("“”‘’", "\"\"''")
    assert curl_quotes(text).translate(flat) == text.translate(flat)


def test_click_includes_its_message(workspace: Workspace) -> None:
    message = workspace.post(NEWSROOM.id, {"blocks": [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]})
    action = build_action(BUTTON, None)
    assert action
    payload = parse_payload(build_message_action(workspace, message, "b", action, "http://x/r"))
    assert payload["type"] == "block_actions"
    assert payload["actions"][0]["action_id"] == "go"
    assert payload["actions"][0]["block_id"] == "b"
    assert payload["actions"][0]["value"] == "v"
    assert payload["container"]["message_ts"] == payload["message"]["ts"] == message.ts
    assert payload["response_url"] == "http://x/r"
    assert payload["user"]["id"]
    assert payload["team"]["id"]


def test_click_in_an_ephemeral_message_omits_the_message(workspace: Workspace) -> None:
    message = workspace.post(NEWSROOM.id, {"text": "psst"}, ephemeral=True)
    payload = parse_payload(build_message_action(workspace, message, "b", {}, ""))
    assert "message" not in payload
    assert payload["container"]["is_ephemeral"]


def test_selected_option_is_the_one_that_the_bot_posted() -> None:
    action = build_action(SELECT, "1")
    assert action
    assert action["selected_option"] == OPTION
    assert build_action(SELECT, "2") is None
    assert build_action({"type": "datepicker", "action_id": "d"}, "1") is None


def test_only_posted_elements_can_be_clicked() -> None:
    blocks: list[dict[str, Any]] = [
        {"type": "actions", "block_id": "b", "elements": [BUTTON]},
        {"type": "section", "block_id": "s", "accessory": SELECT},
        {"type": "divider", "block_id": "d"},
    ]
    assert find_element(blocks, "b", "go") is BUTTON
    assert find_element(blocks, "s", "pick") is SELECT
    assert find_element(blocks, "s", "go") is None
    assert find_element(blocks, "d", "go") is None
    assert find_element(blocks, "x", "go") is None


def test_submitted_modal_includes_its_state(workspace: Workspace) -> None:
    def field(block_id: str, element: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "input",
            "block_id": block_id,
            "label": {"type": "plain_text", "text": "L"},
            "element": element,
        }

    text = {"type": "plain_text_input", "action_id": "t"}
    body = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "T"},
        "submit": {"type": "plain_text", "text": "Go"},
        "private_metadata": "kept",
        "blocks": [field("one", text), field("two", {**text, "action_id": "u"}), field("three", SELECT)],
    }
    view = workspace.open_view(workspace.new_trigger(NEWSROOM.id), body)
    payload = parse_payload(build_submission(workspace, view, {"one t": "words", "two u": "", "three pick": "1"}))
    assert payload["type"] == "view_submission"
    assert payload["view"]["private_metadata"] == "kept"
    assert payload["view"]["state"]["values"] == {
        "one": {"t": {"type": "plain_text_input", "value": "words"}},
        "two": {"u": {"type": "plain_text_input", "value": None}},
        "three": {"pick": {"type": "static_select", "selected_option": OPTION}},
    }


def test_commands_are_read_from_the_manifest() -> None:
    declaration = {"command": "/c", "description": "Does", "usage_hint": "words", "should_escape": True}
    assert read_commands({"features": {"slash_commands": [declaration]}}) == (Command("/c", "words", "Does", True),)
    assert read_commands({}) == ()


def test_signature_uses_the_workspace_clock(clock: Clock) -> None:
    now: datetime = clock()
    assert sign_form({}, "s", now)[1]["X-Slack-Request-Timestamp"] == str(int(now.timestamp()))


@pytest.mark.parametrize(
    ("element", "value", "state"),
    [
        ({"type": "radio_buttons", "options": [OPTION]}, "1", {"selected_option": OPTION}),
        ({"type": "checkboxes", "options": [OPTION]}, ["1", "made up"], {"selected_options": [OPTION]}),
        ({"type": "multi_static_select", "options": [OPTION]}, "1", {"selected_options": []}),
        ({"type": "timepicker"}, "08:30", {"selected_time": "08:30"}),
        ({"type": "datepicker"}, "", {"selected_date": None}),
        ({"type": "conversations_select"}, NEWSROOM.id, {"selected_conversation": NEWSROOM.id}),
        ({"type": "channels_select"}, NEWSROOM.id, {"selected_channel": NEWSROOM.id}),
    ],
)
def test_input_value_has_the_same_key_as_in_slack(
    workspace: Workspace, element: dict[str, Any], value: object, state: dict[str, Any]
) -> None:
    block = {
        "type": "input",
        "block_id": "b",
        "label": {"type": "plain_text", "text": "L"},
        "element": {**element, "action_id": "a"},
    }
    body = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "T"},
        "submit": {"type": "plain_text", "text": "Go"},
        "blocks": [block],
    }
    view = workspace.open_view(workspace.new_trigger(NEWSROOM.id), body)
    payload = parse_payload(build_submission(workspace, view, {"b a": value}))
    assert payload["view"]["state"]["values"] == {"b": {"a": {"type": element["type"], **state}}}

"""What the bot is sent is what Slack sends: the fields, the form encoding, the signature."""

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


def payload(fields: dict[str, str]) -> dict[str, Any]:
    assert set(fields) == {"payload"}
    read: dict[str, Any] = json.loads(fields["payload"])
    return read


def test_the_signature_is_slacks(clock: Clock) -> None:
    """Slack's own verifier accepts it for five minutes, and refuses another secret or body."""

    class Now(SignatureClock):
        def now(self) -> float:
            return clock().timestamp() + 60

    body, headers = sign_form({"text": "“é” & more"}, "made-up", clock())
    assert SignatureVerifier("made-up", Now()).is_valid_request(body, headers)
    assert not SignatureVerifier("another", Now()).is_valid_request(body, headers)
    assert not SignatureVerifier("made-up", Now()).is_valid_request(body + b"x", headers)
    assert parse_qs(body.decode()) == {"text": ["“é” & more"]}
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_a_command_carries_every_field_slack_sends(workspace: Workspace) -> None:
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
def test_text_is_escaped_only_when_the_manifest_says_so(workspace: Workspace, should_escape: bool, text: str) -> None:
    command = Command("/c", "", "", should_escape=should_escape)
    typed = "@you & #newsroom <b> https://x.example/a"
    assert build_command_form(workspace, NEWSROOM, command, typed, "")["text"] == text


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ('"lynch-mob"', "“lynch-mob”"),
        ("it's 'so'", "it’s ‘so’"),
        ("say (\"it's 'so'\")", "say (“it’s ‘so’”)"),
        ("\"'nested'\"", "“‘nested’”"),
        ("labour-crisis", "labour-crisis"),
    ],
)
def test_quotation_marks_are_curled_as_slacks_clients_do(typed: str, sent: str) -> None:
    assert curl_quotes(typed) == sent


@given(st.text())
def test_curling_changes_nothing_else(text: str) -> None:
    flat = str.maketrans("“”‘’", "\"\"''")
    assert curl_quotes(text).translate(flat) == text.translate(flat)


def test_a_click_carries_the_message_it_was_made_in(workspace: Workspace) -> None:
    message = workspace.post(NEWSROOM.id, {"blocks": [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]})
    action = build_action(BUTTON, None)
    assert action
    sent = payload(build_message_action(workspace, message, "b", action, "http://x/r"))
    assert sent["type"] == "block_actions"
    assert sent["actions"][0]["action_id"] == "go"
    assert sent["actions"][0]["block_id"] == "b"
    assert sent["actions"][0]["value"] == "v"
    assert sent["container"]["message_ts"] == sent["message"]["ts"] == message.ts
    assert sent["response_url"] == "http://x/r"
    assert sent["user"]["id"]
    assert sent["team"]["id"]


def test_a_click_in_an_ephemeral_message_comes_without_it(workspace: Workspace) -> None:
    message = workspace.post(NEWSROOM.id, {"text": "psst"}, ephemeral=True)
    sent = payload(build_message_action(workspace, message, "b", {}, ""))
    assert "message" not in sent
    assert sent["container"]["is_ephemeral"]


def test_an_option_is_sent_as_the_bot_posted_it() -> None:
    action = build_action(SELECT, "1")
    assert action
    assert action["selected_option"] == OPTION
    assert build_action(SELECT, "2") is None
    assert build_action({"type": "datepicker", "action_id": "d"}, "1") is None


def test_only_what_the_bot_posted_can_be_clicked() -> None:
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


def test_a_submitted_modal_carries_its_state(workspace: Workspace) -> None:
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
    sent = payload(build_submission(workspace, view, {"one t": "words", "two u": "", "three pick": "1"}))
    assert sent["type"] == "view_submission"
    assert sent["view"]["private_metadata"] == "kept"
    assert sent["view"]["state"]["values"] == {
        "one": {"t": {"type": "plain_text_input", "value": "words"}},
        "two": {"u": {"type": "plain_text_input", "value": None}},
        "three": {"pick": {"type": "static_select", "selected_option": OPTION}},
    }


def test_the_commands_are_the_manifests() -> None:
    declared = {"command": "/c", "description": "Does", "usage_hint": "words", "should_escape": True}
    assert read_commands({"features": {"slash_commands": [declared]}}) == (Command("/c", "words", "Does", True),)
    assert read_commands({}) == ()


def test_the_signed_moment_is_the_clocks(clock: Clock) -> None:
    now: datetime = clock()
    assert sign_form({}, "s", now)[1]["X-Slack-Request-Timestamp"] == str(int(now.timestamp()))


@pytest.mark.parametrize(
    ("element", "filled", "state"),
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
def test_every_input_is_sent_where_slack_puts_it(
    workspace: Workspace, element: dict[str, Any], filled: object, state: dict[str, Any]
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
    sent = payload(build_submission(workspace, view, {"b a": filled}))
    assert sent["view"]["state"]["values"] == {"b": {"a": {"type": element["type"], **state}}}

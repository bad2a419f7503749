"""Tests of the fake Web API: answers match Slack's, and refused payloads are shown to the user."""

import json
from typing import Any

import pytest

from bot.simulator.state.model import EntryKind
from bot.simulator.state.workspace import Workspace
from bot.simulator.web_api import handle_api_call

NEWSROOM, YOU, BOT = "C0LOCAL001", "U0LOCAL001", "U0LOCAL002"
HOME: dict[str, Any] = {"type": "home", "blocks": [{"type": "divider"}]}


def test_unknown_method_gets_slacks_error(workspace: Workspace) -> None:
    answer = handle_api_call(workspace, "chat.whisper", {})
    assert (answer["ok"], answer["error"]) == (False, "unknown_method")


def test_auth_test_returns_the_bots_ids(workspace: Workspace) -> None:
    answer = handle_api_call(workspace, "auth.test", {})
    assert answer["ok"]
    assert answer["user_id"] == BOT
    assert answer["bot_id"].startswith("B")


def test_message_is_posted_updated_and_deleted(workspace: Workspace) -> None:
    posted = handle_api_call(workspace, "chat.postMessage", {"channel": "#newsroom", "text": "one"})
    target = {"channel": posted["channel"], "ts": posted["ts"]}
    assert posted["message"]["text"] == "one"
    assert handle_api_call(workspace, "chat.update", {**target, "text": "two"})["message"]["text"] == "two"
    assert handle_api_call(workspace, "chat.delete", target)["ok"]
    assert handle_api_call(workspace, "chat.update", {**target, "text": "three"})["error"] == "message_not_found"


def test_form_encoded_blocks_are_json(workspace: Workspace) -> None:
    divider = [{"type": "divider"}]
    posted = handle_api_call(
        workspace, "chat.postMessage", {"channel": NEWSROOM, "blocks": json.dumps(divider), "text": "x"}
    )
    assert posted["message"]["blocks"][0]["type"] == "divider"
    broken = handle_api_call(workspace, "chat.postMessage", {"channel": NEWSROOM, "blocks": "[", "text": "x"})
    assert broken["error"] == "invalid_blocks_format"


def test_refused_payload_is_shown_in_its_channel(workspace: Workspace) -> None:
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    answer = handle_api_call(workspace, "chat.postMessage", {"channel": NEWSROOM, "blocks": [long], "token": "secret"})
    assert answer["error"] == "invalid_blocks"
    assert "3001" in answer["response_metadata"]["messages"][0]
    (refusal,) = workspace.list_changes_since(NEWSROOM, 0)
    assert refusal.kind is EntryKind.REFUSAL
    assert "invalid_blocks" in refusal.text
    assert "secret" not in str(refusal.payload)


def test_ephemeral_message_requires_a_known_user(workspace: Workspace) -> None:
    args = {"channel": NEWSROOM, "text": "psst"}
    assert handle_api_call(workspace, "chat.postEphemeral", {**args, "user": YOU})["message_ts"]
    assert handle_api_call(workspace, "chat.postEphemeral", {**args, "user": "U404"})["error"] == "user_not_in_channel"
    assert handle_api_call(workspace, "chat.postEphemeral", args)["error"] == "invalid_arguments"


def test_people_and_channels_can_be_looked_up(workspace: Workspace) -> None:
    assert handle_api_call(workspace, "users.info", {"user": YOU})["user"]["tz"]
    assert handle_api_call(workspace, "users.info", {"user": "U404"})["error"] == "user_not_found"
    assert handle_api_call(workspace, "conversations.info", {"channel": NEWSROOM})["channel"]["name"] == "newsroom"
    assert handle_api_call(workspace, "conversations.info", {"channel": "C404"})["error"] == "channel_not_found"
    direct = handle_api_call(workspace, "conversations.open", {"users": YOU})["channel"]["id"]
    assert handle_api_call(workspace, "conversations.info", {"channel": direct})["channel"]["is_im"]
    assert {c["name"] for c in handle_api_call(workspace, "conversations.list", {})["channels"]} == {
        "newsroom",
        "politics",
    }


def test_views_are_opened_pushed_updated_and_published(workspace: Workspace) -> None:
    view = {**HOME, "type": "modal", "title": {"type": "plain_text", "text": "T"}, "callback_id": "c"}
    opened = handle_api_call(workspace, "views.open", {"trigger_id": workspace.new_trigger(NEWSROOM), "view": view})[
        "view"
    ]
    pushed = handle_api_call(workspace, "views.push", {"trigger_id": workspace.new_trigger(NEWSROOM), "view": view})[
        "view"
    ]
    assert pushed["previous_view_id"] == opened["id"]
    updated = handle_api_call(
        workspace, "views.update", {"view_id": opened["id"], "hash": opened["hash"], "view": view}
    )["view"]
    assert updated["id"] == opened["id"]
    assert updated["hash"] != opened["hash"]
    assert (
        handle_api_call(workspace, "views.publish", {"user_id": YOU, "view": json.dumps(HOME)})["view"]["type"]
        == "home"
    )
    assert workspace.home


@pytest.mark.parametrize("args", [{}, {"channel": 5}, {"channel": NEWSROOM, "text": "x", "blocks": 5}, {"channel": ""}])
def test_arguments_of_the_wrong_kind_are_refused(workspace: Workspace, args: dict[str, Any]) -> None:
    assert not handle_api_call(workspace, "chat.postMessage", args)["ok"]


def test_history_has_public_messages_newest_first(workspace: Workspace) -> None:
    """Metadata is included on request. Ephemeral and deleted messages are left out."""
    metadata = {"event_type": "shared", "event_payload": {"key": "k"}}
    for number in range(3):
        handle_api_call(workspace, "chat.postMessage", {"channel": NEWSROOM, "text": str(number), "metadata": metadata})
    handle_api_call(workspace, "chat.postEphemeral", {"channel": NEWSROOM, "user": YOU, "text": "private"})
    deleted_post = handle_api_call(workspace, "chat.postMessage", {"channel": NEWSROOM, "text": "gone"})
    handle_api_call(workspace, "chat.delete", {"channel": NEWSROOM, "ts": deleted_post["ts"]})
    answer = handle_api_call(
        workspace, "conversations.history", {"channel": NEWSROOM, "limit": "2", "include_all_metadata": "1"}
    )
    assert [message["text"] for message in answer["messages"]] == ["2", "1"]
    assert answer["messages"][0]["metadata"] == metadata
    plain = handle_api_call(workspace, "conversations.history", {"channel": NEWSROOM})
    assert len(plain["messages"]) == 3
    assert "metadata" not in plain["messages"][0]
    assert (
        handle_api_call(workspace, "conversations.history", {"channel": NEWSROOM, "limit": "0"})["error"]
        == "invalid_limit"
    )
    assert handle_api_call(workspace, "conversations.history", {"channel": "C9"})["error"] == "channel_not_found"


def test_bot_cannot_use_a_channel_before_it_is_invited(workspace: Workspace) -> None:
    """This applies to posts and history. No refusal is shown, because the payload is valid."""
    for method in ("chat.postMessage", "chat.postEphemeral", "conversations.history"):
        answer = handle_api_call(workspace, method, {"channel": "politics", "text": "x", "user": YOU})
        assert answer["error"] == "not_in_channel"
    assert not list(workspace.list_changes_since("C0LOCAL002", 0))
    workspace.invite("C0LOCAL002")
    assert handle_api_call(workspace, "chat.postMessage", {"channel": "politics", "text": "x"})["ok"]
    assert handle_api_call(workspace, "conversations.info", {"channel": "politics"})["channel"]["is_member"] is True


def test_thread_starts_with_its_oldest_message(workspace: Workspace) -> None:
    """Metadata is included only on request. An unknown thread is refused."""
    first = handle_api_call(workspace, "chat.postMessage", {"channel": "C0LOCAL001", "text": "one"})["ts"]
    second = {"channel": "C0LOCAL001", "text": "two", "thread_ts": first, "metadata": {"event_type": "x"}}
    handle_api_call(workspace, "chat.postMessage", second)
    handle_api_call(workspace, "chat.postMessage", {"channel": "C0LOCAL001", "text": "elsewhere"})
    answer = handle_api_call(workspace, "conversations.replies", {"channel": "C0LOCAL001", "ts": first})["messages"]
    assert [(message["text"], message.get("thread_ts")) for message in answer] == [("one", None), ("two", first)]
    args = {"channel": "C0LOCAL001", "ts": first, "include_all_metadata": "1", "oldest": answer[1]["ts"]}
    (last,) = handle_api_call(workspace, "conversations.replies", args)["messages"]
    assert last["metadata"] == {"event_type": "x"}
    for method in ("conversations.replies", "chat.postMessage"):
        unknown_thread = {"channel": "C0LOCAL001", "ts": "1.1", "thread_ts": "1.1", "text": "x"}
        assert handle_api_call(workspace, method, unknown_thread)["error"] == "thread_not_found"


@pytest.mark.parametrize("prompts", [None, [], [{"title": "x"}], ["x"], [{"title": "x", "message": "y"}] * 5])
def test_invalid_prompts_are_refused(workspace: Workspace, prompts: object) -> None:
    args = {"channel_id": "D0LOCAL001", "thread_ts": workspace.open_panel(), "prompts": prompts}
    assert handle_api_call(workspace, "assistant.threads.setSuggestedPrompts", args)["error"] == "invalid_arguments"


def test_panel_shows_prompts_and_status_only_in_its_thread(workspace: Workspace) -> None:
    panel_args = {"channel_id": "D0LOCAL001", "thread_ts": workspace.open_panel()}
    prompts = [{"title": "x", "message": "y"}]
    assert handle_api_call(workspace, "assistant.threads.setSuggestedPrompts", panel_args | {"prompts": prompts})["ok"]
    assert handle_api_call(workspace, "assistant.threads.setStatus", panel_args | {"status": "is looking"})["ok"]
    assert (list(workspace.prompts), workspace.status) == (prompts, "is looking")
    other_args = panel_args | {"thread_ts": "1.1", "status": "x"}
    assert handle_api_call(workspace, "assistant.threads.setStatus", other_args)["error"] == "thread_not_found"

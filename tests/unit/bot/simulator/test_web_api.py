"""The Web API answers as Slack's does, and shows the person what Slack would refuse."""

import json
from typing import Any

import pytest

from bot.simulator.state.model import EntryKind
from bot.simulator.state.workspace import Workspace
from bot.simulator.web_api import handle_api_call

NEWSROOM, YOU, BOT = "C0LOCAL001", "U0LOCAL001", "U0LOCAL002"
HOME: dict[str, Any] = {"type": "home", "blocks": [{"type": "divider"}]}


def test_an_unknown_method_is_answered_as_slack_does(workspace: Workspace) -> None:
    got = handle_api_call(workspace, "chat.whisper", {})
    assert (got["ok"], got["error"]) == (False, "unknown_method")


def test_auth_test_tells_who_the_bot_is(workspace: Workspace) -> None:
    got = handle_api_call(workspace, "auth.test", {})
    assert got["ok"]
    assert got["user_id"] == BOT
    assert got["bot_id"].startswith("B")


def test_a_message_is_posted_updated_and_deleted(workspace: Workspace) -> None:
    posted = handle_api_call(workspace, "chat.postMessage", {"channel": "#newsroom", "text": "one"})
    place = {"channel": posted["channel"], "ts": posted["ts"]}
    assert posted["message"]["text"] == "one"
    assert handle_api_call(workspace, "chat.update", {**place, "text": "two"})["message"]["text"] == "two"
    assert handle_api_call(workspace, "chat.delete", place)["ok"]
    assert handle_api_call(workspace, "chat.update", {**place, "text": "three"})["error"] == "message_not_found"


def test_form_encoded_calls_carry_their_blocks_as_json(workspace: Workspace) -> None:
    divider = [{"type": "divider"}]
    posted = handle_api_call(
        workspace, "chat.postMessage", {"channel": NEWSROOM, "blocks": json.dumps(divider), "text": "x"}
    )
    assert posted["message"]["blocks"][0]["type"] == "divider"
    broken = handle_api_call(workspace, "chat.postMessage", {"channel": NEWSROOM, "blocks": "[", "text": "x"})
    assert broken["error"] == "invalid_blocks_format"


def test_a_refused_payload_is_shown_where_it_was_meant_to_be(workspace: Workspace) -> None:
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    got = handle_api_call(workspace, "chat.postMessage", {"channel": NEWSROOM, "blocks": [long], "token": "secret"})
    assert got["error"] == "invalid_blocks"
    assert "3001" in got["response_metadata"]["messages"][0]
    (shown,) = workspace.list_changes_since(NEWSROOM, 0)
    assert shown.kind is EntryKind.REFUSAL
    assert "invalid_blocks" in shown.text
    assert "secret" not in str(shown.payload)


def test_an_ephemeral_message_needs_someone_to_see_it(workspace: Workspace) -> None:
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


def test_history_is_what_everybody_sees_newest_first(workspace: Workspace) -> None:
    """With the metadata when it is asked for; what one person sees, and what was deleted, is not in it."""
    metadata = {"event_type": "shared", "event_payload": {"key": "k"}}
    for number in range(3):
        handle_api_call(workspace, "chat.postMessage", {"channel": NEWSROOM, "text": str(number), "metadata": metadata})
    handle_api_call(workspace, "chat.postEphemeral", {"channel": NEWSROOM, "user": YOU, "text": "private"})
    gone = handle_api_call(workspace, "chat.postMessage", {"channel": NEWSROOM, "text": "gone"})
    handle_api_call(workspace, "chat.delete", {"channel": NEWSROOM, "ts": gone["ts"]})
    told = handle_api_call(
        workspace, "conversations.history", {"channel": NEWSROOM, "limit": "2", "include_all_metadata": "1"}
    )
    assert [one["text"] for one in told["messages"]] == ["2", "1"]
    assert told["messages"][0]["metadata"] == metadata
    plain = handle_api_call(workspace, "conversations.history", {"channel": NEWSROOM})
    assert len(plain["messages"]) == 3
    assert "metadata" not in plain["messages"][0]
    assert (
        handle_api_call(workspace, "conversations.history", {"channel": NEWSROOM, "limit": "0"})["error"]
        == "invalid_limit"
    )
    assert handle_api_call(workspace, "conversations.history", {"channel": "C9"})["error"] == "channel_not_found"


def test_a_channel_without_the_bot_is_closed_to_it_until_it_is_invited(workspace: Workspace) -> None:
    """For posts and for history; nothing is shown as a fault of the payload, for there is none."""
    for method in ("chat.postMessage", "chat.postEphemeral", "conversations.history"):
        told = handle_api_call(workspace, method, {"channel": "politics", "text": "x", "user": YOU})
        assert told["error"] == "not_in_channel"
    assert not list(workspace.list_changes_since("C0LOCAL002", 0))
    workspace.invite("C0LOCAL002")
    assert handle_api_call(workspace, "chat.postMessage", {"channel": "politics", "text": "x"})["ok"]
    assert handle_api_call(workspace, "conversations.info", {"channel": "politics"})["channel"]["is_member"] is True


def test_a_thread_is_told_from_its_oldest_message_on(workspace: Workspace) -> None:
    """What it answers first; metadata only where it is asked for; a thread that is none is refused."""
    first = handle_api_call(workspace, "chat.postMessage", {"channel": "C0LOCAL001", "text": "one"})["ts"]
    second = {"channel": "C0LOCAL001", "text": "two", "thread_ts": first, "metadata": {"event_type": "x"}}
    handle_api_call(workspace, "chat.postMessage", second)
    handle_api_call(workspace, "chat.postMessage", {"channel": "C0LOCAL001", "text": "elsewhere"})
    told = handle_api_call(workspace, "conversations.replies", {"channel": "C0LOCAL001", "ts": first})["messages"]
    assert [(one["text"], one.get("thread_ts")) for one in told] == [("one", None), ("two", first)]
    asked = {"channel": "C0LOCAL001", "ts": first, "include_all_metadata": "1", "oldest": told[1]["ts"]}
    (last,) = handle_api_call(workspace, "conversations.replies", asked)["messages"]
    assert last["metadata"] == {"event_type": "x"}
    for method in ("conversations.replies", "chat.postMessage"):
        nowhere = {"channel": "C0LOCAL001", "ts": "1.1", "thread_ts": "1.1", "text": "x"}
        assert handle_api_call(workspace, method, nowhere)["error"] == "thread_not_found"


@pytest.mark.parametrize("prompts", [None, [], [{"title": "x"}], ["x"], [{"title": "x", "message": "y"}] * 5])
def test_prompts_that_slack_would_refuse_are_refused(workspace: Workspace, prompts: object) -> None:
    asked = {"channel_id": "D0LOCAL001", "thread_ts": workspace.open_panel(), "prompts": prompts}
    assert handle_api_call(workspace, "assistant.threads.setSuggestedPrompts", asked)["error"] == "invalid_arguments"


def test_the_panel_shows_prompts_and_a_status_in_its_thread_alone(workspace: Workspace) -> None:
    here = {"channel_id": "D0LOCAL001", "thread_ts": workspace.open_panel()}
    prompts = [{"title": "x", "message": "y"}]
    assert handle_api_call(workspace, "assistant.threads.setSuggestedPrompts", here | {"prompts": prompts})["ok"]
    assert handle_api_call(workspace, "assistant.threads.setStatus", here | {"status": "is looking"})["ok"]
    assert (list(workspace.prompts), workspace.status) == (prompts, "is looking")
    there = here | {"thread_ts": "1.1", "status": "x"}
    assert handle_api_call(workspace, "assistant.threads.setStatus", there)["error"] == "thread_not_found"

"""The Web API answers as Slack's does, and shows the person what Slack would refuse."""

import json
from typing import Any

import pytest

from bot.local.model import Kind
from bot.local.webapi import answer
from bot.local.workspace import Workspace

NEWSROOM, YOU, BOT = "C0LOCAL001", "U0LOCAL001", "U0LOCAL002"
HOME: dict[str, Any] = {"type": "home", "blocks": [{"type": "divider"}]}


def test_an_unknown_method_is_answered_as_slack_does(workspace: Workspace) -> None:
    got = answer(workspace, "chat.whisper", {})
    assert (got["ok"], got["error"]) == (False, "unknown_method")


def test_auth_test_tells_who_the_bot_is(workspace: Workspace) -> None:
    got = answer(workspace, "auth.test", {})
    assert got["ok"]
    assert got["user_id"] == BOT
    assert got["bot_id"].startswith("B")


def test_a_message_is_posted_updated_and_deleted(workspace: Workspace) -> None:
    posted = answer(workspace, "chat.postMessage", {"channel": "#newsroom", "text": "one"})
    place = {"channel": posted["channel"], "ts": posted["ts"]}
    assert posted["message"]["text"] == "one"
    assert answer(workspace, "chat.update", {**place, "text": "two"})["message"]["text"] == "two"
    assert answer(workspace, "chat.delete", place)["ok"]
    assert answer(workspace, "chat.update", {**place, "text": "three"})["error"] == "message_not_found"


def test_form_encoded_calls_carry_their_blocks_as_json(workspace: Workspace) -> None:
    divider = [{"type": "divider"}]
    posted = answer(workspace, "chat.postMessage", {"channel": NEWSROOM, "blocks": json.dumps(divider), "text": "x"})
    assert posted["message"]["blocks"][0]["type"] == "divider"
    broken = answer(workspace, "chat.postMessage", {"channel": NEWSROOM, "blocks": "[", "text": "x"})
    assert broken["error"] == "invalid_blocks_format"


def test_a_refused_payload_is_shown_where_it_was_meant_to_be(workspace: Workspace) -> None:
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    got = answer(workspace, "chat.postMessage", {"channel": NEWSROOM, "blocks": [long], "token": "secret"})
    assert got["error"] == "invalid_blocks"
    assert "3001" in got["response_metadata"]["messages"][0]
    (shown,) = workspace.since(NEWSROOM, 0)
    assert shown.kind is Kind.REFUSAL
    assert "invalid_blocks" in shown.text
    assert "secret" not in str(shown.payload)


def test_an_ephemeral_message_needs_someone_to_see_it(workspace: Workspace) -> None:
    args = {"channel": NEWSROOM, "text": "psst"}
    assert answer(workspace, "chat.postEphemeral", {**args, "user": YOU})["message_ts"]
    assert answer(workspace, "chat.postEphemeral", {**args, "user": "U404"})["error"] == "user_not_in_channel"
    assert answer(workspace, "chat.postEphemeral", args)["error"] == "invalid_arguments"


def test_people_and_channels_can_be_looked_up(workspace: Workspace) -> None:
    assert answer(workspace, "users.info", {"user": YOU})["user"]["tz"]
    assert answer(workspace, "users.info", {"user": "U404"})["error"] == "user_not_found"
    assert answer(workspace, "conversations.info", {"channel": NEWSROOM})["channel"]["name"] == "newsroom"
    assert answer(workspace, "conversations.info", {"channel": "C404"})["error"] == "channel_not_found"
    direct = answer(workspace, "conversations.open", {"users": YOU})["channel"]["id"]
    assert answer(workspace, "conversations.info", {"channel": direct})["channel"]["is_im"]
    assert {c["name"] for c in answer(workspace, "conversations.list", {})["channels"]} == {"newsroom", "politics"}


def test_views_are_opened_pushed_updated_and_published(workspace: Workspace) -> None:
    view = {**HOME, "type": "modal", "title": {"type": "plain_text", "text": "T"}, "callback_id": "c"}
    opened = answer(workspace, "views.open", {"trigger_id": workspace.new_trigger(NEWSROOM), "view": view})["view"]
    pushed = answer(workspace, "views.push", {"trigger_id": workspace.new_trigger(NEWSROOM), "view": view})["view"]
    assert pushed["previous_view_id"] == opened["id"]
    updated = answer(workspace, "views.update", {"view_id": opened["id"], "hash": opened["hash"], "view": view})["view"]
    assert updated["id"] == opened["id"]
    assert updated["hash"] != opened["hash"]
    assert answer(workspace, "views.publish", {"user_id": YOU, "view": json.dumps(HOME)})["view"]["type"] == "home"
    assert workspace.home


@pytest.mark.parametrize("args", [{}, {"channel": 5}, {"channel": NEWSROOM, "text": "x", "blocks": 5}, {"channel": ""}])
def test_arguments_of_the_wrong_kind_are_refused(workspace: Workspace, args: dict[str, Any]) -> None:
    assert not answer(workspace, "chat.postMessage", args)["ok"]


def test_history_is_what_everybody_sees_newest_first(workspace: Workspace) -> None:
    """With the metadata when it is asked for; what one person sees, and what was deleted, is not in it."""
    metadata = {"event_type": "shared", "event_payload": {"key": "k"}}
    for number in range(3):
        answer(workspace, "chat.postMessage", {"channel": NEWSROOM, "text": str(number), "metadata": metadata})
    answer(workspace, "chat.postEphemeral", {"channel": NEWSROOM, "user": YOU, "text": "private"})
    gone = answer(workspace, "chat.postMessage", {"channel": NEWSROOM, "text": "gone"})
    answer(workspace, "chat.delete", {"channel": NEWSROOM, "ts": gone["ts"]})
    told = answer(workspace, "conversations.history", {"channel": NEWSROOM, "limit": "2", "include_all_metadata": "1"})
    assert [one["text"] for one in told["messages"]] == ["2", "1"]
    assert told["messages"][0]["metadata"] == metadata
    plain = answer(workspace, "conversations.history", {"channel": NEWSROOM})
    assert len(plain["messages"]) == 3
    assert "metadata" not in plain["messages"][0]
    assert answer(workspace, "conversations.history", {"channel": NEWSROOM, "limit": "0"})["error"] == "invalid_limit"
    assert answer(workspace, "conversations.history", {"channel": "C9"})["error"] == "channel_not_found"


def test_a_channel_without_the_bot_is_closed_to_it_until_it_is_invited(workspace: Workspace) -> None:
    """For posts and for history; nothing is shown as a fault of the payload, for there is none."""
    for method in ("chat.postMessage", "chat.postEphemeral", "conversations.history"):
        told = answer(workspace, method, {"channel": "politics", "text": "x", "user": YOU})
        assert told["error"] == "not_in_channel"
    assert not list(workspace.since("C0LOCAL002", 0))
    workspace.invite("C0LOCAL002")
    assert answer(workspace, "chat.postMessage", {"channel": "politics", "text": "x"})["ok"]
    assert answer(workspace, "conversations.info", {"channel": "politics"})["channel"]["is_member"] is True


def test_a_thread_is_told_from_its_oldest_message_on(workspace: Workspace) -> None:
    """What it answers first; metadata only where it is asked for; a thread that is none is refused."""
    first = answer(workspace, "chat.postMessage", {"channel": "C0LOCAL001", "text": "one"})["ts"]
    second = {"channel": "C0LOCAL001", "text": "two", "thread_ts": first, "metadata": {"event_type": "x"}}
    answer(workspace, "chat.postMessage", second)
    answer(workspace, "chat.postMessage", {"channel": "C0LOCAL001", "text": "elsewhere"})
    told = answer(workspace, "conversations.replies", {"channel": "C0LOCAL001", "ts": first})["messages"]
    assert [(one["text"], one.get("thread_ts")) for one in told] == [("one", None), ("two", first)]
    asked = {"channel": "C0LOCAL001", "ts": first, "include_all_metadata": "1", "oldest": told[1]["ts"]}
    (last,) = answer(workspace, "conversations.replies", asked)["messages"]
    assert last["metadata"] == {"event_type": "x"}
    for method in ("conversations.replies", "chat.postMessage"):
        nowhere = {"channel": "C0LOCAL001", "ts": "1.1", "thread_ts": "1.1", "text": "x"}
        assert answer(workspace, method, nowhere)["error"] == "thread_not_found"


@pytest.mark.parametrize("prompts", [None, [], [{"title": "x"}], ["x"], [{"title": "x", "message": "y"}] * 5])
def test_prompts_that_slack_would_refuse_are_refused(workspace: Workspace, prompts: object) -> None:
    asked = {"channel_id": "D0LOCAL001", "thread_ts": workspace.open_panel(), "prompts": prompts}
    assert answer(workspace, "assistant.threads.setSuggestedPrompts", asked)["error"] == "invalid_arguments"


def test_the_panel_shows_prompts_and_a_status_in_its_thread_alone(workspace: Workspace) -> None:
    here = {"channel_id": "D0LOCAL001", "thread_ts": workspace.open_panel()}
    prompts = [{"title": "x", "message": "y"}]
    assert answer(workspace, "assistant.threads.setSuggestedPrompts", here | {"prompts": prompts})["ok"]
    assert answer(workspace, "assistant.threads.setStatus", here | {"status": "is looking"})["ok"]
    assert (list(workspace.prompts), workspace.status) == (prompts, "is looking")
    there = here | {"thread_ts": "1.1", "status": "x"}
    assert answer(workspace, "assistant.threads.setStatus", there)["error"] == "thread_not_found"

"""Tests of threads, ephemeral messages, and recorded exchanges."""

from typing import Any

import pytest

from bot.simulator.rendering import PageRenderer
from bot.simulator.state.model import CHANNELS, EntryKind, Exchange, Message, SlackError
from bot.simulator.state.workspace import MAX_EXCHANGES, Workspace
from bot.simulator.web_api import handle_api_call

NEWSROOM, DIRECT, YOU = "C0LOCAL001", "D0LOCAL001", "U0LOCAL001"


@pytest.fixture
def root(workspace: Workspace) -> Message:
    return workspace.say(NEWSROOM, EntryKind.MESSAGE, "Who said it?")


def reply(workspace: Workspace, root: Message, text: str) -> dict[str, Any]:
    return handle_api_call(workspace, "chat.postMessage", {"channel": NEWSROOM, "text": text, "thread_ts": root.ts})


def test_replies_are_in_the_thread_and_not_in_the_history(workspace: Workspace, root: Message) -> None:
    assert reply(workspace, root, "She did.")["message"]["thread_ts"] == root.ts
    assert [message.text for message in workspace.list_history(NEWSROOM, 9)] == ["Who said it?"]
    assert [message.text for message in workspace.list_public_replies(NEWSROOM, root.ts)] == [
        "Who said it?",
        "She did.",
    ]
    assert [message.text for message in workspace.list_visible_replies(root.ts)] == ["She did."]


def test_changes_list_the_changed_threads(workspace: Workspace, root: Message) -> None:
    renderer, seen_version = PageRenderer(workspace), workspace.version
    assert renderer.build_changes(CHANNELS[0], seen_version)["threads"] == []
    reply_answer = reply(workspace, root, "She did.")
    changes = renderer.build_changes(CHANNELS[0], seen_version)
    assert [(message["id"], message["thread"]) for message in changes["messages"]] == [(reply_answer["ts"], root.ts)]
    assert [thread["id"] for thread in changes["threads"]] == [root.ts]
    assert "1 reply" in changes["threads"][0]["html"]
    seen_version = workspace.version
    workspace.delete(NEWSROOM, reply_answer["ts"])
    assert "repl" not in renderer.build_changes(CHANNELS[0], seen_version)["threads"][0]["html"]


def test_page_shows_replies_only_in_the_thread(workspace: Workspace, root: Message) -> None:
    reply(workspace, root, "She did.")
    html = PageRenderer(workspace).render_page(CHANNELS[0], "epoch")
    assert "1 reply" in html
    assert "She did." not in html


def test_assistant_thread_counts_as_the_conversation(workspace: Workspace) -> None:
    thread = workspace.open_panel()
    message = workspace.say(DIRECT, EntryKind.MESSAGE, "brief me", thread=thread)
    assert not workspace.is_reply(message)
    assert "brief me" in PageRenderer(workspace).render_page(CHANNELS[2], "epoch")


def test_only_ephemeral_messages_can_be_dismissed(workspace: Workspace, root: Message) -> None:
    private = workspace.post(NEWSROOM, {"text": "psst"}, ephemeral=True)
    workspace.dismiss(private)
    assert workspace.find_message(private.ts) is None
    with pytest.raises(SlackError, match="cant_delete_message"):
        workspace.dismiss(root)


def test_newest_exchanges_are_kept_and_shown_without_a_token(workspace: Workspace, root: Message) -> None:
    answer = handle_api_call(
        workspace, "chat.postMessage", {"channel": NEWSROOM, "text": "hello", "token": "xoxb-secret"}
    )
    message = workspace.find_message(answer["ts"])
    assert message
    (exchange,) = message.exchanges
    assert (exchange.name, exchange.request["text"], exchange.answer["ok"]) == ("chat.postMessage", "hello", True)
    html = PageRenderer(workspace).render_inspection(message)
    assert "characters of text" in html
    assert "xoxb-secret" not in html
    for number in range(MAX_EXCHANGES + 3):
        workspace.record_exchange(root.ts, Exchange(str(number), {}, {}))
    root_message = workspace.find_message(root.ts)
    assert root_message
    assert [exchange.name for exchange in root_message.exchanges] == [
        str(number) for number in range(3, MAX_EXCHANGES + 3)
    ]
    workspace.record_exchange("404.0", Exchange("none", {}, {}))


def test_update_keeps_earlier_exchanges(workspace: Workspace) -> None:
    answer = handle_api_call(workspace, "chat.postMessage", {"channel": NEWSROOM, "text": "one"})
    handle_api_call(workspace, "chat.update", {"channel": NEWSROOM, "ts": answer["ts"], "text": "two"})
    message = workspace.find_message(answer["ts"])
    assert message
    assert [exchange.name for exchange in message.exchanges] == ["chat.postMessage", "chat.update"]


def test_inspection_is_escaped(workspace: Workspace) -> None:
    script = "<script>alert('&')</script>"
    message = workspace.post(NEWSROOM, {"text": script, script: script})
    workspace.record_exchange(message.ts, Exchange(script, {script: script}, {script: [script]}))
    updated_message = workspace.find_message(message.ts)
    assert updated_message
    for html in (
        PageRenderer(workspace).render_inspection(message),
        PageRenderer(workspace).render_inspection(updated_message),
    ):
        assert "script" in html
        assert "<script" not in html

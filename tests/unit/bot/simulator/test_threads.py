"""Threads, what only the person sees, and what was sent on a message's account."""

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


def test_answers_stand_in_the_thread_and_not_in_the_channels_history(workspace: Workspace, root: Message) -> None:
    assert reply(workspace, root, "She did.")["message"]["thread_ts"] == root.ts
    assert [one.text for one in workspace.list_history(NEWSROOM, 9)] == ["Who said it?"]
    assert [one.text for one in workspace.list_public_replies(NEWSROOM, root.ts)] == ["Who said it?", "She did."]
    assert [one.text for one in workspace.list_visible_replies(root.ts)] == ["She did."]


def test_a_page_is_told_with_which_threads_something_happened(workspace: Workspace, root: Message) -> None:
    drawing, seen = PageRenderer(workspace), workspace.version
    assert drawing.build_changes(CHANNELS[0], seen)["threads"] == []
    posted = reply(workspace, root, "She did.")
    changes = drawing.build_changes(CHANNELS[0], seen)
    assert [(one["id"], one["thread"]) for one in changes["messages"]] == [(posted["ts"], root.ts)]
    assert [one["id"] for one in changes["threads"]] == [root.ts]
    assert "1 reply" in changes["threads"][0]["html"]
    seen = workspace.version
    workspace.delete(NEWSROOM, posted["ts"])
    assert "repl" not in drawing.build_changes(CHANNELS[0], seen)["threads"][0]["html"]


def test_the_page_draws_answers_in_no_log(workspace: Workspace, root: Message) -> None:
    reply(workspace, root, "She did.")
    drawn = PageRenderer(workspace).render_page(CHANNELS[0], "epoch")
    assert "1 reply" in drawn
    assert "She did." not in drawn


def test_the_assistants_thread_is_the_conversation_itself(workspace: Workspace) -> None:
    thread = workspace.open_panel()
    message = workspace.say(DIRECT, EntryKind.MESSAGE, "brief me", thread=thread)
    assert not workspace.is_reply(message)
    assert "brief me" in PageRenderer(workspace).render_page(CHANNELS[2], "epoch")


def test_only_what_the_person_alone_sees_is_dismissed(workspace: Workspace, root: Message) -> None:
    private = workspace.post(NEWSROOM, {"text": "psst"}, ephemeral=True)
    workspace.dismiss(private)
    assert workspace.find_message(private.ts) is None
    with pytest.raises(SlackError, match="cant_delete_message"):
        workspace.dismiss(root)


def test_the_newest_exchanges_are_remembered_and_shown_without_a_token(workspace: Workspace, root: Message) -> None:
    told = handle_api_call(
        workspace, "chat.postMessage", {"channel": NEWSROOM, "text": "hello", "token": "xoxb-secret"}
    )
    message = workspace.find_message(told["ts"])
    assert message
    ((one),) = message.exchanges
    assert (one.name, one.request["text"], one.answer["ok"]) == ("chat.postMessage", "hello", True)
    shown = PageRenderer(workspace).render_inspection(message)
    assert "characters of text" in shown
    assert "xoxb-secret" not in shown
    for number in range(MAX_EXCHANGES + 3):
        workspace.record_exchange(root.ts, Exchange(str(number), {}, {}))
    kept = workspace.find_message(root.ts)
    assert kept
    assert [one.name for one in kept.exchanges] == [str(number) for number in range(3, MAX_EXCHANGES + 3)]
    workspace.record_exchange("404.0", Exchange("none", {}, {}))


def test_an_update_keeps_what_was_sent_before(workspace: Workspace) -> None:
    told = handle_api_call(workspace, "chat.postMessage", {"channel": NEWSROOM, "text": "one"})
    handle_api_call(workspace, "chat.update", {"channel": NEWSROOM, "ts": told["ts"], "text": "two"})
    message = workspace.find_message(told["ts"])
    assert message
    assert [one.name for one in message.exchanges] == ["chat.postMessage", "chat.update"]


def test_everything_that_is_inspected_is_escaped(workspace: Workspace) -> None:
    nasty = "<script>alert('&')</script>"
    message = workspace.post(NEWSROOM, {"text": nasty, nasty: nasty})
    workspace.record_exchange(message.ts, Exchange(nasty, {nasty: nasty}, {nasty: [nasty]}))
    traced = workspace.find_message(message.ts)
    assert traced
    for drawn in (
        PageRenderer(workspace).render_inspection(message),
        PageRenderer(workspace).render_inspection(traced),
    ):
        assert "script" in drawn
        assert "<script" not in drawn

"""Tests of the workspace: post, update, delete, respond, open modals, with Slack's rules."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.simulator.rendering import PageRenderer
from bot.simulator.state.model import EntryKind, SlackError
from bot.simulator.state.validation import find_message_error
from bot.simulator.state.workspace import MAX_MESSAGES, Workspace

NEWSROOM, POLITICS, DIRECT, YOU = "C0LOCAL001", "C0LOCAL002", "D0LOCAL001", "U0LOCAL001"
Turn = Callable[..., None]
MODAL: dict[str, Any] = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "T"},
    "blocks": [{"type": "divider"}],
}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def log(workspace: Workspace, channel: str = NEWSROOM) -> list[str]:
    return [message.text for message in workspace.list_changes_since(channel, 0) if not message.deleted]


@pytest.mark.parametrize("name", [NEWSROOM, "newsroom", "#newsroom"])
def test_channel_is_found_by_id_and_name(workspace: Workspace, name: str) -> None:
    workspace.post(name, {"text": "hello"})
    assert log(workspace) == ["hello"]


def test_message_to_a_user_arrives_in_their_conversation(workspace: Workspace) -> None:
    workspace.post(YOU, {"text": "hello"})
    assert log(workspace, DIRECT) == ["hello"]


def test_unknown_channel_is_refused(workspace: Workspace) -> None:
    with pytest.raises(SlackError, match="channel_not_found"):
        workspace.post("C404", {"text": "hello"})


def test_refused_message_is_not_stored(workspace: Workspace) -> None:
    with pytest.raises(SlackError, match="invalid_blocks"):
        workspace.post(NEWSROOM, {"text": "x", "blocks": [section("x" * 3001)]})
    assert log(workspace) == []


def test_text_is_cut_at_40000_characters(workspace: Workspace) -> None:
    assert len(workspace.post(NEWSROOM, {"text": "x" * 40_001}).text) == 40_000


def test_ts_is_unique_while_the_clock_does_not_move(workspace: Workspace) -> None:
    timestamps = [workspace.post(NEWSROOM, {"text": "x"}).ts for _ in range(3)]
    assert timestamps == sorted(set(timestamps))
    assert timestamps[0] == "1467288000.000000"


def test_missing_block_ids_are_generated(workspace: Workspace) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}}
    payload = {"blocks": [{"type": "actions", "elements": [button]}, {**section("x"), "accessory": button}]}
    message = workspace.post(NEWSROOM, payload)
    assert all(block["block_id"] for block in message.blocks)
    assert message.blocks[0]["elements"][0]["action_id"] != message.blocks[1]["accessory"]["action_id"]
    assert "block_id" not in payload["blocks"][0], "the payload itself does not change"


def test_only_the_newest_messages_are_stored(workspace: Workspace) -> None:
    for number in range(MAX_MESSAGES + 10):
        workspace.post(NEWSROOM, {"text": str(number)})
    assert log(workspace)[0] == "10"
    assert len(log(workspace)) == MAX_MESSAGES


def test_page_gets_only_changes_since_its_version(workspace: Workspace) -> None:
    first = workspace.post(NEWSROOM, {"text": "one"})
    workspace.post(NEWSROOM, {"text": "two"})
    seen_version = workspace.version
    workspace.delete(NEWSROOM, first.ts)
    workspace.post(POLITICS, {"text": "elsewhere"})
    assert [(entry.ts, entry.deleted) for entry in workspace.list_changes_since(NEWSROOM, seen_version)] == [
        (first.ts, True)
    ]


def test_update_keeps_the_position_and_marks_the_message_edited(workspace: Workspace) -> None:
    first = workspace.post(NEWSROOM, {"text": "one"})
    workspace.post(NEWSROOM, {"text": "two"})
    assert workspace.update(NEWSROOM, first.ts, {"text": "ONE"}).edited
    assert log(workspace) == ["ONE", "two"]


def test_chat_update_cannot_change_an_ephemeral_message(workspace: Workspace) -> None:
    message = workspace.post(NEWSROOM, {"text": "psst"}, ephemeral=True)
    with pytest.raises(SlackError, match="message_not_found"):
        workspace.update(NEWSROOM, message.ts, {"text": "loud"})


def test_bot_cannot_change_the_users_message(workspace: Workspace) -> None:
    message = workspace.say(NEWSROOM, EntryKind.MESSAGE, "mine")
    with pytest.raises(SlackError, match="cant_update_message"):
        workspace.update(NEWSROOM, message.ts, {"text": "yours"})


def test_response_url_answer_is_ephemeral_by_default(workspace: Workspace) -> None:
    token = workspace.new_response_token(NEWSROOM)
    workspace.respond(token, {"text": "private"})
    workspace.respond(token, {"text": "public", "response_type": "in_channel"})
    assert [message.ephemeral for message in workspace.list_changes_since(NEWSROOM, 0)] == [True, False]


def test_response_url_has_five_uses(workspace: Workspace) -> None:
    token = workspace.new_response_token(NEWSROOM)
    for number in range(5):
        workspace.respond(token, {"text": str(number)})
    with pytest.raises(SlackError, match="used_url"):
        workspace.respond(token, {"text": "sixth"})
    assert len(log(workspace)) == 5


def test_refused_answer_does_not_count_as_a_use(workspace: Workspace) -> None:
    token = workspace.new_response_token(NEWSROOM)
    for _ in range(9):
        with pytest.raises(SlackError, match="no_text"):
            workspace.respond(token, {})
    workspace.respond(token, {"text": "still valid"})
    assert log(workspace) == ["still valid"]


def test_response_url_expires_after_thirty_minutes(workspace: Workspace, turn: Turn) -> None:
    token = workspace.new_response_token(NEWSROOM)
    turn(minutes=29, seconds=59)
    workspace.respond(token, {"text": "in time"})
    turn(seconds=1)
    with pytest.raises(SlackError, match="expired_url"):
        workspace.respond(token, {"text": "late"})


def test_response_url_replaces_and_deletes_the_clicked_message(workspace: Workspace) -> None:
    """This works for an ephemeral message too."""
    message = workspace.post(NEWSROOM, {"text": "one"}, ephemeral=True)
    token = workspace.new_response_token(NEWSROOM, message.ts)
    workspace.respond(token, {"text": "two", "replace_original": True})
    assert log(workspace) == ["two"]
    workspace.respond(token, {"delete_original": True})
    assert log(workspace) == []


def test_command_answer_replaces_no_message(workspace: Workspace) -> None:
    token = workspace.new_response_token(NEWSROOM)
    workspace.respond(token, {"text": "one"})
    workspace.respond(token, {"text": "two", "replace_original": True})
    assert log(workspace) == ["one", "two"]


def test_trigger_opens_one_modal_within_three_seconds(workspace: Workspace, turn: Turn) -> None:
    used_trigger, late_trigger = workspace.new_trigger(NEWSROOM), workspace.new_trigger(NEWSROOM)
    workspace.open_view(used_trigger, MODAL)
    with pytest.raises(SlackError, match="exchanged_trigger_id"):
        workspace.open_view(used_trigger, MODAL)
    turn(seconds=3)
    with pytest.raises(SlackError, match="expired_trigger_id"):
        workspace.open_view(late_trigger, MODAL)
    with pytest.raises(SlackError, match="invalid_trigger_id"):
        workspace.open_view("made up", MODAL)


def test_modal_stack_has_at_most_three_views(workspace: Workspace) -> None:
    first = workspace.open_view(workspace.new_trigger(NEWSROOM), MODAL)
    second = workspace.open_view(workspace.new_trigger(NEWSROOM), MODAL, on_top=True)
    workspace.open_view(workspace.new_trigger(NEWSROOM), MODAL, on_top=True)
    assert (second.root, second.previous) == (first.id, first.id)
    with pytest.raises(SlackError, match="push_limit_reached"):
        workspace.open_view(workspace.new_trigger(NEWSROOM), MODAL, on_top=True)
    workspace.close_modals()
    assert [view.id for view in workspace.modals] == [first.id, second.id]


def test_view_changed_in_the_meantime_is_not_overwritten(workspace: Workspace) -> None:
    view = workspace.open_view(workspace.new_trigger(NEWSROOM), MODAL)
    workspace.update_view(view.id, MODAL, view.hash)
    with pytest.raises(SlackError, match="hash_conflict"):
        workspace.update_view(view.id, MODAL, view.hash)
    with pytest.raises(SlackError, match="not_found"):
        workspace.update_view("V404", MODAL)


def test_all_known_blocks_are_rendered_and_images_are_not_loaded(workspace: Workspace) -> None:
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": "Head <b>"}},
        section("&gt; *quoted* <https://x.example|there>"),
        {"type": "image", "image_url": "https://x.example/i.png", "alt_text": "A ship"},
        {"type": "markdown", "text": "# no"},
        {"type": "rich_text", "elements": [
            {"type": "rich_text_section", "elements": [
                {"type": "text", "text": "loud", "style": {"bold": True}},
                {"type": "link", "url": "https://y.example", "text": "<y>"},
                {"type": "link", "url": "javascript:alert(1)", "text": "trap"}]},
            {"type": "rich_text_list", "style": "bullet", "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "item"}]}]}]},
        {"type": "actions", "elements": [
            {"type": "button", "text": {"type": "plain_text", "text": "Open"}, "url": "https://z.example"},
            {"type": "datepicker"}]},
    ]  # fmt: skip
    html = PageRenderer(workspace).render_message(workspace.post(NEWSROOM, {"text": "t", "blocks": blocks}))
    visible_html = html.partition("<details")[0]
    for text in (
        "Head &lt;b&gt;",
        "<strong>quoted</strong>",
        "A ship",
        "“markdown”",
        "&lt;y&gt;",
        "trap",
        "<li>",
        "“datepicker”",
    ):
        assert text in visible_html
    for link in ("https://x.example", "https://y.example", "https://z.example"):
        assert f'href="{link}"' in visible_html
    assert "<img" not in html
    assert "javascript:" not in visible_html
    assert "i.png" not in visible_html


def test_all_entries_are_escaped(workspace: Workspace) -> None:
    renderer, script = PageRenderer(workspace), "<script>alert('&')</script>"
    entries = [workspace.say(NEWSROOM, kind, script, payload={script: script}) for kind in EntryKind]
    entries.append(workspace.post(NEWSROOM, {"text": script, "blocks": [section(script)]}))
    for entry in entries:
        assert "<script" not in renderer.render_message(entry)


WORDS = st.sampled_from(["x", "*x*", "<http://x.y|z>"])
PLAIN = st.fixed_dictionaries({"type": st.just("plain_text"), "text": WORDS})
TEXT = st.fixed_dictionaries({"type": st.sampled_from(["plain_text", "mrkdwn"]), "text": WORDS})
JUNK = st.recursive(
    st.none() | st.integers() | st.booleans() | WORDS | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["type", "text", "elements"]), inner),
    max_leaves=4,
)
EXTRAS = [
    "style",
    "url",
    "hint",
    "placeholder",
    "initial_option",
    "initial_value",
    "options",
    "option_groups",
    "optional",
]
EXTRAS += ["accessibility_label", "user_id", "name", "range", "multiline", "alt_text", "text", "fields", "elements"]


def objects(*kinds: str, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Generate objects with the fields that Slack checks, and sometimes odd values in others."""
    extra_fields = st.dictionaries(st.sampled_from(EXTRAS), JUNK, max_size=2)
    checked_fields = st.fixed_dictionaries({"type": st.sampled_from(kinds), **parts})
    return st.builds(lambda extra, checked: {**extra, **checked}, extra_fields, checked_fields)


OPTIONS = st.lists(st.fixed_dictionaries({"text": PLAIN, "value": WORDS}), min_size=1, max_size=2)
ELEMENT = (
    objects("button", text=PLAIN)
    | objects("static_select", "overflow", options=OPTIONS)
    | objects("image", alt_text=WORDS)
    | objects("datepicker", "plain_text_input", "users_select")
)
RUN = objects("text", "user", "channel", "emoji", "broadcast", "date") | objects("link", url=JUNK, text=JUNK) | JUNK
RUNS = objects("rich_text_section", "rich_text_quote", "rich_text_preformatted", elements=st.lists(RUN, max_size=3))
RICH = RUNS | objects("rich_text_list", elements=st.lists(RUNS, min_size=1, max_size=2))
BLOCK = (
    objects("section", text=TEXT)
    | objects("section", text=TEXT, accessory=ELEMENT)
    | objects("section", fields=st.lists(TEXT, min_size=1, max_size=3))
    | objects("header", text=PLAIN)
    | objects("context", elements=st.lists(TEXT | objects("image", alt_text=WORDS), min_size=1, max_size=3))
    | objects("actions", elements=st.lists(ELEMENT, min_size=1, max_size=3))
    | objects("input", label=PLAIN, element=ELEMENT)
    | objects("rich_text", elements=st.lists(RICH, min_size=1, max_size=2))
    | objects("divider", "table", "markdown")
)


@given(BLOCK)
def test_accepted_block_can_be_rendered(block: dict[str, Any]) -> None:
    """Every message that passes the validation is rendered without an error."""
    workspace = Workspace(lambda: datetime(2016, 6, 30, tzinfo=UTC), lambda: "0" * 32, ())
    assume(find_message_error({"blocks": [block]}) is None)
    message = workspace.post(NEWSROOM, {"text": "x", "blocks": [block]})
    assert "<article" in PageRenderer(workspace).render_message(message)

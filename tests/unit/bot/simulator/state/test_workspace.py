"""What the workspace lets a bot do: post, replace, delete, respond, open modals, as long as Slack does."""

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
def test_a_channel_is_known_by_id_and_name(workspace: Workspace, name: str) -> None:
    workspace.post(name, {"text": "hello"})
    assert log(workspace) == ["hello"]


def test_a_message_to_a_person_arrives_in_their_conversation(workspace: Workspace) -> None:
    workspace.post(YOU, {"text": "hello"})
    assert log(workspace, DIRECT) == ["hello"]


def test_an_unknown_channel_is_refused(workspace: Workspace) -> None:
    with pytest.raises(SlackError, match="channel_not_found"):
        workspace.post("C404", {"text": "hello"})


def test_what_slack_would_refuse_is_not_kept(workspace: Workspace) -> None:
    with pytest.raises(SlackError, match="invalid_blocks"):
        workspace.post(NEWSROOM, {"text": "x", "blocks": [section("x" * 3001)]})
    assert log(workspace) == []


def test_text_is_cut_at_forty_thousand(workspace: Workspace) -> None:
    assert len(workspace.post(NEWSROOM, {"text": "x" * 40_001}).text) == 40_000


def test_ts_is_unique_though_the_clock_stands(workspace: Workspace) -> None:
    stamps = [workspace.post(NEWSROOM, {"text": "x"}).ts for _ in range(3)]
    assert stamps == sorted(set(stamps))
    assert stamps[0] == "1467288000.000000"


def test_blocks_get_the_ids_the_bot_left_out(workspace: Workspace) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}}
    payload = {"blocks": [{"type": "actions", "elements": [button]}, {**section("x"), "accessory": button}]}
    message = workspace.post(NEWSROOM, payload)
    assert all(block["block_id"] for block in message.blocks)
    assert message.blocks[0]["elements"][0]["action_id"] != message.blocks[1]["accessory"]["action_id"]
    assert "block_id" not in payload["blocks"][0], "what the bot sent stays as it was sent"


def test_only_the_newest_messages_are_kept(workspace: Workspace) -> None:
    for number in range(MAX_MESSAGES + 10):
        workspace.post(NEWSROOM, {"text": str(number)})
    assert log(workspace)[0] == "10"
    assert len(log(workspace)) == MAX_MESSAGES


def test_a_page_is_told_what_changed_since_its_version_and_no_more(workspace: Workspace) -> None:
    first = workspace.post(NEWSROOM, {"text": "one"})
    workspace.post(NEWSROOM, {"text": "two"})
    seen = workspace.version
    workspace.delete(NEWSROOM, first.ts)
    workspace.post(POLITICS, {"text": "elsewhere"})
    assert [(entry.ts, entry.deleted) for entry in workspace.list_changes_since(NEWSROOM, seen)] == [(first.ts, True)]


def test_an_update_keeps_the_place_and_says_edited(workspace: Workspace) -> None:
    first = workspace.post(NEWSROOM, {"text": "one"})
    workspace.post(NEWSROOM, {"text": "two"})
    assert workspace.update(NEWSROOM, first.ts, {"text": "ONE"}).edited
    assert log(workspace) == ["ONE", "two"]


def test_an_ephemeral_message_is_out_of_reach_of_chat_update(workspace: Workspace) -> None:
    message = workspace.post(NEWSROOM, {"text": "psst"}, ephemeral=True)
    with pytest.raises(SlackError, match="message_not_found"):
        workspace.update(NEWSROOM, message.ts, {"text": "loud"})


def test_the_bot_cannot_change_what_the_person_said(workspace: Workspace) -> None:
    message = workspace.say(NEWSROOM, EntryKind.MESSAGE, "mine")
    with pytest.raises(SlackError, match="cant_update_message"):
        workspace.update(NEWSROOM, message.ts, {"text": "yours"})


def test_a_response_url_answers_the_asker_alone_unless_told(workspace: Workspace) -> None:
    token = workspace.new_response_token(NEWSROOM)
    workspace.respond(token, {"text": "private"})
    workspace.respond(token, {"text": "public", "response_type": "in_channel"})
    assert [message.ephemeral for message in workspace.list_changes_since(NEWSROOM, 0)] == [True, False]


def test_a_response_url_is_good_five_times(workspace: Workspace) -> None:
    token = workspace.new_response_token(NEWSROOM)
    for number in range(5):
        workspace.respond(token, {"text": str(number)})
    with pytest.raises(SlackError, match="used_url"):
        workspace.respond(token, {"text": "sixth"})
    assert len(log(workspace)) == 5


def test_a_refused_answer_costs_no_use(workspace: Workspace) -> None:
    token = workspace.new_response_token(NEWSROOM)
    for _ in range(9):
        with pytest.raises(SlackError, match="no_text"):
            workspace.respond(token, {})
    workspace.respond(token, {"text": "still good"})
    assert log(workspace) == ["still good"]


def test_a_response_url_is_good_for_thirty_minutes(workspace: Workspace, turn: Turn) -> None:
    token = workspace.new_response_token(NEWSROOM)
    turn(minutes=29, seconds=59)
    workspace.respond(token, {"text": "in time"})
    turn(seconds=1)
    with pytest.raises(SlackError, match="expired_url"):
        workspace.respond(token, {"text": "late"})


def test_replace_and_delete_reach_the_message_that_was_clicked(workspace: Workspace) -> None:
    """Even an ephemeral one."""
    message = workspace.post(NEWSROOM, {"text": "one"}, ephemeral=True)
    token = workspace.new_response_token(NEWSROOM, message.ts)
    workspace.respond(token, {"text": "two", "replace_original": True})
    assert log(workspace) == ["two"]
    workspace.respond(token, {"delete_original": True})
    assert log(workspace) == []


def test_a_command_has_no_message_to_replace(workspace: Workspace) -> None:
    token = workspace.new_response_token(NEWSROOM)
    workspace.respond(token, {"text": "one"})
    workspace.respond(token, {"text": "two", "replace_original": True})
    assert log(workspace) == ["one", "two"]


def test_a_trigger_opens_one_modal_within_three_seconds(workspace: Workspace, turn: Turn) -> None:
    used, late = workspace.new_trigger(NEWSROOM), workspace.new_trigger(NEWSROOM)
    workspace.open_view(used, MODAL)
    with pytest.raises(SlackError, match="exchanged_trigger_id"):
        workspace.open_view(used, MODAL)
    turn(seconds=3)
    with pytest.raises(SlackError, match="expired_trigger_id"):
        workspace.open_view(late, MODAL)
    with pytest.raises(SlackError, match="invalid_trigger_id"):
        workspace.open_view("made up", MODAL)


def test_three_modals_stand_on_each_other_at_most(workspace: Workspace) -> None:
    first = workspace.open_view(workspace.new_trigger(NEWSROOM), MODAL)
    second = workspace.open_view(workspace.new_trigger(NEWSROOM), MODAL, on_top=True)
    workspace.open_view(workspace.new_trigger(NEWSROOM), MODAL, on_top=True)
    assert (second.root, second.previous) == (first.id, first.id)
    with pytest.raises(SlackError, match="push_limit_reached"):
        workspace.open_view(workspace.new_trigger(NEWSROOM), MODAL, on_top=True)
    workspace.close_modals()
    assert [view.id for view in workspace.modals] == [first.id, second.id]


def test_a_view_changed_meanwhile_is_not_overwritten(workspace: Workspace) -> None:
    view = workspace.open_view(workspace.new_trigger(NEWSROOM), MODAL)
    workspace.update_view(view.id, MODAL, view.hash)
    with pytest.raises(SlackError, match="hash_conflict"):
        workspace.update_view(view.id, MODAL, view.hash)
    with pytest.raises(SlackError, match="not_found"):
        workspace.update_view("V404", MODAL)


def test_every_block_we_know_is_drawn_and_images_are_not_loaded(workspace: Workspace) -> None:
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
    drawn = html.partition("<details")[0]
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
        assert text in drawn
    for link in ("https://x.example", "https://y.example", "https://z.example"):
        assert f'href="{link}"' in drawn
    assert "<img" not in html
    assert "javascript:" not in drawn
    assert "i.png" not in drawn


def test_every_entry_is_escaped(workspace: Workspace) -> None:
    drawing, nasty = PageRenderer(workspace), "<script>alert('&')</script>"
    entries = [workspace.say(NEWSROOM, kind, nasty, payload={nasty: nasty}) for kind in EntryKind]
    entries.append(workspace.post(NEWSROOM, {"text": nasty, "blocks": [section(nasty)]}))
    for entry in entries:
        assert "<script" not in drawing.render_message(entry)


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


def shaped(*kinds: str, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with the parts that Slack wants, and now and then something odd in those it does not look into."""
    odd = st.dictionaries(st.sampled_from(EXTRAS), JUNK, max_size=2)
    right = st.fixed_dictionaries({"type": st.sampled_from(kinds), **parts})
    return st.builds(lambda extra, wanted: {**extra, **wanted}, odd, right)


OPTIONS = st.lists(st.fixed_dictionaries({"text": PLAIN, "value": WORDS}), min_size=1, max_size=2)
ELEMENT = (
    shaped("button", text=PLAIN)
    | shaped("static_select", "overflow", options=OPTIONS)
    | shaped("image", alt_text=WORDS)
    | shaped("datepicker", "plain_text_input", "users_select")
)
RUN = shaped("text", "user", "channel", "emoji", "broadcast", "date") | shaped("link", url=JUNK, text=JUNK) | JUNK
RUNS = shaped("rich_text_section", "rich_text_quote", "rich_text_preformatted", elements=st.lists(RUN, max_size=3))
RICH = RUNS | shaped("rich_text_list", elements=st.lists(RUNS, min_size=1, max_size=2))
BLOCK = (
    shaped("section", text=TEXT)
    | shaped("section", text=TEXT, accessory=ELEMENT)
    | shaped("section", fields=st.lists(TEXT, min_size=1, max_size=3))
    | shaped("header", text=PLAIN)
    | shaped("context", elements=st.lists(TEXT | shaped("image", alt_text=WORDS), min_size=1, max_size=3))
    | shaped("actions", elements=st.lists(ELEMENT, min_size=1, max_size=3))
    | shaped("input", label=PLAIN, element=ELEMENT)
    | shaped("rich_text", elements=st.lists(RICH, min_size=1, max_size=2))
    | shaped("divider", "table", "markdown")
)


@given(BLOCK)
def test_what_is_taken_can_be_drawn(block: dict[str, Any]) -> None:
    """Any message the limits let through is drawn without an error."""
    workspace = Workspace(lambda: datetime(2016, 6, 30, tzinfo=UTC), lambda: "0" * 32, ())
    assume(find_message_error({"blocks": [block]}) is None)
    message = workspace.post(NEWSROOM, {"text": "x", "blocks": [block]})
    assert "<article" in PageRenderer(workspace).render_message(message)

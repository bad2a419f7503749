"""Tests of the validation: payloads at Slack's limits are accepted, payloads over them are refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.state.validation import find_message_error, find_view_error

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(length: int, **rest: object) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": "x" * length}, **rest}


def button(**rest: object) -> Json:
    return {"type": "button", "text": plain("Go"), **rest}


def actions(*elements: object) -> Json:
    return {"type": "actions", "elements": list(elements)}


VALID_BLOCKS = [
    section(3000),
    {"type": "header", "text": plain("x" * 150)},
    {"type": "section", "fields": [plain("x" * 200)] * 10},
    {"type": "context", "elements": [plain("x")] * 10},
    {"type": "divider"},
    actions(*(button(action_id=f"a{n}", text=plain("x" * 75), value="x" * 2000) for n in range(25))),
]
INVALID_BLOCKS = [
    (section(3001), "less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    (section(0), "more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ({"type": "section"}, "missing required field: text [json-pointer:/blocks/0]"),
    ({"type": "section", "fields": [plain("x")] * 11}, "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    ({"type": "section", "fields": [plain("x" * 2001)]}, "less than 2001 characters [json-pointer:/blocks/0/fields/0"),
    ({"type": "header", "text": plain("x" * 151)}, "less than 151"),
    ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "must be a text object of type plain_text"),
    ({"type": "context", "elements": [plain("x")] * 11}, "no more than 10 items"),
    ({"type": "context", "elements": []}, "no less than 1 items"),
    (actions(*[button()] * 26), "no more than 25 items"),
    (actions(button(text=plain("x" * 76))), "less than 76"),
    (actions(button(value="x" * 2001)), "less than 2001"),
    (actions(button(url="x" * 3001)), "less than 3001"),
    (actions(button(accessibility_label="x" * 76)), "less than 76"),
    (actions(button(style="bold")), "must be one of: primary, danger"),
    (actions(button(action_id="x" * 256)), "less than 256"),
    (actions(button(action_id="a"), button(action_id="a")), "`action_id` already exists: a"),
    (section(1, block_id="x" * 256), "less than 256"),
    (actions({"type": "static_select", "options": [{"text": plain("x"), "value": "x"}] * 101}), "no more than 100"),
    (actions({"type": "overflow", "options": [{"text": plain("x" * 76), "value": "x"}]}), "less than 76"),
    (actions({"type": "overflow", "options": [{"text": plain("x"), "value": "x" * 151}]}), "less than 151"),
    ({"type": "image", "image_url": "https://x.example/i.png"}, "must provide a string"),
    ({"type": "marquee"}, "unsupported type [json-pointer:/blocks/0]"),
    ("text", "unsupported type"),
]  # fmt: skip


@pytest.mark.parametrize("block", VALID_BLOCKS, ids=lambda block: block["type"])
def test_block_at_its_limit_is_accepted(block: Json) -> None:
    """Only the message as a whole may be too long."""
    error = find_message_error({"blocks": [block]})
    assert error is None or error.code == "msg_blocks_too_long"


@pytest.mark.parametrize(("block", "reason"), INVALID_BLOCKS, ids=[reason for _, reason in INVALID_BLOCKS])
def test_block_over_its_limit_is_refused_with_its_place(block: object, reason: str) -> None:
    error = find_message_error({"text": "x", "blocks": [block]})
    assert error
    assert error.code == "invalid_blocks"
    assert reason in " ".join(error.messages)


def test_message_has_at_most_50_blocks_and_13200_characters() -> None:
    assert find_message_error({"blocks": [section(1)] * 50}) is None
    assert find_message_error({"blocks": [section(3000)] * 4 + [section(1200)]}) is None
    fifty_one, too_long = (
        find_message_error({"blocks": [section(1)] * 51}),
        find_message_error({"blocks": [section(2641)] * 5}),
    )
    assert fifty_one
    assert fifty_one.messages == ("[ERROR] no more than 50 items allowed [json-pointer:/blocks]",)
    assert too_long
    assert too_long.code == "msg_blocks_too_long"


def test_empty_message_is_refused() -> None:
    error = find_message_error({"text": "", "blocks": []})
    assert error
    assert error.code == "no_text"


def test_blocks_must_be_a_list() -> None:
    error = find_message_error({"text": "x", "blocks": {"type": "section"}})
    assert error
    assert error.code == "invalid_blocks_format"


def test_block_ids_must_be_unique() -> None:
    error = find_message_error({"blocks": [section(1, block_id="b"), section(1, block_id="b")]})
    assert error
    assert "`block_id` already exists: b" in error.messages[0]


def modal(**rest: object) -> Json:
    return {"type": "modal", "title": plain("Title"), "blocks": [section(1)], **rest}


INPUT = {"type": "input", "label": plain("Words"), "element": {"type": "plain_text_input", "action_id": "w"}}


@pytest.mark.parametrize(
    ("view", "reason"),
    [
        (modal(title=plain("x" * 25)), "less than 25"),
        (modal(title=None), "must be a text object"),
        (modal(submit=plain("x" * 25)), "less than 25"),
        (modal(private_metadata="x" * 3001), "less than 3001"),
        (modal(blocks=[section(1)] * 101), "no more than 100 items"),
        (modal(blocks=None), "missing required field: blocks"),
        (modal(blocks=[INPUT]), "must define `submit`"),
        (modal(type="window"), "unsupported type"),
    ],
)
def test_view_over_its_limits_is_refused(view: Json, reason: str) -> None:
    error = find_view_error(view)
    assert error
    assert reason in " ".join(error.messages)


def test_view_at_its_limits_is_accepted() -> None:
    assert find_view_error(modal(title=plain("x" * 24), submit=plain("Go"), blocks=[INPUT] + [section(1)] * 99)) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "x", "mrkdwn", "plain_text", "section", "button"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "accessory", "fields", "options"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from(["text", "blocks"]), JSON),
    st.dictionaries(st.sampled_from(["type", "blocks"]), JSON),
)
def test_any_json_is_checked_without_an_exception(payload: Json, view: Json) -> None:
    assert find_message_error(payload) is None or find_message_error(payload)
    assert find_view_error(view) is None or find_view_error(view)

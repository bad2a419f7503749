"""Tests of the limit usage of messages and views, with any payload."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.core import slack_limits
from bot.simulator.state.limit_usage import measure_message, measure_view, summarize_usages


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def measure(payload: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """Return size and limit by name."""
    return {usage.name: (usage.size, usage.limit) for usage in measure_message(payload)}


def test_longest_text_of_a_kind_counts() -> None:
    usages = measure({"text": "x" * 7, "blocks": [section("x" * 30), section("x" * 90), {"type": "divider"}]})
    assert usages["characters of text"] == (7, slack_limits.TEXT)
    assert usages["blocks"] == (3, slack_limits.MESSAGE_BLOCKS)
    assert usages["characters in a section"] == (90, slack_limits.SECTION_TEXT)
    assert usages["characters in all blocks (not documented)"] == (120, slack_limits.REFUSED_MESSAGE_BLOCK_TEXT)
    assert "characters in a header" not in usages


def test_elements_in_all_blocks_are_measured() -> None:
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go on"}, "value": "v" * 40}
    menu = {"type": "static_select", "options": [{"text": {"type": "plain_text", "text": "One"}, "value": "1234"}]}
    usages = measure({"blocks": [{**section("x"), "accessory": menu}, {"type": "actions", "elements": [button]}]})
    assert usages["characters on a button"] == (5, slack_limits.BUTTON_TEXT)
    assert usages["characters in a button's value"] == (40, slack_limits.BUTTON_VALUE)
    assert usages["options of a menu"] == (1, slack_limits.OPTIONS)
    assert usages["characters in an option's value"] == (4, slack_limits.OPTION_VALUE)
    assert usages["elements of an actions block"] == (1, slack_limits.ACTIONS_ELEMENTS)


def test_size_over_the_limit_is_reported() -> None:
    assert [usage.name for usage in measure_message({"blocks": [section("x" * 3001)]}) if usage.is_over_limit] == [
        "characters in a section"
    ]


def test_view_has_separate_limits() -> None:
    view = {"title": {"type": "plain_text", "text": "T" * 24}, "private_metadata": "m" * 10, "blocks": [section("x")]}
    usages = {usage.name: (usage.size, usage.limit) for usage in measure_view(view)}
    assert usages["blocks"] == (1, slack_limits.VIEW_BLOCKS)
    assert usages["characters in a title"] == (24, slack_limits.VIEW_TITLE)
    assert usages["characters of private_metadata"] == (10, slack_limits.PRIVATE_METADATA)


def test_summary_has_the_blocks_and_the_most_used_limit() -> None:
    usages = measure_message({"text": "x", "blocks": [section("x" * 1500)]})
    assert summarize_usages(usages) == "1 of 50 blocks, 1,500 of 3,000 characters in a section"
    assert summarize_usages(()) == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "blocks", "elements", "fields", "options", "element"]), inner
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["text", "blocks", "title", "private_metadata"]), JSON))
def test_any_payload_can_be_measured(payload: dict[str, Any]) -> None:
    assert all(usage.size > 0 for usage in (*measure_message(payload), *measure_view(payload)))

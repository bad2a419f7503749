"""How much of Slack's limits a payload uses, whatever the payload is."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.core import slack_limits
from bot.simulator.state.limit_usage import measure_message, measure_view, summarize_usages


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def used(payload: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {one.name: (one.size, one.limit) for one in measure_message(payload)}


def test_of_many_the_longest_counts() -> None:
    found = used({"text": "x" * 7, "blocks": [section("x" * 30), section("x" * 90), {"type": "divider"}]})
    assert found["characters of text"] == (7, slack_limits.TEXT)
    assert found["blocks"] == (3, slack_limits.MESSAGE_BLOCKS)
    assert found["characters in a section"] == (90, slack_limits.SECTION_TEXT)
    assert found["characters in all blocks (not documented)"] == (120, slack_limits.REFUSED_MESSAGE_BLOCK_TEXT)
    assert "characters in a header" not in found


def test_elements_are_measured_wherever_they_stand() -> None:
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go on"}, "value": "v" * 40}
    menu = {"type": "static_select", "options": [{"text": {"type": "plain_text", "text": "One"}, "value": "1234"}]}
    found = used({"blocks": [{**section("x"), "accessory": menu}, {"type": "actions", "elements": [button]}]})
    assert found["characters on a button"] == (5, slack_limits.BUTTON_TEXT)
    assert found["characters in a button's value"] == (40, slack_limits.BUTTON_VALUE)
    assert found["options of a menu"] == (1, slack_limits.OPTIONS)
    assert found["characters in an option's value"] == (4, slack_limits.OPTION_VALUE)
    assert found["elements of an actions block"] == (1, slack_limits.ACTIONS_ELEMENTS)


def test_what_is_over_is_told() -> None:
    assert [one.name for one in measure_message({"blocks": [section("x" * 3001)]}) if one.is_over_limit] == [
        "characters in a section"
    ]


def test_a_view_has_limits_of_its_own() -> None:
    view = {"title": {"type": "plain_text", "text": "T" * 24}, "private_metadata": "m" * 10, "blocks": [section("x")]}
    found = {one.name: (one.size, one.limit) for one in measure_view(view)}
    assert found["blocks"] == (1, slack_limits.VIEW_BLOCKS)
    assert found["characters in a title"] == (24, slack_limits.VIEW_TITLE)
    assert found["characters of private_metadata"] == (10, slack_limits.PRIVATE_METADATA)


def test_in_brief_the_blocks_and_what_is_nearest_to_its_limit() -> None:
    measures = measure_message({"text": "x", "blocks": [section("x" * 1500)]})
    assert summarize_usages(measures) == "1 of 50 blocks, 1,500 of 3,000 characters in a section"
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
    assert all(one.size > 0 for one in (*measure_message(payload), *measure_view(payload)))

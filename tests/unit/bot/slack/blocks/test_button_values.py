"""The value of a button survives the round trip through Slack, and a foreign one is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.blocks.button_values import ButtonValue, decode_button
from briefings.errors import BadQuestion


@given(st.text() | st.sampled_from(["{}", "[]", '{"asked": 1}', '{"asked": "x", "page": -1}', "[" * 3000, "null"]))
def test_foreign_button_value_is_refused(value: str) -> None:
    with pytest.raises(BadQuestion, match="Ask again"):
        decode_button(value)


@given(st.text(min_size=1, max_size=1100), st.integers(0, 100), st.text(max_size=150))
def test_button_value_survives_the_round_trip(command_text: str, page: int, citation_id: str) -> None:
    button_value = ButtonValue(command_text, page, citation_id)
    assert decode_button(button_value.value) == button_value

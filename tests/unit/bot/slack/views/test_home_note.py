"""A sentence at the top of the App Home that a user already sees."""

from typing import Any

import pytest

from bot.slack.views.home_note import add_home_note

BLOCKS = [{"type": "header", "text": {"type": "plain_text", "text": "On the Record"}}]


def test_the_note_is_above_what_the_user_sees() -> None:
    view = add_home_note({"type": "home", "blocks": BLOCKS, "private_metadata": "x"}, "Too late.")
    assert view["type"] == "home"
    assert [block["type"] for block in view["blocks"]] == ["section", "header"]
    assert "private_metadata" not in view


def test_a_second_note_replaces_the_first() -> None:
    view = add_home_note(add_home_note({"blocks": BLOCKS}, "Too late."), "Too late again.")
    assert [block["type"] for block in view["blocks"]] == ["section", "header"]
    assert view["blocks"][0]["text"]["text"] == "Too late again."


def test_a_full_home_stays_within_slacks_limit() -> None:
    assert len(add_home_note({"blocks": BLOCKS * 100}, "Too late.")["blocks"]) == 100


@pytest.mark.parametrize("view", [{}, {"blocks": None}, {"blocks": ["x"]}])
def test_a_home_without_blocks_gets_the_sentence_alone(view: dict[str, Any]) -> None:
    assert "Too late." in str(add_home_note(view, "Too late."))

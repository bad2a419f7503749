"""Pieces of a line stay in their order, whatever script their words are in."""

import sys
import unicodedata

import pytest

from bot.slack.blocks import formatting
from bot.slack.blocks.formatting import join_with_dots


@pytest.mark.parametrize(
    ("pieces", "line"),
    [
        (("The Tribune", "3 outlets"), "The Tribune · 3 outlets"),
        (("*صحيفة*", "3 outlets", "2 quotes"), "*صحيفة* ·\u200e 3 outlets · 2 quotes"),
        (("<https://x.example|עיתון>", "", "3 outlets"), "<https://x.example|עיתון> ·\u200e 3 outlets"),
        (("3 outlets", "صحيفة"), "3 outlets · صحيفة"),
        (("", ""), ""),
    ],
)
def test_words_from_right_to_left_do_not_turn_the_next_piece_around(pieces: tuple[str, ...], line: str) -> None:
    assert join_with_dots(pieces) == line


def test_all_letters_from_right_to_left_are_looked_for() -> None:
    letters = [char for char in map(chr, range(sys.maxunicode + 1)) if unicodedata.bidirectional(char) in ("R", "AL")]
    assert letters
    assert all(map(formatting._has_right_to_left, letters))

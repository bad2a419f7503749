"""Unusual double marks become curly ones, in pairs, at the same length."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.text import folding
from briefings.text.folding import fold_quotation_marks


@pytest.mark.parametrize("marks", ["„“", "„”", "»«", "””", "″″", "＂＂", "❝❞", "〝〞"])
def test_each_kind_of_pair_is_folded(marks: str) -> None:
    text = f"Jane Roe said: {marks[0]}We don't close.{marks[1]} She left."
    assert fold_quotation_marks(text) == "Jane Roe said: “We don't close.” She left."


@pytest.mark.parametrize(
    "text",
    [
        "“We close,” said Jane Roe. “Not today.”",
        '"We close," said Jane Roe.',
        "The board is 12″ wide and 8″ high.",
        "“We close.\n\n“And we stay,” she said.",
        "She read page 4 » and closed it.",
    ],
)
def test_english_marks_and_inches_are_unchanged(text: str) -> None:
    assert fold_quotation_marks(text) == text


@given(st.text(alphabet="a1 „“”»«″＂❝❞\n", max_size=200))
def test_any_text_keeps_its_length_and_its_letters(text: str) -> None:
    folded = fold_quotation_marks(text)
    assert len(folded) == len(text)
    assert all(old == new or new in "“”" for old, new in zip(text, folded, strict=True))


@given(st.text(alphabet="a1 „“”»«″＂❝❞〝〞(—\n", max_size=60))
def test_looking_for_single_marks_first_changes_no_text(text: str) -> None:
    """Plainly, a text is folded if one expression finds an unusual mark or a closing mark that opens."""
    is_unusual = re.search(r"[„»＂″❝❞〝〞]|(?<![^\s(\[])”\w", text) is not None
    assert is_unusual == folding.has_unusual_marks(text)

"""Figures of a line as they are compared, and the similarity of lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.updates.statement import Figure, Similarity, extract_line_figures


def extract_only_figure(text: str) -> Figure:
    (figure,) = extract_line_figures(text)
    return figure


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("140,000 people signed.", "140,000 signatures were counted.", True),
        ("Close to 150,000 people signed.", "150,000 people signed.", True),
        ("Nearly 140,000 people signed.", "139,500 people signed.", True),
        ("140,000 people signed.", "139,500 people signed.", False),
        ("Three people died.", "Five people died.", False),
        ("Three people died.", "3 people died.", True),
        ("It cost £20 million.", "It cost £20m.", True),
        ("It cost £20 million.", "It cost £35 million.", False),
        ("They lost by 170 to 40.", "They lost by 170-40.", True),
    ],
)
def test_figure_is_the_same_with_another_unit_or_rounding(first: str, second: str, is_same: bool) -> None:
    assert extract_only_figure(first).is_same(extract_only_figure(second)) is is_same
    assert extract_only_figure(second).is_same(extract_only_figure(first)) is is_same


@pytest.mark.parametrize(
    ("first", "second", "is_changed"),
    [
        ("Three people died.", "Five people died.", True),
        ("Three people died.", "Five houses burned.", False),
        ("1,400 residents left.", "2,100 residents left.", True),
        ("60% voted.", "62% voted.", True),
        ("60% voted.", "62 people voted.", False),
        ("The fund has 7.5 staff.", "The quake left 45,000 dead.", False),
        ("It cost £1 million.", "It cost £100 million.", False),
    ],
)
def test_changed_figure_counts_the_same_thing(first: str, second: str, is_changed: bool) -> None:
    assert extract_only_figure(first).is_changed_from(extract_only_figure(second)) is is_changed


@pytest.mark.parametrize(
    "text",
    [
        "In 2016 they met.",
        "It took three weeks.",
        "One of them left.",
        "Hundreds of people came.",
        "A 30-year-old fell.",
        "At 0900 GMT it rained.",
    ],
)
def test_years_times_ages_and_vague_numbers_are_not_figures(text: str) -> None:
    assert extract_line_figures(text) == ()


@given(st.text(max_size=300))
def test_every_figure_equals_itself(text: str) -> None:
    for figure in extract_line_figures(text):
        assert figure.is_same(figure)
        assert not figure.is_changed_from(figure)


def test_similar_lines_are_returned_with_their_score() -> None:
    """Stems are compared in any order, and unrelated lines are not returned."""
    sent_texts = ["The council approved the plan.", "The river flooded the lower town.", "A baker spoke."]
    candidate = "The lower town was flooded by the river on Monday."
    similar_lines = Similarity(sent_texts, [candidate]).find_similar(candidate, 0.2)
    assert [index for _, index in similar_lines] == [1]
    assert 0.5 < similar_lines[0][0] <= 1

"""The figures of a line as they are compared, and how like lines are to each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.updates.statement import Figure, Similarity, extract_line_figures


def only(text: str) -> Figure:
    (found,) = extract_line_figures(text)
    return found


@pytest.mark.parametrize(
    ("one", "other", "same"),
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
def test_a_figure_is_the_same_whatever_it_is_called_and_however_it_is_rounded(one: str, other: str, same: bool) -> None:
    assert only(one).is_same(only(other)) is same
    assert only(other).is_same(only(one)) is same


@pytest.mark.parametrize(
    ("one", "other", "another"),
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
def test_another_figure_counts_the_same_thing(one: str, other: str, another: bool) -> None:
    assert only(one).is_changed_from(only(other)) is another


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
def test_years_clocks_ages_and_crowds_are_no_figures_that_move(text: str) -> None:
    assert extract_line_figures(text) == ()


@given(st.text(max_size=300))
def test_any_text_has_figures_or_none(text: str) -> None:
    for figure in extract_line_figures(text):
        assert figure.is_same(figure)
        assert not figure.is_changed_from(figure)


def test_the_likest_line_told_comes_first() -> None:
    """By words without their endings, in any order; what shares nothing is not given."""
    told = ["The council approved the plan.", "The river flooded the lower town.", "A baker spoke."]
    candidate = "The lower town was flooded by the river on Monday."
    found = Similarity(told, [candidate]).find_similar(candidate, 0.2)
    assert [at for _, at in found] == [1]
    assert 0.5 < found[0][0] <= 1

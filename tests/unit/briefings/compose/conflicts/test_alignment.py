"""Figures of other groups, roundings and bounds are no differences."""

import pytest

from briefings.compose.conflicts.alignment import (
    count_contrasting_groups,
    find_near_text,
    is_rounding,
    is_within_bound,
    name_only_others,
)
from briefings.model import Article, Span


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("federal prisoners", "state prisoners"),
        ("people were killed", "people were injured"),
        ("women on the board", "men on the board"),
        ("forecasts of jobs", "jobs were added"),
    ],
)
def test_two_members_of_one_set_are_two_things(first: str, second: str) -> None:
    assert count_contrasting_groups(first, second)
    assert count_contrasting_groups(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [("federal prisoners", "prisoners"), ("killed and wounded", "wounded"), ("died", "killed")],
)
def test_one_member_or_a_shared_one_may_be_one_thing(first: str, second: str) -> None:
    assert not count_contrasting_groups(first, second)


def test_near_text_is_without_the_number() -> None:
    text = "The council said that 31 boats sank."
    assert find_near_text(text, Span(0, len(text)), Span(22, 24)) == "The council said that boats sank."


@pytest.mark.parametrize(
    ("first", "second"), [("Easton had floods.", "In Weston it rained."), ("At Roe Bay.", "Of Doe.")]
)
def test_sentences_without_a_common_name_name_only_others(first: str, second: str) -> None:
    sides = [(Article("a", f"Then {text}"), Span(0, len(text) + 5)) for text in (first, second)]
    assert name_only_others(*sides)
    assert not name_only_others(sides[0], sides[0])


@pytest.mark.parametrize(
    ("first", "second", "is_approximate", "expected"),
    [
        (7e6, 7.1e6, False, True),
        (3.6e6, 4e6, True, True),
        (3.6e6, 4e6, False, False),
        (140_000, 150_000, True, False),
        (200, 210, False, True),
        (31, 31, False, False),
    ],
)
def test_value_with_fewer_digits_may_round_the_other(
    first: float, second: float, is_approximate: bool, expected: bool
) -> None:
    assert is_rounding(first, second, is_approximate=is_approximate) is expected
    assert is_rounding(second, first, is_approximate=is_approximate) is expected


def test_share_is_rounded_to_whole_percent_only() -> None:
    assert not is_rounding(60, 62, is_approximate=False, is_share=True)
    assert is_rounding(60, 60.4, is_approximate=False, is_share=True)


def test_value_far_above_a_lower_bound_does_not_contradict_it() -> None:
    assert is_within_bound(20, "more than", 31)
    assert not is_within_bound(1000, "more than", 1100)
    assert not is_within_bound(20, "about", 31)

"""Days in options: periods as people type them in Slack, and only certain days where the day is stored."""

from argparse import ArgumentTypeError
from datetime import date, timedelta

import pytest

from bot.cli.days import get_today, parse_first_day, parse_last_day, parse_past_day, parse_single_day

TODAY = date(2026, 7, 15)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-06-25", date(2016, 6, 25)),
        ("25 June 2016", date(2016, 6, 25)),
        ("June 25, 2016", date(2016, 6, 25)),
        ("25th june 2016", date(2016, 6, 25)),
        ("today", TODAY),
        ("yesterday", date(2026, 7, 14)),
        ("Monday", date(2026, 7, 13)),
    ],
)
def test_one_certain_day_can_be_stored(text: str, expected: date) -> None:
    assert parse_single_day(text, TODAY) == expected


@pytest.mark.parametrize(
    "text",
    [
        "01/02/2016",
        "1.2.2016",
        "25 June",
        "june 2016",
        "last week",
        "2016",
        "soon",
        "",
        " ",
        "x" * 10_000,
        "2016-06-31",
        "\x00",
    ],
)
def test_what_can_be_another_day_is_refused_with_one_that_works(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="write one day as, for example, 2016-06-25, 25 June 2016 or yesterday"):
        parse_single_day(text, TODAY)


def test_day_that_has_not_come_is_refused() -> None:
    day = get_today() + timedelta(days=3)
    with pytest.raises(ArgumentTypeError, match="has not come yet"):
        parse_past_day(day.isoformat())


def test_filters_take_whole_periods() -> None:
    first, last = parse_first_day("last week"), parse_last_day("last week")
    assert last - first == timedelta(days=6)
    assert last < get_today()

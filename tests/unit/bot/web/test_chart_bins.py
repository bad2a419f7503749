"""Days in bins: as few as there is room for, whole ones, none left out."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.web.chart_bins import Unit, split_into_bins


@given(st.dates(), st.dates(), st.integers(1, 80))
def test_every_day_is_in_exactly_one_bin(one: date, other: date, most: int) -> None:
    first, last = sorted((one, other))
    _, found = split_into_bins(first, last, most)
    assert found[0].first <= first <= found[0].last
    assert found[-1].first <= last <= found[-1].last
    assert all(a.last + timedelta(days=1) == b.first for a, b in pairwise(found))


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(0, 4_000), st.integers(30, 80))
def test_there_are_at_most_as_many_as_there_is_room_for(first: date, days: int, most: int) -> None:
    assert len(split_into_bins(first, first + timedelta(days=days), most)[1]) <= most


def test_one_day_is_one_day() -> None:
    unit, found = split_into_bins(date(2016, 6, 25), date(2016, 6, 25), 40)
    assert (unit, [one.full_label for one in found]) == (Unit.DAY, ["25 Jun 2016"])


def test_four_hundred_days_are_months_or_weeks() -> None:
    first = date(2016, 1, 6)
    assert split_into_bins(first, first + timedelta(days=399), 75)[0] is Unit.WEEK
    unit, found = split_into_bins(first, first + timedelta(days=399), 40)
    assert (unit, found[0].full_label, found[-1].full_label) == (Unit.MONTH, "Jan 2016", "Feb 2017")
    assert split_into_bins(first, first + timedelta(days=399), 75)[1][0].full_label == "week of 4 Jan 2016"

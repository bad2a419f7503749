"""Tests of the date bins: whole units, no gaps, and at most the limit."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.web.chart_bins import Unit, split_into_bins


@given(st.dates(), st.dates(), st.integers(1, 80))
def test_every_day_is_in_exactly_one_bin(one_day: date, other_day: date, max_bins: int) -> None:
    first, last = sorted((one_day, other_day))
    _, bins = split_into_bins(first, last, max_bins)
    assert bins[0].first <= first <= bins[0].last
    assert bins[-1].first <= last <= bins[-1].last
    assert all(a.last + timedelta(days=1) == b.first for a, b in pairwise(bins))


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(0, 4_000), st.integers(30, 80))
def test_number_of_bins_is_limited(first: date, days: int, max_bins: int) -> None:
    assert len(split_into_bins(first, first + timedelta(days=days), max_bins)[1]) <= max_bins


def test_one_day_is_one_bin() -> None:
    unit, bins = split_into_bins(date(2016, 6, 25), date(2016, 6, 25), 40)
    assert (unit, [day_bin.full_label for day_bin in bins]) == (Unit.DAY, ["25 Jun 2016"])


def test_four_hundred_days_become_weeks_or_months() -> None:
    first = date(2016, 1, 6)
    assert split_into_bins(first, first + timedelta(days=399), 75)[0] is Unit.WEEK
    unit, bins = split_into_bins(first, first + timedelta(days=399), 40)
    assert (unit, bins[0].full_label, bins[-1].full_label) == (Unit.MONTH, "Jan 2016", "Feb 2017")
    assert split_into_bins(first, first + timedelta(days=399), 75)[1][0].full_label == "week of 4 Jan 2016"

"""Tests of the timeline chart: positions, heights, legend and table match the counts."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web import chart_timeline
from bot.web.chart_bins import Unit
from briefings.report import DayCount

SATURDAY = date(2016, 6, 25)

COUNTS = st.lists(
    st.builds(
        DayCount,
        st.one_of(st.none(), st.dates(date(2010, 1, 1), date(2020, 1, 1))),
        st.one_of(st.none(), st.sampled_from([f"Paper {n}" for n in range(30)])),
        st.integers(1, 40),
        st.integers(0, 300),
    ),
    max_size=60,
)


@given(COUNTS, st.sampled_from([chart_timeline.WIDE_WIDTH, chart_timeline.NARROW_WIDTH]))
def test_every_bar_is_inside_the_chart(days: list[DayCount], width: float) -> None:
    chart = chart_timeline.build_timeline(days, width)
    if chart is None:
        assert not any(count.day for count in days)
        return
    for row in chart.rows:
        for column in row.columns:
            for bar in column.bars:
                assert bar.x >= 0
                assert bar.x + bar.width <= chart.width + 0.1
                assert row.top - 0.1 <= bar.y
                assert bar.y + bar.height <= row.baseline + 0.1


@given(COUNTS)
def test_heights_are_proportional_to_counts(days: list[DayCount]) -> None:
    chart = chart_timeline.build_timeline(days)
    if chart is None:
        return
    articles, quotes = chart.rows
    for row, total in (
        (articles, sum(c.articles for c in days if c.day)),
        (quotes, sum(c.quotes for c in days if c.day)),
    ):
        scale_top = int(row.ticks[-1].label.replace(",", ""))
        chart_total = (
            sum(bar.height for column in row.columns for bar in column.bars) * scale_top / chart_timeline.ROW_HEIGHT
        )
        assert chart_total == pytest.approx(total, rel=0.02, abs=0.05 * scale_top / chart_timeline.ROW_HEIGHT * 200)


@given(COUNTS)
def test_table_contains_every_number_once(days: list[DayCount]) -> None:
    rows = chart_timeline.build_table(days)
    assert sum(row.articles for row in rows) == sum(count.articles for count in days)
    assert sum(row.quotes for row in rows) == sum(count.quotes for count in days)


def test_one_day_is_one_column_with_a_number() -> None:
    chart = chart_timeline.build_timeline([DayCount(SATURDAY, "The Paper", 3, 7)])
    assert chart
    assert [(row.label, [column.number for column in row.columns]) for row in chart.rows] == [
        ("articles", [3]),
        ("quotes", [7]),
    ]
    assert [tick.label for tick in chart.days] == ["25 Jun 2016"]


def test_four_hundred_days_become_months_and_axis_labels_do_not_overlap() -> None:
    chart = chart_timeline.build_timeline(
        [DayCount(SATURDAY + timedelta(days=n), "The Paper", 1, 2) for n in range(400)]
    )
    assert chart
    assert chart.unit is Unit.MONTH
    positions = [tick.position for tick in chart.days]
    assert all(b - a >= 50 for a, b in pairwise(positions))


def test_five_of_thirty_outlets_have_a_pattern_and_the_others_share_one() -> None:
    days = [DayCount(SATURDAY, f"Paper {n:02}", 30 - n, 1) for n in range(30)]
    names = chart_timeline.build_legend(days)
    assert names == ("Paper 00", "Paper 01", "Paper 02", "Paper 03", "Paper 04", "25 other outlets")
    chart = chart_timeline.build_timeline(days)
    assert chart
    assert {bar.style for bar in chart.rows[0].columns[0].bars} == set(range(6))


def test_six_outlets_each_have_a_pattern() -> None:
    assert len(chart_timeline.build_legend([DayCount(SATURDAY, f"Paper {n}", 1, 1) for n in range(6)])) == 6
    assert chart_timeline.build_legend([DayCount(SATURDAY, None, 1, 1)]) == ("unknown outlet",)


def test_undated_articles_are_only_in_the_table() -> None:
    days = [DayCount(SATURDAY, "The Paper", 1, 0), DayCount(None, "The Post", 2, 5)]
    chart = chart_timeline.build_timeline(days)
    assert chart
    assert sum(len(column.bars) for column in chart.rows[0].columns) == 1
    assert [(row.label, row.articles) for row in chart_timeline.build_table(days)] == [("25 Jun 2016", 1), (None, 2)]
    assert chart_timeline.build_timeline(days[1:]) is None

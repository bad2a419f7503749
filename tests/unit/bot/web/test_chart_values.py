"""Tests of the chart of differing values: dot positions, descriptions and line labels."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.web import chart_values
from briefings.model import Evidence
from briefings.report import FigureSeries, FigureValue

SATURDAY = date(2016, 6, 25)


def make_value(number: float, text: str, day: date | None = SATURDAY, *, approximate: bool = False) -> FigureValue:
    return FigureValue(number, text, approximate, day, "The Paper", Evidence("a", 0, 9, text, None))


ANY = st.lists(
    st.builds(
        make_value,
        st.sampled_from([100.0, 140_000.0, 150_000.0, 151_000.0]),
        st.just("close to 150,000"),
        st.one_of(st.none(), st.dates(SATURDAY, SATURDAY + timedelta(days=400))),
    ),
    min_size=1,
    max_size=12,
)


@given(ANY, st.sampled_from([chart_values.WIDE_WIDTH, chart_values.NARROW_WIDTH]))
def test_dots_do_not_overlap_and_stay_inside_the_chart(values: list[FigureValue], width: float) -> None:
    chart = chart_values.build_chart(FigureSeries("people", "two figures", tuple(values)), width)
    positions = [(dot.x, dot.y) for dot in chart.dots]
    assert len(set(positions)) == len(values)
    assert all(0 <= y <= chart.height for _, y in positions)


def test_dot_describes_its_value_outlet_and_day() -> None:
    values = (make_value(140_000, "140,000"), make_value(150_000, "close to 150,000", None, approximate=True))
    chart = chart_values.build_chart(FigureSeries("people", "two figures", values), chart_values.WIDE_WIDTH)
    assert [dot.description for dot in chart.dots] == [
        "140,000: The Paper, 25 Jun 2016",
        "close to 150,000: The Paper, undated",
    ]
    assert [dot.approximate for dot in chart.dots] == [False, True]
    assert chart.undated is not None
    assert chart.dots[0].x < chart.right_edge < chart.dots[1].x
    assert chart.dots[1].y < chart.dots[0].y


def test_lines_are_labelled_with_the_printed_value() -> None:
    values = (
        make_value(140_000, "140,000"),
        make_value(140_000, "about 140,000", approximate=True),
        make_value(150_000, "150,000"),
    )
    chart = chart_values.build_chart(FigureSeries("people", "two figures", values), chart_values.WIDE_WIDTH)
    assert sorted(line.label for line in chart.lines) == ["140,000", "150,000"]
    assert chart.undated is None

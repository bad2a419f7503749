"""Values that differ, as dots: each has its own place, and says what, who and when."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.web import chart_values
from briefings.model import Evidence
from briefings.report import FigureSeries, FigureValue

SATURDAY = date(2016, 6, 25)


def value(number: float, text: str, day: date | None = SATURDAY, *, approximate: bool = False) -> FigureValue:
    return FigureValue(number, text, approximate, day, "The Paper", Evidence("a", 0, 9, text, None))


ANY = st.lists(
    st.builds(
        value,
        st.sampled_from([100.0, 140_000.0, 150_000.0, 151_000.0]),
        st.just("close to 150,000"),
        st.one_of(st.none(), st.dates(SATURDAY, SATURDAY + timedelta(days=400))),
    ),
    min_size=1,
    max_size=12,
)


@given(ANY, st.sampled_from([chart_values.WIDE_WIDTH, chart_values.NARROW_WIDTH]))
def test_no_two_dots_are_in_one_place_and_none_is_far_out(found: list[FigureValue], width: float) -> None:
    chart = chart_values.build_chart(FigureSeries("people", "two figures", tuple(found)), width)
    places = [(dot.x, dot.y) for dot in chart.dots]
    assert len(set(places)) == len(found)
    assert all(0 <= y <= chart.height for _, y in places)


def test_a_dot_tells_what_who_and_when_and_is_hollow_when_approximate() -> None:
    found = (value(140_000, "140,000"), value(150_000, "close to 150,000", None, approximate=True))
    chart = chart_values.build_chart(FigureSeries("people", "two figures", found), chart_values.WIDE_WIDTH)
    assert [dot.description for dot in chart.dots] == [
        "140,000: The Paper, 25 Jun 2016",
        "close to 150,000: The Paper, undated",
    ]
    assert [dot.approximate for dot in chart.dots] == [False, True]
    assert chart.undated is not None
    assert chart.dots[0].x < chart.right_edge < chart.dots[1].x
    assert chart.dots[1].y < chart.dots[0].y


def test_lines_bear_the_words_that_were_printed() -> None:
    found = (value(140_000, "140,000"), value(140_000, "about 140,000", approximate=True), value(150_000, "150,000"))
    chart = chart_values.build_chart(FigureSeries("people", "two figures", found), chart_values.WIDE_WIDTH)
    assert sorted(line.label for line in chart.lines) == ["140,000", "150,000"]
    assert chart.undated is None

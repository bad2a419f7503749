"""Expressions for periods and relative days resolve to a first and a last day, or stay open."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.model import Span
from briefings.text.dates import find_day_expressions, format_day_range, resolve_day
from briefings.text.periods import Period, PeriodUnit, find_period_expressions, resolve_period

#: the day the text was written, a Thursday
ANCHOR = date(2016, 6, 30)
ANY_TEXT = st.one_of(
    st.text(st.characters()),
    st.lists(
        st.sampled_from(
            [
                *(
                    "last",
                    "this",
                    "next",
                    "week",
                    "weekend",
                    "month",
                    "year",
                    "ago",
                    "two",
                    "99",
                    "the",
                    "past",
                    "days",
                ),
                *(
                    "in",
                    "on",
                    "over",
                    "June",
                    "May",
                    "2016",
                    "1900",
                    "3",
                    "5th",
                    "31st",
                    "30",
                    "-",
                    "to",
                    "and",
                    "before",
                ),
                *("day", "after", "following", "previous", "\n", ",", "٣"),
            ]
        )
    ).map(" ".join),
)


def resolve_only_period(text: str, **options: object) -> Period | None:
    words = list(find_period_expressions(text))
    assert len(words) == 1
    return resolve_period(words[0], ANCHOR, **options)  # type: ignore[arg-type]  # previous_day or is_future


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Sales fell last week.", "2016-06-20", "2016-06-26"),
        ("They meet next week.", "2016-07-04", "2016-07-10"),
        ("The fair is this weekend.", "2016-07-02", "2016-07-03"),
        ("It rained last weekend.", "2016-06-25", "2016-06-26"),
        ("The mayor resigned last month.", "2016-05-01", "2016-05-31"),
        ("She was elected last year.", "2015-01-01", "2015-12-31"),
        ("The shop closed two weeks ago.", "2016-06-13", "2016-06-19"),
        ("It opened six months ago.", "2015-12-01", "2015-12-31"),
        ("It rained over the past three days.", "2016-06-27", "2016-06-30"),
        ("The bridge opened in March.", "2016-03-01", "2016-03-31"),
        ("The bridge opened in March last year.", "2015-03-01", "2015-03-31"),
        ("The bridge opened in March 2011.", "2011-03-01", "2011-03-31"),
        ("She moved here in 2011.", "2011-01-01", "2011-12-31"),
        ("Talks ran from 3 to 5 May.", "2016-05-03", "2016-05-05"),
        ("Talks ran between 13th and 14th May 2015.", "2015-05-13", "2015-05-14"),
        ("The fair, May 11-12, was full.", "2016-05-11", "2016-05-12"),
        ("The fair closed on the 28th.", "2016-06-28", "2016-06-28"),
        ("The strike began on the 31st.", "2016-05-31", "2016-05-31"),
    ],
)
def test_period_has_a_first_and_a_last_day(text: str, first: str, last: str) -> None:
    assert resolve_only_period(text) == Period(date.fromisoformat(first), date.fromisoformat(last))


def test_future_weekend_or_day_of_month_is_the_next_one() -> None:
    assert resolve_only_period("The fair will be held over the weekend.", is_future=True) == Period(
        date(2016, 7, 2), date(2016, 7, 3)
    )
    assert resolve_only_period("The ballot will close on the 28th.", is_future=True) == Period(
        date(2016, 7, 28), date(2016, 7, 28)
    )
    assert resolve_only_period("The fair was held over the weekend.") == Period(date(2016, 6, 25), date(2016, 6, 26))


def test_the_day_before_is_counted_from_the_previous_day() -> None:
    previous_day = date(2016, 6, 1)
    assert resolve_only_period("He had left the day before.", previous_day=previous_day) == Period(
        date(2016, 5, 31), date(2016, 5, 31)
    )
    assert resolve_only_period("He left the following day.", previous_day=previous_day) == Period(
        date(2016, 6, 2), date(2016, 6, 2)
    )
    assert resolve_only_period("He had left the day before.") is None


def test_period_of_one_day_has_a_day() -> None:
    assert Period(ANCHOR, ANCHOR).day == ANCHOR
    assert Period(ANCHOR, date(2016, 7, 1)).day is None
    with pytest.raises(ValueError, match="not a period"):
        Period(date(2016, 7, 1), ANCHOR)


@pytest.mark.parametrize(
    "text",
    [
        "© The Evening Paper 2010",
        "All rights reserved 2010.",
        "In May 20 people came.",
        "She lives on the 28th floor.",
        "They sat on the 3rd and 4th rows.",
        "the 21st century",
        "They may last weeks.",
    ],
)
def test_text_without_a_period_gives_none(text: str) -> None:
    assert list(find_period_expressions(text)) == []


def test_without_an_anchor_only_periods_with_a_year_resolve() -> None:
    words = list(find_period_expressions("Talks held last week, in March 2011, on the 3rd, and in April failed."))
    assert [resolve_period(expression, None) for expression in words] == [
        None,
        Period(date(2011, 3, 1), date(2011, 3, 31)),
        None,
        None,
    ]
    assert [expression.unit for expression in words] == [
        PeriodUnit.WEEK,
        PeriodUnit.MONTH,
        PeriodUnit.DAY,
        PeriodUnit.MONTH,
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("It broke three days ago.", date(2016, 6, 27)),
        ("It broke a day ago.", date(2016, 6, 29)),
        ("He left the day before yesterday.", date(2016, 6, 28)),
        ("He leaves the day after tomorrow.", date(2016, 7, 2)),
        ("They met on Sunday night.", date(2016, 6, 26)),
        ("It opened on June 3 , 2011 .", date(2011, 6, 3)),
    ],
)
def test_single_days_are_days_and_not_periods(text: str, day: date) -> None:
    assert [resolve_day(words, ANCHOR) for words in find_day_expressions(text)] == [day]
    assert list(find_period_expressions(text)) == []


@given(ANY_TEXT, st.one_of(st.none(), st.dates()), st.one_of(st.none(), st.dates()), st.booleans())
def test_random_text_gives_periods_in_order_within_the_text(
    text: str, anchor: date | None, previous_day: date | None, is_future: bool
) -> None:
    end = 0
    for words in find_period_expressions(text):
        assert end <= words.span.start < words.span.end <= len(text)
        period = resolve_period(words, anchor, previous_day=previous_day, is_future=is_future)
        assert period is None or period.first <= period.last
        end = words.span.end


@given(ANY_TEXT, st.data())
def test_search_within_a_part_finds_only_periods_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    part = Span(start, data.draw(st.integers(start, len(text))))
    assert all(part.covers(words.span) for words in find_period_expressions(text, part))


def test_range_is_formatted_with_its_first_and_last_day() -> None:
    assert format_day_range(date(2016, 6, 20), date(2016, 6, 26)) == "between Mon 20 Jun and Sun 26 Jun 2016"
    assert format_day_range(date(2015, 12, 28), date(2016, 1, 3)) == "between Mon 28 Dec 2015 and Sun 3 Jan 2016"
    assert format_day_range(ANCHOR, ANCHOR) == "Thu 30 Jun 2016"

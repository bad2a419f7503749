"""Expressions that name a day, and the days they resolve to: the cases of `tests/cases/dates.md` and random text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.model import Span
from briefings.text.dates import find_absolute_dates, find_day_expressions, format_day, resolve_day
from tests.support.case_files import Case, load_cases

WORDS = st.sampled_from(
    [
        *("on", "since", "Monday", "Tuesday", "last", "next", "the", "following", "night", "this", "evening", "today"),
        *("(28", "29", "30", "31", "0", "٣", "5th", "of", "June", "June)", "Feb.", "February", "May", "2016", "9999"),
        *("2016-02-30", "9999-12-31", "yesterday", "tomorrow", ",", ":", "-", "to", ")", "(", "\n", "\t", ""),
    ]
)
ANY_TEXT = st.one_of(st.text(st.characters()), st.lists(WORDS).map(" ".join))


@pytest.mark.parametrize("case", load_cases("dates"))
def test_days_of_a_sentence_are_resolved(case: Case) -> None:
    anchor = date.fromisoformat(case.fields["written"]) if "written" in case.fields else None
    results = []
    for words in find_day_expressions(case.fragment):
        day = resolve_day(words, anchor, is_future=case.fields.get("to come") == "yes")
        results.append(f"{words.span.of(case.fragment)} = {day or 'open'}")
    assert results == case.expected


@given(ANY_TEXT, st.one_of(st.none(), st.dates()), st.booleans())
def test_random_text_gives_days_in_order_within_the_text(text: str, anchor: date | None, is_future: bool) -> None:
    end = 0
    for words in find_day_expressions(text):
        assert end <= words.span.start < words.span.end <= len(text)
        assert sum(value is not None for value in (words.day, words.month_day, words.weekday, words.offset)) == 1
        day = resolve_day(words, anchor, is_future=is_future)
        assert words.day in (None, day)
        assert day is None or words.day or (anchor and abs((day - anchor).days) <= 366)
        end = words.span.end


@given(ANY_TEXT, st.data())
def test_search_within_a_part_finds_only_days_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    part = Span(start, data.draw(st.integers(start, len(text))))
    assert all(part.covers(words.span) for words in find_day_expressions(text, part))


def test_only_full_dates_are_absolute() -> None:
    assert [words.day for words in find_absolute_dates("on Monday, 23 June and 25 June 2016")] == [date(2016, 6, 25)]


def test_day_is_formatted_with_its_weekday() -> None:
    assert format_day(date(2016, 6, 28)) == "Tue 28 Jun 2016"
    assert format_day(None) == "undated"


def test_leap_day_without_a_year_stays_open_if_it_is_over_a_year_away() -> None:
    """A writer of "29 Feb" never means a day that is more than a year away."""
    (words,) = find_day_expressions("on 29 Feb")
    assert resolve_day(words, date(2001, 3, 2)) is None
    assert resolve_day(words, date(2000, 3, 2)) == date(2000, 2, 29)

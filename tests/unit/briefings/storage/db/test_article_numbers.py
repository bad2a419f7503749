"""Article numbers sort newest-first, and a range of days is a range of numbers."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from briefings.storage.db.counters import (
    FIRST_UNDATED,
    QUOTES_PER_ARTICLE,
    SLOTS_PER_DAY,
    choose_next_number,
    choose_number,
    get_day,
    get_number_range,
    get_quote_id_range,
    to_quote_id,
)

DAY = st.none() | st.dates()
#: highest integer of SQLite and PostgreSQL
HIGHEST_ID = 2**63 - 1


@given(st.text(), DAY, st.text(), DAY)
def test_newer_articles_have_lower_numbers_and_undated_ones_the_highest(
    first_id: str, first_day: date | None, second_id: str, second_day: date | None
) -> None:
    first_number, second_number = choose_number(first_id, first_day), choose_number(second_id, second_day)
    if (first_day or date.min) > (second_day or date.min) or (first_day and not second_day):
        assert first_number < second_number
    assert (first_number >= FIRST_UNDATED) == (first_day is None)
    assert get_day(first_number) == first_day


@given(st.text(), DAY, st.integers(0, QUOTES_PER_ARTICLE - 1))
def test_quote_ids_sort_by_article_and_fit_into_64_bits(name: str, day: date | None, position: int) -> None:
    number = choose_number(name, day)
    assert to_quote_id(number, position) // QUOTES_PER_ARTICLE == number
    assert to_quote_id(number, QUOTES_PER_ARTICLE - 1) < to_quote_id(number + 1, 0)
    assert 0 <= to_quote_id(number, position) <= HIGHEST_ID


@given(st.text(), DAY, DAY, DAY)
def test_range_of_days_contains_exactly_the_articles_of_those_days(
    name: str, day: date | None, since: date | None, until: date | None
) -> None:
    first, last = get_number_range(since, until)
    is_in_range = (
        (since is None and until is None) if day is None else (since or date.min) <= day <= (until or date.max)
    )
    assert (first <= choose_number(name, day) <= last) == is_in_range
    assert get_quote_id_range(since, until) == (to_quote_id(first, 0), to_quote_id(last, QUOTES_PER_ARTICLE - 1))


def test_next_number_stays_on_the_same_day_and_wraps_around() -> None:
    last_number = choose_number("a", date(2016, 7, 1)) | (SLOTS_PER_DAY - 1)
    assert choose_next_number(last_number) == last_number - SLOTS_PER_DAY + 1
    assert get_day(choose_next_number(last_number)) == date(2016, 7, 1)

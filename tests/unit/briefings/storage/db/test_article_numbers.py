"""Numbers in their order are the newest articles first, and days are ranges of them."""

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
#: what SQLite and PostgreSQL both hold
GREATEST = 2**63 - 1


@given(st.text(), DAY, st.text(), DAY)
def test_the_newer_article_has_the_less_number_and_undated_ones_the_greatest(
    one: str, day: date | None, other: str, other_day: date | None
) -> None:
    first, second = choose_number(one, day), choose_number(other, other_day)
    if (day or date.min) > (other_day or date.min) or (day and not other_day):
        assert first < second
    assert (first >= FIRST_UNDATED) == (day is None)
    assert get_day(first) == day


@given(st.text(), DAY, st.integers(0, QUOTES_PER_ARTICLE - 1))
def test_ids_of_quotes_stand_in_the_order_of_their_articles_and_fit_the_database(
    name: str, day: date | None, place: int
) -> None:
    number = choose_number(name, day)
    assert to_quote_id(number, place) // QUOTES_PER_ARTICLE == number
    assert to_quote_id(number, QUOTES_PER_ARTICLE - 1) < to_quote_id(number + 1, 0)
    assert 0 <= to_quote_id(number, place) <= GREATEST


@given(st.text(), DAY, DAY, DAY)
def test_the_range_of_days_holds_exactly_their_articles(
    name: str, day: date | None, since: date | None, until: date | None
) -> None:
    least, greatest = get_number_range(since, until)
    meant = (since is None and until is None) if day is None else (since or date.min) <= day <= (until or date.max)
    assert (least <= choose_number(name, day) <= greatest) == meant
    assert get_quote_id_range(since, until) == (to_quote_id(least, 0), to_quote_id(greatest, QUOTES_PER_ARTICLE - 1))


def test_the_next_number_is_of_the_same_day_and_comes_round() -> None:
    last = choose_number("a", date(2016, 7, 1)) | (SLOTS_PER_DAY - 1)
    assert choose_next_number(last) == last - SLOTS_PER_DAY + 1
    assert get_day(choose_next_number(last)) == date(2016, 7, 1)

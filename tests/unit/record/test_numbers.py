"""Numbers in their order are the newest articles first, and days are ranges of them."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from briefings.record.numbers import (
    PLACES,
    SLOTS,
    UNDATED,
    day_of,
    first_choice,
    ids_within,
    next_choice,
    numbers_within,
    quote_id,
)

DAY = st.none() | st.dates()
#: what SQLite and PostgreSQL both hold
GREATEST = 2**63 - 1


@given(st.text(), DAY, st.text(), DAY)
def test_the_newer_article_has_the_less_number_and_undated_ones_the_greatest(
    one: str, day: date | None, other: str, other_day: date | None
) -> None:
    first, second = first_choice(one, day), first_choice(other, other_day)
    if (day or date.min) > (other_day or date.min) or (day and not other_day):
        assert first < second
    assert (first >= UNDATED) == (day is None)
    assert day_of(first) == day


@given(st.text(), DAY, st.integers(0, PLACES - 1))
def test_ids_of_quotes_stand_in_the_order_of_their_articles_and_fit_the_database(
    name: str, day: date | None, place: int
) -> None:
    number = first_choice(name, day)
    assert quote_id(number, place) // PLACES == number
    assert quote_id(number, PLACES - 1) < quote_id(number + 1, 0)
    assert 0 <= quote_id(number, place) <= GREATEST


@given(st.text(), DAY, DAY, DAY)
def test_the_range_of_days_holds_exactly_their_articles(
    name: str, day: date | None, since: date | None, until: date | None
) -> None:
    least, greatest = numbers_within(since, until)
    meant = (since is None and until is None) if day is None else (since or date.min) <= day <= (until or date.max)
    assert (least <= first_choice(name, day) <= greatest) == meant
    assert ids_within(since, until) == (quote_id(least, 0), quote_id(greatest, PLACES - 1))


def test_the_next_number_is_of_the_same_day_and_comes_round() -> None:
    last = first_choice("a", date(2016, 7, 1)) | (SLOTS - 1)
    assert next_choice(last) == last - SLOTS + 1
    assert day_of(next_choice(last)) == date(2016, 7, 1)

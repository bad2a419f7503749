"""What an address asks: days and numbers are read as people type them, and refused with what to write instead."""

from datetime import date

import pytest

from bot.web import query_params
from briefings.errors import BadQuestion

TODAY = date(2016, 7, 1)  # a Friday


def test_days_are_read_as_after_a_command() -> None:
    assert query_params.read_since({"since": "monday"}, TODAY) == date(2016, 6, 27)
    assert query_params.read_until({"until": "last week"}, TODAY) == date(2016, 6, 26)
    assert query_params.read_since({"since": "last week"}, TODAY) == date(2016, 6, 20)
    assert query_params.read_since({"since": " "}, TODAY) is None
    assert query_params.read_since({}, TODAY) is None


@pytest.mark.parametrize("typed", ["2016-06-31", "whenever", "0", "x" * 10_000, "<script>"])
def test_what_is_no_day_is_said_and_never_shown_at_length(typed: str) -> None:
    with pytest.raises(BadQuestion, match="is no day that can be told") as told:
        query_params.read_since({"since": typed}, TODAY)
    assert len(str(told.value)) < 250


@pytest.mark.parametrize("typed", ["0", "-1", "1.5", "٣", "9" * 40, "one"])
def test_what_is_no_page_is_said(typed: str) -> None:
    with pytest.raises(BadQuestion, match="behind page= is no number from 1 on"):
        query_params.read_page({"page": typed})


def test_pages_and_numbers() -> None:
    assert query_params.read_page({}) == 1
    assert query_params.read_page({"page": "99999"}) == 99_999
    with pytest.raises(BadQuestion, match="from 50 to 1,000"):
        query_params.read_number({"words": "5"}, "words", 400, 50, 1_000)


def test_controls_and_direction_marks_are_taken_out_of_text() -> None:
    assert query_params.read_text({"q": "a\x00b\u202ec\n d"}, "q") == "a bc d"

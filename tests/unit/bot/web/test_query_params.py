"""Tests of the query parameters: days, numbers and text, and messages for invalid values."""

from datetime import date

import pytest

from bot.web import query_params
from briefings.errors import BadQuestion

TODAY = date(2016, 7, 1)  # a Friday


def test_days_have_the_syntax_of_the_slash_commands() -> None:
    assert query_params.read_since({"since": "monday"}, TODAY) == date(2016, 6, 27)
    assert query_params.read_until({"until": "last week"}, TODAY) == date(2016, 6, 26)
    assert query_params.read_since({"since": "last week"}, TODAY) == date(2016, 6, 20)
    assert query_params.read_since({"since": " "}, TODAY) is None
    assert query_params.read_since({}, TODAY) is None


@pytest.mark.parametrize("text", ["2016-06-31", "whenever", "0", "x" * 10_000, "<script>"])
def test_invalid_date_is_quoted_and_shortened(text: str) -> None:
    with pytest.raises(BadQuestion, match="as a date") as error:
        query_params.read_since({"since": text}, TODAY)
    assert len(str(error.value)) < 250


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "٣", "9" * 40, "one"])
def test_invalid_page_number_is_refused(text: str) -> None:
    with pytest.raises(BadQuestion, match="Use a number from 1 up"):
        query_params.read_page({"page": text})


def test_numbers_are_parsed_and_limited() -> None:
    assert query_params.read_page({}) == 1
    assert query_params.read_page({"page": "99999"}) == 99_999
    with pytest.raises(BadQuestion, match="from 50 to 1,000"):
        query_params.read_number({"words": "5"}, "words", 400, 50, 1_000)


def test_control_characters_and_direction_marks_are_removed() -> None:
    assert query_params.read_text({"q": "a\x00b\u202ec\n d"}, "q") == "a bc d"

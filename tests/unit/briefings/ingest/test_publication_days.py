"""Days of publication: the cases of `tests/cases/publication_days.md`, feeds of the shared folder, and random text."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.ingest.publication_days import parse_day
from tests.support.case_files import Case, load_cases
from tests.support.shared_data import CASE_FILES

SHARED_FEED_DATES = CASE_FILES / "01-feed-dates/expected.json"
#: months in seven languages
MONTHS = (
    "January February March April May June July August September October November December",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
)


@pytest.mark.parametrize("case", load_cases("publication_days"))
def test_each_way_to_write_a_day_gives_that_day_or_none(case: Case) -> None:
    expected = case.expected[0] if case.expected else "None"
    days = {line: str(parse_day(line)) for line in case.fragment.splitlines()}
    assert days == dict.fromkeys(days, expected)


def test_the_dates_of_the_shared_feeds_give_their_days() -> None:
    if not SHARED_FEED_DATES.exists():
        pytest.skip("the shared case files are not on this computer")
    for text, expected in json.loads(SHARED_FEED_DATES.read_text(encoding="utf-8")):
        assert str(parse_day(text)).lower()[:10] == expected[:10], text


@given(st.text(max_size=200))
def test_any_text_gives_a_day_within_bounds_or_none(text: str) -> None:
    day = parse_day(text)
    assert day is None or 1600 <= day.year <= 2100


@given(
    st.lists(st.sampled_from(["30", "6", "2016", "June", "Thu", "10:15", "-", "/", ".", ",", " ", "T", "Z", "h", "am"]))
)
def test_any_pieces_of_dates_give_a_day_or_none(pieces: list[str]) -> None:
    parse_day("".join(pieces))


@given(
    st.dates(date(1600, 1, 1), date(2100, 12, 31)).filter(lambda day: day != date(1970, 1, 1)),
    st.sampled_from(MONTHS),
)
def test_a_day_in_any_form_is_parsed_back(day: date, months: str) -> None:
    month, year = months.split()[day.month - 1], day.year
    week = day.isocalendar()
    forms = [
        day.isoformat(),
        f"{day:%Y%m%d}".zfill(8),
        f"{day.isoformat()}T10:15:00-08:00",
        f"{year}/{day.month}/{day.day} 23:59",
        f"{day.day} {month} {year}",
        f"{day.day}. {month.upper()} {year}, 10:15",
        f"{month} {day.day}, {year}",
        f"{day.day} de {month} de {year}",
        f"10:15, {day.day} {month} {year}",
        f"{year} {month} {day.day}",
        f"{day.day}-{month[:3] if months is MONTHS[0] else month}-{year} 10:15 +0100",
        f"{year}-{day:%j}",
    ]
    if week.year >= 1600:
        forms.append(f"{week.year}-W{week.week:02}-{week.weekday}")
    for form in forms:
        assert parse_day(form) == day, form


@given(st.dates(date(1600, 1, 1), date(2100, 12, 31)))
def test_an_order_of_day_and_month_is_never_guessed(day: date) -> None:
    readings = {parse_day(f"{day:%d/%m/}{day.year}"), parse_day(f"{day:%m/%d/}{day.year}")}
    is_certain = day.day > 12 or day.day == day.month
    assert readings == ({day} if is_certain else {None}) or day == date(1970, 1, 1)


@pytest.mark.parametrize(
    "text", ["1" * 50_000, "30 June 2016" + " " * 5_000, "10:15 " * 16, ", " * 50, "mar " * 25, "- " * 49]
)
def test_long_or_repeated_text_gives_none_at_once(text: str) -> None:
    assert parse_day(text) is None

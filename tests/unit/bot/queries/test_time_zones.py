"""Names of time zones as users type them, and the choices of a searched field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.queries import time_zones, zone_aliases
from briefings.errors import BadQuestion


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/London", "Europe/London"),
        ("america/new york", "America/New_York"),
        ("new york", "America/New_York"),
        ("London's time", "Europe/London"),
        ("uk", "Europe/London"),
        ("India time", "Asia/Kolkata"),
        ("Central European Time", "Europe/Paris"),
        ("ET", "America/New_York"),
        ("mt", "America/Denver"),
        ("UTC+0", "UTC"),
        ("utc −5", "Etc/GMT+5"),
        ("GMT", "UTC"),
        ("Etc/UTC", "UTC"),
    ],
)
def test_unambiguous_name_is_read(text: str, zone: str) -> None:
    assert time_zones.parse_zone(text) == zone


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("IST", "“IST” could be Asia/Kolkata or Europe/Dublin or Asia/Jerusalem"),
        ("CST", "“CST” could be America/Chicago or Asia/Shanghai"),
        ("Australia", "could be Australia/Sydney or Australia/Brisbane"),
        ("PST", "write PT"),
        ("UTC+5:45", "isn't a whole number of hours"),
        ("UTC+15", "I don't know the time zone"),
        ("Atlantis", "I don't know the time zone “Atlantis”"),
        ("", "I don't know the time zone"),
    ],
)
def test_other_name_is_refused_with_an_example(text: str, message: str) -> None:
    with pytest.raises(BadQuestion, match="weekdays at 8:30") as error:
        time_zones.parse_zone(text)
    assert message in str(error.value)


def test_every_listed_name_is_a_zone_of_the_database() -> None:
    names = {*zone_aliases.ALIASES.values(), *(name for names in zone_aliases.AMBIGUOUS.values() for name in names)}
    assert [name for name in names if not time_zones.is_zone(name)] == []
    assert {name.casefold() for name in zone_aliases.HALF_YEAR.values()} <= zone_aliases.ALIASES.keys()


def test_fixed_offset_is_shown_with_its_usual_sign() -> None:
    assert time_zones.format_zone(time_zones.parse_zone("UTC+2")) == "UTC+2"
    assert time_zones.format_zone(time_zones.parse_zone("UTC-3")) == "UTC-3"


@given(st.text(max_size=40))
def test_any_text_can_be_searched(text: str) -> None:
    zones = time_zones.search_zones(text, 20)
    assert len(zones) <= 20
    assert all(map(time_zones.is_zone, zones))

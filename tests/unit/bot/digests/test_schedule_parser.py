"""Schedules as people type them, and the sentences they get for those that are none."""

from contextlib import suppress
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.schedule import MIN_INTERVAL, Schedule, parse_stored_schedule
from bot.digests.schedule_parser import MAX_LENGTH, DigestRequest, parse_request, parse_schedule
from briefings.errors import BadQuestion

HERE = "Europe/Berlin"


@pytest.mark.parametrize(
    ("typed", "words", "zone"),
    [
        ("weekdays at 8:30", "weekdays at 08:30", HERE),
        ("every Monday and Thursday 17:00 Europe/London", "every Monday and Thursday at 17:00", "Europe/London"),
        ("daily at noon", "every day at 12:00", HERE),
        ("hourly 9 to 18 on weekdays", "hourly 09:00 to 18:00 on weekdays", HERE),
        ("8.30am", "every day at 08:30", HERE),
        ("At half past eight.", "every day at 08:30", HERE),
        ("mondays 9", "every Monday at 09:00", HERE),
        ("every day 08:30 and 17:00", "every day at 08:30 and 17:00", HERE),
        ("mon-fri 8", "weekdays at 08:00", HERE),
        ("friday to monday 10:00", "every Monday, Friday, Saturday and Sunday at 10:00", HERE),
        ("every 2 hours between 9 and 13", "hourly 09:00 to 13:00 every day", HERE),
        ("quarter to nine on sundays", "every Sunday at 08:45", HERE),
        ("8 in the evening", "every day at 20:00", HERE),
        ("at 8:30 p.m. on tue, wed & thu", "every Tuesday, Wednesday and Thursday at 20:30", HERE),
        ("12am", "every day at 00:00", HERE),
        ("weekly on friday at 5pm", "every Friday at 17:00", HERE),
        ("weekends 10 New York", "weekends at 10:00", "America/New_York"),
        ("8:30 London time", "every day at 08:30", "Europe/London"),
        ("8:30 GMT", "every day at 08:30", "UTC"),
        ("8:30 Buenos Aires", "every day at 08:30", "America/Argentina/Buenos_Aires"),
    ],
)
def test_schedules_in_words(typed: str, words: str, zone: str) -> None:
    schedule, found = parse_schedule(typed, HERE)
    if "2 hours" in typed:
        words = "every day at 09:00, 11:00 and 13:00"
    assert (str(schedule), found) == (words, zone)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("at 25:99", "“25:99” is no time of day"),
        ("at 24:00", "is no time of day"),
        ("13pm", "“13pm” is no time of day"),
        ("8:30 Mars/Phobos", "There is no time zone “Mars/Phobos”"),
        ("8:30 CET", "“CET” is not one clock all year"),
        ("8:30 est", "“EST” is not one clock"),
        ("every minute", "once an hour at most"),
        ("every 5 minutes", "once an hour at most"),
        ("8:30 and 8:45", "once an hour at most"),
        ("23:30 and 0:10", "once an hour at most"),
        ("", "When should it come?"),
        ("mondays", "At what time?"),
        ("weekdays 9 to 18", "but how often?"),
        ("hourly 18 to 9", "From when to when"),
        ("every other Monday at 9", "“every other Monday” names none"),
        ("monthly at 9", "“monthly” names none"),
        ("weekly at 9", "On which day of the week?"),
        ("x" * (MAX_LENGTH + 1), "too long"),
    ],
)
def test_what_is_none_is_refused_with_an_example_that_works(typed: str, told: str) -> None:
    with pytest.raises(BadQuestion, match="(?s)" + told.replace("?", r"\?")) as refused:
        parse_schedule(typed, HERE)
    sentence = str(refused.value)
    examples = (
        "weekdays at 8:30",
        "hourly 9 to 18 on weekdays",
        "every Monday at 8:30",
        "weekdays at 8:30 Europe/London",
    )
    example = next(one for one in examples if one in sentence)
    parse_schedule(example, HERE)


@pytest.mark.parametrize(
    ("typed", "ask"),
    [
        ("labour-crisis weekdays at 8:30", "labour-crisis"),
        ("strikes daily mail at 8", "strikes daily mail"),
        ("Monday strike fridays 9", "Monday strike"),
        ("vote 2016 daily at noon", "vote 2016"),
        ("labour-crisis every Monday and Thursday 17:00 Europe/London", "labour-crisis"),
    ],
)
def test_what_is_asked_stands_before_the_schedule(typed: str, ask: str) -> None:
    found = parse_request(typed, HERE)
    assert isinstance(found, DigestRequest)
    assert found.query == ask


def test_a_line_without_a_schedule_has_none() -> None:
    assert parse_request("labour-crisis", HERE) is None


@pytest.mark.parametrize("typed", ["labour-crisis at 25:99", "weekdays at 8:30", "labour-crisis mondays"])
def test_a_line_with_half_a_schedule_is_refused(typed: str) -> None:
    with pytest.raises(BadQuestion):
        parse_request(typed, HERE)


SCHEDULES = st.builds(
    lambda days, times: Schedule(tuple(sorted(days)), tuple(sorted(times))),
    st.sets(st.integers(0, 6), min_size=1),
    st.sets(st.builds(time, st.integers(0, 23), st.integers(0, 59)), min_size=1, max_size=6),
)


@given(SCHEDULES)
def test_its_words_are_understood(schedule: Schedule) -> None:
    assert parse_stored_schedule(schedule.stored_text) == schedule
    if schedule.shortest_interval >= MIN_INTERVAL:
        assert parse_schedule(str(schedule), HERE) == (schedule, HERE)


@given(st.text(max_size=60))
def test_anything_typed_is_a_schedule_or_one_sentence(typed: str) -> None:
    with suppress(BadQuestion):
        schedule, zone = parse_schedule(typed, HERE)
        assert next(schedule.iterate_runs(datetime(2026, 1, 1, tzinfo=UTC), zone))

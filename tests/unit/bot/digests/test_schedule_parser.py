"""Schedules as users type them, and the messages for invalid ones."""

import re
from contextlib import suppress
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.schedule import MIN_INTERVAL, Schedule, build_weekly_schedule, parse_stored_schedule
from bot.digests.schedule_parser import MAX_LENGTH, DigestRequest, parse_request, parse_schedule
from briefings.errors import BadQuestion

OWN_ZONE = "Europe/Berlin"


@pytest.mark.parametrize(
    ("text", "words", "zone"),
    [
        ("weekdays at 8:30", "weekdays at 08:30", OWN_ZONE),
        ("every Monday and Thursday 17:00 Europe/London", "every Monday and Thursday at 17:00", "Europe/London"),
        ("daily at noon", "every day at 12:00", OWN_ZONE),
        ("hourly 9 to 18 on weekdays", "hourly 09:00 to 18:00 on weekdays", OWN_ZONE),
        ("8.30am", "every day at 08:30", OWN_ZONE),
        ("At half past eight.", "every day at 08:30", OWN_ZONE),
        ("mondays 9", "every Monday at 09:00", OWN_ZONE),
        ("every day 08:30 and 17:00", "every day at 08:30 and 17:00", OWN_ZONE),
        ("mon-fri 8", "weekdays at 08:00", OWN_ZONE),
        ("friday to monday 10:00", "every Monday, Friday, Saturday and Sunday at 10:00", OWN_ZONE),
        ("every 2 hours between 9 and 13", "hourly 09:00 to 13:00 every day", OWN_ZONE),
        ("quarter to nine on sundays", "every Sunday at 08:45", OWN_ZONE),
        ("8 in the evening", "every day at 20:00", OWN_ZONE),
        ("at 8:30 p.m. on tue, wed & thu", "every Tuesday, Wednesday and Thursday at 20:30", OWN_ZONE),
        ("12am", "every day at 00:00", OWN_ZONE),
        ("weekly on friday at 5pm", "every Friday at 17:00", OWN_ZONE),
        ("weekends 10 New York", "weekends at 10:00", "America/New_York"),
        ("8:30 London time", "every day at 08:30", "Europe/London"),
        ("8:30 GMT", "every day at 08:30", "UTC"),
        ("8:30 Buenos Aires", "every day at 08:30", "America/Argentina/Buenos_Aires"),
    ],
)
def test_typed_schedule_is_parsed(text: str, words: str, zone: str) -> None:
    schedule, parsed_zone = parse_schedule(text, OWN_ZONE)
    if "2 hours" in text:
        words = "every day at 09:00, 11:00 and 13:00"
    assert (str(schedule), parsed_zone) == (words, zone)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("at 25:99", "“25:99” isn't a time"),
        ("at 24:00", "isn't a time"),
        ("13pm", "“13pm” isn't a time"),
        ("8:30 Mars/Phobos", "I don't know the time zone “Mars/Phobos”"),
        ("8:30 CET", "“CET” isn't the same time all year"),
        ("8:30 est", "“EST” isn't the same time"),
        ("every minute", "at most once an hour"),
        ("every 5 minutes", "at most once an hour"),
        ("8:30 and 8:45", "at most once an hour"),
        ("23:30 and 0:10", "at most once an hour"),
        ("", "When should I post it?"),
        ("mondays", "At what time?"),
        ("weekdays 9 to 18", "How often between those times?"),
        ("hourly 18 to 9", "From when to when"),
        ("every other Monday at 9", "I can't use “every other Monday”"),
        ("monthly at 9", "I can't use “monthly”"),
        ("weekly at 9", "On which day of the week?"),
        ("x" * (MAX_LENGTH + 1), "too long"),
    ],
)
def test_invalid_schedule_is_refused_with_a_working_example(text: str, message: str) -> None:
    with pytest.raises(BadQuestion, match=re.escape(message)) as error:
        parse_schedule(text, OWN_ZONE)
    sentence = str(error.value)
    examples = (
        "weekdays at 8:30",
        "hourly 9 to 18 on weekdays",
        "every Monday at 8:30",
        "weekdays at 8:30 Europe/London",
    )
    example = next(candidate for candidate in examples if candidate in sentence)
    parse_schedule(example, OWN_ZONE)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("labour-crisis weekdays at 8:30", "labour-crisis"),
        ("strikes daily mail at 8", "strikes daily mail"),
        ("Monday strike fridays 9", "Monday strike"),
        ("vote 2016 daily at noon", "vote 2016"),
        ("labour-crisis every Monday and Thursday 17:00 Europe/London", "labour-crisis"),
    ],
)
def test_query_is_the_text_before_the_schedule(text: str, query: str) -> None:
    request = parse_request(text, OWN_ZONE)
    assert isinstance(request, DigestRequest)
    assert request.query == query


def test_text_without_a_schedule_gives_no_request() -> None:
    assert parse_request("labour-crisis", OWN_ZONE) is None


@pytest.mark.parametrize("text", ["labour-crisis at 25:99", "weekdays at 8:30", "labour-crisis mondays"])
def test_incomplete_request_is_refused(text: str) -> None:
    with pytest.raises(BadQuestion):
        parse_request(text, OWN_ZONE)


SCHEDULES = st.builds(
    lambda days, times: build_weekly_schedule(tuple(sorted(days)), tuple(sorted(times))),
    st.sets(st.integers(0, 6), min_size=1),
    st.sets(st.builds(time, st.integers(0, 23), st.integers(0, 59)), min_size=1, max_size=6),
)


@given(SCHEDULES)
def test_schedule_survives_both_text_forms(schedule: Schedule) -> None:
    assert parse_stored_schedule(schedule.stored_text) == schedule
    if schedule.shortest_interval >= MIN_INTERVAL:
        assert parse_schedule(str(schedule), OWN_ZONE) == (schedule, OWN_ZONE)


@given(st.text(max_size=60))
def test_any_text_gives_a_schedule_or_bad_question(text: str) -> None:
    with suppress(BadQuestion):
        schedule, zone = parse_schedule(text, OWN_ZONE)
        assert next(schedule.iterate_runs(datetime(2026, 1, 1, tzinfo=UTC), zone))

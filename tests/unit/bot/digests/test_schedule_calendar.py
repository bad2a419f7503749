"""A year of posts for each typed schedule of `tests/cases/schedules.md`, against a calendar from other code."""

from datetime import UTC, date, datetime
from itertools import takewhile

import pytest

from bot.digests.schedule_parser import parse_schedule
from tests.support.calendar_oracle import list_posts
from tests.support.case_files import Case, load_cases, read_cases

YEAR = 2026
BEGIN, END = datetime(YEAR, 1, 1, tzinfo=UTC), datetime(YEAR + 1, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("case", load_cases("schedules"))
def test_year_of_posts_matches_the_calendar(case: Case) -> None:
    """The counts and the posts around clock changes are those of the file, and all posts those of the oracle."""
    zone = case.fields["zone"]
    schedule, parsed_zone = parse_schedule(case.title, zone, date(YEAR, 1, 1))
    runs = schedule.start_after(BEGIN, zone).iterate_runs(BEGIN, zone)
    posts = list(takewhile(lambda due_at: due_at < END, runs))
    assert parsed_zone == zone
    assert [sum(post.month == month for post in posts) for month in range(1, 13)] == [
        int(count) for count in case.fields["months"].split()
    ]
    shown = {f"{post:%Y-%m-%d %H:%M}" for post in posts}
    assert [line for line in case.expected if line not in shown] == []
    rules = [text for name, text in case.fields.items() if name.startswith("rule")]
    assert posts == [post for post in list_posts(rules, zone, YEAR) if post < END]


@pytest.mark.parametrize("case", load_cases("schedules"))
def test_schedule_in_words_is_read_back_as_the_same_schedule(case: Case) -> None:
    zone = case.fields["zone"]
    schedule = parse_schedule(case.title, zone, date(YEAR, 1, 1))[0].start_after(BEGIN, zone)
    assert parse_schedule(str(schedule), zone) == (schedule, zone)


def test_calendar_has_forty_schedules_in_twelve_zones() -> None:
    cases = read_cases("schedules")
    assert len({case.title for case in cases}) >= 40
    assert len({case.fields["zone"] for case in cases}) >= 12

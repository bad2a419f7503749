"""Due times of a schedule, around changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import pytest

from bot.digests.schedule import build_weekly_schedule
from bot.digests.schedule_parser import parse_schedule
from bot.digests.scheduling.rule import EVERY_DAY
from briefings import BadQuestion
from tests.stand_ins.digest_world import parse_utc


def list_local_runs(zone: str, after: str, *times: time, count: int = 3) -> list[str]:
    schedule = build_weekly_schedule(EVERY_DAY, times)
    return [f"{due_at:%d %H:%M}" for due_at in schedule.list_next_runs(parse_utc(after), zone, count)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("weekdays at 8:30", "weekdays at 09:30"),
        ("every other Monday at 8:30 starting 12 January 2026", "every other Monday at 09:30 starting 12 January 2026"),
        ("the 1st of the month at 8:30 and 17:00", "the 1st of the month at 09:30"),
    ],
)
def test_other_times_keep_the_days(text: str, expected: str) -> None:
    assert str(parse_schedule(text, "UTC")[0].change_times((time(9, 30),))) == expected


def test_other_time_for_days_with_different_times_is_refused() -> None:
    with pytest.raises(BadQuestion, match="weekdays at 08:30 and weekends at 10:00"):
        parse_schedule("weekdays at 8:30 and weekends at 10", "UTC")[0].change_times((time(9),))


def test_local_time_stays_the_same_after_a_clock_change() -> None:
    assert list_local_runs("Europe/London", "2026-03-27 12:00", time(8, 30)) == ["28 08:30", "29 08:30", "30 08:30"]
    assert list_local_runs("Europe/London", "2026-10-23 12:00", time(8, 30)) == ["24 08:30", "25 08:30", "26 08:30"]


def test_skipped_time_runs_right_after_the_gap() -> None:
    assert list_local_runs("Europe/London", "2026-03-28 12:00", time(1, 30)) == ["29 02:00", "30 01:30", "31 01:30"]


def test_skipped_time_that_meets_another_run_is_merged() -> None:
    runs = list_local_runs("Europe/London", "2026-03-28 12:00", time(1), time(2))
    assert runs == ["29 02:00", "30 01:00", "30 02:00"]


@pytest.mark.parametrize("after", ["2026-10-24 12:00", "2026-10-25 00:10"])
def test_repeated_time_runs_once(after: str) -> None:
    assert list_local_runs("Europe/London", after, time(1, 30)) == ["25 01:30", "26 01:30", "27 01:30"]


def test_second_pass_of_a_repeated_hour_has_no_run() -> None:
    assert list_local_runs("Europe/London", "2026-10-25 01:10", time(1, 30)) == ["26 01:30", "27 01:30", "28 01:30"]


def test_skipped_day_runs_at_the_start_of_the_next() -> None:
    """Samoa had no 30 December 2011."""
    assert list_local_runs("Pacific/Apia", "2011-12-29 20:00", time(8, 30)) == ["31 00:00", "31 08:30", "01 08:30"]


def test_leap_day_has_a_run() -> None:
    runs = islice(build_weekly_schedule(EVERY_DAY, (time(9),)).iterate_runs(parse_utc("2024-02-27 12:00"), "UTC"), 3)
    assert [due_at.date() for due_at in runs] == [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]


def test_new_zone_rules_apply_from_their_first_day() -> None:
    """Kazakhstan changed to a single time zone on 1 March 2024."""
    runs = list(
        islice(
            build_weekly_schedule(EVERY_DAY, (time(9),)).iterate_runs(parse_utc("2024-02-28 12:00"), "Asia/Almaty"), 3
        )
    )
    assert [due_at.hour for due_at in runs] == [3, 4, 4]


def test_shortest_interval_is_computed() -> None:
    assert build_weekly_schedule((0,), (time(8),)).shortest_interval == timedelta(days=7)
    assert build_weekly_schedule((0, 6), (time(0, 10), time(23, 30))).shortest_interval == timedelta(minutes=40)


def test_next_run_is_strictly_later() -> None:
    schedule = build_weekly_schedule(EVERY_DAY, (time(8, 30),))
    first = next(schedule.iterate_runs(datetime(2026, 1, 1, tzinfo=UTC), "Asia/Kathmandu"))
    assert next(schedule.iterate_runs(first, "Asia/Kathmandu")) == first + timedelta(days=1)

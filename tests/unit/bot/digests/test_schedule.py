"""When a schedule is due, where clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import pytest

from bot.digests.schedule import EVERY_DAY, Schedule
from tests.stand_ins.digest_world import moment


def local(zone: str, after: str, *times: time, count: int = 3) -> list[str]:
    schedule = Schedule(EVERY_DAY, times)
    return [f"{due:%d %H:%M}" for due in schedule.list_next_runs(moment(after), zone, count)]


def test_half_past_eight_stays_half_past_eight() -> None:
    assert local("Europe/London", "2026-03-27 12:00", time(8, 30)) == ["28 08:30", "29 08:30", "30 08:30"]
    assert local("Europe/London", "2026-10-23 12:00", time(8, 30)) == ["24 08:30", "25 08:30", "26 08:30"]


def test_a_skipped_time_comes_at_the_next_moment_there_is() -> None:
    assert local("Europe/London", "2026-03-28 12:00", time(1, 30)) == ["29 02:00", "30 01:30", "31 01:30"]


def test_it_comes_once_where_a_skipped_time_falls_on_another() -> None:
    assert local("Europe/London", "2026-03-28 12:00", time(1), time(2)) == ["29 02:00", "30 01:00", "30 02:00"]


@pytest.mark.parametrize("after", ["2026-10-24 12:00", "2026-10-25 00:10"])
def test_a_time_that_comes_twice_counts_once(after: str) -> None:
    assert local("Europe/London", after, time(1, 30)) == ["25 01:30", "26 01:30", "27 01:30"]


def test_in_the_second_of_two_hours_it_has_been() -> None:
    assert local("Europe/London", "2026-10-25 01:10", time(1, 30)) == ["26 01:30", "27 01:30", "28 01:30"]


def test_a_day_that_a_zone_leaves_out_falls_on_the_next_moment() -> None:
    """Samoa had no 30 December 2011."""
    assert local("Pacific/Apia", "2011-12-29 20:00", time(8, 30)) == ["31 00:00", "31 08:30", "01 08:30"]


def test_a_leap_day_is_a_day() -> None:
    found = islice(Schedule(EVERY_DAY, (time(9),)).iterate_runs(moment("2024-02-27 12:00"), "UTC"), 3)
    assert [due.date() for due in found] == [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]


def test_new_rules_of_a_zone_count_from_their_day_on() -> None:
    """Kazakhstan moved to one clock on 1 March 2024."""
    due = list(islice(Schedule(EVERY_DAY, (time(9),)).iterate_runs(moment("2024-02-28 12:00"), "Asia/Almaty"), 3))
    assert [one.hour for one in due] == [3, 4, 4]


def test_the_run_that_clocks_move_is_told() -> None:
    schedule = Schedule(EVERY_DAY, (time(1, 30),))
    moved = schedule.find_shifted_run(moment("2026-01-01 00:00"), "Europe/London")
    assert moved is not None
    assert f"{moved:%Y-%m-%d %H:%M}" == "2026-03-29 02:00"
    assert Schedule(EVERY_DAY, (time(8, 30),)).find_shifted_run(moment("2026-01-01 00:00"), "Europe/London") is None


def test_the_least_time_between_two_runs() -> None:
    assert Schedule((0,), (time(8),)).shortest_interval == timedelta(days=7)
    assert Schedule((0, 6), (time(0, 10), time(23, 30))).shortest_interval == timedelta(minutes=40)


def test_a_moment_is_never_its_own_next() -> None:
    schedule = Schedule(EVERY_DAY, (time(8, 30),))
    first = next(schedule.iterate_runs(datetime(2026, 1, 1, tzinfo=UTC), "Asia/Kathmandu"))
    assert next(schedule.iterate_runs(first, "Asia/Kathmandu")) == first + timedelta(days=1)

"""Quiet hours are local time, across midnight and changes of the clock."""

from datetime import time

import pytest

from bot.watches.quiet_hours import QuietHours, parse_stored_quiet_hours
from tests.stand_ins.digest_world import parse_utc

NIGHT, LUNCH = QuietHours(time(22), time(7)), QuietHours(time(12), time(13, 30))


@pytest.mark.parametrize(
    ("hours", "now", "end"),
    [
        (NIGHT, "2026-06-24 20:59", None),
        (NIGHT, "2026-06-24 21:00", "2026-06-25 06:00"),
        (NIGHT, "2026-06-25 05:59", "2026-06-25 06:00"),
        (NIGHT, "2026-06-25 06:00", None),
        (NIGHT, "2026-12-24 21:30", None),
        (NIGHT, "2026-12-24 22:00", "2026-12-25 07:00"),
        (LUNCH, "2026-06-24 11:15", "2026-06-24 12:30"),
        (LUNCH, "2026-06-24 12:30", None),
        (NIGHT, "2026-03-29 00:30", "2026-03-29 06:00"),
        (NIGHT, "2026-10-25 00:30", "2026-10-25 07:00"),
        (QuietHours(time(1, 30), time(3)), "2026-03-29 01:10", "2026-03-29 02:00"),
    ],
)
def test_quiet_hours_end_at_the_local_time(hours: QuietHours, now: str, end: str | None) -> None:
    assert hours.find_end(parse_utc(now), "Europe/London") == (parse_utc(end) if end else None)


def test_a_removed_time_zone_counts_as_utc() -> None:
    assert NIGHT.find_end(parse_utc("2026-06-24 22:30"), "Mars/Phobos") == parse_utc("2026-06-25 07:00")


@pytest.mark.parametrize("hours", [NIGHT, LUNCH])
def test_stored_hours_are_read_back(hours: QuietHours) -> None:
    assert parse_stored_quiet_hours(str(hours)) == hours


def test_no_stored_hours_are_none() -> None:
    assert parse_stored_quiet_hours("") is None

"""Quiet hours: the time of day in which nothing is posted. Pure, apart from the time zone database.

Rule: hours are local time. 22:00-07:00 crosses midnight. A time that the clock skips or repeats is resolved as for
digests (`local_time.to_utc`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.digests.scheduling.local_time import load_zone, to_utc

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A daily time without messages, from `start` until `end` (exclusive), which are different."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def find_end(self, now: datetime, zone: str) -> datetime | None:
        """Return when the quiet hours that are on at `now` end, in UTC, or None if they are not on."""
        zone_info: ZoneInfo = load_zone(zone) or ZoneInfo("UTC")
        today = now.astimezone(zone_info).date()
        for day in (today - _DAY, today):
            last_day = day + _DAY if self.end <= self.start else day
            start = to_utc(datetime.combine(day, self.start), zone_info)
            end = to_utc(datetime.combine(last_day, self.end), zone_info)
            if start <= now < end:
                return end.astimezone(UTC)
        return None


def parse_stored_quiet_hours(text: str) -> QuietHours | None:
    """Return the quiet hours for their stored text ("22:00-07:00"), or None for ""."""
    start, _, end = text.partition("-")
    return QuietHours(time.fromisoformat(start), time.fromisoformat(end)) if end else None

"""Converts local dates and times to UTC, around changes of the clock. Pure, apart from the time zone database.

Rule: a time that the clock skips is the first moment after the gap. A time that occurs twice is the first one.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_SECOND = timedelta(seconds=1)


def load_zone(name: str) -> ZoneInfo | None:
    """Return the time zone with this IANA name, or None if it does not exist (anymore)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment of a local date and time without a zone."""
    moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local:
        return moment
    return _find_gap_end(local, zone)


def _find_gap_end(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment at which the clock skips `local`, to the second."""
    # fold 1 uses the offset after the change, which gives a moment before the change, and fold 0 the reverse
    before, after = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    old_offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle == before:
            break
        if middle.astimezone(zone).utcoffset() == old_offset:
            before = middle
        else:
            after = middle
    return after

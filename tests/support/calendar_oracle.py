"""Lists the posts of a schedule by brute force, without the bot's code.

It walks through a year in steps of 15 minutes of UTC and looks at the wall clock of the zone: a post is due at the
first step at which the wall clock has reached its local date and time. So a time that the clock skips is due when the
skip ends, and a time that occurs twice is due once.

A rule is written as `days | how | times`:
- days: `mon,wed` or `all`;
- how: `weekly`, `weeks 2 from 2026-01-05`, `days 2 from 2026-01-01`, `nth 1,3` (of each day in the month, or `last`),
  `workday first` (of these days together), `dates 1,15,last`;
- times: `08:30,17:00`.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_STEP = timedelta(minutes=15)
_DAY = timedelta(days=1)


def list_posts(rules: list[str], zone: str, year: int) -> list[datetime]:
    """Return the posts of a year, in UTC and in order. The first minute of the year is not part of it."""
    clock = ZoneInfo(zone)
    begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    moments = sorted({moment for rule in rules for moment in _list_local_moments(rule, year)})
    posts: list[datetime] = []
    instant = begin - 3 * _DAY
    position = 0
    while instant < end:
        wall = instant.astimezone(clock).replace(tzinfo=None)
        is_due = False
        while position < len(moments) and moments[position] <= wall:
            position, is_due = position + 1, True
        if is_due and instant > begin:
            posts.append(instant)
        instant += _STEP
    return posts


def _list_local_moments(rule: str, year: int) -> Iterator[datetime]:
    """Yield the local dates and times of a rule, from a few days before the year to a few days after it."""
    names, how, times = (part.strip() for part in rule.split("|"))
    weekdays = set(range(7)) if names == "all" else {_NAMES.index(name) for name in names.split(",")}
    day = date(year - 1, 12, 20)
    while day < date(year + 1, 1, 10):
        if day.weekday() in weekdays and _matches(how, day, weekdays):
            for text in times.split(","):
                yield datetime.combine(day, time.fromisoformat(text.strip()))
        day += _DAY


def _matches(how: str, day: date, weekdays: set[int]) -> bool:
    words = how.split()
    month = [date(day.year, day.month, number) for number in range(1, 32) if _exists(day, number)]
    match words:
        case ["weekly"]:
            return True
        case ["weeks", count, "from", start]:
            first = date.fromisoformat(start)
            weeks = _count_weeks(day) - _count_weeks(first)
            return day >= first and weeks % int(count) == 0
        case ["days", count, "from", start]:
            return day >= date.fromisoformat(start) and (day - date.fromisoformat(start)).days % int(count) == 0
        case ["nth", numbers]:
            same_days = [other for other in month if other.weekday() == day.weekday()]
            return _is_listed(numbers, same_days.index(day), len(same_days))
        case ["workday", position]:
            workdays = [other for other in month if other.weekday() in weekdays]
            return day == workdays[0 if position == "first" else -1]
        case ["dates", numbers]:
            return _is_listed(numbers, day.day - 1, len(month))
    raise ValueError(how)


def _exists(day: date, number: int) -> bool:
    try:
        day.replace(day=number)
    except ValueError:
        return False
    return True


def _count_weeks(day: date) -> int:
    return (day.toordinal() - 1) // 7  # day 1 of the ordinals is a Monday


def _is_listed(numbers: str, index: int, count: int) -> bool:
    return str(index + 1) in numbers.split(",") or ("last" in numbers.split(",") and index == count - 1)

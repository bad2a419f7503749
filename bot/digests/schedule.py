"""Schedules of digests: rules (days and times), and the moments at which they are due in a time zone. Pure.

Rule: 08:30 is local time, before and after a change to daylight saving time. A skipped time runs at the first moment
after the gap. A repeated time runs once, the first time. A moment that two rules have in common is one run.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from bot.digests.scheduling.local_time import to_utc
from bot.digests.scheduling.rule import EVERY_WEEK, Rule, parse_stored_rule
from bot.digests.scheduling.wording import format_rule
from briefings import BadQuestion

#: shortest interval between two runs of one digest
MIN_INTERVAL = timedelta(hours=1)
#: most rules of one schedule
MAX_RULES = 10
#: longer than any change of a zone's clock so far
_MAX_CLOCK_CHANGE = timedelta(hours=25)
_DAY = timedelta(days=1)
#: days whose runs are compared for the shortest interval: more than two years, for the rules of months
_COMPARED_DAYS = 800


@dataclass(frozen=True, slots=True)
class Schedule:
    """The `rules` of a schedule, in a fixed order and not empty. `build_schedule` returns one.

    `str` returns words that `schedule_parser.parse_schedule` understands. `stored_text` is the form in the database.
    """

    rules: tuple[Rule, ...]

    def __post_init__(self) -> None:
        if not self.rules:
            raise ValueError("a schedule needs rules")

    def __str__(self) -> str:
        return " and ".join(format_rule(rule, is_only=len(self.rules) == 1) for rule in self.rules)

    @property
    def stored_text(self) -> str:
        """The form in the database, such as `0,3 08:30,17:00` or `0,1,2,3,4 08:30;5,6 10:00`."""
        return ";".join(rule.stored_text for rule in self.rules)

    @property
    def needs_start(self) -> bool:
        """Whether a rule must be counted from a date that is missing."""
        return any(rule.cycle.needs_start and rule.start is None for rule in self.rules)

    @property
    def shortest_interval(self) -> timedelta:
        """The shortest interval between two runs, without changes of the clock."""
        first_day = max((rule.start for rule in self.rules if rule.start), default=date(2001, 1, 1))
        is_weekly = all(rule.cycle == EVERY_WEEK for rule in self.rules)
        days = (first_day + number * _DAY for number in range(15 if is_weekly else _COMPARED_DAYS))
        moments = (datetime.combine(day, at) for day in days for at in self._list_times(day))
        return min((later - earlier for earlier, later in pairwise(moments)), default=timedelta(days=366))

    def change_times(self, times: tuple[time, ...]) -> "Schedule":
        """Return the schedule on the same days at other times. Raises BadQuestion if the days have different times."""
        if len({rule.times for rule in self.rules}) > 1:
            raise BadQuestion(
                f"This digest has different times on different days: {self}. Type all of them, for example: weekdays "
                "at 8:30 and weekends at 10:00"
            )
        return build_schedule([replace(rule, times=times) for rule in self.rules])

    def start_after(self, now: datetime, zone: str) -> "Schedule":
        """Return the schedule with a start for rules that need one: the date of their next run after `now`.

        Raises ZoneInfoNotFoundError.
        """
        rules = []
        for rule in self.rules:
            if rule.cycle.needs_start and rule.start is None:
                # without a start date, the first of the rule's days is the next one
                first_run = Schedule((replace(rule, cycle=EVERY_WEEK),)).list_next_runs(now, zone, 1)[0]
                rules.append(replace(rule, start=_find_planned_day(first_run, rule)))
            else:
                rules.append(rule)
        return build_schedule(rules)

    def iterate_runs(self, after: datetime, zone: str) -> Iterator[datetime]:
        """Yield the due times after `after`, in UTC and in order, without end. `zone` is an IANA name.

        Raises ZoneInfoNotFoundError.
        """
        zone_info = ZoneInfo(zone)
        day = (after - _MAX_CLOCK_CHANGE).astimezone(zone_info).date()
        # nothing is due before all rules have started
        if all(rule.start for rule in self.rules):
            day = max(day, min(rule.start for rule in self.rules if rule.start))
        last = after
        while True:
            for at in self._list_times(day):
                due_at = to_utc(datetime.combine(day, at), zone_info)
                if due_at > last:
                    yield due_at
                    last = due_at
            day += _DAY

    def list_next_runs(self, after: datetime, zone: str, count: int = 3) -> tuple[datetime, ...]:
        """Return the next `count` runs, in the local time of the zone."""
        return tuple(due_at.astimezone(ZoneInfo(zone)) for due_at in islice(self.iterate_runs(after, zone), count))

    def _list_times(self, day: date) -> list[time]:
        """Return the times of a local date, in order."""
        return sorted({at for rule in self.rules if rule.is_due_on(day) for at in rule.times})


def build_schedule(rules: list[Rule] | tuple[Rule, ...]) -> Schedule:
    """Return the schedule of these rules, with equal ones merged, in a fixed order."""
    by_days: dict[object, Rule] = {}
    for rule in rules:
        days_key = (rule.days, rule.cycle, rule.start)
        times = {*rule.times, *(by_days[days_key].times if days_key in by_days else ())}
        by_days[days_key] = replace(rule, times=tuple(sorted(times)))
    merged: dict[object, Rule] = {}
    for rule in by_days.values():
        # rules of weeks with the same times are one rule with the days of both
        times_key = (rule.times, rule.cycle, rule.start, () if rule.cycle.is_interval else rule.days)
        days = {*rule.days, *(merged[times_key].days if times_key in merged else ())}
        merged[times_key] = replace(rule, days=tuple(sorted(days)))
    return Schedule(tuple(sorted(merged.values(), key=_make_sort_key)))


def build_weekly_schedule(days: tuple[int, ...], times: tuple[time, ...]) -> Schedule:
    """Return the schedule with these days of every week, and the same times on each."""
    return Schedule((Rule(days, times),))


def parse_stored_schedule(text: str) -> Schedule:
    """Return the schedule for a `stored_text`."""
    return Schedule(tuple(map(parse_stored_rule, text.split(";"))))


def build_missing_zone_error(zone: str) -> BadQuestion:
    """Return the error for a digest whose time zone has been removed from the time zone database."""
    return BadQuestion(
        f"The time zone {zone} no longer exists. Type /digest edit and the number of the digest to choose another, "
        "for example Europe/London."
    )


def _make_sort_key(rule: Rule) -> tuple[object, ...]:
    # rules with a start come first, so that a date at the end of a text is about the last rule only
    return (rule.start is None, rule.cycle.repeat.value, rule.days, rule.times, rule.cycle.numbers)


def _find_planned_day(first_run: datetime, rule: Rule) -> date:
    """Return the date on which a rule planned a run; a clock change can move the run into the next day."""
    day = first_run.date()
    return day if day.weekday() in rule.days else day - _DAY

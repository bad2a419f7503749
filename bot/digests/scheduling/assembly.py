"""Builds the rules of a schedule from its items. Pure.

Rule: items that contradict each other are refused, with the words that are unclear and a schedule that works.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from bot.digests.scheduling.grouping import Group, group_items
from bot.digests.scheduling.items import (
    CountItem,
    DayItem,
    ExceptItem,
    HourlyItem,
    Item,
    MeridiemItem,
    SpanItem,
    StartItem,
    TimeItem,
    UnknownPart,
)
from bot.digests.scheduling.rule import DAYS, EVERY_DAY, EVERY_WEEK, LAST, Cycle, Repeat, Rule
from bot.digests.scheduling.time_of_day import parse_time_of_day
from bot.digests.scheduling.wording import join_words
from briefings import BadQuestion

EXAMPLE = "weekdays at 8:30"


def build_rules(items: Sequence[Item]) -> list[Rule]:
    """Return the rules of a schedule. Raises BadQuestion, with an example that works."""
    _check_exceptions(items)
    groups = group_items(items)
    _share_trailing_items(items, groups)
    return [rule for group in groups for rule in _build_group_rules(group)]


def _check_exceptions(items: Sequence[Item]) -> None:
    """Refuse "weekdays at 9 except Friday at 10": the last time must not be added to the other days."""
    for before, exception, after in zip(items, items[1:], items[2:], strict=False):
        if (
            isinstance(exception, ExceptItem)
            and isinstance(before, TimeItem | MeridiemItem)
            and isinstance(after, TimeItem)
        ):
            raise BadQuestion(
                f"I'm not sure what “{exception.text} at {after.text}” means. Write each day with its time, for "
                "example: Monday to Thursday at 8:30 and Friday at 10:00"
            )


def _share_trailing_items(items: Sequence[Item], groups: list[Group]) -> None:
    """Apply a start or an exception at the end of the text to the earlier groups that it can be about."""
    last_item = items[-1] if items else None
    if len(groups) == 1 or last_item is None:
        return
    if isinstance(last_item, StartItem) and sum(len(group.starts) for group in groups) == 1:
        counted_groups = [group for group in groups if any(_needs_start(group))]
        for group in groups:
            group.starts = [last_item] if group in (counted_groups or groups) else []
    exceptions = groups[-1].exceptions
    if exceptions and last_item is exceptions[-1]:
        days = set(exceptions[-1].days)
        matching_groups = [group for group in groups if any(days & set(item.days) for item in group.days)]
        if len(matching_groups) > 1:
            raise BadQuestion(
                f"Is “{exceptions[-1].text}” about all of these times? Write it after the days that it is about: every "
                "day except Friday at 8:30 and weekdays at 17:00."
            )
        if matching_groups and matching_groups[0] is not groups[-1]:
            matching_groups[0].exceptions.append(exceptions.pop())


def _needs_start(group: Group) -> list[bool]:
    day_cycles = [item.cycle for item in group.days] + [item.cycle for item in group.cycles if item.cycle]
    return [cycle.needs_start for cycle in day_cycles]


def _build_group_rules(group: Group) -> list[Rule]:
    cycles = _build_cycles(group)
    times = _list_times(group)
    for count in group.counts:
        _check_count(count, group, cycles, times)
    if not times:
        days_text = f" on “{group.days[-1].text}”" if group.days else ""
        raise BadQuestion(f"At what time{days_text}? Try {EXAMPLE}, or daily at noon.")
    if len(group.starts) > 1:
        raise BadQuestion(f"“{group.starts[0].text}” and “{group.starts[1].text}”: from when? Write one of them.")
    start = group.starts[0].day if group.starts else None
    rules = []
    for cycle, days in cycles.items():
        excluded_days = {day for item in group.exceptions for day in item.days}
        remaining_days = tuple(day for day in days if day not in excluded_days)
        if not remaining_days:
            raise BadQuestion(f"“{group.exceptions[0].text}” leaves no day. Try every day except Friday at 8:30.")
        rules.append(Rule(remaining_days, times, cycle, start))
    return rules


def _build_cycles(group: Group) -> dict[Cycle, tuple[int, ...]]:
    """Return the days of the week by how they repeat."""
    day_items = _narrow_days(group.days)
    intervals = [item for item in group.cycles if item.cycle is not None and item.cycle != EVERY_WEEK]
    if intervals:
        day_items = _apply_interval(intervals, day_items)
    if not day_items:
        if group.cycles and group.cycles[0].cycle is None:
            raise BadQuestion("On which day of the month? Try the 1st of the month at 8:30.")
        if group.cycles:
            raise BadQuestion("On which day of the week? Try every Monday at 8:30.")
        return {EVERY_WEEK: EVERY_DAY}
    _check_cycles(group, day_items)
    days_by_cycle: dict[Cycle, set[int]] = {}
    numbers = sorted({n for item in day_items for n in item.cycle.numbers if item.cycle.repeat is Repeat.MONTH_DAYS})
    for item in day_items:
        cycle = item.cycle
        if cycle.repeat is Repeat.MONTH_DAYS:
            cycle = Cycle(Repeat.MONTH_DAYS, tuple(sorted(numbers, key=lambda number: (number == LAST, number))))
        days_by_cycle.setdefault(cycle, set()).update(item.days)
    return {cycle: tuple(sorted(days)) for cycle, days in days_by_cycle.items()}


def _narrow_days(items: Sequence[DayItem]) -> list[DayItem]:
    """Return the days without "every day" or "weekdays" if narrower days follow, as in "daily on weekdays"."""
    narrowed: list[DayItem] = []
    for item in items:
        previous = narrowed[-1] if narrowed else None
        if previous and not item.is_joined:
            is_inside = set(item.days) <= set(previous.days)
            if previous.is_general and is_inside:
                narrowed.pop()
            elif item.is_general and set(previous.days) < set(item.days):
                raise UnknownPart(f"I don't understand “{previous.text} {item.text}”. Try {EXAMPLE}.")
            elif previous.cycle != item.cycle:
                raise UnknownPart(
                    f"I don't understand “{previous.text} {item.text}”. Try the 1st of the month at 8:30, or every "
                    "Monday at 8:30."
                )
        narrowed.append(item)
    return narrowed


def _apply_interval(intervals: Sequence[Item], day_items: Sequence[DayItem]) -> list[DayItem]:
    interval = intervals[0]
    cycle = getattr(interval, "cycle", None) or EVERY_WEEK
    if len(intervals) > 1:
        raise BadQuestion(f"“{interval.text}” and “{intervals[1].text}”: how often? Try every other Monday at 8:30.")
    for item in day_items:
        if item.cycle not in (EVERY_WEEK, cycle):
            raise BadQuestion(f"I can't combine “{interval.text}” and “{item.text}”. Try every other Monday at 8:30.")
    return [replace(item, cycle=cycle) for item in day_items]


def _check_cycles(group: Group, day_items: Sequence[DayItem]) -> None:
    """Refuse "monthly on Monday" and "the first Monday and Friday", which can mean several things."""
    weekly_items = [item for item in day_items if item.cycle == EVERY_WEEK]
    is_monthly = any(item.cycle is None for item in group.cycles)
    if is_monthly and weekly_items:
        day = DAYS[weekly_items[0].days[0]]
        raise BadQuestion(
            f"Which {day} of the month? Try the first {day} of the month at 8:30, or every {day} at 8:30."
        )
    has_positions = any(item.cycle.repeat is Repeat.NTH for item in day_items)
    for item in weekly_items:
        if has_positions and not item.is_general and not item.text.lower().startswith(("every", "each")):
            day = DAYS[item.days[0]]
            raise BadQuestion(
                f"Is “{item.text}” every {day}, or only once a month? Try the first {day} of the month and every {day} "
                "at 8:30, or schedule two digests."
            )


def _list_times(group: Group) -> tuple[time, ...]:
    hourly_items = [item for item in group.times if isinstance(item, HourlyItem)]
    spans = [item for item in group.times if isinstance(item, SpanItem)]
    typed_times = [item for item in group.times if isinstance(item, TimeItem)]
    if hourly_items:
        if len(hourly_items) > 1 or len(spans) > 1 or typed_times:
            raise BadQuestion("From when to when each day? Try hourly 9 to 18 on weekdays.")
        return _list_hourly_times(hourly_items[0], spans[0] if spans else None)
    if spans:
        raise BadQuestion(f"How often between those times (“{spans[0].text}”)? Try hourly 9 to 18 on weekdays.")
    return tuple(sorted({parse_time_of_day(item.text, item.meridiem) for item in typed_times}))


def _list_hourly_times(hourly: HourlyItem, span: SpanItem | None) -> tuple[time, ...]:
    first, last = (parse_time_of_day(text) for text in (span.first, span.last)) if span else (time(0), time(23))
    if last < first or not 1 <= hourly.step <= 12:
        raise BadQuestion("From when to when each day? Try hourly 9 to 18 on weekdays.")
    times = [time(hour, first.minute) for hour in range(first.hour, last.hour + 1, hourly.step)]
    return tuple(moment for moment in times if moment <= last)


def _check_count(count: CountItem, group: Group, cycles: dict[Cycle, tuple[int, ...]], times: tuple[time, ...]) -> None:
    """Refuse "twice a day" without two times, and "twice a week" without two days."""
    if count.unit == "day":
        if len(times) != count.count:
            raise BadQuestion(f"At what times (“{count.text}”)? Try {_build_count_example(count.count)}.")
    elif count.unit == "week":
        named_days = sum(len(days) for days in cycles.values()) if group.days else 0
        if named_days != count.count:
            example = join_words(DAYS[: min(count.count, 7)]) if count.count != 2 else "Monday and Thursday"
            raise BadQuestion(f"On which days of the week (“{count.text}”)? Try every {example} at 8:30.")
    elif sum(_count_month_runs(cycle, days) for cycle, days in cycles.items()) != count.count:
        raise BadQuestion(f"On which days of the month (“{count.text}”)? Try the 1st and 15th of the month at 8:30.")


def _count_month_runs(cycle: Cycle, days: tuple[int, ...]) -> int:
    if cycle.is_interval:
        return 0
    return len(cycle.numbers) * (len(days) if cycle.repeat is Repeat.NTH else 1)


def _build_count_example(count: int) -> str:
    hours = {1: ("8:30",), 2: ("8:30", "16:00"), 3: ("8:30", "12:30", "17:00")}
    return f"every day at {join_words(hours.get(count, ('8:00', '11:00', '14:00', '17:00')))}"

"""Writes a rule in words that the schedule parser reads back: "every other Monday at 09:00". Pure."""

from collections.abc import Sequence
from datetime import date

from bot.digests.scheduling.rule import DAYS, EVERY_DAY, EVERY_WEEK, LAST, WEEKDAYS, WEEKEND, Cycle, Repeat, Rule

ORDINALS = ("first", "second", "third", "fourth", "fifth")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def format_rule(rule: Rule, *, is_only: bool = True) -> str:
    """Return a rule in words. Hourly times come first if the rule `is_only`, as in "hourly 09:00 to 18:00 on …"."""
    start = f" starting {format_date(rule.start)}" if rule.start else ""
    days = format_days(rule)
    if not _is_hourly(rule):
        return f"{days} at {join_words([f'{at:%H:%M}' for at in rule.times])}{start}"
    hours = f"hourly {rule.times[0]:%H:%M} to {rule.times[-1]:%H:%M}"
    if not is_only:
        return f"{days} {hours}{start}"
    prefix = "" if days.startswith(("every day", "on ")) else "on "
    return f"{hours} {prefix}{days}{start}"


def format_days(rule: Rule) -> str:
    """Return the days of a rule: "weekdays", "every other Monday", "the first and third Monday of the month"."""
    numbers = rule.cycle.numbers
    match rule.cycle.repeat:
        case Repeat.DAYS:
            return ("every other day" if numbers == (2,) else f"every {numbers[0]} days") + _format_excluded(rule)
        case Repeat.WEEKS if rule.cycle != EVERY_WEEK:
            return _format_interval(rule)
        case Repeat.NTH:
            return f"the {_join_ordinals(numbers)} {join_words([DAYS[day] for day in rule.days])} of the month"
        case Repeat.NTH_TOGETHER:
            return f"the {_join_ordinals(numbers)} weekday of the month{_format_excluded(rule, WEEKDAYS)}"
        case Repeat.MONTH_DAYS:
            return f"{_format_month_days(rule.cycle)} of the month{_format_excluded(rule)}"
        case _:
            return _format_week(rule.days)


def format_date(day: date) -> str:
    """Return a date such as "12 January 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def format_position(number: int) -> str:
    """Return "first" to "fifth", or "last"."""
    return "last" if number == LAST else ORDINALS[number - 1]


def format_ordinal(number: int) -> str:
    """Return "1st", "2nd", "13th"."""
    suffix = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def join_words(words: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    *first_words, last_word = words
    return f"{', '.join(first_words)} and {last_word}" if first_words else last_word


def _format_week(days: tuple[int, ...]) -> str:
    name = {EVERY_DAY: "every day", WEEKDAYS: "weekdays", WEEKEND: "weekends"}.get(days)
    if name:
        return name
    if len(days) == len(EVERY_DAY) - 1:
        (missing_day,) = set(EVERY_DAY) - set(days)
        return f"every day except {DAYS[missing_day]}"
    return f"every {join_words([DAYS[day] for day in days])}"


def _format_interval(rule: Rule) -> str:
    (weeks,) = rule.cycle.numbers
    names = {EVERY_DAY: "every day", WEEKDAYS: "weekdays", WEEKEND: "weekends"}
    if weeks == 2 and rule.days not in names:
        return f"every other {join_words([DAYS[day] for day in rule.days])}"
    period = "every other week" if weeks == 2 else f"every {weeks} weeks"
    return f"{period} on {names.get(rule.days) or join_words([DAYS[day] for day in rule.days])}"


def _format_month_days(cycle: Cycle) -> str:
    names = [format_ordinal(number) for number in sorted(cycle.numbers) if number != LAST]
    return f"the {join_words([*names, *(['last day'] if LAST in cycle.numbers else [])])}"


def _format_excluded(rule: Rule, base_days: tuple[int, ...] = EVERY_DAY) -> str:
    excluded_days = [DAYS[day] for day in base_days if day not in rule.days]
    return f" except {join_words(excluded_days)}" if excluded_days else ""


def _join_ordinals(numbers: tuple[int, ...]) -> str:
    return join_words([format_position(number) for number in sorted(numbers, key=lambda n: (n == LAST, n))])


def _is_hourly(rule: Rule) -> bool:
    hours = [at.hour for at in rule.times]
    is_consecutive = hours == list(range(hours[0], hours[0] + len(hours)))
    return len(hours) > 2 and is_consecutive and len({at.minute for at in rule.times}) == 1

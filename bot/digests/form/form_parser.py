"""Reads a submitted form: the words, the schedule and the zone, each with the field of its error. Pure."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.digests import schedule_parser
from bot.digests.form import form_view
from bot.digests.form.form_view import DATES_FIELD, DAYS_FIELD, REPEAT_FIELD, REPEATS, SCHEDULE_FIELD, TIME_FIELDS
from bot.digests.mail.addresses import MailAddress, parse_addresses
from bot.digests.model import DetailsPlace, WhenNothing
from bot.digests.schedule import MIN_INTERVAL, Schedule, build_schedule
from bot.digests.scheduling.grammar import build_too_often_error
from bot.digests.scheduling.rule import EVERY_DAY, LAST, Cycle, Repeat, Rule
from bot.digests.scheduling.time_of_day import TIME_PATTERN, parse_time_of_day
from bot.digests.scheduling.weekdays import parse_days
from bot.queries import time_zones
from bot.queries.queries import clean_input
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.forms import get_values, has_field
from briefings import BadQuestion

_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{1,30}")


@dataclass
class FieldError(Exception):
    """An invalid field of the form, with the reason."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class SubmittedForm:
    """The values of a submitted form. `zone` is "" for the user's own, `channel` is "" in the form of a change.

    `details_place` is None to leave the setting of the channel as it is: only a choice that the user changed counts.
    """

    query: str
    schedule: Schedule
    zone: str
    channel: str
    when_nothing: WhenNothing
    details_place: DetailsPlace | None = None
    #: e-mail addresses; None if the form does not have them
    addresses: tuple[MailAddress, ...] | None = None


def parse_form(view: Mapping[str, Any], today: date, *, has_channel: bool) -> SubmittedForm:
    """Return the values of a submitted form. Raises FieldError."""
    words, topics = get_values(view, form_view.WORDS_FIELD), get_values(view, form_view.TOPIC_FIELD)
    query = clean_input(" ".join(words) or " ".join(topics))
    if not query:
        raise FieldError(form_view.WORDS_FIELD, "Choose a topic above, or type some words.")
    with report_at_field(form_view.ZONE_FIELD):
        zone = _parse_zone(_get_first(view, form_view.ZONE_FIELD))
    schedule, zone = _parse_schedule(view, zone, today)
    channel = _get_first(view, form_view.CHANNEL_FIELD)
    if has_channel and not _CHANNEL_ID.fullmatch(channel):
        raise FieldError(form_view.CHANNEL_FIELD, "Choose a channel.")
    choice = _get_first(view, form_view.WHEN_NOTHING_FIELD)
    when_nothing = WhenNothing(choice) if choice in set(WhenNothing) else WhenNothing.SILENT
    place = _get_first(view, form_view.DETAILS_FIELD)
    is_changed = place != form_view.get_metadata(view)[2]
    details_place = DetailsPlace(place) if is_changed and place in set(DetailsPlace) else None
    addresses = _parse_addresses(view)
    return SubmittedForm(query, schedule, zone, channel if has_channel else "", when_nothing, details_place, addresses)


def keep_start(schedule: Schedule, old_schedule: Schedule) -> Schedule:
    """Return the schedule with the start of `old_schedule` for rules that are still the same on the same days."""
    starts = {(rule.days, rule.cycle): rule.start for rule in old_schedule.rules}
    rules = [
        replace(rule, start=starts.get((rule.days, rule.cycle))) if rule.cycle.needs_start and not rule.start else rule
        for rule in schedule.rules
    ]
    return build_schedule(rules)


@contextmanager
def report_at_field(field: str) -> Iterator[None]:
    """Show a BadQuestion at this field of the form."""
    try:
        yield
    except BadQuestion as error:
        raise FieldError(field, mrkdwn.make_readable(str(error))) from error


def _parse_addresses(view: Mapping[str, Any]) -> tuple[MailAddress, ...] | None:
    """Return the e-mail addresses, or None if the form has no field for them. Raises FieldError."""
    if not has_field(view, form_view.EMAIL_FIELD):
        return None
    text = _get_first(view, form_view.EMAIL_FIELD)
    with report_at_field(form_view.EMAIL_FIELD):
        return parse_addresses(text) if text else ()


def _parse_zone(name: str) -> str:
    # a zone from Slack can be a name that the parser refuses, such as Etc/UTC
    return name if not name or time_zones.is_zone(name) else time_zones.parse_zone(name)


def _parse_schedule(view: Mapping[str, Any], zone: str, today: date) -> tuple[Schedule, str]:
    if words := _get_first(view, SCHEDULE_FIELD):
        with report_at_field(SCHEDULE_FIELD):
            return schedule_parser.parse_schedule(words, zone, today)
    times = []
    for name in TIME_FIELDS:
        for text in get_values(view, name):
            with report_at_field(name):
                if not re.fullmatch(TIME_PATTERN, text, re.IGNORECASE):
                    raise BadQuestion(f"“{text[:40]}” isn't a time. Try 8:30.")
                times.append(parse_time_of_day(text))
    if not times:
        raise FieldError(TIME_FIELDS[0], "Choose a time.")
    cycle, days = _parse_days(view)
    schedule = build_schedule([Rule(days, tuple(sorted(set(times))), cycle)])
    if schedule.shortest_interval < MIN_INTERVAL:
        raise FieldError(TIME_FIELDS[1], str(build_too_often_error()))
    return schedule, zone


def _parse_days(view: Mapping[str, Any]) -> tuple[Cycle, tuple[int, ...]]:
    """Return how the days repeat, and the days of the week. Raises FieldError for fields that contradict each other."""
    choice = _get_first(view, REPEAT_FIELD) or "week"
    day_names, date_names = (get_values(view, name) for name in (DAYS_FIELD, DATES_FIELD))
    days = EVERY_DAY if "every day" in day_names else parse_days(", ".join(day_names))
    cycle = REPEATS.get(choice, REPEATS["week"])
    if cycle is None:
        numbers = {LAST if name == "last" else int(name) for name in date_names if re.fullmatch(r"last|\d{1,2}", name)}
        numbers = {number for number in numbers if number == LAST or 1 <= number <= 31}
        if not numbers:
            raise FieldError(DATES_FIELD, "Choose one or more days of the month.")
        month_days = Cycle(Repeat.MONTH_DAYS, tuple(sorted(numbers, key=lambda number: (number == LAST, number))))
        return month_days, EVERY_DAY
    if date_names:
        raise FieldError(DATES_FIELD, "To use days of the month, choose “On days of the month” under Repeats.")
    if not days:
        raise FieldError(DAYS_FIELD, "Choose one or more days.")
    return cycle, days


def _get_first(view: Mapping[str, Any], name: str) -> str:
    return next(iter(get_values(view, name)), "")

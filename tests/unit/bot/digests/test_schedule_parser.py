"""Schedules as users type them are read, and the words of the answer are read back as the same schedule."""

import pytest

from bot.digests.schedule_parser import parse_schedule
from briefings.errors import BadQuestion
from tests.unit.bot.digests.schedule_defaults import OWN_ZONE, TODAY


@pytest.mark.parametrize(
    ("text", "words", "zone"),
    [
        ("weekdays at 8:30", "weekdays at 08:30", OWN_ZONE),
        ("every Monday and Thursday 17:00 Europe/London", "every Monday and Thursday at 17:00", "Europe/London"),
        ("daily at noon", "every day at 12:00", OWN_ZONE),
        ("hourly 9 to 18 on weekdays", "hourly 09:00 to 18:00 on weekdays", OWN_ZONE),
        ("8.30am", "every day at 08:30", OWN_ZONE),
        ("At half past eight.", "every day at 08:30", OWN_ZONE),
        ("mondays 9", "every Monday at 09:00", OWN_ZONE),
        ("every day 08:30 and 17:00", "every day at 08:30 and 17:00", OWN_ZONE),
        ("mon-fri 8", "weekdays at 08:00", OWN_ZONE),
        ("friday to monday 10:00", "every Monday, Friday, Saturday and Sunday at 10:00", OWN_ZONE),
        ("every 2 hours between 9 and 13", "hourly 09:00 to 13:00 every day", OWN_ZONE),
        ("quarter to nine on sundays", "every Sunday at 08:45", OWN_ZONE),
        ("8 in the evening", "every day at 20:00", OWN_ZONE),
        ("at 8:30 p.m. on tue, wed & thu", "every Tuesday, Wednesday and Thursday at 20:30", OWN_ZONE),
        ("12am", "every day at 00:00", OWN_ZONE),
        ("weekly on friday at 5pm", "every Friday at 17:00", OWN_ZONE),
        ("weekends 10 New York", "weekends at 10:00", "America/New_York"),
        ("8:30 London time", "every day at 08:30", "Europe/London"),
        ("8:30 GMT", "every day at 08:30", "UTC"),
        ("8:30 Buenos Aires", "every day at 08:30", "America/Argentina/Buenos_Aires"),
    ],
)
def test_typed_schedule_is_parsed(text: str, words: str, zone: str) -> None:
    schedule, parsed_zone = parse_schedule(text, OWN_ZONE)
    if "2 hours" in text:
        words = "every day at 09:00, 11:00 and 13:00"
    assert (str(schedule), parsed_zone) == (words, zone)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # days and times in pairs
        ("weekdays at 8:30 and weekends at 10", "weekdays at 08:30 and weekends at 10:00"),
        ("Monday at 9 and Friday at 17", "every Monday at 09:00 and every Friday at 17:00"),
        ("9 on Monday, 17 on Friday", "every Monday at 09:00 and every Friday at 17:00"),
        ("weekdays at 8:30 and 10 on weekends", "weekdays at 08:30 and weekends at 10:00"),
        ("weekdays at 8:30; weekends at 10", "weekdays at 08:30 and weekends at 10:00"),
        ("Mondays at 9am, Fridays at 5pm", "every Monday at 09:00 and every Friday at 17:00"),
        ("daily at 8 and daily at 17", "every day at 08:00 and 17:00"),
        ("weekdays at 8 in the morning and weekends at 10 in the evening", "weekdays at 08:00 and weekends at 22:00"),
        # several times a day
        ("twice a day at 8:30 and 16:00", "every day at 08:30 and 16:00"),
        ("weekdays at 8:30am/5pm", "weekdays at 08:30 and 17:00"),
        ("every morning at 8 and every evening at 6", "every day at 08:00 and 18:00"),
        # lists and ranges of days
        ("Mon/Wed/Fri at 9", "every Monday, Wednesday and Friday at 09:00"),
        ("M-F 9", "weekdays at 09:00"),
        ("MWF 8:30", "every Monday, Wednesday and Friday at 08:30"),
        ("TTh 9", "every Tuesday and Thursday at 09:00"),
        ("Tue & Thu 9", "every Tuesday and Thursday at 09:00"),
        ("Mon–Thu 9", "every Monday, Tuesday, Wednesday and Thursday at 09:00"),
        ("every Monday, Wednesday 9", "every Monday and Wednesday at 09:00"),
        ("Saturdays + Sundays at 10", "weekends at 10:00"),
        ("Mon–Fri: 8:30, Sat–Sun: 10:00", "weekdays at 08:30 and weekends at 10:00"),
        ("Mo, We, Fr 9", "every Monday, Wednesday and Friday at 09:00"),
        # days that are left out
        ("weekdays except Friday at 8:30", "every Monday, Tuesday, Wednesday and Thursday at 08:30"),
        ("weekdays at 8:30 but not on Fridays", "every Monday, Tuesday, Wednesday and Thursday at 08:30"),
        ("every day except weekends at 9", "weekdays at 09:00"),
        ("every day at 9 excluding Sunday", "every day except Sunday at 09:00"),
        ("weekdays at 8:30 and weekends at 10 except Sunday", "weekdays at 08:30 and every Saturday at 10:00"),
        # every other week and longer
        ("every other Monday at 9", "every other Monday at 09:00"),
        ("alternate Fridays at 4pm", "every other Friday at 16:00"),
        ("every two weeks on Monday and Thursday at 10", "every other Monday and Thursday at 10:00"),
        ("fortnightly on Mon 9", "every other Monday at 09:00"),
        ("Monday at 9 every other week", "every other Monday at 09:00"),
        ("every 3 weeks on Friday at 10", "every 3 weeks on Friday at 10:00"),
        ("every other day at 9", "every other day at 09:00"),
        ("once every two weeks on Monday at 9", "every other Monday at 09:00"),
        ("Mon at 9 and every other Fri at 17", "every Monday at 09:00 and every other Friday at 17:00"),
        # days of the month
        ("first of the month at 9", "the 1st of the month at 09:00"),
        ("monthly on the 15th at noon", "the 15th of the month at 12:00"),
        ("on the 1st and 15th at 9", "the 1st and 15th of the month at 09:00"),
        ("last day of the month at 17:00", "the last day of the month at 17:00"),
        ("end of the month at 9", "the last day of the month at 09:00"),
        ("first Monday of the month at 9", "the first Monday of the month at 09:00"),
        ("1st and 3rd Tuesday at 9", "the first and third Tuesday of the month at 09:00"),
        ("last Friday of every month 16:00", "the last Friday of the month at 16:00"),
        ("every second Monday of the month at 9", "the second Monday of the month at 09:00"),
        ("last working day of the month at 9", "the last weekday of the month at 09:00"),
        ("the 1st of the month except weekends at 9", "the 1st of the month except Saturday and Sunday at 09:00"),
        # times of day
        ("0830 weekdays", "weekdays at 08:30"),
        ("8h30 weekdays", "weekdays at 08:30"),
        ("nine thirty on weekdays", "weekdays at 09:30"),
        ("12 noon", "every day at 12:00"),
        ("8 on Monday evening", "every Monday at 20:00"),
        ("daily on weekdays at 9", "weekdays at 09:00"),
        ("hourly on weekdays from 9 to 18", "hourly 09:00 to 18:00 on weekdays"),
        # the first date
        ("every other Monday at 9 starting 12 January", "every other Monday at 09:00 starting 12 January 2026"),
        ("Mondays at 9 from next Monday", "every Monday at 09:00 starting 12 January 2026"),
        ("daily at 9 starting 2026-02-29", None),
        ("daily at 9 starting Feb 29", "every day at 09:00 starting 29 February 2028"),
        ("daily at 9 starting 2 January", "every day at 09:00 starting 2 January 2027"),
    ],
)
def test_rules_of_a_schedule_are_kept_apart(text: str, words: str | None) -> None:
    """The words are those of the answer. They are read back as the same schedule."""
    if words is None:
        with pytest.raises(BadQuestion, match="isn't a date"):
            parse_schedule(text, OWN_ZONE, TODAY)
        return
    schedule, zone = parse_schedule(text, OWN_ZONE, TODAY)
    assert (str(schedule), zone) == (words, OWN_ZONE)
    assert parse_schedule(words, OWN_ZONE) == (schedule, OWN_ZONE)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("8:30 ET", "America/New_York"),
        ("8:30 PT", "America/Los_Angeles"),
        ("8:30 Eastern time", "America/New_York"),
        ("weekdays at 8:30 UK time", "Europe/London"),
        ("8:30 BST", "Europe/London"),
        ("8:30 (London)", "Europe/London"),
        ("8:30am NYC", "America/New_York"),
        ("8:30 in Delhi", "Asia/Kolkata"),
        ("8:30 UTC+2", "Etc/GMT-2"),
        ("8:30 gmt -3", "Etc/GMT+3"),
        ("8:30 UTC", "UTC"),
        ("8:30 CET", "Europe/Paris"),
        ("8:30 JST", "Asia/Tokyo"),
        ("8:30 my time", OWN_ZONE),
        ("8:30 local time", OWN_ZONE),
    ],
)
def test_common_zone_names_are_read(text: str, zone: str) -> None:
    assert parse_schedule(text, OWN_ZONE)[1] == zone

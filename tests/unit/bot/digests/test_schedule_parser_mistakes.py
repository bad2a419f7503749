"""A schedule that is not understood is refused with the part that is wrong and an example that works."""

import re

import pytest

from bot.digests.schedule_parser import MAX_LENGTH, parse_schedule
from briefings.errors import BadQuestion
from tests.unit.bot.digests.schedule_defaults import OWN_ZONE


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("at 25:99", "“25:99” isn't a time"),
        ("at 24:00", "isn't a time"),
        ("13pm", "“13pm” isn't a time"),
        ("8:30 Mars/Phobos", "I don't know the time zone “Mars/Phobos”"),
        ("8:30 est", "“EST” isn't the same time"),
        ("8:30 IST", "“IST” could be Asia/Kolkata or Europe/Dublin or Asia/Jerusalem"),
        ("8:30 UTC+5:30", "“UTC+5:30” isn't a whole number of hours"),
        ("8:30 UTC+20", "I don't know the time zone “UTC+20”"),
        ("8:30 London and 9:30 Paris", "two time zones"),
        ("every minute", "at most once an hour"),
        ("every 5 minutes", "at most once an hour"),
        ("8:30 and 8:45", "at most once an hour"),
        ("23:30 and 0:10", "at most once an hour"),
        ("weekdays at 8:30 and the 1st of the month at 8:45", "at most once an hour"),
        ("", "When should I post it?"),
        ("mondays", "At what time on “mondays”?"),
        ("Monday at 9 and Friday", "At what time on “Friday”?"),
        ("8:30 on weekdays and 10", "On which days at “10”?"),
        ("8, 9 Mon 10, 11 Tue 12, 13", "which time is for which day"),
        ("weekdays 9 to 18", "How often between those times"),
        ("hourly 18 to 9", "From when to when"),
        ("monthly at 9", "On which day of the month?"),
        ("monthly on Monday at 9", "Which Monday of the month?"),
        ("every quarter at 9", "I can't use “every quarter”"),
        ("weekly at 9", "On which day of the week?"),
        ("twice a day", "At what times (“twice a day”)?"),
        ("three times a day at 8 and 17", "At what times (“three times a day”)?"),
        ("twice a week at 9", "On which days of the week (“twice a week”)?"),
        ("biweekly on Monday at 9", "“biweekly” could be every other week or twice a week"),
        ("every second Monday at 9", "“every second Monday” could be every other week or once a month"),
        ("every third Friday at 9", "“every third Friday” could be every 3 weeks or once a month"),
        ("every 40 days at 9", "I can't use “every 40 days”"),
        ("weekdays except the 1st at 9", "“except the 1st”"),
        ("every other weekday at 9", "“every other weekday” could mean several things"),
        ("the first Monday and Friday at 9", "Is “Friday” every Friday, or only once a month?"),
        ("Friday 13th at 9", "I don't understand “Friday 13th”"),
        ("weekdays at 9 except bank holidays", "I don't understand “except bank holidays”"),
        ("Mondays except Monday at 9", "leaves no day"),
        ("daily at 8 and weekdays at 17 except Monday", "Is “except Monday” about all of these times?"),
        ("weekdays at 9 until Easter", "I can't use “until Easter”: a digest has no end date"),
        ("weekdays at 9 for 3 weeks", "I can't use “for 3 weeks”"),
        ("weekdays at half 8", "“half 8” could be two times"),
        ("tomorrow at 9", "I can't use “tomorrow”"),
        ("0 9 * * 1-5", "I can't read the cron line “0 9 * * 1-5”"),
        ("weekdays at 8:30 when the court sits", "I don't understand “when the court sits”"),
        ("Wedensday at 9", "I don't understand “Wedensday” (did you mean Wednesday?)"),
        ("the 32nd at 9", "No month has the day “the 32nd”"),
        ("x" * (MAX_LENGTH + 1), "too long"),
    ],
)
def test_invalid_schedule_is_refused_with_a_working_example(text: str, message: str) -> None:
    """The sentence quotes the part that is not understood. The example after "Try" or "example" is understood."""
    with pytest.raises(BadQuestion, match=re.escape(message)) as error:
        parse_schedule(text, OWN_ZONE)
    sentence = str(error.value)
    assert "\n" not in sentence
    examples = (
        "weekdays at 8:30 Asia/Kolkata",
        "weekdays at 8:30 Europe/London",
        "weekdays at 8:30 and weekends at 10:00",
        "hourly 9 to 18 on weekdays",
        "every other Monday at 8:30",
        "every 3 weeks on Friday at 8:30",
        "every Monday, Wednesday and Friday at 8:30",
        "every Monday and Thursday at 8:30",
        "every day except Friday at 8:30",
        "every day at 8:30 and 16:00",
        "every day at 8:30, 12:30 and 17:00",
        "the first Monday of the month at 8:30",
        "the first Friday of the month and every Friday at 8:30",
        "the 1st of the month at 8:30",
        "every Monday at 8:30",
        "weekdays at 8:30",
    )
    example = next(candidate for candidate in examples if candidate in sentence)
    parse_schedule(example, OWN_ZONE)

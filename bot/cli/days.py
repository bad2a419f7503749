"""Days that a user states for articles."""

from datetime import date, datetime, timedelta


def get_today() -> date:
    """Return the current day where the user is."""
    return datetime.now().astimezone().date()


def is_future_day(day: date, today: date) -> bool:
    """Tell whether a day has not come anywhere: it is after tomorrow, which some time zones have already."""
    return day - today > timedelta(days=1)

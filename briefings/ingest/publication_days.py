"""Parse the day on which an article was published, as pages, feeds and files write it.

Rule: the whole text must be a date. Whatever is incomplete or ambiguous gives no day, because a false day is worse.
"""

from datetime import date, datetime
from email.utils import parsedate_to_datetime

from briefings.text.dates import find_absolute_dates

#: maximum length of a date in characters
_MAX_LENGTH = 100


def parse_day(text: str) -> date | None:
    """Parse a date as written, in its own time zone: ISO 8601, RFC 5322, or a full date in words."""
    if len(text) > _MAX_LENGTH:
        return None
    for parse_text in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return parse_text(text).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    days = {expression.day for expression in find_absolute_dates(text)}
    return days.pop() if len(days) == 1 else None

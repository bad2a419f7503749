"""When a feed or a page is asked next. Pure.

Rule: what has changed lately is likely to change again; what fails is asked ever more rarely, and a server that says
when to come back is believed.
"""

from datetime import datetime, timedelta

#: minutes between two polls of a feed, unless it is told otherwise; fewest and most that may be told
MINUTES = 60
FEWEST_MINUTES = 5
MOST_MINUTES = 7 * 24 * 60
#: a page is looked at again so long after each look: changes and removals are mostly of the first day
_LOOKS = tuple(timedelta(hours=hours) for hours in (1, 5, 18, 48, 96, 552))
_LONGEST = timedelta(days=1)
#: the first wait after a page failed; doubled with each failure
_RETRY = timedelta(minutes=15)
#: failures after which a page that never became an article is given up
MOST_FAILURES = 6
#: how long a page must be missing, and how often have been asked for, to count as taken from its site
LONG_MISSING = timedelta(days=2)
OFTEN_MISSING = 3


def feed_due(now: datetime, minutes: int | None, failures: int = 0, wait: float | None = None) -> datetime:
    """When a feed is polled next, after `failures` in a row; `wait` is the seconds that its server asks for."""
    interval = timedelta(minutes=minutes or MINUTES)
    longest = max(_LONGEST, interval)
    due = min(interval * 2.0 ** min(failures, 20), longest)
    return now + max(due, timedelta(seconds=wait or 0))


def page_due(now: datetime, looks: int) -> datetime | None:
    """When a page that was there is looked at again, after `looks` looks; None for no more."""
    return now + _LOOKS[looks - 1] if 0 < looks <= len(_LOOKS) else None


def retry_due(now: datetime, failures: int, *, held: bool, wait: float | None = None) -> datetime | None:
    """When a page that failed is tried again; None for no more, which is never so of one whose article is `held`."""
    if failures >= MOST_FAILURES and not held:
        return None
    longest = _LONGEST if failures < 2 * MOST_FAILURES else 7 * _LONGEST
    due = min(_RETRY * 2.0 ** min(failures - 1, 20), longest)
    return now + max(due, timedelta(seconds=wait or 0))


def is_gone(now: datetime, missing_at: datetime, failures: int) -> bool:
    """Whether a page that has been missing since then, and was asked for so often, is gone for good."""
    return now - missing_at >= LONG_MISSING and failures >= OFTEN_MISSING

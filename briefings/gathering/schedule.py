"""When a feed or a page is asked next. Pure.

Rule: what has changed lately is likely to change again; what fails is asked ever more rarely, and a server that says
when to come back is believed.
"""

from datetime import datetime, timedelta

#: minutes between two polls of a feed, unless it is told otherwise; fewest and most that may be told
DEFAULT_MINUTES = 60
MIN_MINUTES = 5
MAX_MINUTES = 7 * 24 * 60
#: a page is looked at again so long after each look: changes and removals are mostly of the first day
_RECHECK_INTERVALS = tuple(timedelta(hours=hours) for hours in (1, 5, 18, 48, 96, 552))
_MAX_INTERVAL = timedelta(days=1)
#: the first wait after a page failed; doubled with each failure
_FIRST_RETRY_INTERVAL = timedelta(minutes=15)
#: failures after which a page that never became an article is given up
MAX_FAILURES = 6
#: how long a page must be missing, and how often have been asked for, to count as taken from its site
MIN_MISSING_TIME = timedelta(days=2)
MIN_MISSING_FAILURES = 3


def get_feed_due_at(
    now: datetime, minutes: int | None, failures: int = 0, retry_after: float | None = None
) -> datetime:
    """When a feed is polled next, after `failures` in a row; `wait` is the seconds that its server asks for."""
    interval = timedelta(minutes=minutes or DEFAULT_MINUTES)
    max_interval = max(_MAX_INTERVAL, interval)
    delay = min(interval * 2.0 ** min(failures, 20), max_interval)
    return now + max(delay, timedelta(seconds=retry_after or 0))


def get_page_due_at(now: datetime, looks: int) -> datetime | None:
    """When a page that was there is looked at again, after `looks` looks; None for no more."""
    return now + _RECHECK_INTERVALS[looks - 1] if 0 < looks <= len(_RECHECK_INTERVALS) else None


def get_retry_due_at(
    now: datetime, failures: int, *, has_stored_article: bool, retry_after: float | None = None
) -> datetime | None:
    """When a page that failed is tried again; None for no more, which is never so of one whose article is `held`."""
    if failures >= MAX_FAILURES and not has_stored_article:
        return None
    max_interval = _MAX_INTERVAL if failures < 2 * MAX_FAILURES else 7 * _MAX_INTERVAL
    delay = min(_FIRST_RETRY_INTERVAL * 2.0 ** min(failures - 1, 20), max_interval)
    return now + max(delay, timedelta(seconds=retry_after or 0))


def is_gone(now: datetime, missing_at: datetime, failures: int) -> bool:
    """Whether a page that has been missing since then, and was asked for so often, is gone for good."""
    return now - missing_at >= MIN_MISSING_TIME and failures >= MIN_MISSING_FAILURES

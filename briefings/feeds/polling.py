"""Schedule the polls of feeds and pages, and count their outcomes and failures in a report.

Rule: recent pages are checked more often. Failures back off exponentially, and Retry-After is respected.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from briefings.ingest.http.failures import Failure, FetchError

#: minutes between two polls of a feed: default, minimum and maximum
DEFAULT_MINUTES = 60
MIN_MINUTES = 5
MAX_MINUTES = 7 * 24 * 60
#: intervals between the visits to a page; most changes and removals happen on the first day
_RECHECK_INTERVALS = tuple(timedelta(hours=hours) for hours in (1, 5, 18, 48, 96, 552))
_MAX_INTERVAL = timedelta(days=1)
#: delay after the first failure of a page; it doubles with each failure
_FIRST_RETRY_INTERVAL = timedelta(minutes=15)
#: number of failures after which a page without a stored article is abandoned
MAX_FAILURES = 6
#: the same for a page whose text takes too much time or memory: its stored article is kept, and it is not tried again
MAX_LIMIT_FAILURES = 2
#: minimum time and number of failures after which a missing page counts as deleted from its site
MIN_MISSING_TIME = timedelta(days=2)
MIN_MISSING_FAILURES = 3
#: maximum number of failure messages in one report; further failures are only counted
_MAX_SENTENCES = 100


def get_feed_due_at(
    now: datetime, minutes: int | None, failures: int = 0, retry_after: float | None = None
) -> datetime:
    """Return when to poll a feed next, after `failures` failures in a row; `retry_after` is in seconds."""
    interval = timedelta(minutes=minutes or DEFAULT_MINUTES)
    max_interval = max(_MAX_INTERVAL, interval)
    delay = min(interval * 2.0 ** min(failures, 20), max_interval)
    return now + max(delay, timedelta(seconds=retry_after or 0))


def get_page_due_at(now: datetime, looks: int) -> datetime | None:
    """Return when to visit a page again after `looks` successful visits; None if it is not visited again."""
    return now + _RECHECK_INTERVALS[looks - 1] if 0 < looks <= len(_RECHECK_INTERVALS) else None


def get_retry_due_at(
    now: datetime, failures: int, *, has_stored_article: bool, retry_after: float | None = None
) -> datetime | None:
    """Return when to retry a failed page, or None to abandon it.

    A page with a stored article is never abandoned. `retry_after` is in seconds.
    """
    if failures >= MAX_FAILURES and not has_stored_article:
        return None
    max_interval = _MAX_INTERVAL if failures < 2 * MAX_FAILURES else 7 * _MAX_INTERVAL
    delay = min(_FIRST_RETRY_INTERVAL * 2.0 ** min(failures - 1, 20), max_interval)
    return now + max(delay, timedelta(seconds=retry_after or 0))


def is_gone(now: datetime, missing_at: datetime, failures: int) -> bool:
    """Tell whether a page that is missing since `missing_at` counts as deleted, after `failures` failures in a row."""
    return now - missing_at >= MIN_MISSING_TIME and failures >= MIN_MISSING_FAILURES


class Outcome(StrEnum):
    """Outcome of visiting one page, as named in metrics; `_OUTCOME_LABELS` has the words for people."""

    ADDED = "added"
    UPDATED = "updated"
    #: stored already, without a change
    UNCHANGED = "already there"
    #: the fetched version is older than the stored one
    OLDER = "older than what is held"
    #: temporarily missing, or the server did not respond; the stored article is kept
    MISSING = "missing"
    #: deleted from its site; the stored article is kept and marked
    GONE_FROM_SITE = "gone from its site"
    #: the team removed the article, so it is not fetched again
    REMOVED_BY_TEAM = "removed here"
    FAILED = "failed"


_OUTCOME_LABELS = {
    Outcome.ADDED: "added",
    Outcome.UPDATED: "updated",
    Outcome.UNCHANGED: "unchanged",
    Outcome.OLDER: "older than the stored version",
    Outcome.MISSING: "missing",
    Outcome.GONE_FROM_SITE: "deleted from its site",
    Outcome.REMOVED_BY_TEAM: "removed by your team",
    Outcome.FAILED: "failed",
}


@dataclass(slots=True)
class FeedReport:
    """Counts of pages and feeds, updated while the work is in progress."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    failures: Counter[Failure] = field(default_factory=Counter)
    #: number of added and updated pages with only a teaser
    teaser_count: int = 0
    #: number of feeds that responded, and how many of them had something new
    polled_feeds: int = 0
    updated_feeds: int = 0
    #: number of feeds that failed
    failed_feeds: int = 0
    #: ids of the added and updated articles, in order
    articles: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)

    def count_failure(self, error: FetchError) -> None:
        """Count a failure and save its message."""
        self.failures[error.failure] += 1
        if len(self.sentences) < _MAX_SENTENCES:
            self.sentences.append(str(error))

    def count_outcome(self, outcome: Outcome, article: str | None = None, *, is_teaser: bool = False) -> None:
        """Count the outcome of a page; `article` is the id of its article."""
        self.outcomes[outcome] += 1
        if outcome in (Outcome.ADDED, Outcome.UPDATED):
            self.teaser_count += is_teaser
            self.articles += [article] if article else []

    def merge(self, other_report: "FeedReport") -> None:
        """Add the counts of another report."""
        self.outcomes.update(other_report.outcomes)
        self.failures.update(other_report.failures)
        self.teaser_count += other_report.teaser_count
        self.polled_feeds += other_report.polled_feeds
        self.updated_feeds += other_report.updated_feeds
        self.failed_feeds += other_report.failed_feeds
        self.articles += other_report.articles
        self.sentences += other_report.sentences[: _MAX_SENTENCES - len(self.sentences)]

    def summarise(self) -> str:
        """Describe the counts of pages: "3 added, 1 updated, 1 failed, failures: 1 robots"."""
        parts = [
            f"{self.outcomes[outcome]} {_OUTCOME_LABELS[outcome]}"
            for outcome in Outcome
            if self.outcomes[outcome] or outcome is Outcome.ADDED
        ]
        if self.teaser_count:
            parts.append(f"{self.teaser_count} of them only the beginning (the rest could not be read)")
        if self.failures:
            failure_counts = ", ".join(f"{count} {failure}" for failure, count in sorted(self.failures.items()))
            parts.append(f"failures: {failure_counts}")
        return ", ".join(parts)

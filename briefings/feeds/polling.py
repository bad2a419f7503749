"""When a feed or a page is asked next. Pure.

Rule: what has changed lately is likely to change again; what fails is asked ever more rarely, and a server that says
when to come back is believed.

What became of links and feeds: outcomes and failures, counted, and each failure in a sentence.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from briefings.ingest.http.failures import Failure, FetchError

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


#: sentences that are kept of one report; the others are counted
_MAX_SENTENCES = 100


class Outcome(StrEnum):
    """What became of one page."""

    ADDED = "added"
    UPDATED = "updated"
    #: held already, as it is
    UNCHANGED = "already there"
    #: an older version came again
    OLDER = "older than what is held"
    #: not there just now, or its server did not answer: the article that is held stays
    MISSING = "missing"
    #: taken from its site: the article stays, and is marked
    GONE_FROM_SITE = "gone from its site"
    #: the team removed the article: it is not fetched again
    REMOVED_BY_TEAM = "removed here"
    FAILED = "failed"


@dataclass(slots=True)
class FeedReport:
    """Counts, which grow while the work is done."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    failures: Counter[Failure] = field(default_factory=Counter)
    #: pages of which only the beginning can be read, among those added and updated
    teaser_count: int = 0
    #: feeds that answered, and those of them that had something new
    polled_feeds: int = 0
    updated_feeds: int = 0
    #: feeds that failed
    failed_feeds: int = 0
    #: ids of the articles that were added or updated, in order
    articles: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)

    def count_failure(self, error: FetchError) -> None:
        """Counts a failure, and keeps its sentence."""
        self.failures[error.failure] += 1
        if len(self.sentences) < _MAX_SENTENCES:
            self.sentences.append(str(error))

    def count_outcome(self, outcome: Outcome, article: str | None = None, *, is_teaser: bool = False) -> None:
        """Counts what became of a page."""
        self.outcomes[outcome] += 1
        if outcome in (Outcome.ADDED, Outcome.UPDATED):
            self.teaser_count += is_teaser
            self.articles += [article] if article else []

    def merge(self, other_report: "FeedReport") -> None:
        """Counts what another report counts."""
        self.outcomes.update(other_report.outcomes)
        self.failures.update(other_report.failures)
        self.teaser_count += other_report.teaser_count
        self.polled_feeds += other_report.polled_feeds
        self.updated_feeds += other_report.updated_feeds
        self.failed_feeds += other_report.failed_feeds
        self.articles += other_report.articles
        self.sentences += other_report.sentences[: _MAX_SENTENCES - len(self.sentences)]

    def summarise(self) -> str:
        """The counts of pages, in words: "3 added, 1 updated, 1 failed (robots)"."""
        parts = [
            f"{self.outcomes[outcome]} {outcome}"
            for outcome in Outcome
            if self.outcomes[outcome] or outcome is Outcome.ADDED
        ]
        if self.teaser_count:
            parts.append(f"{self.teaser_count} of them only as a teaser, for the rest cannot be read there")
        if self.failures:
            failure_counts = ", ".join(f"{count} {failure}" for failure, count in sorted(self.failures.items()))
            parts.append(f"failures: {failure_counts}")
        return ", ".join(parts)

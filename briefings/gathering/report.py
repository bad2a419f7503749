"""What became of links and feeds: outcomes and failures, counted, and each failure in a sentence."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from briefings.ingest.http.failures import Failure, FetchError

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

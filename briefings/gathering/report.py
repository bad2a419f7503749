"""What became of links and feeds: outcomes and failures, counted, and each failure in a sentence."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from briefings.ingest.failures import CannotFetch, Failure

#: sentences that are kept of one report; the others are counted
_MOST_SENTENCES = 100


class Outcome(StrEnum):
    """What became of one page."""

    ADDED = "added"
    UPDATED = "updated"
    #: held already, as it is
    HELD = "already there"
    #: an older version came again
    OLDER = "older than what is held"
    #: not there just now, or its server did not answer: the article that is held stays
    MISSING = "missing"
    #: taken from its site: the article stays, and is marked
    GONE = "gone from its site"
    #: the team removed the article: it is not fetched again
    REMOVED = "removed here"
    FAILED = "failed"


@dataclass(slots=True)
class Report:
    """Counts, which grow while the work is done."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    failures: Counter[Failure] = field(default_factory=Counter)
    #: pages of which only the beginning can be read, among those added and updated
    teasers: int = 0
    #: feeds that answered, and those of them that had something new
    polled: int = 0
    fresh: int = 0
    #: feeds that failed
    feeds_failed: int = 0
    #: ids of the articles that were added or updated, in order
    articles: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)

    def failed(self, error: CannotFetch) -> None:
        """Counts a failure, and keeps its sentence."""
        self.failures[error.failure] += 1
        if len(self.sentences) < _MOST_SENTENCES:
            self.sentences.append(str(error))

    def became(self, outcome: Outcome, article: str | None = None, *, teaser: bool = False) -> None:
        """Counts what became of a page."""
        self.outcomes[outcome] += 1
        if outcome in (Outcome.ADDED, Outcome.UPDATED):
            self.teasers += teaser
            self.articles += [article] if article else []

    def add(self, other: "Report") -> None:
        """Counts what another report counts."""
        self.outcomes.update(other.outcomes)
        self.failures.update(other.failures)
        self.teasers += other.teasers
        self.polled += other.polled
        self.fresh += other.fresh
        self.feeds_failed += other.feeds_failed
        self.articles += other.articles
        self.sentences += other.sentences[: _MOST_SENTENCES - len(self.sentences)]

    def told(self) -> str:
        """The counts of pages, in words: "3 added, 1 updated, 1 failed (robots)"."""
        out = [f"{self.outcomes[one]} {one}" for one in Outcome if self.outcomes[one] or one is Outcome.ADDED]
        if self.teasers:
            out.append(f"{self.teasers} of them only as a teaser, for the rest cannot be read there")
        if self.failures:
            named = ", ".join(f"{number} {kind}" for kind, number in sorted(self.failures.items()))
            out.append(f"failures: {named}")
        return ", ".join(out)

"""Answers about people over time: the timeline of one person, and two people side by side.

Rule: every text is a span of an article, and every speaker is the person who was asked for. Days are those of
publication.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from briefings.answer import Answer
from briefings.model import Hit, Kind, SearchTotals, Source, Span, WhoSaid
from briefings.report import DayCount


@dataclass(frozen=True, slots=True)
class StatementReport:
    """One article's report of a statement: `text` is exactly the article's text from `start` to `end`."""

    text: str
    source: Source
    start: int
    end: int
    link: str | None
    #: the words in which it differs from the report that is shown, as spans of `text`
    changes: tuple[Span, ...] = ()
    #: words of the report that is shown that it replaces or leaves out, each a run of words
    missing: tuple[str, ...] = ()
    #: whether the article has the words in quotation marks, or only reports them
    kind: Kind = Kind.DIRECT

    @property
    def is_reworded(self) -> bool:
        """Whether its words differ from those of the report that is shown. A part of that one does not differ."""
        return bool(self.changes or self.missing)

    @property
    def is_paraphrase(self) -> bool:
        """Whether the article puts the words into its own sentence, without quotation marks."""
        return self.kind is Kind.INDIRECT


@dataclass(frozen=True, slots=True)
class PersonStatement:
    """What a person said once, with every report of it.

    `hit` is the longest quotation, or a paraphrase without one; its `outlets` are independent ones.
    """

    hit: Hit
    #: all reports, the oldest first and undated ones last; one of them is `hit`
    reports: tuple[StatementReport, ...]
    #: the article's sentence around a few quoted words, which tell little alone; "" for a longer quotation
    sentence: str = ""

    @property
    def first_day(self) -> date | None:
        """Day of the earliest report; None if all are undated."""
        return self.reports[0].source.published

    @property
    def last_day(self) -> date | None:
        """Day of the latest dated report; None if all are undated."""
        return max((report.source.published for report in self.reports if report.source.published), default=None)

    @property
    def rewordings(self) -> tuple[StatementReport, ...]:
        """The reports in other words, each wording once."""
        wordings = {" ".join(report.text.split()): report for report in reversed(self.reports) if report.is_reworded}
        return tuple(reversed(wordings.values()))

    @property
    def other_reports(self) -> tuple[StatementReport, ...]:
        """The reports in the same words, or a part of them, without the one that is shown."""
        place = (self.hit.article, self.hit.start)
        return tuple(
            report for report in self.reports if not report.is_reworded and (report.source.id, report.start) != place
        )


@dataclass(frozen=True, slots=True, repr=False)
class PersonTimeline(Answer):
    """What one person is quoted with, the oldest statement first and undated ones last."""

    name: str
    #: role as most articles print it; None if the name may be that of several people
    role: str | None
    #: the subject as asked for, and its title for readers; None for everything
    about: str | None
    about_title: str | None
    statements: tuple[PersonStatement, ...]
    #: quotations by day and outlet, undated ones last
    day_counts: tuple[DayCount, ...]
    #: independent outlets that report the statements
    outlets: int
    #: all quotations of the person, on any subject
    quote_total: int
    totals: SearchTotals
    #: the filters in words: "about “the vote” in The Tribune, June 2016"
    description: str = ""
    #: older quotations were not read
    is_bounded: bool = False
    #: the roles of each person with this name, if it may be the name of several people
    namesakes: tuple[tuple[str, ...], ...] = ()
    #: no filter hides earlier statements, or later ones
    has_earliest: bool = True
    has_latest: bool = True

    @property
    def quote_count(self) -> int:
        """Number of quotations, each report counted."""
        return sum(len(statement.reports) for statement in self.statements)

    @property
    def first_statements(self) -> tuple[PersonStatement, ...]:
        """The statements of the earliest day, if none was left unread. Their order within the day is not known."""
        days = self._list_days()
        return self._list_statements(days[0]) if days and not self.is_bounded else ()

    @property
    def latest_statements(self) -> tuple[PersonStatement, ...]:
        """The statements of the latest day, if that is not the first day too."""
        days = self._list_days()
        return self._list_statements(days[-1]) if len(days) > 1 or (days and self.is_bounded) else ()

    def describe_day(self, day: date | None) -> str:
        """Return "first" or "latest" for the day of these statements, and "" for other days and if all are of one day.

        "Shown" is added if a filter, or a report without a day, may hide an earlier or a later one.
        """
        is_first = bool(self.first_statements) and day == self.first_statements[0].first_day
        day_statements = self.first_statements if is_first else self.latest_statements
        if not day_statements or day != day_statements[0].first_day or len(day_statements) == len(self.statements) > 1:
            return ""
        is_whole = (self.has_earliest if is_first else self.has_latest) and self.statements[-1].first_day
        return f"{'first' if is_first else 'latest'}{'' if is_whole else ' shown'}"

    def get_role(self, statement: PersonStatement) -> str:
        """Return the role in the article of a statement if the name may be that of several people, or ""."""
        speaker = statement.hit.speaker
        return ((speaker and speaker.role) or "") if len(self.namesakes) > 1 else ""

    def _list_days(self) -> list[date]:
        """Return the days of the statements, the earliest first and each once."""
        return sorted({statement.first_day for statement in self.statements if statement.first_day})

    def _list_statements(self, day: date) -> tuple[PersonStatement, ...]:
        return tuple(statement for statement in self.statements if statement.first_day == day)

    def to_who_said(self) -> WhoSaid:
        """Return the statements as an answer to "who said it", for exports."""
        hits = tuple(statement.hit for statement in self.statements)
        bounds = (f"by {self.name}", *([f"about {self.about}"] if self.about else []))
        return WhoSaid(
            "", self.totals, hits, more=self.is_bounded, bounds=bounds, description=f"by {self.name} {self.description}"
        )


class SideStatus(StrEnum):
    """What is known of a person who is compared."""

    HAS_QUOTES = "quoted"
    #: a speaker, but not on this subject
    SILENT = "silent"
    #: several people have the name
    AMBIGUOUS = "ambiguous"
    #: no speaker has the name
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ComparedPerson:
    """One side of a comparison. There is a `timeline` only if the name means exactly one speaker."""

    #: the name as asked for
    asked_name: str
    status: SideStatus
    timeline: PersonTimeline | None = None
    #: the people with an ambiguous name, or people with a similar name
    suggestions: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The full name if it is known, or the name as asked for."""
        return self.timeline.name if self.timeline else self.asked_name


@dataclass(frozen=True, slots=True, repr=False)
class PersonComparison(Answer):
    """Two people on one subject, side by side. Nothing says whether they agree."""

    about: str | None
    about_title: str | None
    sides: tuple[ComparedPerson, ComparedPerson]
    totals: SearchTotals
    description: str = ""

    @property
    def is_one_person(self) -> bool:
        """Whether both names mean the same person."""
        first, second = (side.timeline for side in self.sides)
        return first is not None and second is not None and first.name == second.name

    def iterate_statements(self) -> Iterator[PersonStatement]:
        """Yield the statements of both people."""
        for side in self.sides:
            yield from side.timeline.statements if side.timeline else ()

    def to_who_said(self) -> WhoSaid:
        """Return the statements of both people as an answer to "who said it", for exports."""
        names = " and ".join(side.name for side in self.sides)
        hits = tuple(statement.hit for statement in self.iterate_statements())
        return WhoSaid("", self.totals, hits, bounds=(f"by {names}",), description=f"by {names} {self.description}")

"""Briefing with the data for its charts: counts per day, counts per speaker, and values that differ.

Rule: counts cover exactly the articles of the briefing. Values are the article's own words; nothing is converted.
"""

from dataclasses import dataclass
from datetime import date

from briefings.model import Briefing, Evidence, Speaker


@dataclass(frozen=True, slots=True)
class DayCount:
    """Counts of one outlet's articles on one day and of their quotes. `day` and `publisher` are None when unknown."""

    day: date | None
    publisher: str | None
    articles: int
    quotes: int


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """Named speaker with counts: quotes, articles that have them, and independent outlets."""

    speaker: Speaker
    quotes: int
    articles: int
    outlets: int


@dataclass(frozen=True, slots=True)
class FigureValue:
    """Figure in one article: `text` is its words ("close to 150,000"), `evidence` is the sentence around it."""

    value: float
    text: str
    is_approximate: bool
    #: publication day of the article
    day: date | None
    publisher: str | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class FigureSeries:
    """Differing values that sources give for what may be the same thing, undated ones last.

    `unit` is the word after the figure ("signatures"), "%" for shares, or "". `note` names the kind of difference in
    the briefing's words.
    """

    unit: str
    note: str
    values: tuple[FigureValue, ...]


@dataclass(frozen=True, slots=True)
class Report(Briefing):
    """Answer to `/briefing` with the data for its charts."""

    #: by day and outlet, undated ones last
    day_counts: tuple[DayCount, ...] = ()
    #: most quoted speakers first
    speaker_counts: tuple[SpeakerCount, ...] = ()
    #: quotes of anonymous speakers, and quotes without a speaker
    unnamed_quotes: int = 0
    unattributed_quotes: int = 0
    series: tuple[FigureSeries, ...] = ()

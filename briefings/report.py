"""A briefing together with what can be drawn of its story: counts day by day, who is heard, values that differ.

Rule: counts are of the very articles the briefing rests on; a value is an article's own words and nothing is converted.
"""

from dataclasses import dataclass
from datetime import date

from briefings.model import Briefing, Evidence, Speaker


@dataclass(frozen=True, slots=True)
class DayCount:
    """What one outlet printed on one day: counts of articles, and of quotations in them. None where it is not told."""

    day: date | None
    publisher: str | None
    articles: int
    quotes: int


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """Somebody quoted by name: counts of quotations, of articles that have them, and of independent outlets."""

    speaker: Speaker
    quotes: int
    articles: int
    outlets: int


@dataclass(frozen=True, slots=True)
class FigureValue:
    """A figure as one article gives it: `text` is its words ("close to 150,000"), `evidence` the words around it."""

    value: float
    text: str
    is_approximate: bool
    #: the day the article was published
    day: date | None
    publisher: str | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class FigureSeries:
    """Values that sources give, differently, for what may be one thing; the undated ones last.

    `unit` is the word behind the figure ("signatures"), "%" for shares, "" where none is; `note` is the kind of
    difference in the briefing's words.
    """

    unit: str
    note: str
    values: tuple[FigureValue, ...]


@dataclass(frozen=True, slots=True)
class Report(Briefing):
    """The answer to `/briefing`, with what can be drawn of it."""

    #: by day, the undated last, and by outlet
    day_counts: tuple[DayCount, ...] = ()
    #: the most quoted first
    speaker_counts: tuple[SpeakerCount, ...] = ()
    #: quotations of people the articles do not name, and of whom nobody can tell who said them
    unnamed_quotes: int = 0
    unattributed_quotes: int = 0
    series: tuple[FigureSeries, ...] = ()

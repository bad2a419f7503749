"""Briefings with more data: figures for charts, and the stories in the news.

Rule: counts cover exactly the articles of the briefing. Values are the article's own words; nothing is converted.
"""

from dataclasses import dataclass
from datetime import date

from briefings.model import Briefing, Evidence, Line, Source, Speaker


@dataclass(frozen=True, slots=True)
class DayCount:
    """Counts of one outlet's articles on one day and of their quotes. `day` and `publisher` are None when unknown.

    The outlet's name is marked if it is not certain.
    """

    day: date | None
    publisher: str | None
    articles: int
    quotes: int


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """Named speaker with counts: quotes, articles that have them, and independent outlets.

    `statements` counts the quotes that report the same words once, as lists of quotes do.
    """

    speaker: Speaker
    quotes: int
    articles: int
    outlets: int
    statements: int = 0


@dataclass(frozen=True, slots=True)
class FigureValue:
    """Figure in one article: `text` is its words ("close to 150,000"), `evidence` is the sentence around it."""

    value: float
    text: str
    is_approximate: bool
    #: publication day of the article
    day: date | None
    #: name of the outlet, marked if it is not certain
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


@dataclass(frozen=True, slots=True, repr=False)
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


@dataclass(frozen=True, slots=True)
class NewsStory:
    """A story in the news of some days.

    `name` is a topic's title or verbatim words of a headline. `words` are what to ask for its briefing: a topic's slug
    or free words. `line` is one verbatim line of it, or None if no sentence is clear alone. `outlets` counts
    independent outlets.
    """

    name: str
    words: str
    line: Line | None
    outlets: int
    articles: int
    newest: date
    #: ids of its articles, newest first
    article_ids: tuple[str, ...] = ()
    #: whether the workspace has it as a topic
    is_topic: bool = False
    #: the article whose headline is printed with the story: that of the line, or the newest one; None without headlines
    lead: Source | None = None


@dataclass(frozen=True, slots=True, repr=False)
class NewsBriefing(Briefing):
    """The stories of some days, those of most independent outlets first. `lines` are the lines of the stories."""

    stories: tuple[NewsStory, ...] = ()
    #: the first and the last day; None for no limit
    since: date | None = None
    until: date | None = None
    #: number of articles in these days, and of those that were read; number of stories in these, shown or not
    article_count: int = 0
    read_count: int = 0
    story_count: int = 0
    #: newest day with articles that is not after these days, if they have none
    newest_day: date | None = None


@dataclass(frozen=True, slots=True)
class SuggestedTopic:
    """A story that could become a topic. `name` is verbatim words of a headline, and `words` are the phrases for it."""

    name: str
    words: tuple[str, ...]
    outlets: int
    articles: int
    newest: date


@dataclass(frozen=True, slots=True)
class TopicSuggestions:
    """The suggested topics of some days, those of most independent outlets first."""

    suggestions: tuple[SuggestedTopic, ...]
    since: date
    until: date

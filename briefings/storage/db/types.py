"""What a record answers beside the model's own values."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from briefings.model import Article, Quote, Searched, Source


class ArticleStatus(StrEnum):
    """How an article that comes stands to what is held under its id. Only the first two change the record."""

    NEW = "new"
    #: another text or other particulars: it takes the place of what is held, which is kept as an older version
    CHANGED = "changed"
    #: held already, told the same in every field
    UNCHANGED = "held"
    #: an older version come again, or nothing come where a text is held
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """An article as it was before a newer version took its place, and when it was added and replaced, in UTC."""

    article: Article
    added_at: datetime
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles are looked for. As it stands, all of them.

    A phrase is held by a text or title that has it as whole words in order, in any case, hyphens and quotation marks
    aside. Undated articles are left out when a day is given.
    """

    #: at least one of these phrases is held
    any_of: tuple[str, ...] | None = None
    #: and each of these
    all_of: tuple[str, ...] = ()
    #: published on these days or between them
    since: date | None = None
    until: date | None = None


ALL_ARTICLES = ArticleFilter()


@dataclass(frozen=True, slots=True)
class QuoteScope:
    """Where quotes are looked for. As it stands, everywhere.

    Names and phrases are held as whole words in order, in any case, hyphens and quotation marks aside.
    """

    #: speakers whose name holds this ("Corbyn")
    by: str | None = None
    #: articles whose outlet's name holds this ("Guardian")
    outlet: str | None = None
    #: articles whose text or title holds at least one of these phrases
    about: tuple[str, ...] | None = None
    #: articles published on these days or between them; undated ones are left out when either is given
    since: date | None = None
    until: date | None = None


ANYWHERE = QuoteScope()


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A quote and the article it stands in."""

    article: Article
    quote: Quote


@dataclass(frozen=True, slots=True)
class Story:
    """A story that an article tells, and what it is called, for people."""

    id: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class QuotedPerson:
    """Somebody named as a speaker: every role the articles give, most often first, and counts."""

    name: str
    roles: tuple[str, ...]
    quotes: int
    articles: int


@dataclass(frozen=True, slots=True)
class AddedArticle:
    """An article as it came last, and when, in UTC."""

    source: Source
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """What a record holds at one moment."""

    totals: Searched
    #: every outlet that is known, with its count of articles, the largest first
    outlets: tuple[tuple[str, int], ...]
    #: the articles that came or changed last, the last first
    latest: tuple[AddedArticle, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two articles that tell the same text, by id: the one that came later, and the one it is a copy of."""

    article: str
    original: str
    #: 0 to 1; 1 for the very text
    similarity: float


@dataclass(frozen=True, slots=True)
class RoleUsage:
    """What some articles call somebody whom they quote: in how many quotations, and where first and last.

    `role` is None where none is given; `first` is None when all of those articles are undated.
    """

    role: str | None
    quotes: int
    first: Source | None
    last: Source


@dataclass(frozen=True, slots=True)
class TopicCount:
    """Of the newest quotations of somebody, those in articles on some phrases: a count, and the ends of their days."""

    quotes: int
    since: date | None
    until: date | None

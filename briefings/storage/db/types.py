"""Types that the storage layer takes and returns, in addition to `briefings.model`."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from briefings.model import Article, Quote, SearchTotals, Source


class ArticleStatus(StrEnum):
    """Status of an incoming article compared with the stored one of the same id. Only NEW and UPDATED write."""

    NEW = "new"
    #: other text or metadata: it replaces the stored article, which is archived as an older version
    UPDATED = "changed"
    #: equal to the stored article in every field
    UNCHANGED = "held"
    #: equal to an archived version, or empty although a text is stored
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """Older version of an article, and when it was added and replaced, in UTC."""

    article: Article
    added_at: datetime
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Filter for articles. The default matches all of them.

    A phrase matches as whole words in order, in the text or title. Case, hyphens and quotation marks are ignored.
    Undated articles do not match if a day is given.
    """

    #: at least one of these phrases matches
    any_of: tuple[str, ...] | None = None
    #: every one of these phrases matches
    all_of: tuple[str, ...] = ()
    #: first and last day of publication, both included
    since: date | None = None
    until: date | None = None


ALL_ARTICLES = ArticleFilter()


@dataclass(frozen=True, slots=True)
class QuoteScope:
    """Filter for quotes. The default matches all of them.

    Names and phrases match as whole words in order. Case, hyphens and quotation marks are ignored.
    """

    #: part of the speaker's name ("Corbyn")
    by: str | None = None
    #: part of the outlet's name ("Guardian")
    outlet: str | None = None
    #: the article's text or title has at least one of these phrases
    about: tuple[str, ...] | None = None
    #: first and last day of publication, both included; undated articles do not match if either is given
    since: date | None = None
    until: date | None = None


ANYWHERE = QuoteScope()


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A quote and its article."""

    article: Article
    quote: Quote


@dataclass(frozen=True, slots=True)
class Story:
    """The story an article belongs to, with a readable title."""

    id: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class QuotedPerson:
    """Person who is quoted, with every role the articles give, the most frequent first, and counts."""

    name: str
    roles: tuple[str, ...]
    quotes: int
    articles: int
    #: other spellings, the most quoted first
    aliases: tuple[str, ...] = ()
    #: the people who share this surname, if the articles do not tell who is meant
    shared_by: tuple[str, ...] = ()
    #: number of people with exactly this name; each has an own entry
    bearers: int = 1


@dataclass(frozen=True, slots=True)
class AddedArticle:
    """Source of an article's current version, and when that was added, in UTC."""

    source: Source
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """Contents of the database at one moment."""

    totals: SearchTotals
    #: outlets with their counts of articles, the largest first
    outlets: tuple[tuple[str, int], ...]
    #: articles added or updated last, the newest first
    latest: tuple[AddedArticle, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Ids of two articles with the same text: the later one, and the original it duplicates."""

    article: str
    original: str
    #: 0 to 1; 1 for identical text
    similarity: float


@dataclass(frozen=True, slots=True)
class RoleUsage:
    """A role that articles give a speaker: its count of quotes, and the first and last article with it.

    `role=None` counts quotes without a role. `first=None` means that all of those articles are undated.
    """

    role: str | None
    quotes: int
    first: Source | None
    last: Source


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A speaker's newest quotes in articles on one topic: their count, and their first and last day."""

    quotes: int
    since: date | None
    until: date | None

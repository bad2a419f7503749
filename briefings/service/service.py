"""The application service behind every entry point: briefings, who said what, draft checks, search, adding articles.

Rule: an answer uses the articles stored at that moment, with names completed over the articles of one story. A briefing
on free words covers the largest story among the articles that contain them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from os import PathLike, fspath
from threading import Lock
from typing import TYPE_CHECKING, Self

from briefings import compose
from briefings.article.citation import build_context
from briefings.draft_report import DraftCheck
from briefings.errors import NothingFound
from briefings.model import Article, Context, SearchTotals, Span, Topic, WhoSaid
from briefings.report import Report
from briefings.service import quote_lookup
from briefings.service.article_selection import find_article
from briefings.service.article_views.view import ArticleView, ArticleViews
from briefings.service.bounded import Steps
from briefings.service.briefing_writer import BriefingWriter
from briefings.service.name_lookup import NameLookup
from briefings.service.news_reader import NewsReader
from briefings.service.people.answers import PersonAnswers
from briefings.service.people.timeline_reader import TimelineReader
from briefings.service.person_search import AmbiguousName, PersonProfile, PersonSearch, UnknownPerson
from briefings.service.quote_lookup import NO_FILTERS, SearchFilters, build_filters, check_length, check_name
from briefings.service.quote_search import QuoteSearch, SearchResultsPage
from briefings.service.relaxation import describe_question, find_relaxed_answer
from briefings.service.sources.ingestion import NO_DEFAULTS, ArticleDefaults, IngestedArticle, fill_in, ingest
from briefings.service.sources.outlet_book import OutletBook
from briefings.service.story_reader import StoryReader, TopicSummary
from briefings.service.watching import WatchReader
from briefings.source_filter import SourceFilter
from briefings.storage.db.types import ArticleStatus, Overview, QuotedPerson
from briefings.storage.filtered_repository import FilteredRepository
from briefings.storage.repository import Repository, open_repository

if TYPE_CHECKING:
    from briefings.updates import ReadingHistory, Update

#: default length of a briefing, in words
MAX_WORDS = 400
#: default length of an update, in words
MAX_UPDATE_WORDS = 200
_MAX_FILTERED_SERVICES = 50  #: services without some sources that are kept, because each has its own cache
_COUNTER_LOCK = Lock()
_CHANGED_ARTICLE = "This article has changed or was removed. Ask again to get current quotes."


class BriefingService:
    """Answers questions from one repository. Thread-safe. Its methods block. Close it, or use it in a `with` block."""

    #: number of briefing lines dropped so far because they did not equal their source; more than 0 is a bug
    dropped_lines = 0
    #: the topics that it knows by name
    topics: tuple[Topic, ...] = ()

    def __init__(
        self,
        repository: Repository,
        topics: Sequence[Topic] = (),
        *,
        count_dropped: Callable[[int], None] | None = None,
        steps: Steps | None = None,
        outlets: OutletBook | None = None,
    ) -> None:
        self._repository = repository
        #: runs what depends on a stranger's text
        self.steps = steps or Steps()
        self.topics = tuple(topics)
        self._reader = StoryReader(repository, self.topics)
        self._writer = BriefingWriter(repository, self._reader)
        self._article_views = ArticleViews(repository, self._reader, self.topics)
        self._person_search = PersonSearch(repository, self.topics)
        #: answers about people over time
        self.people = PersonAnswers(TimelineReader(repository, self._reader, self._person_search, self.topics))
        self._quote_search = QuoteSearch(repository, self._reader, self._person_search, self.topics)
        #: says which words of a question are names
        self.name_lookup = NameLookup(repository, self._person_search, self.topics)
        #: finds the stories of some days, and those that could become topics
        self.news = NewsReader(repository, self._reader, self.topics)
        #: the outlets that the record knows
        self.outlets = outlets or OutletBook(repository)
        self.watching = WatchReader(repository, self._reader, self.topics)
        self._dropped_lock = Lock()
        self._count_dropped = count_dropped or self._add_dropped
        self._build_filtered = lru_cache(_MAX_FILTERED_SERVICES)(
            lambda sources: type(self)(
                FilteredRepository(repository, sources),
                self.topics,
                count_dropped=self._count_dropped,
                steps=self.steps,
                outlets=self.outlets,
            )
        )

    def leave_out(self, sources: SourceFilter) -> "BriefingService":
        """Return the service as if the articles of `sources` were not stored."""
        is_done = isinstance(self._repository, FilteredRepository) and self._repository.sources == sources
        return self._build_filtered(sources) if sources and not is_done else self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database connections."""
        self._repository.close()

    def with_topics(self, topics: Iterable[Topic]) -> Self:
        """Return a service over the same articles that knows these topics. Close only the original one."""
        return self._copy(tuple(topics), self.steps)

    def with_steps(self, steps: Steps) -> Self:
        """Return a service over the same articles that reads strange texts by `steps`. Close only the original one."""
        return self._copy(self.topics, steps)

    def _copy(self, topics: tuple[Topic, ...], steps: Steps) -> Self:
        return type(self)(
            self._repository, topics, count_dropped=self._count_dropped, steps=steps, outlets=self.outlets
        )

    def _add_dropped(self, count: int) -> None:
        with self._dropped_lock:
            self.dropped_lines += count

    def brief(
        self,
        text: str,
        *,
        words: int = MAX_WORDS,
        outlet: str | None = None,
        since: date | None = None,
        until: date | None = None,
        relax: bool = False,
    ) -> Report:
        """Return the briefing on a topic slug or on free words, with at most `words` words in lines with evidence.

        A briefing on free words covers the largest story among the articles that contain them, and names the others.
        `outlet` selects articles by outlet name, `since` and `until` by publication date, both inclusive. Undated
        articles are left out if a date is given. With `relax`, filters are left out if no article matches all of them
        (`.dropped_filters`). Raises BadQuestion, and NothingFound with `.nearest`.
        """
        check_length(outlet or "")
        filters = SearchFilters(outlet=outlet, since=since, until=until)
        briefing = self._writer.write_briefing(text, filters, words, relax=relax)
        self._count_dropped(briefing.dropped_lines)
        return briefing

    def get_update(
        self, text: str, history: "ReadingHistory", *, today: date, words: int = MAX_UPDATE_WORDS
    ) -> "Update | None":
        """Return what is new on a topic or on free words for readers with this history; None if nothing is.

        `today` is the date in the readers' time zone. Lines have at most `words` words in total. Raises BadQuestion.
        """
        return self._writer.write_update(text, history, today, words)

    def get_title(self, text: str) -> str:
        """Return the title of a briefing: a topic's title, or the words themselves. Raises BadQuestion."""
        return self._reader.resolve_topic(text)[2]

    def require_articles(self, text: str) -> str:
        """Return the title of a briefing. Raises NothingFound for words that are in no article, and BadQuestion."""
        topic, _, title = self._reader.resolve_topic(text)
        if topic is None and not (selection := self._reader.select_articles(text, None)).articles:
            raise self._reader.build_nothing_found(text, None, NO_FILTERS, selection.exclusions)
        return title

    def who_said(
        self,
        words: str,
        *,
        by: str | None = None,
        about: str | None = None,
        outlet: str | None = None,
        since: date | None = None,
        until: date | None = None,
        relax: bool = False,
    ) -> WhoSaid:
        """Return who said `words`. Only a speaker's name, in `words` or `by`, lists what they said, newest first.

        `by` selects speakers by name, `about` articles on a topic slug or a phrase, `outlet` articles by outlet name,
        `since` and `until` articles by publication date, both inclusive. Undated articles are left out if a date is
        given. The answer covers the newest 100 quotes; `.more` is set if there may be others. With `relax`, filters
        are left out if no quote matches all of them (`.dropped`). Raises BadQuestion.
        """
        filters = build_filters(words, by, about, outlet, since, until)
        with self._repository.hold_connection():
            answer = (
                find_relaxed_answer(words, filters, self._quote_search)
                if relax
                else self._quote_search.find_answer(words, filters)
            )
            speaker = self.name_lookup.get_full_name(by) if by else None
        return replace(
            answer, description=describe_question(words, filters, speaker, self.name_lookup.get_title(about))
        )

    def search_quotes(
        self,
        words: str,
        *,
        by: str | None = None,
        about: str | None = None,
        outlet: str | None = None,
        since: date | None = None,
        until: date | None = None,
        page: int = 1,
    ) -> SearchResultsPage:
        """Return one page of 20 hits of the answer of `who_said`, continued to the newest 1,000 quotes.

        The result has people and topics that the words may mean. Raises BadQuestion, and NothingFound without the page.
        """
        filters = build_filters(words, by, about, outlet, since, until)
        return self._quote_search.find_page(words, filters, page)

    def find_person(self, name: str, *, page: int = 1) -> PersonProfile | AmbiguousName | UnknownPerson:
        """Return the person: roles, topics, and a page of quotes, newest first. Raises BadQuestion or NothingFound."""
        check_name(name)
        return self._person_search.find_person(name, page)

    def get_context(self, article_id: str, start: int, end: int) -> Context:
        """Return the characters from `start` to `end` of an article, with the text around them.

        Offsets are half-open. Raises NothingFound if the article is not stored, is too short now, or is damaged.
        """
        article = find_article(self._repository, article_id, _CHANGED_ARTICLE)
        if not 0 <= start < end <= len(article.text):
            raise NothingFound(_CHANGED_ARTICLE)
        return build_context(article, Span(start, end))

    def view_article(self, article_id: str, span: Span | None = None, offset: int = 0) -> ArticleView:
        """Return an article with its quotes, their other wordings, and the article's duplicates and older versions.

        A long article is returned in parts: the part that contains the start of `span`, or the character at `offset`.
        Raises NothingFound if the article is not stored.
        """
        return self._article_views.view_article(article_id, span, offset)

    def get_change_token(self) -> str:
        """Return a token that changes when articles are added, changed or removed; use it to invalidate caches."""
        return self._repository.get_change_token()

    def check(self, draft: str) -> DraftCheck:
        """Check every quotation of a draft against the stored articles.

        Raises BadInput if the draft is empty, has no quotation, or is longer than 200,000 characters.
        """
        parsed_draft = self.steps.parse_draft(draft)
        candidates = quote_lookup.find_candidates(self._repository, draft, parsed_draft.quotations)
        articles = {article.id: article for found_articles in candidates.values() for article in found_articles}
        articles_with_quotes = {
            article_with_quotes[0].id: article_with_quotes
            for article_with_quotes in self._reader.load_quotes_by_story(list(articles.values()))
        }
        return compose.check_quotations(
            draft,
            parsed_draft,
            lambda quotation: [articles_with_quotes[article.id] for article in candidates[quotation.span]],
            self._repository.get_counts(),
        )

    def list_topics(self, *, include_muted: bool = False) -> tuple[TopicSummary, ...]:
        """Return the topics that are not muted, or all of them, the one with the newest article first."""
        return self._reader.list_topics(include_muted=include_muted)

    def list_people(self) -> tuple[QuotedPerson, ...]:
        """Return the people who are quoted by name, with their names as the articles print them."""
        return self._repository.list_people()

    def get_counts(self) -> SearchTotals:
        """Return the numbers of stored articles and quotes, and the first and last publication date."""
        return self._repository.get_counts()

    def get_overview(self) -> Overview:
        """Return the counts, the outlets, and the articles that were added last."""
        return self._repository.get_overview()

    def get_articles(self, ids: Iterable[str]) -> tuple[Article, ...]:
        """Return the stored articles with these ids; unknown ids are left out."""
        return self._repository.get_articles(tuple(ids))

    def add(self, articles: "Iterable[Article] | str | PathLike[str]") -> tuple[str, ...]:
        """Add raw articles, or those of a file or folder, and return the ids of those that were new or changed.

        Raises BadInput if a path cannot be read, or an article cannot be stored. Articles before it stay added.
        """
        if isinstance(articles, str | PathLike):
            from briefings.ingest import read_raw_articles  # the readers of all kinds of files

            articles = read_raw_articles(fspath(articles))
        return tuple(
            raw_article.id
            for raw_article in articles
            if self.upsert_article(raw_article) in (ArticleStatus.NEW, ArticleStatus.UPDATED)
        )

    def has_article(self, article_id: str) -> bool:
        """Return whether an article with this id is stored."""
        return self._repository.has_article(article_id)

    def ingest(
        self, articles: Iterable[Article], *, jobs: int = 1, defaults: ArticleDefaults = NO_DEFAULTS
    ) -> Iterator[IngestedArticle]:
        """Add many raw articles with `jobs` processes, and yield the outcome for each. `defaults` fill empty fields."""
        return ingest(self._repository, articles, jobs=jobs, defaults=defaults)

    def fill_in(self, ids: Iterable[str], defaults: ArticleDefaults, *, jobs: int = 1) -> int:
        """Give stored articles without an outlet or a day the default ones, and return how many changed."""
        return fill_in(self._repository, ids, defaults, jobs=jobs)

    def upsert_article(self, raw_article: Article) -> ArticleStatus:
        """Add one raw article, and return whether it was new. Raises BadInput if it cannot be stored."""
        article = self.steps.parse_article(raw_article)
        status = self._repository.get_status(article)
        if status in (ArticleStatus.UNCHANGED, ArticleStatus.OLDER):
            return status  # skips the analysis, which takes far longer
        analysis = self.steps.analyse(article)
        return self._repository.upsert(article, analysis.quotes, names=analysis.names, engine=analysis.engine)


def open(  # noqa: A001  # `briefings.open` reads like `gzip.open`
    url_or_path: "str | PathLike[str]",
    topics: Iterable[Topic] = (),
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> BriefingService:
    """Return a service over a database, which is created or migrated first.

    `url_or_path` is an SQLAlchemy URL, or the path of an SQLite file; `:memory:` keeps everything in memory. `topics`
    are the topics that `brief` knows by name. `clock` returns the current UTC time. Close the service after use, or use
    it in a `with` block.

    Raises DatabaseUnavailable if the database cannot be opened, or is newer than this program.
    """
    url = fspath(url_or_path)
    if url == ":memory:":
        url = "sqlite://"
    elif "://" not in url:
        url = f"sqlite:///{url}"
    return BriefingService(open_repository(url, clock), tuple(topics))

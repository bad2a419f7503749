"""The façade: what the outside may ask. Everything else in this package is reached through here.

Rule: an answer rests on what the record holds at that moment, with names completed over the articles of one story;
free words are answered with the one story that most of the articles which hold them tell.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock

from briefings import compose
from briefings.article import parse_article
from briefings.article.citation import build_context
from briefings.attribution.analysis import analyse
from briefings.errors import BadQuestion, NothingFound
from briefings.model import Article, Checked, Context, Searched, Span, Topic, WhoSaid
from briefings.report import Report
from briefings.service import quote_lookup
from briefings.service.article_view import ArticleView, ArticleViews
from briefings.service.ingestion import Outcome, ingest
from briefings.service.person_search import AmbiguousName, PersonProfile, PersonSearch, UnknownPerson
from briefings.service.quote_lookup import NO_FILTERS, SearchFilters, build_filters, check_length
from briefings.service.quote_search import QuoteSearch, SearchResultsPage
from briefings.service.story_reader import StoryReader
from briefings.storage.db.types import ArticleStatus, Overview
from briefings.storage.db.types import QuotedPerson as Quoted
from briefings.storage.repository import Repository
from briefings.text.folding import make_search_key
from briefings.updates import ReadingHistory, Update, find_update

#: words of a whole briefing, unless told otherwise
MAX_WORDS = 400
#: words of what is new, unless told otherwise
MAX_UPDATE_WORDS = 200


@dataclass(frozen=True, slots=True)
class TopicSummary:
    """A topic and how much the record holds on it: counts of articles, and the newest article's day."""

    topic: Topic
    articles: int
    newest: date | None


class BriefingService:
    """Answers questions from one record. Blocking: call it off the event loop. Safe to call from several threads."""

    #: lines of briefings that were dropped so far because they did not equal their source; anything but 0 is a bug
    dropped_lines = 0

    def __init__(self, repository: Repository, topics: Sequence[Topic] = ()) -> None:
        self._repository = repository
        self._topics = tuple(topics)
        self._reader = StoryReader(repository, self._topics)
        self._article_views = ArticleViews(repository, self._reader, self._topics)
        self._person_search = PersonSearch(repository, self._topics)
        self._quote_search = QuoteSearch(repository, self._reader, self._person_search, self._topics)
        self._dropped_lock = Lock()

    def brief(
        self,
        text: str,
        *,
        words: int = MAX_WORDS,
        outlet: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Report:
        """The briefing on a topic slug or on free words, of at most `words` words in lines with evidence.

        On free words it tells the largest story of the articles that hold them, and says which it leaves out.

        `outlet` keeps articles of outlets of that name, `since` and `until` (both included) those published then;
        undated ones are left out when either is given. Raises BadQuestion, NothingFound (with `.nearest`).
        """
        check_length(outlet or "")
        filters = SearchFilters(outlet=outlet, since=since, until=until)
        topic, slug, title = self._reader.resolve_topic(text)
        selection = self._reader.select_articles(text, topic, filters)
        if not selection.articles:
            raise self._reader.build_nothing_found(text, topic, filters, selection.exclusions)
        ids = [article.id for article in selection.articles]
        people_lookup = self._reader.load_people_lookup(selection.articles)
        briefing = compose.compose(
            slug,
            title,
            self._reader.load_quotes(selection.articles, people_lookup),
            max_words=words,
            exclusions=selection.exclusions,
            people_lookup=people_lookup,
            duplicates=self._reader.find_duplicates(selection.articles),
            changed_days={
                article_id: changed_at.date()
                for article_id, changed_at in self._repository.get_change_times(ids).items()
            },
        )
        with self._dropped_lock:
            self.dropped_lines += briefing.dropped_lines
        return briefing

    def get_update(
        self, text: str, history: ReadingHistory, *, today: date, words: int = MAX_UPDATE_WORDS
    ) -> Update | None:
        """What is new on `ask`, as `brief` takes it, for readers who have had `had`; None for nothing.

        `today` is the readers' day; lines have at most `words` words. What the record holds nothing on has no news.
        Raises BadQuestion.
        """
        topic, slug, title = self._reader.resolve_topic(text)
        articles = self._reader.select_articles(text, topic).articles
        people_lookup = self._reader.load_people_lookup(articles)
        cited_articles = self._repository.get_articles(
            {piece.article for line in history.lines for piece in line.evidence}
        )
        return find_update(
            slug,
            title,
            self._reader.load_quotes(articles, people_lookup),
            history,
            cited_articles={article.id: article for article in cited_articles},
            find_older_texts=lambda article_id: [
                version.article.text for version in self._repository.list_versions(article_id)
            ],
            today=today,
            max_words=words,
            people_lookup=people_lookup,
            duplicates=self._reader.find_duplicates(articles),
        )

    def get_title(self, text: str) -> str:
        """What the answer to `brief` is called: a topic's title, or the words themselves. Raises BadQuestion."""
        return self._reader.resolve_topic(text)[2]

    def require_articles(self, text: str) -> str:
        """`title` of a topic, or of words that stand in some article: raises NothingFound for other words."""
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
    ) -> WhoSaid:
        """Who said `words`; a speaker's name alone, here or in `by`, lists what they said, newest first.

        `by` keeps speakers of that name, `about` articles on a topic's slug or a phrase, `outlet` those of outlets of
        that name, `since` and `until` (both included) those published then, undated ones left out. The newest 100
        quotes are looked at, and `.more` says when there are others. Raises BadQuestion for no words.
        """
        filters = build_filters(words, by, about, outlet, since, until)
        return self._quote_search.find_answer(words, filters)

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
        """One page of what `who_said` answers, however much there is, with the people and topics that may be meant.

        Raises BadQuestion, NothingFound for a page there is not.
        """
        filters = build_filters(words, by, about, outlet, since, until)
        return self._quote_search.find_page(words, filters, page)

    def find_person(self, name: str, *, page: int = 1) -> PersonProfile | AmbiguousName | UnknownPerson:
        """Whom the record quotes by that name: roles, topics, and a page of what they said, newest first.

        Raises BadQuestion, NothingFound for a page there is not.
        """
        check_length(name)
        if not make_search_key(name):
            raise BadQuestion("This name holds no word: name somebody who is quoted.")
        return self._person_search.find_person(name, page)

    def get_context(self, article_id: str, start: int, end: int) -> Context:
        """What stands around the characters from `start` to `end` of an article.

        Raises NothingFound when the article is not held, or is shorter by now.
        """
        (article,) = self._repository.get_articles([article_id]) or (None,)
        if article is None or not 0 <= start < end <= len(article.text):
            raise NothingFound("This article has changed or is gone since: ask again to see what stands there now.")
        return build_context(article, Span(start, end))

    def view_article(self, article_id: str, span: Span | None = None, offset: int = 0) -> ArticleView:
        """The article of an id as it stands: its text, or the part of a long one that holds the start of `at`, or else
        the character `begin`; who is quoted there, in whose other wordings; its copies and older versions.

        Raises NothingFound when the article is not held.
        """
        return self._article_views.view_article(article_id, span, offset)

    def get_change_token(self) -> str:
        """Something that is another whenever articles were added, changed or removed: what was answered may be old."""
        return self._repository.get_change_token()

    def check(self, draft: str) -> Checked:
        """Every quotation of a draft, and whether the record has it so.

        Raises BadInput for a draft that is empty, holds no quotation, or is longer than 200,000 characters.
        """
        quotations = compose.parse_quotations(draft)
        articles_by_quotation = {
            quotation.span: quote_lookup.find_candidate_articles(self._repository, draft, quotation)
            for quotation in quotations
        }
        articles = {
            article.id: article
            for candidate_articles in articles_by_quotation.values()
            for article in candidate_articles
        }
        articles_with_quotes = {
            article_with_quotes[0].id: article_with_quotes
            for article_with_quotes in self._reader.load_quotes_by_story(list(articles.values()))
        }
        return compose.check_quotations(
            draft,
            quotations,
            lambda quotation: [
                articles_with_quotes[candidate.id] for candidate in articles_by_quotation[quotation.span]
            ],
            self._repository.get_counts(),
        )

    def list_topics(self) -> tuple[TopicSummary, ...]:
        """Every topic, newest article first."""
        topic_totals = [(topic, self._repository.get_counts(topic.words)) for topic in self._topics]
        summaries = [TopicSummary(topic, coverage.articles, coverage.until) for topic, coverage in topic_totals]
        return tuple(
            sorted(summaries, key=lambda summary: (-(summary.newest or date.min).toordinal(), summary.topic.slug))
        )

    def list_people(self) -> tuple[Quoted, ...]:
        """Everybody quoted by name, as the articles name them."""
        return self._repository.list_people()

    def get_counts(self) -> Searched:
        """How much the record holds."""
        return self._repository.get_counts()

    def get_overview(self) -> Overview:
        """How much the record holds, of which outlets, and the articles that came last."""
        return self._repository.get_overview()

    def add(self, articles: Iterable[Article]) -> tuple[str, ...]:
        """Adds raw articles, one at a time as they come; gives the ids of those that were new or changed."""
        return tuple(
            raw_article.id
            for raw_article in articles
            if self.upsert_article(raw_article) in (ArticleStatus.NEW, ArticleStatus.UPDATED)
        )

    def has_article(self, article_id: str) -> bool:
        """Whether the record holds an article of this id."""
        return self._repository.has_article(article_id)

    def ingest(self, articles: Iterable[Article], *, jobs: int = 1) -> Iterator[Outcome]:
        """Adds many raw articles, some dozen in a transaction; tells of each, in their order (`intake.take_in`)."""
        return ingest(self._repository, articles, jobs=jobs)

    def upsert_article(self, raw_article: Article) -> ArticleStatus:
        """Adds one raw article; gives how it stood to what was held. Raises BadInput when it cannot be stored."""
        article = parse_article(raw_article)
        status = self._repository.get_status(article)
        if status in (ArticleStatus.UNCHANGED, ArticleStatus.OLDER):
            return status  # before its quotes are looked for, which takes far longer
        analysis = analyse(article)
        return self._repository.upsert(article, analysis.quotes, names=analysis.names, engine=analysis.engine)

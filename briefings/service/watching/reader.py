"""Reads articles with their quotes for watches: those that arrived, and those that a new watch would have found.

Rule: names are completed over stories, as in answers. Each call reads in bulk, and its number of articles is limited.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from briefings.attribution.features.person_names import Person
from briefings.compose.people.subject import Subject
from briefings.model import Article, Topic
from briefings.service.story_reader import StoryReader
from briefings.similarity.tfidf import extract_terms
from briefings.storage.db.arrivals import MAX_ARRIVALS, ArticleArrival, has_arrivals, list_arrivals
from briefings.storage.db.types import ArticleFilter, QuoteScope
from briefings.storage.repository import Repository
from briefings.stories import find_topic
from briefings.text.compounds import add_compounds
from briefings.text.folding import make_search_key
from briefings.watches import ArticleWithQuotes, Watch, WatchIndex, WatchPreview, WatchQuery

#: newest articles, and quotes of a speaker, that a preview reads
MAX_PREVIEW_ARTICLES, _MAX_PREVIEW_QUOTES = 200, 1_000
#: words of one search
_MAX_TERMS, _MAX_PHRASES = 20, 200


class WatchReader:
    """Reads from one repository, with the configured topics. Thread-safe; methods block."""

    def __init__(self, repository: Repository, reader: StoryReader, topics: Sequence[Topic]) -> None:
        self._repository = repository
        self._reader = reader
        self._topics = tuple(topics)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The configured topics, which watches can name."""
        return self._topics

    def has_arrivals(self) -> bool:
        """Tell whether articles came or changed and were not looked at yet. Takes well under a millisecond."""
        return self._repository.run_query(lambda db, _: has_arrivals(db))

    def list_arrivals(self, limit: int = MAX_ARRIVALS) -> tuple[ArticleArrival, ...]:
        """Return the oldest arrivals. Delete them with `briefings.storage.db.delete_arrivals`."""
        return self._repository.run_query(lambda db, _: list_arrivals(db, limit, lock=False))

    def read_articles(self, ids: Iterable[str]) -> dict[str, ArticleWithQuotes]:
        """Return articles with their quotes by id; unknown ids are omitted. The number of queries is constant."""
        articles = self._repository.get_articles(dict.fromkeys(ids))
        return {
            article_with_quotes[0].id: article_with_quotes
            for article_with_quotes in self._reader.load_quotes_by_story(articles)
        }

    def list_copies(self, ids: Iterable[str]) -> list[tuple[str, str]]:
        """Return the pairs of ids of articles with nearly the same text, with at least one of these."""
        return [(pair.article, pair.original) for pair in self._repository.find_duplicates(dict.fromkeys(ids))]

    def preview(self, query: WatchQuery, since: date, topics: Sequence[Topic] | None = None) -> WatchPreview:
        """Return what a watch would have found since a day, in at most 200 of the newest articles.

        `topics` are those that the query can name; None means the configured ones.
        """
        topics = self._topics if topics is None else topics
        articles, is_bounded = self._find_candidates(query, since, topics)
        index = WatchIndex()
        index.add(Watch(0, query), topics)
        articles_with_quotes = {article.id: quotes for article, quotes in self._reader.load_quotes_by_story(articles)}
        findings = [
            (article, match.finding)
            for article in articles
            for match in index.match((article, articles_with_quotes[article.id]))
        ]
        return WatchPreview(tuple(findings), is_bounded)

    def _find_candidates(
        self, query: WatchQuery, since: date, topics: Sequence[Topic]
    ) -> tuple[Sequence[Article], bool]:
        """Return the newest articles that may match, newest first, and whether there may be more."""
        article_filter = _build_filter(query, since, topics)
        if article_filter is None:
            about = _list_subject_phrases(query.about, topics)
            surname = make_search_key(Person(query.by or "").surname)
            scope = QuoteScope(by=surname, outlet=query.outlet, about=about, since=since)
            hits = self._repository.find_quotes("", scope, _MAX_PREVIEW_QUOTES)
            articles = list({hit.article.id: hit.article for hit in hits}.values())
            is_bounded = len(articles) > MAX_PREVIEW_ARTICLES or len(hits) == _MAX_PREVIEW_QUOTES
            return articles[:MAX_PREVIEW_ARTICLES], is_bounded
        ids = self._repository.find_ids(article_filter, MAX_PREVIEW_ARTICLES)
        positions = {article_id: position for position, article_id in enumerate(ids)}
        articles = sorted(self._repository.get_articles(ids), key=lambda article: positions[article.id])
        return articles, len(ids) == MAX_PREVIEW_ARTICLES


def _build_filter(query: WatchQuery, since: date, topics: Sequence[Topic]) -> ArticleFilter | None:
    """Return a filter that every matching article passes; None if only the speaker can be searched for."""
    article_filter = ArticleFilter(since=since)
    if query.phrase:
        alternatives = add_compounds(make_search_key(query.phrase).split())
        return replace(article_filter, any_of=tuple(map(" ".join, alternatives[:_MAX_PHRASES])))
    if query.words and (topic := find_topic(topics, query.words)):
        return replace(article_filter, any_of=topic.words)
    if query.words:
        terms = tuple(dict.fromkeys(extract_terms(query.words) or make_search_key(query.words).split()))
        return replace(article_filter, all_of=terms[:_MAX_TERMS])
    return None


def _list_subject_phrases(about: str | None, topics: Sequence[Topic]) -> tuple[str, ...] | None:
    """Return phrases; every article on the subject has one of them. None without a subject."""
    if about is None:
        return None
    topic = find_topic(topics, about)
    return topic.words if topic else Subject(about).search_phrases

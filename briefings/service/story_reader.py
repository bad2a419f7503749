"""Read what a question needs from the repository: its topic, its articles, and their quotes with completed names.

Rule: names are completed over the articles of one story, from the names found when each article was added.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from briefings import stories
from briefings.article.source_name import name_outlet
from briefings.attribution import complete_speakers
from briefings.attribution.name_completion import PeopleLookup
from briefings.errors import BadQuestion, NothingFound
from briefings.model import Article, Topic
from briefings.service.answers.story_completion import (
    ArticleQuoteFilter,
    ArticlesWithQuotes,
    StoryCompleter,
    accept_all_quotes,
)
from briefings.service.answers.story_rows import StoryRows
from briefings.service.article_selection import MAX_CANDIDATES, ArticleSelection, keep_largest_story, select_articles
from briefings.service.quote_lookup import NO_FILTERS, SearchFilters, check_length
from briefings.similarity.story_memory import StoryMemory
from briefings.similarity.tfidf import extract_terms
from briefings.storage.db.types import ALL_ARTICLES, ArticleFilter
from briefings.storage.repository import Repository
from briefings.text.dates import format_day
from briefings.text.folding import make_search_key

#: articles with the words of a question that are so few that the briefing says so
MAX_FEW_ARTICLES = 2
#: question that selects every article
WILDCARD = "*"
#: articles read at a time
_PAGE_SIZE = 100
#: words of a question used in the search
_MAX_TERMS = 20
#: topics suggested if no topic has a similar name
_MAX_SUGGESTED_TOPICS = 10
#: outlets suggested if none has the name that was asked for
_MAX_NAMED_OUTLETS = 5


@dataclass(frozen=True, slots=True)
class TopicSummary:
    """A topic, its number of articles, and the date of the newest one."""

    topic: Topic
    articles: int
    newest: date | None


class StoryReader:
    """Reads articles and quotes from one repository, with the configured topics. Thread-safe."""

    def __init__(self, repository: Repository, topics: Sequence[Topic]) -> None:
        self._repository = repository
        self._topics = topics
        self._completer = StoryCompleter(
            repository, topics, lambda topic: self.select_articles(topic.slug, topic).articles
        )

    def list_topics(self, *, include_muted: bool = False) -> tuple[TopicSummary, ...]:
        """Return the topics that are not muted, or all of them, the one with the newest article first."""
        topic_totals = [
            (topic, self._repository.get_counts(topic.words))
            for topic in self._topics
            if include_muted or not topic.is_muted
        ]
        summaries = [TopicSummary(topic, coverage.articles, coverage.until) for topic, coverage in topic_totals]
        return tuple(
            sorted(summaries, key=lambda summary: (-(summary.newest or date.min).toordinal(), summary.topic.slug))
        )

    def resolve_topic(self, text: str) -> tuple[Topic | None, str, str]:
        """Return the topic, or None for free words, and the slug and title of the briefing. Raises BadQuestion."""
        check_length(text)
        if text.strip() != WILDCARD and not make_search_key(text):
            raise BadQuestion("Enter a topic or some words, for example: briefing labour-crisis")
        topic = stories.find_topic(self._topics, text)
        return (topic, topic.slug, topic.title) if topic else (None, text.strip(), text.strip())

    def select_articles(
        self,
        text: str,
        topic: Topic | None,
        filters: SearchFilters = NO_FILTERS,
        rows: StoryRows | None = None,
    ) -> ArticleSelection:
        """Select the newest articles on a topic, or of the largest story that contains the words.

        `rows` are those of the story that are known.
        """
        rows = rows or self.open_rows(StoryMemory())
        article_filter = replace(_build_article_filter(text, topic), since=filters.since, until=filters.until)
        ids = self._repository.find_ids(article_filter, MAX_CANDIDATES)
        total = len(ids) if len(ids) < MAX_CANDIDATES else self._repository.count_articles(article_filter)
        numbered_articles = self._iterate_articles(text, topic, ids, rows)
        selection = select_articles(
            (
                (position, article)
                for position, article in numbered_articles
                if filters.matches_outlet(article.publisher)
            ),
            total,
            rows.memory,
        )
        return selection if topic or text.strip() == WILDCARD else keep_largest_story(selection)

    def identify_story(self, text: str) -> str:
        """Return a hash of the stored articles, quotes and names that may be selected. Raises BadQuestion.

        It differs after any change of them, by a new analysis too.
        """
        topic, _, _ = self.resolve_topic(text)
        ids = self._repository.find_ids(_build_article_filter(text, topic), MAX_CANDIDATES)
        return self.open_rows(StoryMemory()).identify(ids)

    def count_searched_articles(self, selection: ArticleSelection, filters: SearchFilters) -> int | None:
        """Return the count of all articles in the period if few of them were selected, else None.

        None, too, if some matching articles were left out: then nothing can be said about the rest.
        """
        if len(selection.articles) > MAX_FEW_ARTICLES or selection.exclusions or filters.outlet:
            return None
        all_articles = replace(_build_article_filter(WILDCARD, None), since=filters.since, until=filters.until)
        return self._repository.count_articles(all_articles)

    def build_nothing_found(
        self, text: str, topic: Topic | None, filters: SearchFilters, exclusions: Sequence[str]
    ) -> NothingFound:
        """Return the error to raise if no article matches: the reason, and what else can be asked for."""
        if exclusions:
            return NothingFound(" ".join(["I can't summarise any of the articles on this.", *exclusions]))
        if not self._repository.get_counts().articles:
            return NothingFound("There are no articles yet. Add some with: ontherecord add FOLDER")
        unfiltered_ids = self._repository.find_ids(_build_article_filter(text, topic), MAX_CANDIDATES)
        if filtered_articles := [
            article for _, article in self._iterate_articles(text, topic, unfiltered_ids, self.open_rows(StoryMemory()))
        ]:
            return NothingFound(_explain_filtered_out(filtered_articles, filters))
        name = f"the topic {topic.slug}" if topic else f"“{text.strip()}”"
        similar_slugs = () if topic else stories.suggest_topics(text, self._topics)
        if similar_slugs:
            suggestion = f"Did you mean: {', '.join(similar_slugs)}?"
        else:
            listed_topics = [known_topic for known_topic in self._topics if not known_topic.is_muted]
            slugs = [known_topic.slug for known_topic in listed_topics[:_MAX_SUGGESTED_TOPICS]]
            suggestion = f"Topics you can ask for: {', '.join(slugs) or 'none yet'}."
        return NothingFound(f"No articles about {name} yet. {suggestion}", similar_slugs)

    def open_rows(self, memory: StoryMemory) -> StoryRows:
        """Return a reader of a story's rows, which reads only those that `memory` does not know."""
        return StoryRows(self._repository, memory)

    def load_quotes(
        self, articles: Sequence[Article], people_lookup: PeopleLookup, rows: StoryRows | None = None
    ) -> ArticlesWithQuotes:
        """Return the articles of one story with their quotes, names completed over the story."""
        rows = rows or self.open_rows(StoryMemory())
        return complete_speakers(rows.read_quotes(articles), people_lookup, memory=rows.memory)

    def find_duplicates(self, articles: Sequence[Article]) -> list[tuple[str, str]]:
        """Return the pairs of article ids that are known duplicates of each other."""
        return [
            (duplicate.article, duplicate.original)
            for duplicate in self._repository.find_duplicates([article.id for article in articles])
        ]

    def load_people_lookup(self, articles: Sequence[Article]) -> PeopleLookup:
        """Return a lookup of the people that each article names in full, found when the article was added."""
        return self._completer.load_people_lookup(articles)

    def load_quotes_by_story(
        self, articles: Sequence[Article], is_relevant: ArticleQuoteFilter = accept_all_quotes
    ) -> ArticlesWithQuotes:
        """Return the articles with their quotes, names completed as `complete_by_story` does."""
        return self.complete_by_story(self._load_uncompleted_quotes(articles), is_relevant)

    def complete_by_story(
        self, articles_with_quotes: ArticlesWithQuotes, is_relevant: ArticleQuoteFilter = accept_all_quotes
    ) -> ArticlesWithQuotes:
        """Return the articles with the same quotes; see `StoryCompleter.complete`."""
        return self._completer.complete(articles_with_quotes, is_relevant)

    def _iterate_articles(
        self, text: str, topic: Topic | None, ids: Sequence[str], rows: StoryRows
    ) -> Iterator[tuple[int, Article]]:
        """Yield each matching article of `ids` with its position there, reading one page at a time."""
        for start in range(0, len(ids), _PAGE_SIZE):
            position_by_id = {
                article_id: start + index for index, article_id in enumerate(ids[start : start + _PAGE_SIZE])
            }
            for article in _filter_articles(text, topic, rows.read_articles(position_by_id), rows.memory):
                yield position_by_id[article.id], article

    def _load_uncompleted_quotes(self, articles: Sequence[Article]) -> ArticlesWithQuotes:
        """Return the articles with their quotes, names as each article prints them."""
        quotes = self._repository.get_quotes([article.id for article in articles])
        return [(article, quotes[article.id]) for article in articles]


def _explain_filtered_out(articles: Sequence[Article], filters: SearchFilters) -> str:
    """Say that there are articles, but none that passes the filters."""
    dates = " from those dates" if filters.since or filters.until else ""
    if filters.outlet is None:
        days = [article.published for article in articles if article.published]
        newest = f" The newest is from {format_day(max(days))}." if days else ""
        return f"No articles on this{dates}.{newest}"
    outlets = Counter(name_outlet(article) or "an unknown outlet" for article in articles)
    outlet_names = [name for name, _ in outlets.most_common(_MAX_NAMED_OUTLETS)]
    rest = f" and {len(outlets) - len(outlet_names)} more" if len(outlets) > len(outlet_names) else ""
    return f"No articles on this in “{filters.outlet}”{dates}. Outlets with articles: {', '.join(outlet_names)}{rest}."


def _build_article_filter(text: str, topic: Topic | None) -> ArticleFilter:
    """Return the filter for the index; `_filter_articles` then checks each article."""
    if topic is not None:
        return ArticleFilter(any_of=topic.words)
    return (
        ALL_ARTICLES
        if text.strip() == WILDCARD
        else ArticleFilter(all_of=tuple(dict.fromkeys(extract_terms(text) or [text]))[:_MAX_TERMS])
    )


def _filter_articles(
    text: str, topic: Topic | None, articles: Sequence[Article], memory: StoryMemory
) -> Sequence[Article]:
    if topic is None and text.strip() == WILDCARD:
        return articles
    return [article for article in articles if memory.recall(article.id, _is_about, text, topic, article)]


def _is_about(text: str, topic: Topic | None, article: Article) -> bool:
    if topic is not None:
        return bool(stories.filter_by_topic(topic, [article]))
    return bool(stories.filter_by_words(text, [article]))

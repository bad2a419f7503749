"""Complete speakers' names over the story of each article: over its topic, or else over the articles linked to it.

Rule: names come from what each article names in full, found when the article was added. The articles of a topic are
kept in memory until the repository changes.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from threading import Lock

from briefings import stories
from briefings.attribution import complete_quotes
from briefings.attribution.name_completion import (
    KnownPerson,
    PeopleLookup,
    collect_people,
    complete_from_index,
    find_full_names,
    get_surname,
)
from briefings.model import Article, Quote, Topic
from briefings.service.answers.linked_names import complete_from_links
from briefings.storage.repository import Repository

#: topics whose articles are kept in memory
_MAX_CACHED_TOPICS = 20

_ArticleWithQuotes = tuple[Article, tuple[Quote, ...]]
ArticlesWithQuotes = list[_ArticleWithQuotes]
#: returns whether a quote is relevant to a question
ArticleQuoteFilter = Callable[[Article, Quote], bool]


@dataclass(frozen=True, slots=True)
class _TopicStory:
    """The newest articles of a topic, and everyone that they name in full, by surname."""

    article_ids: frozenset[str]
    people: Mapping[str, tuple[KnownPerson, ...]]


def accept_all_quotes(_: Article, __: Quote) -> bool:
    """Return True for every quote."""
    return True


class StoryCompleter:
    """Completes names from one repository, with the configured topics. Thread-safe.

    `select_topic_articles` returns the newest articles of a topic.
    """

    def __init__(
        self,
        repository: Repository,
        topics: Sequence[Topic],
        select_topic_articles: Callable[[Topic], Sequence[Article]],
    ) -> None:
        self._repository = repository
        self._topics = topics
        self._select_topic_articles = select_topic_articles
        self._topic_matcher = stories.TopicMatcher(topics)
        self._topic_stories: dict[str, tuple[str, _TopicStory]] = {}
        self._lock = Lock()

    def complete(
        self, articles_with_quotes: ArticlesWithQuotes, is_relevant: ArticleQuoteFilter = accept_all_quotes
    ) -> ArticlesWithQuotes:
        """Return the articles with the same quotes, names completed over the topic of each article.

        Articles without a topic complete names over the articles that they are linked to. Only the speakers of relevant
        quotes, and other people with their surnames, are completed.
        """
        surnames = {
            surname
            for article, quotes in articles_with_quotes
            for quote in quotes
            if is_relevant(article, quote) and (surname := get_surname(quote)) is not None
        }
        if not surnames:
            return list({article.id: (article, quotes) for article, quotes in articles_with_quotes}.values())
        articles = [article for article, _ in articles_with_quotes]
        uncompleted = {article.id: (article, quotes) for article, quotes in articles_with_quotes}
        people = self._load_people(articles, surnames)
        completed: dict[str, _ArticleWithQuotes] = {}
        article_ids_by_topic = self._group_by_topic(articles)
        for topic in self._topics:
            if topic.slug in article_ids_by_topic:
                story = self._load_topic_story(topic)
                for article_id in story.article_ids & uncompleted.keys():
                    article, quotes = uncompleted[article_id]
                    completed[article_id] = article, complete_from_index(quotes, story.people, surnames)
        with_topic = set().union(*article_ids_by_topic.values())
        without_topic = [pair for article_id, pair in uncompleted.items() if article_id not in with_topic]
        completed |= complete_from_links(self._repository, without_topic, people, surnames)
        return [
            completed[article_id]
            if article_id in completed
            else (article, complete_quotes(quotes, [people[article_id]], surnames))
            for article_id, (article, quotes) in uncompleted.items()
        ]

    def load_people_lookup(self, articles: Sequence[Article]) -> PeopleLookup:
        """Return a lookup of the people that each article names in full, found when the article was added."""
        names_by_article = self._repository.get_names([article.id for article in articles])
        return lambda article: (
            names_by_article[article.id] if article.id in names_by_article else find_full_names(article)
        )

    def _load_people(self, articles: Sequence[Article], surnames: Set[str]) -> dict[str, Sequence[KnownPerson]]:
        """Return the people that each article names in full, by article id, as far as these surnames need them."""
        names_by_article = self._repository.get_names([article.id for article in articles], surnames)
        return {
            article.id: names_by_article[article.id] if article.id in names_by_article else find_full_names(article)
            for article in articles
        }

    def _group_by_topic(self, articles: Sequence[Article]) -> dict[str, set[str]]:
        """Return the ids of the articles of each topic that has some, by the topic's slug."""
        article_ids: dict[str, set[str]] = {}
        for article in articles:
            for slug in self._topic_matcher.find(article):
                article_ids.setdefault(slug, set()).add(article.id)
        return article_ids

    def _load_topic_story(self, topic: Topic) -> _TopicStory:
        """Return the newest articles of a topic and the people they name. Cached until the repository changes."""
        change_token = self._repository.get_change_token()
        with self._lock:
            cached_token, cached_story = self._topic_stories.get(topic.slug, ("", _TopicStory(frozenset(), {})))
        if cached_token == change_token:
            return cached_story
        articles = self._select_topic_articles(topic)
        people = collect_people(articles, self.load_people_lookup(articles))
        story = _TopicStory(frozenset(article.id for article in articles), people)
        with self._lock:
            self._topic_stories.pop(topic.slug, None)
            self._topic_stories[topic.slug] = change_token, story
            while len(self._topic_stories) > _MAX_CACHED_TOPICS:
                del self._topic_stories[next(iter(self._topic_stories))]
        return story

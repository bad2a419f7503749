"""Complete speakers' names over the story of each article: over its topic, or else over the articles linked to it.

Rule: names come from what each article names in full, found when the article was added. The articles of a topic are
kept in memory until the repository changes.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from threading import Lock

from briefings import stories
from briefings.attribution import complete_speakers
from briefings.attribution.name_completion import (
    KnownPerson,
    PeopleLookup,
    find_full_names,
    get_surname,
    select_related_people,
)
from briefings.model import Article, Quote, Topic
from briefings.service.answers.linked_names import complete_from_links
from briefings.storage.repository import Repository

#: topics whose articles are kept in memory
_MAX_CACHED_TOPICS = 20

ArticlesWithQuotes = list[tuple[Article, tuple[Quote, ...]]]
#: articles of a topic, and the people that each names in full
_TopicStory = tuple[Sequence[Article], Mapping[str, Sequence[KnownPerson]]]
#: returns whether a quote is relevant to a question
ArticleQuoteFilter = Callable[[Article, Quote], bool]


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
        articles = [article for article, _ in articles_with_quotes]
        uncompleted_quotes = {
            article_with_quotes[0].id: article_with_quotes for article_with_quotes in articles_with_quotes
        }
        surnames = {
            get_surname(quote)
            for article_with_quotes in uncompleted_quotes.values()
            for quote in article_with_quotes[1]
            if is_relevant(article_with_quotes[0], quote)
        } - {None}
        people = self._load_people(articles) if surnames else {}
        people_lookup = _select_people_of(surnames, people)
        completed_quotes = {
            article.id: complete_speakers([uncompleted_quotes[article.id]], people_lookup, surnames)[0]
            if people_lookup(article)
            else uncompleted_quotes[article.id]
            for article in articles
        }
        article_ids_by_topic = self._group_by_topic(articles) if surnames else {}
        for topic in self._topics:
            if topic.slug in article_ids_by_topic:
                topic_articles, names_by_article = self._load_topic_story(topic)
                story_quotes = complete_speakers(
                    [uncompleted_quotes.get(article.id, (article, ())) for article in topic_articles],
                    _select_people_of(surnames, names_by_article),
                    surnames,
                )
                completed_quotes.update(
                    (article_with_quotes[0].id, article_with_quotes)
                    for article_with_quotes in story_quotes
                    if article_with_quotes[0].id in uncompleted_quotes
                )
        with_topic = set().union(*article_ids_by_topic.values())
        without_topic = [uncompleted_quotes[article.id] for article in articles if article.id not in with_topic]
        completed_quotes |= complete_from_links(self._repository, without_topic, people, surnames)
        return list(completed_quotes.values())

    def load_people_lookup(self, articles: Sequence[Article]) -> PeopleLookup:
        """Return a lookup of the people that each article names in full, found when the article was added."""
        names_by_article = self._repository.get_names([article.id for article in articles])
        return lambda article: (
            names_by_article[article.id] if article.id in names_by_article else find_full_names(article)
        )

    def _load_people(self, articles: Sequence[Article]) -> dict[str, Sequence[KnownPerson]]:
        """Return the people that each article names in full, by article id."""
        people_lookup = self.load_people_lookup(articles)
        return {article.id: people_lookup(article) for article in articles}

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
            cached_token, cached_story = self._topic_stories.get(topic.slug, ("", ((), {})))
        if cached_token == change_token:
            return cached_story
        articles = self._select_topic_articles(topic)
        story = articles, self._load_people(articles)
        with self._lock:
            self._topic_stories.pop(topic.slug, None)
            self._topic_stories[topic.slug] = change_token, story
            while len(self._topic_stories) > _MAX_CACHED_TOPICS:
                del self._topic_stories[next(iter(self._topic_stories))]
        return story


def _select_people_of(surnames: Set[str | None], names_by_article: Mapping[str, Sequence[KnownPerson]]) -> PeopleLookup:
    """Return a lookup of only the people who may have one of these surnames."""
    relevant_names = select_related_people(names_by_article, surnames)
    return lambda article: relevant_names.get(article.id, ())

"""Complete speakers' names over the story of each article: over its topic, or else over similar articles.

Rule: names come from what each article names in full, found when the article was added. The articles of a topic are
kept in memory until the repository changes.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from threading import Lock

from briefings import stories
from briefings.attribution import complete_speakers
from briefings.attribution.features.person_names import split_name
from briefings.attribution.name_completion import (
    KnownPerson,
    PeopleLookup,
    find_full_names,
    get_surname,
    select_related_people,
)
from briefings.model import Article, Quote, Speaker, Topic
from briefings.storage.repository import Repository

#: newest matching articles that are clustered into stories
_MAX_CLUSTERED_ARTICLES = 300
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

        Articles without a topic complete names over their own story, among these articles. Only the speakers of
        relevant quotes, and other people with their surnames, are completed.
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
        people_lookup = self._load_people_lookup_of(surnames, articles)
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
        without_topic = [completed_quotes[article.id] for article in articles if article.id not in with_topic]
        for story in _cluster_stories(
            _find_articles_to_cluster(without_topic, people_lookup, surnames)[:_MAX_CLUSTERED_ARTICLES]
        ):
            story_quotes = complete_speakers(
                [uncompleted_quotes[article.id] for article in story], people_lookup, surnames
            )
            completed_quotes.update(
                (article_with_quotes[0].id, article_with_quotes) for article_with_quotes in story_quotes
            )
        return list(completed_quotes.values())

    def load_people_lookup(self, articles: Sequence[Article]) -> PeopleLookup:
        """Return a lookup of the people that each article names in full, found when the article was added."""
        names_by_article = self._repository.get_names([article.id for article in articles])
        return lambda article: (
            names_by_article[article.id] if article.id in names_by_article else find_full_names(article)
        )

    def _load_people_lookup_of(self, surnames: Set[str | None], articles: Sequence[Article]) -> PeopleLookup:
        """Return a lookup of only the people who may have one of these surnames."""
        return _select_people_of(surnames, self._load_people(articles) if surnames else {})

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


def _find_articles_to_cluster(
    articles_with_quotes: ArticlesWithQuotes, people_lookup: PeopleLookup, surnames: Set[str | None]
) -> list[Article]:
    """Return the articles with an incomplete name, and those that can complete it; no other article needs a story.

    Names are already completed within each article. `surnames` are the relevant ones.
    """
    people_by_surname: dict[str | None, list[tuple[str, KnownPerson]]] = {}
    for article, _ in articles_with_quotes:
        for person in people_lookup(article):
            people_by_surname.setdefault(split_name(person.name)[1], []).append((article.id, person))
    article_ids: set[str] = set()
    for article, quotes in articles_with_quotes:
        for quote in quotes:
            if quote.speaker and (surname := get_surname(quote)) in surnames:
                other_people = [
                    article_person
                    for article_person in people_by_surname.get(surname, ())
                    if article_person[0] != article.id
                ]
                if completions := _find_completions(quote.speaker, other_people):
                    article_ids.update([article.id], (other_id for other_id, _ in completions))
    return [article for article, _ in articles_with_quotes if article.id in article_ids]


def _find_completions(
    speaker: Speaker, other_people: Sequence[tuple[str, KnownPerson]]
) -> Sequence[tuple[str, KnownPerson]]:
    """Return the people with that surname who may be the speaker, if they add a first name, role or spelling."""
    if first_name := split_name(speaker.name)[0]:
        same_first_name = [
            (article_id, person) for article_id, person in other_people if split_name(person.name)[0] == first_name
        ]
        if any(person.name != speaker.name or (person.roles and not speaker.role) for _, person in same_first_name):
            return same_first_name
        return ()
    return other_people


def _cluster_stories(articles: Sequence[Article]) -> list[list[Article]]:
    """Return the stories that have more than one of the articles."""
    articles_by_label: dict[str, list[Article]] = {}
    for label, article in zip(stories.cluster_articles(articles), articles, strict=True):
        articles_by_label.setdefault(label, []).append(article)
    return [story for story in articles_by_label.values() if len(story) > 1]

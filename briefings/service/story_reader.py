"""What was asked for, found in the record: its topic, its articles, their quotes with the speakers' names.

Rule: names are completed over the articles of one story, and taken as they were found when an article was added.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace

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
from briefings.errors import BadQuestion, NothingFound
from briefings.model import Article, Quote, Speaker, Topic
from briefings.service.article_selection import MAX_CANDIDATES, ArticleSelection, keep_largest_story, select_articles
from briefings.service.quote_lookup import NO_FILTERS, SearchFilters, check_length
from briefings.similarity.tfidf import extract_terms
from briefings.storage.db.types import ALL_ARTICLES, ArticleFilter
from briefings.storage.repository import Repository
from briefings.text.folding import make_search_key

#: asks for every article of the record
WILDCARD = "*"
#: articles that are taken from the record at a time
_PAGE_SIZE = 100
#: articles found that are parted into stories, the newest
_MAX_CLUSTERED_ARTICLES = 300
#: words of a question that the record is asked for
_MAX_TERMS = 20
#: outlets named when none is the one asked for
_MAX_NAMED_OUTLETS = 5

ArticlesWithQuotes = list[tuple[Article, tuple[Quote, ...]]]
#: tells which quotes a question is about
ArticleQuoteFilter = Callable[[Article, Quote], bool]


def accept_all_quotes(_: Article, __: Quote) -> bool:
    """Every quote there is."""
    return True


class StoryReader:
    """Reads from one record, with the team's topics."""

    def __init__(self, repository: Repository, topics: Sequence[Topic]) -> None:
        self._repository = repository
        self._topics = topics

    def resolve_topic(self, text: str) -> tuple[Topic | None, str, str]:
        """The topic asked for, if it is one, and the slug and the title of what is. Raises BadQuestion."""
        check_length(text)
        if text.strip() != WILDCARD and not make_search_key(text):
            raise BadQuestion("Say what the briefing is to be about, for example: briefing labour-crisis")
        topic = self._find_topic(text)
        return (topic, topic.slug, topic.title) if topic else (None, text.strip(), text.strip())

    def select_articles(self, text: str, topic: Topic | None, filters: SearchFilters = NO_FILTERS) -> ArticleSelection:
        """The newest articles on `topic`, or of the largest story on what was asked, within `bounds`."""
        article_filter = replace(_build_article_filter(text, topic), since=filters.since, until=filters.until)
        ids = self._repository.find_ids(article_filter, MAX_CANDIDATES)
        total = len(ids) if len(ids) < MAX_CANDIDATES else self._repository.count_articles(article_filter)
        numbered_articles = self._iterate_articles(text, topic, ids)
        selection = select_articles(
            (
                (position, article)
                for position, article in numbered_articles
                if filters.matches_outlet(article.publisher)
            ),
            total,
        )
        return selection if topic or text.strip() == WILDCARD else keep_largest_story(selection)

    def build_nothing_found(
        self, text: str, topic: Topic | None, filters: SearchFilters, exclusions: Sequence[str]
    ) -> NothingFound:
        """Why nothing was found, to be raised: what there is instead, or what may have been meant."""
        if exclusions:
            return NothingFound(" ".join(["No article on this can be summarised.", *exclusions]))
        article_count = self._repository.get_counts().articles
        if not article_count:
            return NothingFound("The record is empty: add articles first, with: ontherecord add FOLDER")
        unfiltered_ids = self._repository.find_ids(_build_article_filter(text, topic), MAX_CANDIDATES)
        if filtered_articles := [article for _, article in self._iterate_articles(text, topic, unfiltered_ids)]:
            return NothingFound(_explain_filtered_out(filtered_articles, filters))
        name = f"the topic {topic.slug}" if topic else f"“{text.strip()}”"
        similar_slugs = () if topic else stories.suggest_topics(text, self._topics)
        suggestions = ", ".join(similar_slugs or [topic.slug for topic in self._topics][:10]) or "none yet"
        prompt = "Did you mean" if similar_slugs else "Topics to ask for"
        ending = f"{suggestions}?" if similar_slugs else f"{suggestions}."
        return NothingFound(
            f"None of the {article_count} articles in the record is about {name}. {prompt}: {ending}", similar_slugs
        )

    def load_quotes(self, articles: Sequence[Article], people_lookup: PeopleLookup) -> ArticlesWithQuotes:
        """Articles of one story with their quotes, the speakers' names completed over it; `naming` is theirs."""
        return complete_speakers(self._load_uncompleted_quotes(articles), people_lookup)

    def find_duplicates(self, articles: Sequence[Article]) -> list[tuple[str, str]]:
        """The pairs of ids among which the record knows one text."""
        return [
            (duplicate.article, duplicate.original)
            for duplicate in self._repository.find_duplicates([article.id for article in articles])
        ]

    def load_people_lookup(self, articles: Sequence[Article]) -> PeopleLookup:
        """Whom each of these articles names in full, as it was found when they were added."""
        names_by_article = self._repository.get_names([article.id for article in articles])
        return lambda article: (
            names_by_article[article.id] if article.id in names_by_article else find_full_names(article)
        )

    def load_quotes_by_story(
        self, articles: Sequence[Article], is_relevant: ArticleQuoteFilter = accept_all_quotes
    ) -> ArticlesWithQuotes:
        """`articles` with their quotes, names completed over the topic each belongs to.

        What is under no topic takes its names from its own story, among those of `articles` that bear on them. Only
        speakers of quotes that are `heard`, and their namesakes, need be known in full.
        """
        uncompleted_quotes = {
            article_with_quotes[0].id: article_with_quotes
            for article_with_quotes in self._load_uncompleted_quotes(articles)
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
        without_topic = dict(completed_quotes)
        for topic in self._topics if surnames else ():
            if topic_article_ids := {article.id for article in stories.filter_by_topic(topic, articles)}:
                topic_articles = self.select_articles(topic.slug, topic).articles
                story_quotes = complete_speakers(
                    self._load_uncompleted_quotes(topic_articles),
                    self._load_people_lookup_of(surnames, topic_articles),
                    surnames,
                )
                completed_quotes.update(
                    (article_with_quotes[0].id, article_with_quotes)
                    for article_with_quotes in story_quotes
                    if article_with_quotes[0].id in uncompleted_quotes
                )
                without_topic = {
                    article_id: article_with_quotes
                    for article_id, article_with_quotes in without_topic.items()
                    if article_id not in topic_article_ids
                }
        for story in _cluster_stories(
            _find_articles_to_cluster(list(without_topic.values()), people_lookup, surnames)[:_MAX_CLUSTERED_ARTICLES]
        ):
            story_quotes = complete_speakers(
                [uncompleted_quotes[article.id] for article in story], people_lookup, surnames
            )
            completed_quotes.update(
                (article_with_quotes[0].id, article_with_quotes) for article_with_quotes in story_quotes
            )
        return list(completed_quotes.values())

    def _load_people_lookup_of(self, surnames: Set[str | None], articles: Sequence[Article]) -> PeopleLookup:
        """`naming` with the people alone who may bear one of these surnames."""
        people_lookup = self.load_people_lookup(articles)
        relevant_names = select_related_people(
            {article.id: people_lookup(article) for article in articles} if surnames else {}, surnames
        )
        return lambda article: relevant_names.get(article.id, ())

    def _find_topic(self, text: str) -> Topic | None:
        """The topic whose slug or title was typed, hyphens and case aside."""
        key = make_search_key(text)
        return next(
            (topic for topic in self._topics if key in (make_search_key(topic.slug), make_search_key(topic.title))),
            None,
        )

    def _iterate_articles(self, text: str, topic: Topic | None, ids: Sequence[str]) -> Iterator[tuple[int, Article]]:
        """Each article of `ids` that belongs there, read only when it is asked for, with its place in `ids`."""
        for start in range(0, len(ids), _PAGE_SIZE):
            position_by_id = {
                article_id: start + index for index, article_id in enumerate(ids[start : start + _PAGE_SIZE])
            }
            page = sorted(self._repository.get_articles(position_by_id), key=lambda article: position_by_id[article.id])
            for article in _filter_articles(text, topic, page):
                yield position_by_id[article.id], article

    def _load_uncompleted_quotes(self, articles: Sequence[Article]) -> ArticlesWithQuotes:
        """Articles with their quotes, the speakers named as each article does."""
        quotes = self._repository.get_quotes([article.id for article in articles])
        return [(article, quotes[article.id]) for article in articles]


def _find_articles_to_cluster(
    articles_with_quotes: ArticlesWithQuotes, people_lookup: PeopleLookup, surnames: Set[str | None]
) -> list[Article]:
    """The articles that leave a name of these open which others give, and those others: the rest need no story.

    Each is read by itself already; `surnames` are those that are asked for.
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
    """Of others of that surname those who may be the speaker, if they tell a first name, an office or a spelling."""
    if first_name := split_name(speaker.name)[0]:
        same_first_name = [
            (article_id, person) for article_id, person in other_people if split_name(person.name)[0] == first_name
        ]
        if any(person.name != speaker.name or (person.roles and not speaker.role) for _, person in same_first_name):
            return same_first_name
        return ()
    return other_people


def _cluster_stories(articles: Sequence[Article]) -> list[list[Article]]:
    """The stories that more than one of `articles` tells."""
    articles_by_label: dict[str, list[Article]] = {}
    for label, article in zip(stories.cluster_articles(articles), articles, strict=True):
        articles_by_label.setdefault(label, []).append(article)
    return [story for story in articles_by_label.values() if len(story) > 1]


def _explain_filtered_out(articles: Sequence[Article], filters: SearchFilters) -> str:
    """That there are articles, and none within the bounds."""
    opening = f"None of the {len(articles):,} articles on this"
    if filters.outlet is None:
        return f"{opening} was published in those days."
    outlets = Counter(article.publisher or "an outlet not known" for article in articles)
    outlet_names = [name for name, _ in outlets.most_common(_MAX_NAMED_OUTLETS)]
    rest = f" and {len(outlets) - len(outlet_names)} more" if len(outlets) > len(outlet_names) else ""
    days = " in those days" if filters.since or filters.until else ""
    return f"{opening} is from “{filters.outlet}”{days}. They are from {', '.join(outlet_names)}{rest}."


def _build_article_filter(text: str, topic: Topic | None) -> ArticleFilter:
    """What the record can know of what belongs there; `_belonging` looks closer."""
    if topic is not None:
        return ArticleFilter(any_of=topic.words)
    return (
        ALL_ARTICLES
        if text.strip() == WILDCARD
        else ArticleFilter(all_of=tuple(dict.fromkeys(extract_terms(text) or [text]))[:_MAX_TERMS])
    )


def _filter_articles(text: str, topic: Topic | None, articles: Sequence[Article]) -> Sequence[Article]:
    if topic is not None:
        return stories.filter_by_topic(topic, articles)
    return articles if text.strip() == WILDCARD else stories.filter_by_words(text, articles)

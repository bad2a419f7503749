"""Pages of quotations: what one person said, and what holds some words, newest first, a page at a time.

Rule: a page is read from the record as a page; nothing is read to be thrown away. Which names are one person is told by
`quotes.namesakes`; whoever shares a surname is a choice, never a guess.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from briefings import compose, stories
from briefings.attribution.name_clustering import NameCluster, cluster_names, match_name
from briefings.errors import BadQuestion, NothingFound
from briefings.model import Article, Hit, Narration, Topic, WhoSaid
from briefings.service.quote_lookup import SearchFilters, find_articles_saying, find_similar_articles
from briefings.service.story_reader import StoryReader, check_length
from briefings.storage.db.types import RoleUsage, SearchHit, TopicCount
from briefings.storage.repository import Repository
from briefings.storage.search import people as people_module
from briefings.storage.search.fuzzy import correct_spelling
from briefings.text.folding import make_search_key

#: quotations on a page, and the last page that is turned to
PAGE_SIZE, MAX_PAGE = 20, 200
#: quotes of which the nearest are chosen
_MAX_NEAREST = 10
#: words that may be a misspelt name
_MAX_NAME_WORDS = 2
#: articles in whose own sentences words are looked for, and topics offered for words
_MAX_NARRATION_ARTICLES, _MAX_TOPICS = 10, 3


@dataclass(frozen=True, slots=True)
class Page:
    """Which page it is, counted from 1, and whether another follows."""

    number: int
    has_more: bool

    @property
    def first_number(self) -> int:
        """The number of its first quotation, counted from 1."""
        return (self.number - 1) * PAGE_SIZE + 1


@dataclass(frozen=True, slots=True)
class UnknownPerson:
    """No speaker is called so; `near` are names that may have been meant, the likest first."""

    name: str
    similar_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AmbiguousName:
    """More than one speaker may be meant."""

    name: str
    people: tuple[NameCluster, ...]


@dataclass(frozen=True, slots=True)
class PersonProfile:
    """One speaker: names and roles as the articles give them, quotations by topic, and a page of what they said."""

    person: NameCluster
    roles: tuple[RoleUsage, ...]
    topics: tuple[tuple[Topic, TopicCount], ...]
    hits: tuple[Hit, ...]
    page: Page
    #: the topics under which the page's articles are, by article
    topics_by_article: dict[str, tuple[Topic, ...]]


@dataclass(frozen=True, slots=True)
class SearchResultsPage:
    """A page of what holds some words; `people` and `topics` may be what was meant, `corrected` how it is spelt."""

    answer: WhoSaid
    page: Page
    people: tuple[NameCluster, ...] = ()
    topics: tuple[Topic, ...] = ()
    corrected_text: str | None = None
    #: speakers whose names are like the one asked for, when nobody bears it
    similar_names: tuple[str, ...] = ()


class PagedQuoteSearch:
    """Looks up in one record, with the team's topics."""

    def __init__(self, repository: Repository, reader: StoryReader, topics: Sequence[Topic]) -> None:
        self._repository = repository
        self._reader = reader
        self._topics = topics

    def find_person(self, name: str, page_number: int) -> PersonProfile | AmbiguousName | UnknownPerson:
        """Who is called `name`, and the page of that number. Raises NothingFound for a page there is not."""
        people = self._find_people(name)
        if not people:
            return UnknownPerson(
                name,
                tuple(self._repository.run_query(lambda db, index: people_module.find_similar_names(db, index, name))),
            )
        if len(people) > 1:
            return AmbiguousName(name, people)
        (person,) = people
        if page_number > 1 and (page_number - 1) * PAGE_SIZE >= person.quotes:
            raise NothingFound(
                f"{person.name} is quoted {person.quotes:,} times in the record: there is no page {page_number:,}."
            )
        phrases = [topic.words for topic in self._topics]
        roles = self._repository.run_query(lambda db, _: people_module.count_roles(db, person.spellings))
        counts_by_topic = self._repository.run_query(
            lambda db, index: people_module.count_by_topic(db, index, person.spellings, phrases)
        )
        matches = self._repository.run_query(
            lambda db, _: people_module.list_quotes(db, person.spellings, PAGE_SIZE, (page_number - 1) * PAGE_SIZE)
        )
        articles = _get_distinct_articles(matches)
        topics_by_article: dict[str, tuple[Topic, ...]] = {}
        for topic in self._topics:
            for article in stories.filter_by_topic(topic, articles):
                topics_by_article[article.id] = (*topics_by_article.get(article.id, ()), topic)
        return PersonProfile(
            person,
            tuple(roles),
            tuple(
                (topic, counts) for topic, counts in zip(self._topics, counts_by_topic, strict=True) if counts.quotes
            ),
            compose.group_into_hits([(match.article, match.quote) for match in matches]),
            Page(page_number, page_number * PAGE_SIZE < person.quotes),
            topics_by_article,
        )

    def search_quotes(self, text: str, filters: SearchFilters, page_number: int) -> SearchResultsPage:
        """The page of that number. Raises NothingFound for a page there is not."""
        name = filters.by or text
        people = self._find_people(name, exact_only=filters.by is None)
        is_by_name = not make_search_key(text) or (filters.by is None and bool(people))
        if page_number > MAX_PAGE:
            raise NothingFound(f"Pages end at {MAX_PAGE}: ask with days, an outlet or a name to see what comes later.")
        matches = self._find_page_quotes(text, filters, people, page_number, is_by_name=is_by_name)
        if page_number > 1 and not matches:
            raise NothingFound(f"There is no page {page_number:,} of this: the quotations end before it.")
        page, matches = Page(page_number, len(matches) > PAGE_SIZE), matches[:PAGE_SIZE]
        answer = self._build_answer(text, filters, matches, with_narration=page_number == 1 and not is_by_name)
        is_empty = not (answer.hits or answer.narration)
        corrected_text = None
        if is_empty and make_search_key(text):
            corrected_text = self._repository.run_query(lambda db, index: correct_spelling(db, index, text))
            answer = self._find_nearest(text, corrected_text, filters)
        similar_names: Sequence[str] = ()
        if is_empty and not people and (filters.by or len(make_search_key(text).split()) <= _MAX_NAME_WORDS):
            similar_names = self._repository.run_query(
                lambda db, index: people_module.find_similar_names(db, index, name)
            )
        return SearchResultsPage(
            answer, page, people, self._suggest_topics(text, is_empty=is_empty), corrected_text, tuple(similar_names)
        )

    def _find_people(self, name: str, *, exact_only: bool = False) -> tuple[NameCluster, ...]:
        return match_name(
            name,
            cluster_names(
                self._repository.run_query(
                    lambda db, index: people_module.find_speaker_names(db, index, name, exact=exact_only)
                )
            ),
        )

    def _find_page_quotes(
        self, text: str, filters: SearchFilters, people: Sequence[NameCluster], page_number: int, *, is_by_name: bool
    ) -> list[SearchHit]:
        """The quotes of the page, and one more when there is one."""
        skip = (page_number - 1) * PAGE_SIZE
        has_other_filters = filters.about or filters.outlet or filters.since or filters.until
        if is_by_name and not has_other_filters:
            names = [spelling for person in people for spelling in person.spellings]
            return self._repository.run_query(lambda db, _: people_module.list_quotes(db, names, PAGE_SIZE + 1, skip))
        scope = filters.to_quote_scope(self._topics)
        if is_by_name:
            text, scope = "", replace(filters, by=filters.by or text).to_quote_scope(self._topics)
        return list(self._repository.find_quotes(text, scope, PAGE_SIZE + 1, skip))

    def _build_answer(
        self, text: str, filters: SearchFilters, matches: Sequence[SearchHit], *, with_narration: bool
    ) -> WhoSaid:
        """These quotes, names completed over the articles they stand in, and on request what nobody says."""
        totals = self._repository.get_counts()
        places = {(match.article.id, match.quote.span) for match in matches}
        articles_with_quotes = self._reader.load_quotes_by_story(
            _get_distinct_articles(matches), lambda article, quote: (article.id, quote.span) in places
        )
        quotes_on_page = [
            (quote_article, page_quote)
            for quote_article, quotes in articles_with_quotes
            for page_quote in quotes
            if (quote_article.id, page_quote.span) in places and filters.matches_quote(page_quote)
        ]
        narration = self._find_narration(text, filters) if with_narration else ()
        return WhoSaid(text, totals, compose.group_into_hits(quotes_on_page), narration, bounds=filters.descriptions)

    def _find_nearest(self, text: str, corrected_text: str | None, filters: SearchFilters) -> WhoSaid:
        """That nothing holds the words, and the closest real quotes: those of what they may be spelt like, if any."""
        scope = filters.to_quote_scope(self._topics)
        matches = self._repository.find_quotes(corrected_text, scope, _MAX_NEAREST) if corrected_text else ()
        similar_articles = self._reader.load_quotes_by_story(
            _get_distinct_articles(matches) or find_similar_articles(self._repository, text, scope, _MAX_NEAREST)
        )
        answer = compose.answer_who_said(
            text,
            similar_articles,
            self._repository.get_counts(),
            nearest=similar_articles,
            quote_filter=filters.matches_quote,
        )
        return replace(answer, bounds=filters.descriptions)

    def _find_narration(self, text: str, filters: SearchFilters) -> tuple[Narration, ...]:
        articles = find_articles_saying(
            self._repository, text, filters.to_quote_scope(self._topics), _MAX_NARRATION_ARTICLES
        )
        quotes = self._repository.get_quotes([article.id for article in articles])
        return compose.find_narration(text, [(article, quotes[article.id]) for article in articles])

    def _suggest_topics(self, text: str, *, is_empty: bool) -> tuple[Topic, ...]:
        """The topics that the words name; when nothing else is found, those that they may have meant."""
        key = make_search_key(text)
        named_topics = [topic for topic in self._topics if key and _is_topic_named(topic, key)]
        similar_slugs = stories.suggest_topics(text, self._topics) if is_empty and key and not named_topics else ()
        return (*named_topics, *(topic for slug in similar_slugs for topic in self._topics if topic.slug == slug))[
            :_MAX_TOPICS
        ]


def build_filters(
    text: str, by: str | None, about: str | None, outlet: str | None, since: date | None, until: date | None
) -> SearchFilters:
    """Where to look. Raises BadQuestion, also when there is nothing to look for."""
    for value in (text, by, about, outlet):
        check_length(value or "")
    filters = SearchFilters(by, about, outlet, since, until)
    if not make_search_key(text) and not by:
        raise BadQuestion('Say the words to look for, for example: whosaid "lynch-mob"')
    return filters


def _is_topic_named(topic: Topic, key: str) -> bool:
    """Whether words (their search key) stand in what a topic is called, or hold one of its phrases."""
    topic_text = (
        f" {make_search_key(topic.slug)} {make_search_key(topic.title)} {' '.join(map(make_search_key, topic.words))} "
    )
    return f" {key} " in topic_text or any(f" {make_search_key(phrase)} " in f" {key} " for phrase in topic.words)


def _get_distinct_articles(matches: Sequence[SearchHit]) -> list[Article]:
    return list({match.article.id: match.article for match in matches}.values())

"""Find quoted people by name, and read the quotes of one person a page at a time.

Rule: `attribution.name_clustering` decides which names are one person. A name that several people share is a choice for
the user, never a guess. A page of a person's quotes is read from the repository as a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from briefings import compose, stories
from briefings.attribution.name_clustering import NameCluster, cluster_names, match_name
from briefings.errors import NothingFound
from briefings.model import Article, Hit, Topic
from briefings.storage.db.types import RoleUsage, TopicCount
from briefings.storage.repository import Repository
from briefings.storage.search.left_out import get_left_out
from briefings.storage.search.speakers import people
from briefings.storage.search.speakers.namesakes import find_bearers

#: quotes on a page
PAGE_SIZE = 20
#: the highest page number
MAX_PAGE = 200


@dataclass(frozen=True, slots=True)
class Page:
    """A page number, counted from 1, and whether another page follows."""

    number: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class UnknownPerson:
    """Result for a name that no speaker has; `similar_names` are suggestions, the most similar first."""

    name: str
    similar_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AmbiguousName:
    """Result for a name that several speakers share."""

    name: str
    people: tuple[NameCluster, ...]


@dataclass(frozen=True, slots=True)
class PersonProfile:
    """One speaker: names and roles as the articles print them, counts by topic, and a page of quotes."""

    person: NameCluster
    roles: tuple[RoleUsage, ...]
    topics: tuple[tuple[Topic, TopicCount], ...]
    hits: tuple[Hit, ...]
    page: Page
    #: topics of the articles on the page, by article id
    topics_by_article: dict[str, tuple[Topic, ...]]
    #: the roles of each person with this name, if it may be the name of several people
    namesakes: tuple[tuple[str, ...], ...] = ()


class PersonSearch:
    """Finds people in one repository, with the configured topics. Thread-safe."""

    def __init__(self, repository: Repository, topics: Sequence[Topic]) -> None:
        self._repository = repository
        self._topics = topics

    def find_people(self, name: str, *, exact_only: bool = False) -> tuple[NameCluster, ...]:
        """Return the people that `name` may mean; with `exact_only`, none unless a speaker's name contains it."""
        names = self._repository.run_query(
            lambda db, index: people.find_speaker_names(db, index, name, exact=exact_only)
        )
        return match_name(name, cluster_names(names))

    def find_similar_names(self, name: str) -> tuple[str, ...]:
        """Return speakers' names that are spelled like `name`, the most similar first."""
        return tuple(self._repository.run_query(lambda db, index: people.find_similar_names(db, index, name)))

    def find_person(self, name: str, page_number: int) -> PersonProfile | AmbiguousName | UnknownPerson:
        """Return the person with this name and one page of their quotes, newest first.

        Raises NothingFound if the page does not exist.
        """
        candidates = self.find_people(name)
        if not candidates:
            return UnknownPerson(name, self.find_similar_names(name))
        if len(candidates) > 1:
            return AmbiguousName(name, candidates)
        return self._build_profile(candidates[0], page_number)

    def _build_profile(self, person: NameCluster, page_number: int) -> PersonProfile:
        skip = (page_number - 1) * PAGE_SIZE
        if page_number > 1 and skip >= person.quotes:
            times = "once" if person.quotes == 1 else f"{person.quotes:,} times"
            raise NothingFound(f"{person.name} is quoted {times}. Page {page_number:,} doesn't exist.")
        roles = self._repository.run_query(lambda db, index: people.count_roles(db, index, person.spellings))
        matches = self._repository.run_query(
            lambda db, index: people.list_quotes(db, index, person.spellings, PAGE_SIZE, skip)
        )
        return PersonProfile(
            person,
            tuple(roles),
            self._count_topics(person),
            compose.group_into_hits([(match.article, match.quote) for match in matches]),
            Page(page_number, page_number * PAGE_SIZE < person.quotes),
            self._find_topics(list({match.article.id: match.article for match in matches}.values())),
            self._find_namesakes(person) if len(roles) > 1 else (),
        )

    def _find_namesakes(self, person: NameCluster) -> tuple[tuple[str, ...], ...]:
        spellings = [spelling for spelling in person.spellings if " " in spelling]
        bearers = self._repository.run_query(lambda db, index: find_bearers(db, spellings, get_left_out(index)))
        return tuple(bearer.roles for bearer in bearers)

    def _count_topics(self, person: NameCluster) -> tuple[tuple[Topic, TopicCount], ...]:
        phrases = [topic.words for topic in self._topics]
        topic_counts = self._repository.run_query(
            lambda db, index: people.count_by_topic(db, index, person.spellings, phrases)
        )
        return tuple((topic, count) for topic, count in zip(self._topics, topic_counts, strict=True) if count.quotes)

    def _find_topics(self, articles: Sequence[Article]) -> dict[str, tuple[Topic, ...]]:
        topics_by_article: dict[str, tuple[Topic, ...]] = {}
        for topic in self._topics:
            for article in stories.filter_by_topic(topic, articles):
                topics_by_article[article.id] = (*topics_by_article.get(article.id, ()), topic)
        return topics_by_article

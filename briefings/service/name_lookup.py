"""Says what a word of a question can be in the stored articles: a person, an outlet, a topic, or words in an article.

Rule: results are kept until the articles change. Only single surnames are looked up, so that reading a question costs
at most one small query per word.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from threading import Lock

from briefings.model import Topic
from briefings.service.person_search import PersonSearch
from briefings.source_filter import normalize_address
from briefings.storage.repository import Repository
from briefings.storage.search.queries import select_newest_urls
from briefings.stories import find_topic
from briefings.text.folding import make_search_key
from briefings.text.lexicon import load_words

#: newest articles of an outlet that are read to find its sections, and most sections
_MAX_URLS, _MAX_SECTIONS = 1_000, 50
#: surnames and outlets kept in memory, and longest surname and text that are looked up, in characters
_MAX_SURNAMES, _MAX_SURNAME_CHARACTERS, _MAX_CHARACTERS = 2_000, 60, 300


class NameLookup:
    """Names in one repository, with the configured topics. Thread-safe."""

    def __init__(self, repository: Repository, people: PersonSearch, topics: Sequence[Topic]) -> None:
        self._repository = repository
        self._people = people
        self._topics = topics
        self.topic_titles: Mapping[str, str] = {topic.slug: topic.title for topic in topics}
        self._change_token = ""
        self._names_by_surname: dict[str, tuple[str, ...]] = {}
        self._outlets: tuple[str, ...] | None = None
        self._lock = Lock()

    def list_people(self, surname: str) -> tuple[str, ...]:
        """Return the names of the people with this surname, with all spellings; no organisations."""
        key = make_search_key(surname)
        if not key or len(key) > _MAX_SURNAME_CHARACTERS:
            return ()
        self._forget_old_names()
        with self._lock:
            names = self._names_by_surname.get(key)
        if names is None:
            clusters = self._people.find_people(surname, exact_only=True)
            spellings = [spelling for cluster in clusters for spelling in cluster.spellings]
            names = tuple(spelling for spelling in spellings if not _is_organisation(spelling))
            with self._lock:
                if len(self._names_by_surname) >= _MAX_SURNAMES:
                    self._names_by_surname.clear()
                self._names_by_surname[key] = names
        return names

    def list_outlets(self) -> tuple[str, ...]:
        """Return the names of the outlets, the one with the most articles first."""
        self._forget_old_names()
        with self._lock:
            outlets = self._outlets
        if outlets is None:
            outlets = tuple(name for name, _ in self._repository.get_overview(latest=0).outlets)
            with self._lock:
                self._outlets = outlets
        return outlets

    def list_sections(self, outlet: str) -> tuple[str, ...]:
        """Return the addresses of an outlet's sections, `host/first-segment`, the one with the most articles first.

        Only the newest articles are read, and a path with one segment has no section.
        """
        query = select_newest_urls(outlet, _MAX_URLS)
        urls = self._repository.run_query(lambda db, _: db.execute(query).scalars().all())
        addresses = [normalize_address(url) or "" for url in urls]
        counts = Counter("/".join(address.split("/")[:2]) for address in addresses if address.count("/") > 1)
        return tuple(address for address, _ in counts.most_common(_MAX_SECTIONS))

    def has_words(self, text: str) -> bool:
        """Whether an article contains these words as one phrase."""
        is_phrase = bool(make_search_key(text)) and len(text) <= _MAX_CHARACTERS
        return is_phrase and bool(self._repository.find_articles_with(text, limit=1))

    def get_title(self, text: str | None) -> str | None:
        """Return the title of the topic with this slug, or the text itself in quotation marks."""
        if text is None or text in self.topic_titles:
            return text and self.topic_titles[text]
        topic = find_topic(self._topics, text)
        return topic.title if topic and topic.former_names else f"“{text}”"

    def get_full_name(self, name: str) -> str:
        """Return the full name of the only person called `name`, or `name` itself."""
        people = self._people.find_people(name)
        return people[0].name if len(people) == 1 else name

    def _forget_old_names(self) -> None:
        change_token = self._repository.get_change_token()
        with self._lock:
            if change_token != self._change_token:
                self._change_token, self._outlets = change_token, None
                self._names_by_surname.clear()


def _is_organisation(name: str) -> bool:
    words = make_search_key(name).split()
    return not load_words("organisations").isdisjoint(words)

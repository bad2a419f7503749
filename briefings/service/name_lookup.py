"""Says what a word of a question can be in the stored articles: a person, an outlet, a topic, or words in an article.

Rule: results are kept until the articles change. Only single surnames are looked up, so that reading a question costs
at most one small query per word.
"""

from collections.abc import Mapping, Sequence
from threading import Lock

from briefings.model import Topic
from briefings.service.person_search import PersonSearch
from briefings.storage.repository import Repository
from briefings.text.folding import make_search_key
from briefings.text.lexicon import load_words

#: surnames and outlets kept in memory, and longest surname and text that are looked up, in characters
_MAX_SURNAMES, _MAX_SURNAME_CHARACTERS, _MAX_CHARACTERS = 2_000, 60, 300


class NameLookup:
    """Names in one repository, with the configured topics. Thread-safe."""

    def __init__(self, repository: Repository, people: PersonSearch, topics: Sequence[Topic]) -> None:
        self._repository = repository
        self._people = people
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

    def has_words(self, text: str) -> bool:
        """Whether an article contains these words as one phrase."""
        is_phrase = bool(make_search_key(text)) and len(text) <= _MAX_CHARACTERS
        return is_phrase and bool(self._repository.find_articles_with(text, limit=1))

    def get_title(self, text: str | None) -> str | None:
        """Return the title of the topic with this slug, or the text itself in quotation marks."""
        return text and self.topic_titles.get(text, f"“{text}”")

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

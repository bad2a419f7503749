"""Read the stored articles, quotes and names of a story, and only those again that have changed.

Rule: what is kept of an article is used only while its rows have the same key (see `row_keys`).
Rule: an article that changes while it is read is not kept, and a damaged one neither.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TypeVar

from briefings.attribution.name_completion import KnownPerson, PeopleLookup, find_full_names
from briefings.model import Article, Quote
from briefings.similarity.story_memory import StoryMemory
from briefings.storage.repository import Repository
from briefings.storage.search.row_keys import RowKey, read_row_keys

_Part = TypeVar("_Part")


class StoryRows:
    """What one repository stores about a story, read for one composition. Not thread-safe."""

    def __init__(self, repository: Repository, memory: StoryMemory) -> None:
        self._repository = repository
        #: what is known of the story
        self.memory = memory
        self._keys: dict[str, RowKey] = {}
        #: characters of each article that was read
        self._lengths: dict[str, int] = {}

    def read_articles(self, ids: Iterable[str]) -> list[Article]:
        """Return the stored articles with these ids, in their order."""
        article_ids = list(ids)
        self._keys |= self._read_keys(article_ids)
        articles = self._read(
            "article",
            article_ids,
            lambda new_ids: {each.id: each for each in self._repository.get_articles(new_ids)},
        )
        # also of articles that the story does not need in the end: they are kept until the next composition
        self._lengths |= {key: len(article.text) for key, article in articles.items()}
        self.memory.character_count = sum(self._lengths.values())
        return list(articles.values())

    def read_quotes(self, articles: Sequence[Article]) -> list[tuple[Article, tuple[Quote, ...]]]:
        """Return articles that were read before with their quotes, names as each article prints them."""
        quotes = self._read("quotes", [article.id for article in articles], self._repository.get_quotes)
        return [(article, quotes[article.id]) for article in articles]

    def read_people(self, articles: Sequence[Article]) -> PeopleLookup:
        """Return a lookup of the people that each of these articles names in full, found when it was added."""
        articles_by_id = {article.id: article for article in articles}

        def load(ids: Sequence[str]) -> dict[str, tuple[KnownPerson, ...]]:
            names = self._repository.get_names(ids)
            return {key: names[key] if key in names else find_full_names(articles_by_id[key]) for key in ids}

        people = self._read("people", list(articles_by_id), load)
        return lambda article: people[article.id] if article.id in people else find_full_names(article)

    def identify(self, ids: Iterable[str]) -> str:
        """Return a hash of what is stored for these ids, in their order."""
        article_ids = list(ids)
        keys = self._read_keys(article_ids)
        return sha256(repr([(key, keys.get(key)) for key in article_ids]).encode("utf-8", "surrogatepass")).hexdigest()

    def _read(
        self, kind: str, ids: Sequence[str], load: Callable[[Sequence[str]], Mapping[str, _Part]]
    ) -> dict[str, _Part]:
        """Return what is stored for each id, if anything; load what has another key than before."""
        parts: dict[str, _Part] = {}
        for article_id in ids:
            known_part = self.memory.find((kind, article_id), self._keys.get(article_id))
            if known_part is not None:
                parts[article_id] = known_part
        new_ids = [article_id for article_id in ids if article_id not in parts]
        new_parts = load(new_ids) if new_ids else {}
        for article_id, key in self._read_keys(new_parts).items():
            if key == self._keys.get(article_id):
                self.memory.keep((kind, article_id), key, new_parts[article_id])
        parts.update(new_parts)
        return {article_id: parts[article_id] for article_id in ids if article_id in parts}

    def _read_keys(self, ids: Iterable[str]) -> dict[str, RowKey]:
        article_ids = list(ids)
        return self._repository.run_query(lambda db, _: read_row_keys(db, article_ids)) if article_ids else {}

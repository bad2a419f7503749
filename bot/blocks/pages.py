"""The addresses of our pages as messages link to them. Pure.

Rule: a page stands beside the publisher's link, never in its place. What is too long to be linked is left out.
"""

from dataclasses import dataclass

from bot.web import addresses
from bot.web.paths import add_key


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Pages under `base`, an address without a slash at its end; `key` opens them, "" where none is to stand there."""

    base: str
    key: str = ""

    def build_article_link(self, article_id: str, start: int, end: int) -> str:
        """An article, opened at the characters from `start` to `end` (half-open)."""
        return self._build_link(addresses.article(article_id, start, end))

    def build_story_link(self, words: str) -> str:
        """A story: a topic's slug, or words."""
        return self._build_link(addresses.story(words))

    def _build_link(self, path: str) -> str:
        return self.base + add_key(path, self.key)

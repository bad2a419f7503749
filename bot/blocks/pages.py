"""The addresses of our pages as messages link to them. Pure.

Rule: a page stands beside the publisher's link, never in its place. What is too long to be linked is left out.
"""

from dataclasses import dataclass

from bot.web import addresses
from bot.web.paths import keyed


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages under `base`, an address without a slash at its end; `key` opens them, "" where none is to stand there."""

    base: str
    key: str = ""

    def article(self, article: str, start: int, end: int) -> str:
        """An article, opened at the characters from `start` to `end` (half-open)."""
        return self._address(addresses.article(article, start, end))

    def story(self, asked: str) -> str:
        """A story: a topic's slug, or words."""
        return self._address(addresses.story(asked))

    def _address(self, path: str) -> str:
        return self.base + keyed(path, self.key)

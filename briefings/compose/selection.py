"""Count words against a budget, and reduce words to stems so that two sentences can be compared.

Rule: a stem is the word without a common English ending. It is only compared, never shown.
"""

from functools import lru_cache

from briefings.similarity.tfidf import extract_terms
from briefings.text.words import count_words

Concept = tuple[str, ...]

_ENDINGS = ("ations", "ation", "ings", "ing", "ed", "es", "s", "d")
_MIN_STEM_CHARACTERS = 4


@lru_cache(maxsize=4_096)
def extract_word_concepts(text: str) -> frozenset[Concept]:
    """Return the stems of the significant words in a text."""
    return frozenset(("word", stem(term)) for term in extract_terms(text) if not term.isdigit())


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return `word` without a common English ending, so that "resigned" matches "resignations"."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM_CHARACTERS:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=4_096)
def _count_words(text: str) -> int:
    """Count the words of a line. Cached, because a line is weighed repeatedly."""
    return count_words(text)


class WordBudget:
    """Budget of whitespace-separated words that is released slot by slot. A slot's unused words go to the next slot."""

    def __init__(self, word_count: int) -> None:
        self.remaining = word_count
        self._available = 0

    def release(self, share: int) -> None:
        """Let the next slot spend `share` words in addition to the unused words of earlier slots."""
        self._available = min(self.remaining, self._available + share)

    def withhold(self) -> None:
        """Take back what was released and not spent."""
        self._available = 0

    @property
    def available(self) -> int:
        """Return how many words the current slot may spend."""
        return self._available

    def fits(self, text: str) -> bool:
        """Tell whether `text` fits into the available words."""
        return _count_words(text) <= self._available

    def spend(self, text: str) -> None:
        """Subtract the words of `text`."""
        self.remaining -= count_words(text)
        self._available -= count_words(text)

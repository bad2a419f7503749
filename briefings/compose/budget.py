"""Words to spend: a briefing never says more than was asked for."""

from briefings.text.words import count_words


class WordBudget:
    """A number of whitespace-separated words, handed out slot by slot; what one slot leaves goes to the next."""

    def __init__(self, word_count: int) -> None:
        self.remaining = word_count
        self._available = 0

    def release(self, share: int) -> None:
        """Lets the next slot spend `share` words on top of what the slots before it left."""
        self._available = min(self.remaining, self._available + share)

    def fits(self, text: str) -> bool:
        """Whether `text` can still be said."""
        return count_words(text) <= self._available

    def spend(self, text: str) -> None:
        """Takes the words of `text` off what is left."""
        self.remaining -= count_words(text)
        self._available -= count_words(text)

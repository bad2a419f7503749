"""Words to spend: a briefing never says more than was asked for."""

from briefings.text.words import count


class Budget:
    """A number of whitespace-separated words, handed out slot by slot; what one slot leaves goes to the next."""

    def __init__(self, words: int) -> None:
        self.left = words
        self._open = 0

    def open(self, share: int) -> None:
        """Lets the next slot spend `share` words on top of what the slots before it left."""
        self._open = min(self.left, self._open + share)

    def fits(self, text: str) -> bool:
        """Whether `text` can still be said."""
        return count(text) <= self._open

    def spend(self, text: str) -> None:
        """Takes the words of `text` off what is left."""
        self.left -= count(text)
        self._open -= count(text)

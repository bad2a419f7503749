"""Find the articles of a story whose texts have some words, searching each text for them once.

Rule: the answers are those of a search through all texts. What is remembered only saves searches.
"""

from collections.abc import Mapping

#: texts of earlier stories that are kept, as a multiple of the story's texts, and in addition to that
_MAX_GROWTH, _MIN_SPARE = 2, 20


class MentionIndex:
    """Which texts have which words. Set the story's texts first; they may change later. Not thread-safe."""

    def __init__(self) -> None:
        self._texts: list[tuple[str, str]] = []
        self._numbers: dict[str, int] = {}
        self._current_numbers: frozenset[int] = frozenset()
        #: for each phrase, the number of texts that were searched, and those that have it
        self._numbers_by_words: dict[str, tuple[int, list[int]]] = {}

    def set_texts(self, texts: Mapping[str, str]) -> None:
        """Search these texts, by article id, from now on."""
        if len(self._texts) > _MAX_GROWTH * len(texts) + _MIN_SPARE:
            self._texts, self._numbers, self._numbers_by_words = [], {}, {}
        self._current_numbers = frozenset(self._add(article_id, text) for article_id, text in texts.items())

    def find_texts(self, words: str) -> list[tuple[str, str]]:
        """Return the texts that contain `words` literally, each with the id of its article."""
        searched_count, numbers = self._numbers_by_words.get(words, (0, []))
        if searched_count < len(self._texts):
            new_numbers = [
                number for number, (_, text) in enumerate(self._texts[searched_count:], searched_count) if words in text
            ]
            numbers = [*numbers, *new_numbers] if new_numbers else numbers
            self._numbers_by_words[words] = len(self._texts), numbers
        return [self._texts[number] for number in numbers if number in self._current_numbers]

    def _add(self, article_id: str, text: str) -> int:
        number = self._numbers.get(article_id)
        if number is None or self._texts[number][1] != text:
            number = self._numbers[article_id] = len(self._texts)
            self._texts.append((article_id, text))
        return number

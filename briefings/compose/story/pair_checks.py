"""Compare the quoted words of a story in pairs, each pair once while both words stay in the story.

Rule: the answers are those of `is_same_ordered_key`. What is remembered only saves comparisons.
"""

from briefings.similarity.quote_matching import is_same_ordered_key


class PairChecks:
    """The pairs of search keys that were compared for the last two briefings. Not thread-safe."""

    def __init__(self) -> None:
        self._earlier: dict[tuple[str, str], bool] = {}
        self._current: dict[tuple[str, str], bool] = {}

    def start(self) -> None:
        """Forget the pairs that were not compared since the last call of this method. Call it for each briefing."""
        self._earlier, self._current = self._current, {}

    def is_same(self, shorter: str, longer: str) -> bool:
        """Tell whether two search keys report the same utterance, the shorter one first."""
        pair = shorter, longer
        answer = self._earlier.get(pair)
        if answer is None:
            answer = self._current.get(pair)
        if answer is None:
            answer = is_same_ordered_key(shorter, longer)
        self._current[pair] = answer
        return answer

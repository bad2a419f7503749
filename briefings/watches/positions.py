"""Words of a text with their offsets, under the same keys as `make_search_key` gives, to find where words are."""

import re
from collections.abc import Collection, Mapping, Sequence

from briefings.model import Span
from briefings.text.folding import make_search_key

#: invisible characters inside a word: combining accents, soft hyphens, joiners, direction marks
_INVISIBLE = "\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_INVISIBLE}])*")
#: positions of one word that are compared
_MAX_POSITIONS = 2_000

#: indexes of the first and the last word of some words in a row
Run = tuple[int, int]


class LocatedWords:
    """The words of a text in order, with their offsets."""

    __slots__ = ("ends", "keys", "positions", "starts")

    def __init__(self, keys: list[str], starts: list[int], ends: list[int]) -> None:
        self.keys, self.starts, self.ends = keys, starts, ends
        #: the indexes of each word, in order
        self.positions: dict[str, list[int]] = {}
        for index, key in enumerate(keys):
            self.positions.setdefault(key, []).append(index)

    def get_span(self, run: Run) -> Span:
        """Return the span of some words."""
        return Span(self.starts[run[0]], self.ends[run[1]])


def locate_words(text: str) -> LocatedWords:
    """Return the words of `text` with their offsets."""
    keys: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _WORD.finditer(text):
        word = match.group()
        if word.isascii():
            keys.append(word.lower())
            starts.append(match.start())
            ends.append(match.end())
        else:
            for key in make_search_key(word).split():
                keys.append(key)
                starts.append(match.start())
                ends.append(match.end())
    return LocatedWords(keys, starts, ends)


def find_runs(words: LocatedWords, phrases: Sequence[Sequence[str]]) -> list[Run]:
    """Return where one of the phrases is, whole and in order, without overlaps.

    A phrase is a list of words, as `add_compounds` returns its alternatives.
    """
    runs = [
        (index, index + len(phrase) - 1)
        for phrase in phrases
        for index in words.positions.get(phrase[0], ())
        if len(phrase) == 1 or words.keys[index : index + len(phrase)] == list(phrase)
    ]
    if len(runs) < 2:
        return runs
    separate_runs: list[Run] = []
    for run in sorted(runs):
        if not separate_runs or run[0] > separate_runs[-1][1]:
            separate_runs.append(run)
    return separate_runs


def find_smallest_window(positions: Mapping[str, Sequence[int]], terms: Collection[str]) -> Run | None:
    """Return the first and last index of the shortest run of words with all of `terms`; None if one is missing."""
    places = sorted((index, term) for term in set(terms) for index in positions.get(term, ())[:_MAX_POSITIONS])
    last_places: dict[str, int] = {}
    best: Run | None = None
    for index, term in places:
        last_places[term] = index
        if len(last_places) == len(set(terms)):
            first = min(last_places.values())
            if best is None or index - first < best[1] - best[0]:
                best = first, index
    return best

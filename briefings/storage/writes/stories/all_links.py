"""Find the links of all articles, which come in the order of their numbers, and so of their days.

Rule: the result is that of `story_links` for the same articles in any order.
Rule: only the articles of the last days are kept, so the memory does not grow with the number of days.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from briefings.storage.db.counters import FIRST_UNDATED, SLOTS_PER_DAY, get_days_around
from briefings.storage.writes import story_names
from briefings.storage.writes.story_names import MAX_DAYS_APART, Bearings
from briefings.stories.likeness import SketchTable, list_ranges

#: pairs of articles with a common surname that are looked at together
_PAIRS_AT_ONCE = 2_000_000
_DAY_BITS = 22

_Array = NDArray[np.int64]


class LinkFinder:
    """Articles so far, of which those of the last days can still be linked."""

    def __init__(self) -> None:
        self._surnames: dict[str, int] = {}
        self._sketches: dict[int, bytes] = {}
        #: the surnames of the kept articles that count, one row each: the surname's position and the article's number,
        #: whether it quotes a bearer, and whether it names one in full
        self._rows = np.zeros((0, 4), dtype=np.int64)

    def add(
        self, bearings_by_number: Mapping[int, Bearings], sketches: Mapping[int, bytes]
    ) -> list[tuple[int, int, float]]:
        """Add articles with higher numbers than all before; return their links to earlier ones and among themselves.

        A link is the lower number, the higher one, and their likeness.
        """
        if not bearings_by_number:
            return []
        self._forget_before(min(bearings_by_number))
        self._sketches |= sketches
        new_rows = [
            (self._surnames.setdefault(surname, len(self._surnames)), number, bearing.is_quoted, bearing.is_named)
            for number, bearings in bearings_by_number.items()
            for surname, bearing in bearings.items()
        ]
        rows = np.concatenate((self._rows, np.array(new_rows, dtype=np.int64)))
        rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
        self._rows = rows = rows[_count_ranks(_to_day_keys(rows)) < story_names.SAMPLE]
        # an article that counts for none of its surnames is never linked
        kept_numbers = set(rows[:, 1].tolist())
        self._sketches = {number: sketch for number, sketch in self._sketches.items() if number in kept_numbers}
        return list(self._iterate_links(rows, min(bearings_by_number)))

    def _forget_before(self, number: int) -> None:
        """Forget the articles that are too old for a link with this one."""
        first_day = get_days_around(number, MAX_DAYS_APART).start
        is_kept = _to_days(self._rows[:, 1]) >= first_day
        if not is_kept.all():
            self._rows = self._rows[is_kept]

    def _iterate_links(self, rows: _Array, first_number: int) -> Iterator[tuple[int, int, float]]:
        numbers = sorted(self._sketches)
        table = SketchTable([self._sketches[number] for number in numbers])
        number_array = np.array(numbers, dtype=np.int64)
        positions = np.searchsorted(number_array, rows[:, 1])
        for chunk in _iterate_pairs(rows, positions, first_number, len(numbers)):
            owners, others = chunk // len(numbers), chunk % len(numbers)
            starts = np.flatnonzero(np.concatenate(([True], owners[1:] != owners[:-1]))) if len(owners) else owners
            for start, end in pairwise([*starts.tolist(), len(owners)]):
                owner = int(owners[start])
                for other, likeness in table.find_alike(owner, others[start:end]):
                    yield numbers[other], numbers[owner], likeness


def _iterate_pairs(rows: _Array, positions: _Array, first_number: int, count: int) -> Iterator[_Array]:
    """Yield codes of the pairs of articles, each pair once, of which the later one is new, in the order of these.

    A code is the position of the later article times `count`, the number of positions, and the position of the other.
    """
    new_rows = np.flatnonzero(rows[:, 1] >= first_number)
    new_rows = new_rows[np.argsort(positions[new_rows], kind="stable")]
    first_days = _get_first_days(rows[new_rows, 1])
    starts = np.searchsorted(_to_day_keys(rows), (rows[new_rows, 0] << _DAY_BITS) + first_days)
    lengths = new_rows - starts
    # the rows of an article are never split, so each pair is in one chunk
    ends = np.flatnonzero(np.diff(positions[new_rows], append=-1)) + 1
    parts = np.cumsum(lengths)[ends - 1] // _PAIRS_AT_ONCE
    for start, end in pairwise([0, *ends[np.flatnonzero(np.diff(parts, append=-1))].tolist()]):
        later = np.repeat(new_rows[start:end], lengths[start:end])
        earlier = list_ranges(starts[start:end], lengths[start:end])
        completes = (rows[later, 2] & rows[earlier, 3]) | (rows[later, 3] & rows[earlier, 2])
        later, earlier = later[completes == 1], earlier[completes == 1]
        yield np.unique(positions[later] * count + positions[earlier])


def _get_first_days(numbers: _Array) -> _Array:
    """Return the first day whose articles can be linked to each article, as `get_days_around` does."""
    days = _to_days(numbers)
    first_days: _Array = np.where(numbers >= FIRST_UNDATED, days, np.maximum(0, days - MAX_DAYS_APART))
    return first_days


def _to_days(numbers: _Array) -> _Array:
    return numbers // SLOTS_PER_DAY


def _to_day_keys(rows: _Array) -> _Array:
    """Return a key of the surname and day of each row, in the order of the rows."""
    return (rows[:, 0] << _DAY_BITS) + _to_days(rows[:, 1])


def _count_ranks(keys: _Array) -> _Array:
    """Return the position of each entry among those with its key; the keys are sorted."""
    return np.arange(len(keys)) - np.searchsorted(keys, keys)

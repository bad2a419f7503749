"""Group many wordings at once, from arrays that are sorted by hash: the utterances of a whole database.

Rule: the result is that of `regrouping` for the same quotes in any order. No wording is looked up in the database.
Rule: pairs of wordings are compared some millions at a time, so the memory does not grow with their number.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from briefings.similarity.quote_matching import MIN_SIMILARITY, order_keys
from briefings.similarity.wording_sketches import Hashes
from briefings.storage.writes.utterances.reports import Report
from briefings.storage.writes.utterances.wordings import (
    build_wordings,
    count_needed_hashes,
    list_ranges,
    mark_frequent,
)

#: pairs with a common hash that are counted together, and pairs whose words are compared together
_PAIRS_AT_ONCE, _TEXTS_AT_ONCE = 3_000_000, 20_000

_Flags = NDArray[np.bool_]


@dataclass(slots=True)
class WordingTable:
    """Reports of a database, or of some surnames of it, with their wordings."""

    #: of each report
    _quotes: "array[int]" = field(default_factory=lambda: array("q"))
    _positions: "array[int]" = field(default_factory=lambda: array("q"))
    #: of each wording: its number and words, and how many hashes it has
    _numbers: "array[int]" = field(default_factory=lambda: array("q"))
    _openings: list[bytes] = field(default_factory=list)
    _counts: "array[int]" = field(default_factory=lambda: array("q"))
    #: the hashes of all wordings
    _hashes: list[Hashes] = field(default_factory=list)
    _position_by_number: dict[int, int] = field(default_factory=dict)

    def add(self, reports: Sequence[Report]) -> None:
        """Add reports, each quote once."""
        numbers, wordings = build_wordings(reports)
        parts = []
        for number, wording in wordings.items():
            if number not in self._position_by_number:
                self._position_by_number[number] = len(self._numbers)
                self._numbers.append(number)
                self._openings.append(wording.opening.encode())
                self._counts.append(len(wording.hashes))
                parts.append(wording.hashes)
        if parts:
            self._hashes.append(np.concatenate(parts))
        self._quotes.extend([report.quote for report in reports])
        self._positions.extend(map(self._position_by_number.__getitem__, numbers))

    def group(self) -> "GroupedReports":
        """Return all reports with their utterances. The table is empty afterwards."""
        numbers = np.array(self._numbers, dtype=np.int64)
        owners = np.repeat(np.arange(len(numbers)), np.array(self._counts, dtype=np.int64))
        hashes = np.concatenate([np.zeros(0, dtype=np.int64), *self._hashes])
        quotes, positions = np.array(self._quotes, dtype=np.int64), np.array(self._positions, dtype=np.int64)
        openings = self._openings
        for part in (self._hashes, self._position_by_number):
            part.clear()
        # the order of the table: the rows are written in it
        order = np.lexsort((numbers[owners], hashes))
        hashes, owners = hashes[order], owners[order]
        components = _Components(len(numbers))
        for firsts, seconds in _iterate_candidates(hashes, owners, numbers):
            _join_related(components, firsts, seconds, openings)
        return GroupedReports(
            quotes, numbers[positions], components.number_utterances(quotes, positions), hashes, numbers[owners]
        )


@dataclass(frozen=True, slots=True, eq=False)
class GroupedReports:
    """The rows of both tables, as arrays: an utterance is -1 for none, and the sketches are sorted."""

    quotes: Hashes
    wordings: Hashes
    utterances: Hashes
    sketch_hashes: Hashes
    sketch_wordings: Hashes


class _Components:
    """Sets of wordings, by position, that are joined pair by pair."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))

    def find_root(self, position: int) -> int:
        """Return the position that stands for the set."""
        parents = self._parents
        while parents[position] != position:
            parents[position] = parents[parents[position]]
            position = parents[position]
        return position

    def join(self, first: int, second: int) -> None:
        """Make one set of two."""
        self._parents[self.find_root(first)] = self.find_root(second)

    def number_utterances(self, quotes: Hashes, positions: Hashes) -> Hashes:
        """Return the utterance of each quote: the greatest id of its set, or -1 for the only quote of a set."""
        count = len(self._parents)
        roots = np.fromiter(map(self.find_root, range(count)), np.int64, count)[positions]
        counts = np.bincount(roots, minlength=count)
        greatest = np.full(count, -1, dtype=np.int64)
        np.maximum.at(greatest, roots, quotes)
        return np.where(counts[roots] > 1, greatest[roots], -1)


def _iterate_candidates(hashes: Hashes, owners: Hashes, numbers: Hashes) -> Iterator[tuple[Hashes, Hashes]]:
    """Yield the pairs of positions that share enough hashes, one of them not frequent.

    `owners` has the position of the wording with each of the sorted hashes, `numbers` the number of each position.
    """
    is_frequent, ends = mark_frequent(hashes)
    row_positions = np.arange(len(hashes))
    # each row is paired with those after it that have its hash
    tails = np.where(is_frequent, 0, ends - row_positions - 1)
    by_owner = np.argsort(owners, kind="stable")
    bounds = np.searchsorted(owners[by_owner], np.arange(len(numbers) + 1))
    sums = np.concatenate(([0], np.cumsum(tails[by_owner])))[bounds]
    frequent_rows = np.flatnonzero(is_frequent)
    frequent = _FrequentHashes(hashes[frequent_rows], owners[frequent_rows], len(numbers))
    for start, end in pairwise(_split_by_sum(sums)):
        rows = by_owner[bounds[start] : bounds[end]]
        rows = rows[tails[rows] > 0]
        firsts = np.repeat(owners[rows], tails[rows])
        seconds = owners[list_ranges(rows + 1, tails[rows])]
        # the rows of a hash are in the order of the numbers, so a pair always has the same first one
        codes, shared_counts = np.unique(firsts * len(numbers) + seconds, return_counts=True)
        firsts, seconds = codes // max(1, len(numbers)), codes % max(1, len(numbers))
        needed_counts = count_needed_hashes(numbers[firsts], numbers[seconds])
        may_share = shared_counts + np.minimum(frequent.counts[firsts], frequent.counts[seconds]) >= needed_counts
        firsts, seconds = firsts[may_share], seconds[may_share]
        missing_counts = (needed_counts - shared_counts)[may_share]
        is_related = missing_counts <= 0
        is_open = np.flatnonzero(~is_related)
        is_related[is_open] = frequent.count_shared(firsts[is_open], seconds[is_open]) >= missing_counts[is_open]
        yield firsts[is_related], seconds[is_related]


class _FrequentHashes:
    """Which wordings have which frequent hash."""

    def __init__(self, hashes: Hashes, owners: Hashes, count: int) -> None:
        ranks = np.unique(hashes, return_inverse=True)[1].astype(np.int64)
        order = np.lexsort((ranks, owners))
        self._ranks, owners = ranks[order], owners[order]
        #: how many each wording has
        self.counts = np.bincount(owners, minlength=count)
        self._starts = np.cumsum(self.counts) - self.counts
        self._factor = int(ranks.max(initial=0)) + 1
        self._codes = owners * self._factor + self._ranks

    def count_shared(self, firsts: Hashes, seconds: Hashes) -> Hashes:
        """Return how many of them both wordings of each pair have."""
        lengths = self.counts[firsts]
        pairs = np.repeat(np.arange(len(firsts)), lengths)
        ranks = self._ranks[list_ranges(self._starts[firsts], lengths)]
        codes = seconds[pairs] * self._factor + ranks
        places = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        is_shared = self._codes[places] == codes if len(self._codes) else np.zeros(0, dtype=np.bool_)
        return np.bincount(pairs[is_shared], minlength=len(firsts))


def _join_related(components: _Components, firsts: Hashes, seconds: Hashes, openings: Sequence[bytes]) -> None:
    """Join the pairs whose words are alike; two wordings of one set need no comparison."""
    for start in range(0, len(firsts), _TEXTS_AT_ONCE):
        chunk = slice(start, start + _TEXTS_AT_ONCE)
        pairs = [
            (first, second)
            for first, second in zip(firsts[chunk].tolist(), seconds[chunk].tolist(), strict=True)
            if components.find_root(first) != components.find_root(second)
        ]
        keys = [order_keys(openings[first].decode(), openings[second].decode()) for first, second in pairs]
        for (first, second), is_same in zip(pairs, _are_same_keys(keys), strict=True):
            if is_same:
                components.join(first, second)


def _are_same_keys(keys: Sequence[tuple[str, str]]) -> list[bool]:
    """Tell for pairs of search keys with three words or more what `is_same_ordered_key` tells, in one call."""
    if not keys:
        return []
    shorter, longer = zip(*keys, strict=True)
    scores = process.cpdist(shorter, longer, scorer=fuzz.partial_ratio, score_cutoff=MIN_SIMILARITY, dtype=np.float64)
    return [bool(score) for score in scores >= MIN_SIMILARITY]


def _split_by_sum(sums: Hashes) -> list[int]:
    """Return positions between which the sums grow by few pairs; one wording is never split."""
    cuts = np.searchsorted(sums, np.arange(0, int(sums[-1]), _PAIRS_AT_ONCE)) if len(sums) else np.zeros(0)
    bounds: list[int] = np.unique(np.concatenate((cuts, [len(sums) - 1]))).astype(np.int64).tolist()
    return bounds

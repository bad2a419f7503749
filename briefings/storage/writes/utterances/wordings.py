"""Wordings in memory: the words of reports with their sketches, and the pairs of them that share hashes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from briefings.similarity.wording_sketches import (
    Hashes,
    build_sketches,
    get_opening,
    hash_word_sequence,
)
from briefings.storage.writes.utterances.reports import Report

#: a hash of more wordings than this is frequent, and tells nothing
MAX_HOLDERS = 100
#: bits of a wording's number that hold the size of its sketch
_SIZE_BITS = 8
_SIZE_MASK = (1 << _SIZE_BITS) - 1
#: bits of the hash that a wording's number begins with
_HASH_MASK = (1 << 56) - 1


@dataclass(frozen=True, slots=True)
class Wording:
    """The words that are compared, and the hashes of their sketch."""

    opening: str
    hashes: Hashes


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of wordings that may be related, as arrays; the first of each pair is in the focus.

    They share `shared_counts` hashes that are not frequent, and must share `needed_counts` of all hashes.
    """

    firsts: Hashes
    seconds: Hashes
    shared_counts: Hashes
    needed_counts: Hashes

    def select_sharing(self, frequent_counts: Hashes) -> list[tuple[int, int]]:
        """Return the pairs that share enough hashes, if they share so many frequent ones."""
        is_sharing = self.shared_counts + frequent_counts >= self.needed_counts
        return list(zip(self.firsts[is_sharing].tolist(), self.seconds[is_sharing].tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Holders:
    """Which wordings have a hash: pairs, as two arrays, each pair once, sorted by hash."""

    hashes: Hashes
    wordings: Hashes

    @classmethod
    def build(cls, *parts: tuple[Hashes, Hashes]) -> "Holders":
        """Join arrays of pairs, in which a pair may be repeated."""
        hashes, wordings = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        order = np.lexsort((wordings, hashes))
        hashes, wordings = hashes[order], wordings[order]
        is_new = np.ones(len(hashes), dtype=bool)
        is_new[1:] = (hashes[1:] != hashes[:-1]) | (wordings[1:] != wordings[:-1])
        return cls(hashes[is_new], wordings[is_new])

    def without(self, other: "Holders") -> "Holders":
        """Return the pairs that are not in `other`."""
        hashes = np.concatenate((self.hashes, other.hashes, other.hashes))
        wordings = np.concatenate((self.wordings, other.wordings, other.wordings))
        order = np.lexsort((wordings, hashes))
        hashes, wordings = hashes[order], wordings[order]
        is_first = np.ones(len(hashes), dtype=bool)
        is_first[1:] = (hashes[1:] != hashes[:-1]) | (wordings[1:] != wordings[:-1])
        starts = np.flatnonzero(is_first)
        is_single = np.diff(np.concatenate((starts, [len(hashes)]))) == 1
        return Holders(hashes[starts[is_single]], wordings[starts[is_single]])

    def select(self, hashes: Hashes) -> "Holders":
        """Return the pairs with one of these hashes."""
        if not len(hashes):
            return Holders(hashes, hashes)
        is_selected = np.isin(self.hashes, hashes)
        return Holders(self.hashes[is_selected], self.wordings[is_selected])

    def list_frequent(self) -> Hashes:
        """Return the hashes of more than MAX_HOLDERS wordings."""
        starts, counts = _list_groups(self.hashes)
        return self.hashes[starts[counts > MAX_HOLDERS]]


def build_wordings(reports: Sequence[Report]) -> tuple[list[int], dict[int, Wording]]:
    """Return the number of each report's wording, and the wordings by number.

    Reports have one number if their surnames and words are equal.
    """
    openings = [get_opening(report.key) for report in reports]
    sketches = build_sketches([report.surname for report in reports], openings)
    sizes = np.diff(sketches.ends).astype(np.uint64)
    sequence_hashes = np.array([hash_word_sequence(report.surname, report.key) for report in reports], dtype=np.uint64)
    numbers = (sequence_hashes << np.uint64(_SIZE_BITS) | sizes).view(np.int64).tolist()
    bounds = sketches.ends.tolist()
    return numbers, {
        number: Wording(opening, sketches.hashes[start:end])
        for number, opening, start, end in zip(numbers, openings, bounds, bounds[1:], strict=False)
    }


def is_wording_of(number: int, report: Report) -> bool:
    """Tell whether a report has the wording with this number."""
    return number >> _SIZE_BITS & _HASH_MASK == hash_word_sequence(report.surname, report.key)


def list_sketch_rows(wordings: Mapping[int, Wording], numbers: Iterable[int]) -> Holders:
    """Return the pairs of the hashes of these wordings."""
    numbers = list(numbers)
    parts = [wordings[number].hashes for number in numbers]
    hashes = np.concatenate([np.zeros(0, dtype=np.int64), *parts])
    owners = np.repeat(np.array(numbers, dtype=np.int64), np.array([len(part) for part in parts], dtype=np.int64))
    return Holders.build((hashes, owners))


def find_candidates(holders: Holders, focus: Sequence[int]) -> Candidates:
    """Return the pairs of wordings, at least one of them in `focus`, that may share half of the smaller sketch.

    `holders` has all hashes of the wordings in `focus`, with all their other wordings; those that are frequent are
    recognised by their number.
    """
    numbers, owners = np.unique(holders.wordings, return_inverse=True)
    is_focus = np.isin(numbers, np.array(focus, dtype=np.int64))
    starts, counts = _list_groups(holders.hashes)
    is_frequent = np.repeat(counts > MAX_HOLDERS, counts)
    frequent_counts = np.bincount(owners[is_frequent], minlength=len(numbers))
    # each member of the focus with all members of its groups, but each two members of the focus once
    members = np.flatnonzero(is_focus[owners] & ~is_frequent)
    firsts = np.repeat(owners[members], np.repeat(counts, counts)[members])
    seconds = owners[list_ranges(np.repeat(starts, counts)[members], np.repeat(counts, counts)[members])]
    is_first = (firsts < seconds) | ~is_focus[seconds]
    codes, shared_counts = np.unique(firsts[is_first] * len(numbers) + seconds[is_first], return_counts=True)
    firsts, seconds = codes // max(1, len(numbers)), codes % max(1, len(numbers))
    needed_counts = count_needed_hashes(numbers[firsts], numbers[seconds])
    # the frequent hashes of a wording outside of the focus are unknown, and those of both are shared at most once
    may_share = shared_counts + frequent_counts[firsts] >= needed_counts
    columns = (numbers[firsts], numbers[seconds], shared_counts, needed_counts)
    return Candidates(*(column[may_share] for column in columns))


def list_frequent_pairs(
    candidates: Candidates, wordings: Mapping[int, Wording], frequent: Hashes
) -> tuple[Hashes, Hashes]:
    """Return what must be known to tell whether the candidates share enough: who has which of the frequent hashes.

    The result has the position of a candidate and a frequent hash of its first wording, as two arrays.
    """
    positions = np.flatnonzero(candidates.shared_counts < candidates.needed_counts)
    firsts, order = np.unique(candidates.firsts[positions], return_inverse=True)
    own = [wordings[number].hashes for number in firsts.tolist()]
    hashes = np.concatenate([np.zeros(0, dtype=np.int64), *own])
    owners = np.repeat(np.arange(len(own)), [len(part) for part in own])
    is_frequent = np.isin(hashes, frequent)
    hashes, counts = hashes[is_frequent], np.bincount(owners[is_frequent], minlength=len(own))
    lengths = counts[order]
    return np.repeat(positions, lengths), hashes[list_ranges((np.cumsum(counts) - counts)[order], lengths)]


def count_needed_hashes(firsts: Hashes, seconds: Hashes) -> Hashes:
    """Return how many hashes each pair of wordings must share: half of the smaller sketch."""
    counts: Hashes = (np.minimum(firsts & _SIZE_MASK, seconds & _SIZE_MASK) + 1) // 2
    return counts


def mark_frequent(hashes: Hashes) -> tuple[NDArray[np.bool_], Hashes]:
    """Tell for each of the sorted hashes whether it is frequent, and where the run of equal ones ends."""
    starts, counts = _list_groups(hashes)
    return np.repeat(counts > MAX_HOLDERS, counts), np.repeat(starts + counts, counts)


def _list_groups(hashes: Hashes) -> tuple[Hashes, Hashes]:
    """Return the start and the length of each run of equal hashes."""
    is_first = np.ones(len(hashes), dtype=bool)
    is_first[1:] = hashes[1:] != hashes[:-1]
    starts = np.flatnonzero(is_first)
    return starts, np.diff(np.concatenate((starts, [len(hashes)])))


def list_ranges(starts: Hashes, lengths: Hashes) -> Hashes:
    """Return the positions from each start on, as many as its length, one range after the other."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)

"""Find the articles that share hashes, for a whole batch at once.

Rule: the result is the same as for one article after the other. Each article is compared with those in the database
and those before it in the batch, and a hash is stored for the first few articles that have it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: articles stored per hash; of a hundred duplicates, some are enough
MAX_ARTICLES_PER_HASH = 20
#: a hash in at most this many articles is enough to compare them; a more frequent run may be a stock phrase
_MAX_HOLDERS_OF_RARE_HASH = 4

Numbers = NDArray[np.int64]
_Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class HashEntries:
    """The hashes of a batch of articles, sorted by hash and then in the order of the articles.

    Entry by entry: the hash, the position of its article in the batch, and whether it is of the whole text or URL.
    """

    hashes: Numbers
    owners: Numbers
    are_exact: _Flags


@dataclass(frozen=True, slots=True, eq=False)
class _Holders:
    """Who had the hash of each entry before: counts in the database and in the batch, and whether it is stored now."""

    stored_starts: Numbers
    stored_counts: Numbers
    group_starts: Numbers
    batch_counts: Numbers
    are_added: _Flags


def sort_entries(hashes: Numbers, owners: Numbers, are_exact: _Flags) -> HashEntries:
    """Sort the hashes of a batch; of equal hashes of one article, only one is left."""
    order = np.lexsort((~are_exact, owners, hashes))
    hashes, owners, are_exact = hashes[order], owners[order], are_exact[order]
    is_first = _mark_changes(hashes) | _mark_changes(owners)
    return HashEntries(hashes[is_first], owners[is_first], are_exact[is_first])


def list_new_rows(
    entries: HashEntries, numbers: Numbers, stored_rows: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return the rows to store, pairs of a hash and an article's number, sorted by hash.

    `numbers` are the numbers of the batch's articles. `stored_rows` are all rows of the database with these hashes,
    sorted by hash.
    """
    are_added = _count_holders(entries, _to_columns(stored_rows)[0]).are_added
    hashes, owners = entries.hashes[are_added], entries.owners[are_added]
    return list(zip(hashes.tolist(), numbers[owners].tolist(), strict=True))


def find_candidates(
    entries: HashEntries, numbers: Numbers, stored_rows: Sequence[tuple[int, int]], limit: int
) -> dict[int, list[int]]:
    """Return the numbers of possible originals of each article that has some, by its position in the batch.

    Those that share the most hashes come first, `limit` at most. Articles that share only one hash, and a frequent one,
    are omitted. For the other arguments, see `list_new_rows`.
    """
    stored_hashes, stored_numbers = _to_columns(stored_rows)
    holders = _count_holders(entries, stored_hashes)
    is_close = entries.are_exact | (holders.stored_counts + holders.batch_counts <= _MAX_HOLDERS_OF_RARE_HASH)
    from_database, stored_positions = _expand(holders.stored_starts, holders.stored_counts)
    from_batch, batch_positions = _expand(holders.group_starts, holders.batch_counts)
    pair_entries = np.concatenate((from_database, from_batch))
    candidates = np.concatenate((stored_numbers[stored_positions], numbers[entries.owners[batch_positions]]))
    owners, are_close = entries.owners[pair_entries], is_close[pair_entries]
    order = np.lexsort((candidates, owners))
    owners, candidates, are_close = owners[order], candidates[order], are_close[order]
    if not len(owners):
        return {}
    starts = np.flatnonzero(_mark_changes(owners) | _mark_changes(candidates))
    shared_counts = np.diff(np.append(starts, len(owners)))
    is_candidate = (shared_counts > 1) | np.logical_or.reduceat(are_close, starts)
    starts, shared_counts = starts[is_candidate], shared_counts[is_candidate]
    owners, candidates = owners[starts], candidates[starts]
    order = np.lexsort((candidates, -shared_counts, owners))
    owners, candidates = owners[order], candidates[order]
    starts = np.flatnonzero(_mark_changes(owners))
    bounds = [*starts.tolist(), len(owners)]
    candidate_list = candidates.tolist()
    return {
        owner: candidate_list[start : min(end, start + limit)]
        for owner, start, end in zip(owners[starts].tolist(), bounds, bounds[1:], strict=False)
    }


def _count_holders(entries: HashEntries, stored_hashes: Numbers) -> _Holders:
    positions = np.arange(len(entries.hashes))
    is_first = _mark_changes(entries.hashes)
    group_starts = np.maximum.accumulate(np.where(is_first, positions, 0))
    stored_starts = np.searchsorted(stored_hashes, entries.hashes, "left")
    stored_counts = np.searchsorted(stored_hashes, entries.hashes, "right") - stored_starts
    ranks, free = positions - group_starts, np.maximum(MAX_ARTICLES_PER_HASH - stored_counts, 0)
    return _Holders(stored_starts, stored_counts, group_starts, np.minimum(ranks, free), ranks < free)


def _expand(starts: Numbers, counts: Numbers) -> tuple[Numbers, Numbers]:
    """Return, for each entry and each of its `counts` items from `starts`, the entry and the item's position."""
    entry_positions = np.repeat(np.arange(len(counts)), counts)
    first_items = np.cumsum(counts) - counts
    return entry_positions, np.arange(len(entry_positions)) + np.repeat(starts - first_items, counts)


def _to_columns(stored_rows: Sequence[tuple[int, int]]) -> tuple[Numbers, Numbers]:
    columns = np.array(stored_rows, dtype=np.int64).reshape(len(stored_rows), 2)
    return columns[:, 0], columns[:, 1]


def _mark_changes(values: Numbers) -> _Flags:
    """Tell for each value whether it differs from the one before; the first does."""
    is_other = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=is_other[1:])
    return is_other

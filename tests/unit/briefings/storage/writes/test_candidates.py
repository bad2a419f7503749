"""Articles that share hashes are found for a whole batch as for one article after the other."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from briefings.storage.writes.candidates import find_candidates, list_new_rows, sort_entries

_MAX_HOLDERS, _MAX_HOLDERS_OF_RARE_HASH, _LIMIT = 20, 4, 3

#: hashes of an article, each with whether it is of the whole text or URL
ArticleHashes = dict[int, bool]
Rows = list[tuple[int, int]]
#: a batch, the numbers of its articles, and the stored rows
Case = tuple[list[ArticleHashes], list[int], Rows]


def compare_one_by_one(
    batch: list[ArticleHashes], numbers: list[int], stored_rows: Rows
) -> tuple[dict[int, list[int]], Rows]:
    """Return the candidates and the new rows of a batch in the plain way: article by article, hash by hash."""
    holders_by_hash: dict[int, list[int]] = {}
    for key, number in stored_rows:
        holders_by_hash.setdefault(key, []).append(number)
    candidates_by_position, new_rows = {}, []
    for position, (hashes, number) in enumerate(zip(batch, numbers, strict=True)):
        shared_counts: Counter[int] = Counter()
        close_numbers: set[int] = set()
        for key, is_exact in hashes.items():
            holders = holders_by_hash.setdefault(key, [])
            shared_counts.update(holders)
            if is_exact or len(holders) <= _MAX_HOLDERS_OF_RARE_HASH:
                close_numbers.update(holders)
            if len(holders) < _MAX_HOLDERS:
                new_rows.append((key, number))
        for key, added_number in new_rows:
            if added_number == number:
                holders_by_hash[key].append(number)
        candidates = [key for key, count in shared_counts.items() if key in close_numbers or count > 1]
        if candidates:
            ordered = sorted(candidates, key=lambda key: (-shared_counts[key], key))
            candidates_by_position[position] = ordered[:_LIMIT]
    return candidates_by_position, sorted(new_rows)


@st.composite
def draw_case(draw: st.DrawFn) -> Case:
    keys = st.integers(-4, 4) | st.sampled_from([-(1 << 63), (1 << 63) - 2])
    batch = draw(st.lists(st.dictionaries(keys, st.booleans(), max_size=6), max_size=40))
    numbers = draw(st.permutations(range(100, 100 + len(batch))))
    stored = draw(st.lists(st.tuples(keys, st.integers(0, 21)), max_size=60, unique=True))
    return batch, list(numbers), sorted(stored)


@given(draw_case())
def test_batch_has_the_same_candidates_and_rows_as_one_by_one(
    case: tuple[list[ArticleHashes], list[int], Rows],
) -> None:
    batch, numbers, stored_rows = case
    entries = sort_entries(
        np.array([key for hashes in batch for key in hashes], dtype=np.int64),
        np.array([position for position, hashes in enumerate(batch) for _ in hashes], dtype=np.int64),
        np.array([is_exact for hashes in batch for is_exact in hashes.values()], dtype=np.bool_),
    )
    number_array = np.array(numbers, dtype=np.int64)
    candidates, new_rows = compare_one_by_one(batch, numbers, stored_rows)
    assert find_candidates(entries, number_array, stored_rows, _LIMIT) == candidates
    assert sorted(list_new_rows(entries, number_array, stored_rows)) == new_rows


def test_hash_that_an_article_has_twice_counts_once_and_as_exact() -> None:
    entries = sort_entries(np.array([7, 7]), np.array([0, 0]), np.array([False, True]))
    assert entries.hashes.tolist() == [7]
    assert entries.are_exact.tolist() == [True]

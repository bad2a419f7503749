"""Linear models over hashed features, gradient-boosted trees, and the array types they use.

Rule: a feature is a row of small integers hashed into one bucket, in the same way for training and for prediction.
(Feature hashing: Weinberger et al. 2009.) Rule: each split of a tree rules out leaves; the first leaf that remains is
the result. A tree has at most 32 leaves. (QuickScorer: Lucchese et al. 2015.)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
HashArray = NDArray[np.uint32]
FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]
AnyArray = NDArray[Any]


_PRIMES = np.array([2654435761, 2246822519, 3266489917, 668265263, 374761393], dtype=np.uint32)
#: bytes of the leaves that are open for the rows scored at once: enough rows to have much in common
BATCH_BYTES = 1536 * 1024
#: bytes that stay in the processor's cache
_CACHE_BYTES = 128 * 1024
#: rows of a table that several features share
MAX_TABLE_ROWS = 64


def hash_features(templates: Sequence[Sequence[AnyArray]], bits: int) -> HashArray:
    """Return one column of bucket numbers (0 .. 2**bits - 1) per template.

    A template is a list of equally long arrays of integers.
    """
    # all templates at once, the longest first, so that those with another part are always the first ones
    order = sorted(range(len(templates)), key=lambda number: -len(templates[number]))
    seeds = [(number * 0x9E3779B1 + 0x85EBCA6B) & 0xFFFFFFFF for number in order]
    total = np.empty((len(order), len(templates[0][0])), dtype=np.uint32)
    total[:] = np.array(seeds, dtype=np.uint32)[:, None]
    values, shifted_total = np.empty_like(total), np.empty_like(total)
    for depth, prime in enumerate(_PRIMES):
        parts = [templates[number][depth] for number in order if depth < len(templates[number])]
        if not parts:
            break
        for row, part in enumerate(parts):
            values[row] = part
        head, shifted_head = total[: len(parts)], shifted_total[: len(parts)]
        head ^= values[: len(parts)]
        head *= prime
        head ^= np.right_shift(head, np.uint32(15), out=shifted_head)
    total *= np.uint32(2246822507)
    buckets = np.empty_like(total)
    buckets[order] = total >> np.uint32(32 - bits)
    return buckets.T


def shift_values(values: AnyArray, offset: int, groups: AnyArray) -> AnyArray:
    """Return `values[i + offset]` at each i, or 0 where i + offset is out of range or in another group of `groups`."""
    shifted_values = np.zeros_like(values)
    if offset > 0:
        shifted_values[:-offset] = np.where(groups[offset:] == groups[:-offset], values[offset:], 0)
    elif offset < 0:
        shifted_values[-offset:] = np.where(groups[:offset] == groups[-offset:], values[:offset], 0)
    return shifted_values


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """Linear model: a table of weights with shape (2**bits, labels) and a bias with shape (labels,).

    The table can hold one-byte steps of `scale`: it is read in random order, and a small one stays in the processor's
    cache.
    """

    weights: AnyArray
    bias: FloatArray
    scale: float | np.float32 = 1.0

    @property
    def bits(self) -> int:
        """Number of bits that address a bucket."""
        return int(self.weights.shape[0]).bit_length() - 1

    def predict_probability(self, buckets: HashArray) -> FloatArray:
        """Return the probability of the second of two labels for each row."""
        scores = self.compute_scores(buckets)
        probabilities: FloatArray = 1 / (1 + np.exp(scores[:, 0] - scores[:, 1]))
        return probabilities

    def compute_scores(self, buckets: HashArray) -> FloatArray:
        """Return scores with shape (rows, labels) for buckets with shape (rows, templates)."""
        total = np.tile(self.bias, (len(buckets), 1))
        steps = np.empty(total.shape, dtype=self.weights.dtype)
        scaled_steps = np.empty(total.shape, dtype=np.result_type(steps, self.scale))
        for column in buckets.T.astype(np.intp):
            self.weights.take(column, axis=0, out=steps, mode="clip")  # "clip" writes to `out` without a copy
            total += np.multiply(steps, self.scale, out=scaled_steps)
        return total


@dataclass(frozen=True, slots=True)
class LeafTable:
    """The leaves that are still possible by the values of a few features, for all trees.

    `thresholds` has one ascending array per feature. `open_leaves` has one row of all trees for each combination of
    the numbers of thresholds that the values exceed; the last feature's number changes fastest.
    """

    features: tuple[int, ...]
    thresholds: tuple[FloatArray, ...]
    open_leaves: AnyArray

    def find_rows(self, columns: FloatArray) -> IntArray:
        """Return the row of `open_leaves` for each row of a batch, given as columns by feature."""
        rows: IntArray = self.thresholds[0].searchsorted(columns[self.features[0]])
        for feature, limits in zip(self.features[1:], self.thresholds[1:], strict=True):
            rows = rows * (len(limits) + 1) + limits.searchsorted(columns[feature])
        return rows


@dataclass(frozen=True, slots=True)
class SharedTables:
    """Tables that stay the same over groups of neighbouring rows, so that each is read once for a group.

    `first_rows` holds the first row of each group, and `group_by_row` the group of each row. Both are empty if there
    are no such tables.
    """

    tables: IntArray
    other_tables: IntArray
    first_rows: IntArray
    group_by_row: IntArray


@dataclass(frozen=True, slots=True)
class Forest:
    """Gradient-boosted trees in a form that scores many rows at once.

    `tables` say which leaves remain by the features. `leaves` has one row per tree.
    """

    tables: tuple[LeafTable, ...]
    leaves: FloatArray

    def compute_scores(self, rows: FloatArray) -> FloatArray:
        """Return the sum of the trees' leaf values for each row.

        Rows that follow each other are scored faster if they have many features in common.
        """
        result = np.empty(len(rows), dtype=np.float32)
        if not len(rows):
            return result
        size = max(1, BATCH_BYTES // (self.leaves.shape[0] * self.tables[0].open_leaves.itemsize))
        for start in range(0, len(rows), size):
            batch = slice(start, start + size)
            result[batch] = self._sum_leaves(self._find_leaves(rows[batch]))
        return result

    def _find_leaves(self, rows: FloatArray) -> AnyArray:
        """Return the number of each row's leaf in each tree.

        Neighbouring rows are often about one utterance, so that many features stay the same over several of them. The
        leaves that those features leave open are found once for all these rows.
        """
        columns = np.ascontiguousarray(rows.T)
        table_rows = np.stack([table.find_rows(columns) for table in self.tables])
        shared = find_shared_tables(table_rows)
        leaf_type = self.tables[0].open_leaves.dtype.type
        # the large arrays are written again and again, because new memory is slow to get
        open_leaves = np.full((len(rows), self.leaves.shape[0]), ~leaf_type(0))
        spare = np.empty_like(open_leaves)
        if len(shared.tables):
            group_leaves = np.full((len(shared.first_rows), self.leaves.shape[0]), ~leaf_type(0))
            self._close_leaves(group_leaves, spare, shared.tables, table_rows[:, shared.first_rows])
            group_leaves.take(shared.group_by_row, axis=0, out=open_leaves, mode="clip")
        self._close_leaves(open_leaves, spare, shared.other_tables, table_rows)
        # the lowest bit is the first leaf that remains, and it has as many bits below it as its number
        np.subtract(open_leaves, leaf_type(1), out=spare)
        np.bitwise_and(np.invert(open_leaves, out=open_leaves), spare, out=spare)
        return np.bitwise_count(spare)

    def _close_leaves(self, open_leaves: AnyArray, spare: AnyArray, numbers: IntArray, table_rows: IntArray) -> None:
        """Remove the leaves that some of the tables rule out. Both arrays are changed; `spare` is not shorter."""
        step = spare[: len(open_leaves)]
        for number in numbers.tolist():
            self.tables[number].open_leaves.take(table_rows[number], axis=0, out=step, mode="clip")
            np.bitwise_and(open_leaves, step, out=open_leaves)

    def _sum_leaves(self, leaf_numbers: AnyArray) -> FloatArray:
        """Return the sum of the values of each row's leaves. Takes few rows at a time, to stay in the cache."""
        trees, width = self.leaves.shape
        values, offsets = self.leaves.ravel(), np.arange(0, trees * width, width)
        size = max(1, _CACHE_BYTES // offsets.nbytes)
        places = np.empty((min(size, len(leaf_numbers)), trees), dtype=np.int64)
        own_values, result = np.empty(places.shape, dtype=np.float32), np.empty(len(leaf_numbers), dtype=np.float32)
        for start in range(0, len(leaf_numbers), size):
            part = leaf_numbers[start : start + size]
            np.add(part, offsets, out=places[: len(part)])
            values.take(places[: len(part)], out=own_values[: len(part)], mode="clip")
            own_values[: len(part)].sum(axis=1, out=result[start : start + size])
        return result


def find_shared_tables(table_rows: IntArray) -> SharedTables:
    """Return which tables are best read once for several neighbouring rows of a batch.

    `table_rows` has one line per table. The tables with the fewest changes are taken, as many as make the least to
    read: a group goes as far as all of them stay the same.
    """
    tables, rows = table_rows.shape
    changes = np.packbits(table_rows[:, 1:] != table_rows[:, :-1], axis=1)
    order = np.bitwise_count(changes).sum(axis=1, dtype=np.int64).argsort(kind="stable")
    joint_changes = np.bitwise_or.accumulate(changes[order], axis=0)
    groups = np.bitwise_count(joint_changes).sum(axis=1, dtype=np.int64) + 1
    counts = np.arange(1, tables + 1)
    # a table is read for each group or for each row, and what the groups leave open is copied to the rows
    costs = counts * groups + (tables - counts) * rows + rows
    count = int(costs.argmin()) + 1
    if costs[count - 1] >= tables * rows:
        return SharedTables(order[:0], order, order[:0], order[:0])
    is_first = np.ones(rows, dtype=bool)
    is_first[1:] = np.unpackbits(joint_changes[count - 1], count=rows - 1)
    return SharedTables(order[:count], order[count:], np.flatnonzero(is_first), is_first.cumsum() - 1)


def build_forest(arrays: Mapping[str, AnyArray]) -> Forest:
    """Build a forest from stored splits: "features", "tree", "feature", "threshold", "closes" and "leaves".

    "closes" is the set of leaves that a split rules out when the value is above the threshold.
    """
    trees = arrays["leaves"].shape[0]
    # narrow tables are read faster; the last leaf needs no bit, because it is what remains
    leaf_type = np.uint16 if not (arrays["closes"] >> np.uint32(16)).any() else np.uint32
    tables: list[LeafTable] = []
    for feature in range(arrays["features"].item()):
        feature_splits = np.flatnonzero(arrays["feature"] == feature)
        if not len(feature_splits):
            continue
        limits = np.unique(arrays["threshold"][feature_splits])
        open_leaves = np.full((len(limits) + 1, trees), ~leaf_type(0))
        step = np.searchsorted(limits, arrays["threshold"][feature_splits]) + 1
        closes = arrays["closes"][feature_splits].astype(leaf_type)
        np.bitwise_and.at(open_leaves, (step, arrays["tree"][feature_splits]), np.invert(closes))
        tables.append(LeafTable((feature,), (limits,), np.bitwise_and.accumulate(open_leaves, axis=0)))
    width = 8 * np.dtype(leaf_type).itemsize + 1
    return Forest(tuple(_join_tables(tables)), np.ascontiguousarray(arrays["leaves"][:, :width], dtype=np.float32))


def _join_tables(tables: Sequence[LeafTable]) -> Iterator[LeafTable]:
    """Yield the tables, those of features with few thresholds joined: fewer tables are read for each row.

    Only neighbours are joined, because neighbouring features are about the same things.
    """
    joint_table: LeafTable | None = None
    for table in tables:
        size = len(table.open_leaves)
        if joint_table is not None and size * len(joint_table.open_leaves) <= MAX_TABLE_ROWS:
            both = joint_table.open_leaves[:, None] & table.open_leaves
            joint_table = LeafTable(
                joint_table.features + table.features,
                joint_table.thresholds + table.thresholds,
                both.reshape(-1, both.shape[-1]),
            )
        elif 2 * size > MAX_TABLE_ROWS:
            yield table
        else:
            if joint_table is not None:
                yield joint_table
            joint_table = table
    if joint_table is not None:
        yield joint_table

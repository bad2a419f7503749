"""Linear models over hashed features, gradient-boosted trees, and the array types they use.

Rule: a feature is a row of small integers hashed into one bucket, in the same way for training and for prediction.
(Feature hashing: Weinberger et al. 2009.) Rule: each split of a tree rules out leaves; the first leaf that remains is
the result. A tree has at most 32 leaves. (QuickScorer: Lucchese et al. 2015.)
"""

from collections.abc import Mapping, Sequence
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
#: rows scored at once: few enough to stay in the processor's cache
BATCH_SIZE = 512


def hash_features(templates: Sequence[Sequence[AnyArray]], bits: int) -> HashArray:
    """Return one column of bucket numbers (0 .. 2**bits - 1) per template.

    A template is a list of equally long arrays of integers.
    """
    columns = [_hash_template(number, parts) for number, parts in enumerate(templates)]
    return np.stack(columns, axis=1) >> np.uint32(32 - bits)


def shift_values(values: AnyArray, offset: int, groups: AnyArray) -> AnyArray:
    """Return `values[i + offset]` at each i, or 0 where i + offset is out of range or in another group of `groups`."""
    shifted_values = np.zeros_like(values)
    if offset > 0:
        shifted_values[:-offset] = np.where(groups[offset:] == groups[:-offset], values[offset:], 0)
    elif offset < 0:
        shifted_values[-offset:] = np.where(groups[:offset] == groups[-offset:], values[:offset], 0)
    return shifted_values


@dataclass(frozen=True, slots=True)
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
        for column in buckets.T.astype(np.intp):
            total += self.weights.take(column, axis=0) * self.scale
        return total


@dataclass(frozen=True, slots=True)
class Forest:
    """Gradient-boosted trees in a form that scores many rows at once.

    `thresholds` has one array of shape (n,) per feature. `open_leaves` has one table of shape (n + 1, trees) per
    feature: the leaves still possible after n thresholds were exceeded. `leaves` has shape (trees, 32).
    """

    thresholds: tuple[FloatArray, ...]
    open_leaves: tuple[AnyArray, ...]
    leaves: FloatArray

    def compute_scores(self, rows: FloatArray) -> FloatArray:
        """Return the sum of the trees' leaf values for each row."""
        result = np.empty(len(rows), dtype=np.float32)
        for start in range(0, len(rows), BATCH_SIZE):
            result[start : start + BATCH_SIZE] = self._score_batch(rows[start : start + BATCH_SIZE])
        return result

    def _score_batch(self, rows: FloatArray) -> FloatArray:
        trees, width = self.leaves.shape
        leaf_type = self.open_leaves[0].dtype.type
        mask = np.full((len(rows), trees), ~leaf_type(0))
        open_leaves = np.empty_like(mask)
        for limits, table, values in zip(self.thresholds, self.open_leaves, np.ascontiguousarray(rows.T), strict=True):
            if len(limits):
                table.take(limits.searchsorted(values), axis=0, out=open_leaves, mode="clip")
                np.bitwise_and(mask, open_leaves, out=mask)
        leaf = np.bitwise_count((mask & (~mask + leaf_type(1))) - leaf_type(1))
        total: FloatArray = self.leaves.ravel().take(leaf + np.arange(0, trees * width, width)).sum(axis=1)
        return total


def build_forest(arrays: Mapping[str, AnyArray]) -> Forest:
    """Build a forest from stored splits: "features", "tree", "feature", "threshold", "closes" and "leaves".

    "closes" is the set of leaves that a split rules out when the value is above the threshold.
    """
    trees = arrays["leaves"].shape[0]
    # narrow tables are read faster; the last leaf needs no bit, because it is what remains
    leaf_type = np.uint16 if not (arrays["closes"] >> np.uint32(16)).any() else np.uint32
    thresholds, tables = [], []
    for feature in range(arrays["features"].item()):
        feature_splits = np.flatnonzero(arrays["feature"] == feature)
        limits = np.unique(arrays["threshold"][feature_splits])
        table = np.full((len(limits) + 1, trees), ~leaf_type(0))
        step = np.searchsorted(limits, arrays["threshold"][feature_splits]) + 1
        closes = arrays["closes"][feature_splits].astype(leaf_type)
        np.bitwise_and.at(table, (step, arrays["tree"][feature_splits]), np.invert(closes))
        thresholds.append(limits)
        tables.append(np.bitwise_and.accumulate(table, axis=0))
    return Forest(tuple(thresholds), tuple(tables), arrays["leaves"].astype(np.float32))


def _hash_template(number: int, parts: Sequence[AnyArray]) -> HashArray:
    total = np.full(len(parts[0]), (number * 0x9E3779B1 + 0x85EBCA6B) & 0xFFFFFFFF, dtype=np.uint32)
    for prime, part in zip(_PRIMES, parts, strict=False):
        total ^= part.astype(np.uint32)
        total *= prime
        total ^= total >> np.uint32(15)
    return total * np.uint32(2246822507)

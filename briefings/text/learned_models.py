"""Linear models over hashed features: many cheap indicator features, one table of weights, no loop over tokens.

Rule: a feature is a row of small numbers mixed into one bucket; the same mixing serves training and running.
(Feature hashing: Weinberger et al. 2009.)

Names for the arrays that pass between the modules of the engine.

Evaluates gradient-boosted trees for many rows at once, without the library that grew them.

Rule: each split rules out the leaves it turns away from; what every split leaves is the leaf. (QuickScorer: Lucchese et
al. 2015.) At most 32 leaves a tree.
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


def hash_features(templates: Sequence[Sequence[AnyArray]], bits: int) -> HashArray:
    """One column of buckets (0 .. 2**bits - 1) a template; a template is a few equally long integer arrays."""
    columns = [_hash_template(number, parts) for number, parts in enumerate(templates)]
    return np.stack(columns, axis=1) >> np.uint32(32 - bits)


def shift_values(values: AnyArray, offset: int, groups: AnyArray) -> AnyArray:
    """`values[i + by]` at each i, 0 where i + by lies outside or in another group (`same` tells the groups)."""
    shifted_values = np.zeros_like(values)
    if offset > 0:
        shifted_values[:-offset] = np.where(groups[offset:] == groups[:-offset], values[offset:], 0)
    elif offset < 0:
        shifted_values[-offset:] = np.where(groups[:offset] == groups[-offset:], values[:offset], 0)
    return shifted_values


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A table of weights, (2**bits, labels), and a bias, (labels,)."""

    weights: FloatArray
    bias: FloatArray

    @property
    def bits(self) -> int:
        """How many bits address a bucket."""
        return int(self.weights.shape[0]).bit_length() - 1

    def predict_probability(self, buckets: HashArray) -> FloatArray:
        """The probability of the second of two labels for each row."""
        scores = self.compute_scores(buckets)
        probabilities: FloatArray = 1 / (1 + np.exp(scores[:, 0] - scores[:, 1]))
        return probabilities

    def compute_scores(self, buckets: HashArray) -> FloatArray:
        """(rows, labels) for (rows, templates)."""
        total = np.tile(self.bias, (len(buckets), 1))
        for column in range(buckets.shape[1]):
            total += self.weights[buckets[:, column]]
        return total


def _hash_template(number: int, parts: Sequence[AnyArray]) -> HashArray:
    total = np.full(len(parts[0]), (number * 0x9E3779B1 + 0x85EBCA6B) & 0xFFFFFFFF, dtype=np.uint32)
    for prime, part in zip(_PRIMES, parts, strict=False):
        total ^= part.astype(np.uint32)
        total *= prime
        total ^= total >> np.uint32(15)
    return total * np.uint32(2246822507)


ALL_LEAVES = np.uint32(0xFFFFFFFF)
#: rows scored at once: small enough to stay in the processor's cache
BATCH_SIZE = 1024


@dataclass(frozen=True, slots=True)
class Forest:
    """For each feature its thresholds, (n,), and the leaves still open after n of them were passed, (n + 1, trees)."""

    thresholds: tuple[FloatArray, ...]
    open_leaves: tuple[AnyArray, ...]
    leaves: FloatArray

    def scores(self, rows: FloatArray) -> FloatArray:
        """The sum of the trees' leaves for each row."""
        result = np.empty(len(rows), dtype=np.float32)
        for start in range(0, len(rows), BATCH_SIZE):
            result[start : start + BATCH_SIZE] = self._score_batch(rows[start : start + BATCH_SIZE])
        return result

    def _score_batch(self, rows: FloatArray) -> FloatArray:
        trees = self.leaves.shape[0]
        mask = np.full((len(rows), trees), ALL_LEAVES)
        for feature, (limits, table) in enumerate(zip(self.thresholds, self.open_leaves, strict=True)):
            if len(limits):
                mask &= table[np.searchsorted(limits, rows[:, feature], side="left")]
        leaf = np.bitwise_count((mask & (~mask + np.uint32(1))) - np.uint32(1))
        total: FloatArray = self.leaves[np.arange(trees), leaf].sum(axis=1)
        return total


def build_forest(arrays: Mapping[str, AnyArray]) -> Forest:
    """From the stored splits: "tree", "feature", "threshold", "closes" (leaves lost when above), and "leaves"."""
    trees = arrays["leaves"].shape[0]
    thresholds, tables = [], []
    for feature in range(arrays["features"].item()):
        feature_splits = np.flatnonzero(arrays["feature"] == feature)
        limits = np.unique(arrays["threshold"][feature_splits])
        table = np.full((len(limits) + 1, trees), ALL_LEAVES)
        step = np.searchsorted(limits, arrays["threshold"][feature_splits]) + 1
        for index, tree, closes in zip(
            step, arrays["tree"][feature_splits], arrays["closes"][feature_splits], strict=True
        ):
            table[index, tree] &= ~closes
        thresholds.append(limits)
        tables.append(np.bitwise_and.accumulate(table, axis=0))
    return Forest(tuple(thresholds), tuple(tables), arrays["leaves"].astype(np.float32))

"""Evaluates gradient-boosted trees for many rows at once, without the library that grew them.

Rule: each split rules out the leaves it turns away from; what every split leaves is the leaf. (QuickScorer: Lucchese et
al. 2015.) At most 32 leaves a tree.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from briefings.text.arrays import AnyArray, FloatArray

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

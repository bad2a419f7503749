"""Evaluates gradient-boosted trees for many rows at once, without the library that grew them.

Rule: each split rules out the leaves it turns away from; what every split leaves is the leaf. (QuickScorer: Lucchese et
al. 2015.) At most 32 leaves a tree.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from briefings.text.arrays import Anything, Floats

ALL = np.uint32(0xFFFFFFFF)
#: rows scored at once: small enough to stay in the processor's cache
AT_ONCE = 1024


@dataclass(frozen=True, slots=True)
class Forest:
    """For each feature its thresholds, (n,), and the leaves still open after n of them were passed, (n + 1, trees)."""

    thresholds: tuple[Floats, ...]
    open: tuple[Anything, ...]
    leaves: Floats

    def scores(self, rows: Floats) -> Floats:
        """The sum of the trees' leaves for each row."""
        out = np.empty(len(rows), dtype=np.float32)
        for start in range(0, len(rows), AT_ONCE):
            out[start : start + AT_ONCE] = self._scores(rows[start : start + AT_ONCE])
        return out

    def _scores(self, rows: Floats) -> Floats:
        trees = self.leaves.shape[0]
        mask = np.full((len(rows), trees), ALL)
        for feature, (limits, table) in enumerate(zip(self.thresholds, self.open, strict=True)):
            if len(limits):
                mask &= table[np.searchsorted(limits, rows[:, feature], side="left")]
        leaf = np.bitwise_count((mask & (~mask + np.uint32(1))) - np.uint32(1))
        total: Floats = self.leaves[np.arange(trees), leaf].sum(axis=1)
        return total


def forest(arrays: Mapping[str, Anything]) -> Forest:
    """From the stored splits: "tree", "feature", "threshold", "closes" (leaves lost when above), and "leaves"."""
    trees = arrays["leaves"].shape[0]
    thresholds, tables = [], []
    for feature in range(arrays["features"].item()):
        mine = np.flatnonzero(arrays["feature"] == feature)
        limits = np.unique(arrays["threshold"][mine])
        table = np.full((len(limits) + 1, trees), ALL)
        step = np.searchsorted(limits, arrays["threshold"][mine]) + 1
        for at, tree, closes in zip(step, arrays["tree"][mine], arrays["closes"][mine], strict=True):
            table[at, tree] &= ~closes
        thresholds.append(limits)
        tables.append(np.bitwise_and.accumulate(table, axis=0))
    return Forest(tuple(thresholds), tuple(tables), arrays["leaves"].astype(np.float32))

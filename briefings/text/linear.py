"""Linear models over hashed features: many cheap indicator features, one table of weights, no loop over tokens.

Rule: a feature is a row of small numbers mixed into one bucket; the same mixing serves training and running.
(Feature hashing: Weinberger et al. 2009.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from briefings.text.arrays import AnyArray, FloatArray, HashArray

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

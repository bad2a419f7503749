"""Linear models over hashed features: many cheap indicator features, one table of weights, no loop over tokens.

Rule: a feature is a row of small numbers mixed into one bucket; the same mixing serves training and running.
(Feature hashing: Weinberger et al. 2009.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from briefings.text.arrays import Anything, Floats, Hashes

_PRIMES = np.array([2654435761, 2246822519, 3266489917, 668265263, 374761393], dtype=np.uint32)


def mix(templates: Sequence[Sequence[Anything]], bits: int) -> Hashes:
    """One column of buckets (0 .. 2**bits - 1) a template; a template is a few equally long integer arrays."""
    columns = [_mix_one(number, parts) for number, parts in enumerate(templates)]
    return np.stack(columns, axis=1) >> np.uint32(32 - bits)


def shift(values: Anything, by: int, same: Anything) -> Anything:
    """`values[i + by]` at each i, 0 where i + by lies outside or in another group (`same` tells the groups)."""
    out = np.zeros_like(values)
    if by > 0:
        out[:-by] = np.where(same[by:] == same[:-by], values[by:], 0)
    elif by < 0:
        out[-by:] = np.where(same[:by] == same[-by:], values[:by], 0)
    return out


@dataclass(frozen=True, slots=True)
class Linear:
    """A table of weights, (2**bits, labels), and a bias, (labels,)."""

    weights: Floats
    bias: Floats

    @property
    def bits(self) -> int:
        """How many bits address a bucket."""
        return int(self.weights.shape[0]).bit_length() - 1

    def probability(self, buckets: Hashes) -> Floats:
        """The probability of the second of two labels for each row."""
        scores = self.scores(buckets)
        likely: Floats = 1 / (1 + np.exp(scores[:, 0] - scores[:, 1]))
        return likely

    def scores(self, buckets: Hashes) -> Floats:
        """(rows, labels) for (rows, templates)."""
        total = np.tile(self.bias, (len(buckets), 1))
        for column in range(buckets.shape[1]):
            total += self.weights[buckets[:, column]]
        return total


def _mix_one(number: int, parts: Sequence[Anything]) -> Hashes:
    total = np.full(len(parts[0]), (number * 0x9E3779B1 + 0x85EBCA6B) & 0xFFFFFFFF, dtype=np.uint32)
    for prime, part in zip(_PRIMES, parts, strict=False):
        total ^= part.astype(np.uint32)
        total *= prime
        total ^= total >> np.uint32(15)
    return total * np.uint32(2246822507)

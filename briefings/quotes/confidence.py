"""Turns a model's score into a probability that holds: of the answers given 0.9, nine in ten are right.

Rule: a rising curve through points measured on held-out articles. (Isotonic regression: Zadrozny, Elkan 2002.)
"""

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Curve:
    """Scores in rising order, and the share of right answers measured there; straight lines between them."""

    at: tuple[float, ...]
    right: tuple[float, ...]

    def __call__(self, score: float) -> float:
        """The probability for `score`, 0 to 1."""
        number = bisect_right(self.at, score)
        if number == 0:
            return self.right[0]
        if number == len(self.at):
            return self.right[-1]
        low, high = self.at[number - 1], self.at[number]
        part = (score - low) / (high - low)
        return self.right[number - 1] + part * (self.right[number] - self.right[number - 1])

"""Turns a model's score into a probability that holds: of the answers given 0.9, nine in ten are right.

Rule: a rising curve through points measured on held-out articles. (Isotonic regression: Zadrozny, Elkan 2002.)
"""

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CalibrationCurve:
    """Scores in rising order, and the share of right answers measured there; straight lines between them."""

    scores: tuple[float, ...]
    shares: tuple[float, ...]

    def __call__(self, score: float) -> float:
        """The probability for `score`, 0 to 1."""
        index = bisect_right(self.scores, score)
        if index == 0:
            return self.shares[0]
        if index == len(self.scores):
            return self.shares[-1]
        low, high = self.scores[index - 1], self.scores[index]
        fraction = (score - low) / (high - low)
        return self.shares[index - 1] + fraction * (self.shares[index] - self.shares[index - 1])

"""How often one person may ask. Pure arithmetic; the numbers are kept by `admission`.

Rule: whoever was quiet may ask `BURST_MINUTES` minutes' worth at once, and after that `per_minute` evenly. Kept as one
moment a person, up to which their questions are paid for: each question moves it on by 60 / per_minute seconds
(the generic cell rate algorithm of ATM traffic management), so there is no window at whose edge twice as much is free.
"""

import math
from dataclasses import dataclass

#: minutes' worth of questions that may come at once
BURST_MINUTES = 2.0


@dataclass(frozen=True, slots=True)
class RateLimit:
    """`per_minute` questions a person, at least 1."""

    per_minute: int

    @property
    def interval(self) -> float:
        """Seconds that one question costs."""
        return 60 / self.per_minute

    def count_allowed(self, paid_until: float, now: float, requested_count: int) -> int:
        """How many of `asked` questions are free, for somebody who has paid until then."""
        available_seconds = now + 60 * BURST_MINUTES - max(paid_until, now)
        return min(requested_count, max(0, math.floor(available_seconds / self.interval + 1e-6)))

    def compute_wait(self, paid_until: float, now: float) -> int:
        """Whole seconds until the next question is free, at least 1, for somebody who has paid until then."""
        return max(1, math.ceil(max(paid_until, now) + self.interval - now - 60 * BURST_MINUTES - 1e-6))

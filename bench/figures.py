"""What a benchmark gives, how it is printed, and the arithmetic they share."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number beside its rival's. The name ends in its unit: `p50_ms`, `process_s`, `per_s`."""

    name: str
    value: float
    #: the same, done by the raw engine or the peer
    raw: float

    def __str__(self) -> str:
        """`record.sqlite.exact.p50_ms 1.9 raw 1.1 ratio 1.73`; the ratio is the figure over its rival's."""
        ratio = self.value / self.raw if self.raw else float("inf")
        return f"{self.name} {_short(self.value)} raw {_short(self.raw)} ratio {ratio:.2f}"


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call of `work` takes."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def in_turns(one: Callable[[], object], other: Callable[[], object], rounds: int) -> tuple[float, float]:
    """The median milliseconds of each, called in turns, so that whatever slows the machine slows both."""
    for warm in (one, other):
        warm()
    both = [(milliseconds(one), milliseconds(other)) for _ in range(rounds)]
    return median(ours for ours, _ in both), median(theirs for _, theirs in both)


def percentile(values: Iterable[float], share: float) -> float:
    """The value that `share` (0 to 1) of `values` do not exceed. Raises ValueError for none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values")
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _short(value: float) -> str:
    """Three digits that count, and no exponent: 0.0123, 1.23, 12.3, 123, 12345."""
    if value == 0:
        return "0"
    places = next((places for limit, places in ((100, 0), (10, 1), (1, 2), (0.1, 3)) if abs(value) >= limit), 4)
    return f"{value:.{places}f}"

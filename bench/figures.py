"""Define the figure that benchmarks print, and the functions that measure it."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value and the value of its reference. The name ends in the unit: `p50_ms`, `process_s`, `per_s`."""

    name: str
    value: float
    #: value of the reference (raw database or similar library)
    raw: float

    def __str__(self) -> str:
        """Format as `record.sqlite.exact.p50_ms 1.9 raw 1.1 ratio 1.73`; the ratio is `value / raw`."""
        ratio = self.value / self.raw if self.raw else float("inf")
        return f"{self.name} {_format_number(self.value)} raw {_format_number(self.raw)} ratio {ratio:.2f}"


def measure_milliseconds(work: Callable[[], object]) -> float:
    """Return the duration of one call of `work` in milliseconds."""
    started_at = time.perf_counter()
    work()
    return (time.perf_counter() - started_at) * 1000


def measure_in_turns(
    our_work: Callable[[], object], their_work: Callable[[], object], rounds: int
) -> tuple[float, float]:
    """Return the median milliseconds of each function, called in turns so that background load affects both."""
    for work in (our_work, their_work):
        work()
    pairs = [(measure_milliseconds(our_work), measure_milliseconds(their_work)) for _ in range(rounds)]
    return median(ours for ours, _ in pairs), median(theirs for _, theirs in pairs)


def measure_consumption(consume: Callable[[Iterator[_T]], object], items: Iterable[_T]) -> float:
    """Return the seconds that `consume` takes, without the time to make the items."""
    making_seconds = 0.0

    def iterate_timed() -> Iterator[_T]:
        nonlocal making_seconds
        remaining_items = iter(items)
        while True:
            started_at = time.perf_counter()
            item = next(remaining_items, None)
            making_seconds += time.perf_counter() - started_at
            if item is None:
                return
            yield item

    return measure_milliseconds(lambda: consume(iterate_timed())) / 1000 - making_seconds


def compute_percentile(values: Iterable[float], share: float) -> float:
    """Return the value that `share` (0 to 1) of `values` do not exceed. Raises ValueError if `values` is empty."""
    sorted_values = sorted(values)
    if not sorted_values:
        raise ValueError("no values")
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))]


def _format_number(value: float) -> str:
    """Format with three significant digits and no exponent: 0.0123, 1.23, 12.3, 123, 12345."""
    if value == 0:
        return "0"
    places = next((places for limit, places in ((100, 0), (10, 1), (1, 2), (0.1, 3)) if abs(value) >= limit), 4)
    return f"{value:.{places}f}"

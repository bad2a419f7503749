"""Rate limit of log lines: many lines of one kind become the first ones and a count.

Rule: a flood of bad requests must not fill the disk. What is left out is counted, and the count is logged.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass

from structlog import DropEvent

#: seconds of a window
_WINDOW_SECONDS = 10.0
#: lines of one kind in a window: warnings and errors, and all others
_MAX_WARNINGS, _MAX_OTHERS = 20, 1_000
#: kinds that are remembered
_MAX_KINDS = 500
#: field of an event that names its kind, if its text is not constant; it is not shown
KIND = "_kind"

Event = MutableMapping[str, object]


@dataclass(slots=True)
class _Window:
    started_at: float
    count: int
    level: str
    event: str


class RepeatLimiter:
    """Drops the lines of a kind that come too often. A structlog processor; thread-safe.

    `write_summary` writes a line such as "… 340 more like this". It must not log. `clock` returns seconds.
    """

    def __init__(self, write_summary: Callable[[Event], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._write_summary = write_summary
        self._clock = clock
        self._windows: OrderedDict[tuple[str, str], _Window] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, _logger: object, method: str, event: Event) -> Event:
        """Return the event without its kind. Raises structlog's DropEvent if it comes too often."""
        level, kind = str(event.get("level", method)), str(event.pop(KIND, event.get("event")))
        with self._lock:
            is_allowed, summaries = self._count((level, kind), str(event.get("event")))
        for summary in summaries:
            self._write_summary(summary)
        if not is_allowed:
            raise DropEvent
        return event

    def flush(self) -> None:
        """Write the counts of all lines that were left out, for example when the process ends."""
        with self._lock:
            windows, self._windows = list(self._windows.values()), OrderedDict()
        for summary in filter(None, map(_summarise, windows)):
            self._write_summary(summary)

    def _count(self, key: tuple[str, str], event: str) -> tuple[bool, list[Event]]:
        """Count a line. Return whether it may be shown, and the summaries that are due."""
        now = self._clock()
        summaries = []
        while self._windows:
            oldest_key, oldest = next(iter(self._windows.items()))
            if len(self._windows) <= _MAX_KINDS and now - oldest.started_at < _WINDOW_SECONDS:
                break
            del self._windows[oldest_key]
            summaries.append(_summarise(oldest))
        window = self._windows.setdefault(key, _Window(now, 0, key[0], event))
        window.count += 1
        return window.count <= _get_limit(window), [summary for summary in summaries if summary]


def _get_limit(window: _Window) -> int:
    return _MAX_OTHERS if window.level in ("debug", "info") else _MAX_WARNINGS


def _summarise(window: _Window) -> Event | None:
    rest = window.count - _get_limit(window)
    return (
        {"event": window.event, "level": window.level, "repeated": f"… {rest:,} more like this"} if rest > 0 else None
    )

"""Tries again, ever more rarely and for a while, what a database refused that may be there again soon."""

from collections.abc import Callable
from typing import TypeVar

from briefings.errors import RecordUnavailable
from briefings.record.shards import may_pass

#: seconds between two tries: the first, and the most
_FIRST, _MOST = 0.5, 20.0
#: seconds of waiting until it is given up: a database that is restarted takes a minute
PATIENCE = 300.0

Wait = Callable[[float], object]
_T = TypeVar("_T")


def patiently(work: Callable[[], _T], wait: Wait, seconds: float = PATIENCE) -> _T:
    """What `work` gives; `wait` is called with the seconds between two tries, `seconds` in all at most.

    Raises RecordUnavailable when it is given up, or when waiting would not help.
    """
    pause, left = _FIRST, seconds
    while True:
        try:
            return work()
        except RecordUnavailable as error:
            if left <= 0 or not may_pass(error):
                raise
        wait(min(pause, left))
        left -= pause
        pause = min(2 * pause, _MOST)

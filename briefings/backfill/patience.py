"""Tries again, ever more rarely and for a while, what a database refused that may be there again soon."""

from collections.abc import Callable
from typing import TypeVar

from briefings.errors import DatabaseUnavailable
from briefings.storage.writes.shard_ledger import is_transient

#: seconds between two tries: the first, and the most
_FIRST_PAUSE_SECONDS, _MAX_PAUSE_SECONDS = 0.5, 20.0
#: seconds of waiting until it is given up: a database that is restarted takes a minute
MAX_WAIT_SECONDS = 300.0

Sleep = Callable[[float], object]
_T = TypeVar("_T")


def retry_with_backoff(work: Callable[[], _T], sleep: Sleep, max_wait_seconds: float = MAX_WAIT_SECONDS) -> _T:
    """What `work` gives; `wait` is called with the seconds between two tries, `seconds` in all at most.

    Raises RecordUnavailable when it is given up, or when waiting would not help.
    """
    pause, remaining_seconds = _FIRST_PAUSE_SECONDS, max_wait_seconds
    while True:
        try:
            return work()
        except DatabaseUnavailable as error:
            if remaining_seconds <= 0 or not is_transient(error):
                raise
        sleep(min(pause, remaining_seconds))
        remaining_seconds -= pause
        pause = min(2 * pause, _MAX_PAUSE_SECONDS)

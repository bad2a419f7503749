"""How long things may take, and how often they are tried again. Every figure has its reason beside it."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """Set for a newsroom; tests have a quicker one."""

    #: a run that comes later than this after it was due says so
    late: timedelta = timedelta(minutes=5)
    #: one that would come later does not come any more: old news at a wrong hour is worse than none
    grace: timedelta = timedelta(hours=2)
    #: whoever has taken up a run has it for so long: longer than all the calls that one attempt makes
    lease: timedelta = timedelta(minutes=4)
    #: a post is given up after so long, waits for Slack's 429 included; the run is then looked up before another
    sending: timedelta = timedelta(seconds=100)
    #: what is new is given up after so long
    reading: timedelta = timedelta(seconds=60)
    #: from one attempt to the next, doubled each time, up to the longest; less than a lease
    first_wait: timedelta = timedelta(seconds=30)
    longest_wait: timedelta = timedelta(minutes=4)
    #: runs on their way at once in one process
    at_once: int = 8

    def wait(self, attempts: int) -> timedelta:
        """Until the next attempt, after so many."""
        return min(self.first_wait * (1 << min(max(attempts, 1) - 1, 16)), self.longest_wait)

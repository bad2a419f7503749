"""How long things may take, and how often they are tried again. Every figure has its reason beside it."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Set for a newsroom; tests have a quicker one."""

    #: a run that comes later than this after it was due says so
    late_after: timedelta = timedelta(minutes=5)
    #: one that would come later does not come any more: old news at a wrong hour is worse than none
    grace_period: timedelta = timedelta(hours=2)
    #: whoever has taken up a run has it for so long: longer than all the calls that one attempt makes
    lease_duration: timedelta = timedelta(minutes=4)
    #: a post is given up after so long, waits for Slack's 429 included; the run is then looked up before another
    post_timeout: timedelta = timedelta(seconds=100)
    #: what is new is given up after so long
    content_timeout: timedelta = timedelta(seconds=60)
    #: from one attempt to the next, doubled each time, up to the longest; less than a lease
    first_backoff: timedelta = timedelta(seconds=30)
    max_backoff: timedelta = timedelta(minutes=4)
    #: runs on their way at once in one process
    max_concurrency: int = 8

    def compute_backoff(self, attempts: int) -> timedelta:
        """Until the next attempt, after so many."""
        return min(self.first_backoff * (1 << min(max(attempts, 1) - 1, 16)), self.max_backoff)

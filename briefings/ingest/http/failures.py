"""Name the ways in which one URL, feed or entry can fail, so that failures can be counted and reported.

Rule: a failure belongs to one item. Its message is for people. Its name is for counts and contains no external text.
"""

from enum import StrEnum

from briefings.errors import BadInput


class Failure(StrEnum):
    """Kind of failure, as named in metrics and reports."""

    #: not a web address, or one that contains a user name or password
    ADDRESS = "address"
    #: leads to this machine or to a private network
    FORBIDDEN = "forbidden"
    #: disallowed by robots.txt
    ROBOTS = "robots"
    #: the connection failed or was interrupted
    NETWORK = "network"
    SLOW = "slow"
    LARGE = "large"
    #: too many redirects
    REDIRECTS = "redirects"
    #: 404 or 410
    MISSING = "missing"
    #: 429 or 503: the server asks for a pause
    BUSY = "busy"
    #: any other status except 200
    STATUS = "status"
    #: an image, document or program instead of a page
    KIND = "kind"
    #: a feed that cannot be parsed
    FEED = "feed"
    #: a feed that declares a DOCTYPE
    DOCTYPE = "doctype"
    #: more entries than the limit for a feed
    ENTRIES = "entries"
    #: a page without an article, or with one that cannot be stored
    ARTICLE = "article"
    #: a page whose text takes too much time or memory
    LIMIT = "limit"


class FetchError(BadInput):
    """Failure of one URL, feed or feed entry; `retry_after` is the pause in seconds that the server asks for."""

    def __init__(self, failure: Failure, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.failure = failure
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[type["FetchError"], tuple[Failure, str, float | None]]:
        """Support pickling: the arguments of the constructor are more than the message."""
        return FetchError, (self.failure, str(self), self.retry_after)

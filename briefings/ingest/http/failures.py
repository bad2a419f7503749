"""What goes wrong with one address, by name, so that it can be counted and told.

Rule: a failure is that of one item. Its sentence is for people; its name is for counts, and never holds a stranger's
words.
"""

from enum import StrEnum

from briefings.errors import BadInput


class Failure(StrEnum):
    """The kinds of failures, as metrics and reports name them."""

    #: no address of the web, or one with a user and password in it
    ADDRESS = "address"
    #: it leads to this machine or into a private network
    FORBIDDEN = "forbidden"
    #: robots.txt asks programs to stay away
    ROBOTS = "robots"
    #: no connection, or one that broke off
    NETWORK = "network"
    SLOW = "slow"
    LARGE = "large"
    #: too many redirects
    REDIRECTS = "redirects"
    #: 404 or 410
    MISSING = "missing"
    #: 429 or 503: the server asks to be left alone for a while
    BUSY = "busy"
    #: any other answer that is not the page
    STATUS = "status"
    #: a picture, a document, a program
    KIND = "kind"
    #: meant to be a feed, and cannot be read as one
    FEED = "feed"
    #: a feed that declares a DOCTYPE
    DOCTYPE = "doctype"
    #: more entries than a feed may have
    ENTRIES = "entries"
    #: a page without an article, or with one that cannot be kept
    ARTICLE = "article"


class FetchError(BadInput):
    """One address, feed or entry that came to nothing; `wait` is the seconds its server asks for, if it does."""

    def __init__(self, failure: Failure, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.failure = failure
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[type["FetchError"], tuple[Failure, str, float | None]]:
        """How it goes from one process to another: what raises it has other arguments than its sentence."""
        return FetchError, (self.failure, str(self), self.retry_after)

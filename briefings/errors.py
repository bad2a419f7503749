"""Errors that users can cause. Each message is a sentence for the user: what is wrong and what to do."""


class BriefingsError(Exception):
    """Base class of all errors shown to users. `str(error)` is one plain sentence."""


class BadInput(BriefingsError):
    """An input cannot be read: a file, a folder, a line of JSON, a TOML file or a URL."""


class LimitExceeded(BadInput):
    """An input needs more time or memory than one input may use, or ends the process that reads it."""


class BadQuestion(BriefingsError):
    """A question is invalid: empty, too long, or with something that is not a date."""


class NothingFound(BriefingsError):
    """A valid question matches nothing in the stored articles.

    `nearest` has the slugs of similar topics, best first.
    """

    def __init__(self, message: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.nearest = nearest


class BadSettings(BriefingsError):
    """An environment variable or a line of `.env` is missing or invalid."""


class DatabaseUnavailable(BriefingsError):
    """The database cannot be opened, read or written."""

"""Every error a person can cause, under one root. The message is the sentence they read: what is wrong, what to do."""


class BriefingsError(Exception):
    """Root of all errors shown to people. `str(error)` is one plain sentence."""


class BadInput(BriefingsError):
    """Something handed in cannot be read: a file, a folder, a line of JSON, a TOML file, an address."""


class BadQuestion(BriefingsError):
    """The question itself cannot be answered as asked: empty, too long, a date that is none."""


class NothingFound(BriefingsError):
    """The question is fine, the record holds nothing on it.

    `nearest` holds topic slugs that the asker may have meant, best first.
    """

    def __init__(self, message: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.nearest = nearest


class BadSettings(BriefingsError):
    """The environment or `.env` lacks a value, or holds one that cannot be used."""


class DatabaseUnavailable(BriefingsError):
    """The database cannot be opened, read or written."""

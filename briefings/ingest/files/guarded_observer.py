"""Keep what a caller's observer raises apart from errors of the files that are read.

An observer prints, so it can raise OSError: a closed pipe or a full disk. Around a read, OSError means a damaged file.
"""

from collections.abc import Callable, Mapping
from typing import Never

from briefings.errors import BadInput
from briefings.ingest.context import FileReading, ReadObserver


class ObserverError(Exception):
    """Wrapper of an exception that an observer raised; `cause` is the exception."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


class GuardedObserver(ReadObserver):
    """Observer that passes everything on, and wraps what the other observer raises, except BadInput."""

    def __init__(self, observer: ReadObserver) -> None:
        self._observer = observer

    @property
    def is_strict(self) -> bool:
        """Tell whether the other observer is strict."""
        return self._observer.is_strict

    def on_error(self, error: BadInput) -> None:
        """Pass on an error."""
        _call(self._observer.on_error, error)

    def on_warning(self, sentence: str) -> None:
        """Pass on a warning."""
        _call(self._observer.on_warning, sentence)

    def on_columns(self, name: str, columns: Mapping[str, str]) -> None:
        """Pass on the mapping of a table."""
        _call(self._observer.on_columns, name, columns)

    def on_file(self, reading: FileReading) -> None:
        """Pass on the result of a file."""
        _call(self._observer.on_file, reading)

    def on_progress(self, byte_count: int) -> None:
        """Pass on the number of bytes."""
        _call(self._observer.on_progress, byte_count)


def raise_cause(error: ObserverError) -> Never:
    """Raise what the observer raised."""
    raise error.cause from None


def _call(function: Callable[..., None], *arguments: object) -> None:
    try:
        function(*arguments)
    except BadInput:
        raise
    except Exception as error:  # whatever it is, it is not an error of the file
        raise ObserverError(error) from error

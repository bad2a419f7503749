"""Open a file that a user names, if it is a regular file or a pipe that a program writes to.

Rule: opening does not wait long. A pipe without a writer, a device and a socket are refused: reading one could wait
without end, or never come to an end.
"""

import errno
import os
import stat
import sys
from pathlib import Path
from threading import Thread
from typing import BinaryIO

#: seconds to wait for the program that writes to a pipe
WRITER_TIMEOUT_SECONDS = 3.0


class UnusablePathError(OSError):
    """A path that is not a file to read. `strerror` says what it is instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(errno.ENXIO, reason)


def open_input_file(path: Path, writer_timeout: float = WRITER_TIMEOUT_SECONDS, buffering: int = -1) -> BinaryIO:
    """Open a file for reading; `buffering` is that of `open`.

    Raises OSError, and UnusablePathError for anything but a file or a pipe that a program writes to.
    """
    mode = path.stat().st_mode
    if stat.S_ISFIFO(mode):
        return _open_pipe(path, writer_timeout, buffering)
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise UnusablePathError("it is a device, not a file")
    if stat.S_ISSOCK(mode):
        raise UnusablePathError("it is a socket, not a file")
    return _open(path, buffering)


def _open(path: Path, buffering: int) -> BinaryIO:
    return path.open("rb", buffering=buffering)


def _open_pipe(path: Path, writer_timeout: float, buffering: int) -> BinaryIO:
    """Open a pipe in a thread, because that waits for a writer."""
    results: list[BinaryIO | OSError] = []

    def open_for_reading() -> None:
        try:
            results.append(_open(path, buffering))
        except OSError as error:
            results.append(error)

    thread = Thread(target=open_for_reading, daemon=True)
    thread.start()
    thread.join(writer_timeout)
    has_writer = bool(results)
    if not has_writer:
        _release_reader(path, thread)
    for result in results:
        if isinstance(result, OSError):
            raise result
        if has_writer:
            return result
        result.close()
    raise UnusablePathError("it is a pipe, and no program writes to it")


def _release_reader(path: Path, thread: Thread) -> None:
    """End the wait of a reader by opening the pipe for writing for a moment."""
    if sys.platform != "win32":
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:  # the pipe was removed meanwhile: the thread ends with the program
            return
        thread.join(1.0)

"""Count the bytes that are read from a file, and report them as progress.

Rule: only an error of the file itself becomes BadInput. What `on_progress` raises is passed on.
"""

import io
from collections.abc import Callable
from typing import BinaryIO, cast

from briefings.ingest.text_file import cannot_read_error


class RawFile(io.RawIOBase):
    """Unbuffered view of a binary file that counts what is read. The file stays open."""

    def __init__(self, file: BinaryIO, name: str, on_progress: Callable[[int], None] | None = None) -> None:
        # the variant "1" returns what a pipe has, instead of waiting for a full buffer
        self._read_into = cast("Callable[[memoryview], int | None]", getattr(file, "readinto1", None) or file.readinto)  # type: ignore[attr-defined]  # every binary file has it
        self._file, self._name, self._on_progress = file, name, on_progress
        #: number of bytes read so far; bytes that are read twice count twice
        self.byte_count = 0

    def readable(self) -> bool:
        """Return True: the stream can be read."""
        return True

    def seekable(self) -> bool:
        """Tell whether the file can be read from any position."""
        return self._file.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a position of the file."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the position in the file."""
        return self._file.tell()

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]  # any buffer; this is the one that comes
        """Fill a buffer; return the number of bytes, which is 0 at the end."""
        try:
            count = self._read_into(target) or 0
        except OSError as error:
            raise cannot_read_error(self._name, error) from error
        self.byte_count += count
        if count and self._on_progress is not None:
            self._on_progress(count)
        return count

"""Report how much of a file has been read, so that all files together add up to their size."""

from collections.abc import Callable


class FileProgress:
    """Progress of one file. Parts that are read twice count once, and parts that are never read count at the end."""

    def __init__(self, size: int, on_progress: Callable[[int], None]) -> None:
        self._remaining_bytes, self._on_progress = size, on_progress
        self._is_sized = size > 0  # a pipe has no size

    def advance(self, byte_count: int) -> None:
        """Report bytes that were read."""
        if self._is_sized:
            byte_count = min(byte_count, self._remaining_bytes)
            self._remaining_bytes -= byte_count
        if byte_count:
            self._on_progress(byte_count)

    def finish(self) -> None:
        """Report the bytes that were not read."""
        self.advance(self._remaining_bytes)

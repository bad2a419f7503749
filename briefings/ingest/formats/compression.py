"""Open files as streams of their decompressed content (gzip, zstd, bzip2 or xz).

Rule: decompression is lazy and bounded. A decompression bomb raises an error.
Rule: damage ends the stream. Its `Integrity` says so, and the caller decides whether the beginning is usable.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from briefings.errors import BadInput
from briefings.ingest.formats.decompressors import DecompressedStream
from briefings.ingest.formats.file_type import COMPRESSIONS, HEAD_BYTES, FileType, detect_file_type
from briefings.ingest.formats.integrity import Integrity
from briefings.ingest.formats.raw_file import RawFile
from briefings.ingest.paths.input_file import open_input_file
from briefings.ingest.text_file import cannot_read_error

#: maximum ratio of decompressed to compressed size; text has 3 to 5, repeated lines 50
MAX_EXPANSION_RATIO = 200
#: decompressed size in bytes up to which the ratio is not checked
ALWAYS_ALLOWED_BYTES = 20_000_000
#: maximum number of nested compressions
_MAX_LAYERS = 2
#: maximum size of a temporary file, in bytes
MAX_TEMPORARY_BYTES = 10_000_000_000
_CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class OpenContent:
    """Decompressed content, its type, and what is known about damage."""

    stream: BinaryIO
    file_type: FileType
    integrity: Integrity


@contextmanager
def open_decompressed(path: Path) -> Iterator[tuple[BinaryIO, FileType]]:
    """Open a file; return a stream of its decompressed content and the type of that content.

    Raises BadInput, on opening or while reading inside the `with` block, if the file is unreadable, damaged, of an
    unsupported type, or a decompression bomb.
    """
    with open_content(lambda: open_input_file(path, buffering=0), Integrity(str(path), is_strict=True)) as content:
        yield content.stream, content.file_type


@contextmanager
def open_content(
    open_file: Callable[[], AbstractContextManager[BinaryIO]],
    integrity: Integrity,
    on_progress: Callable[[int], None] | None = None,
) -> Iterator[OpenContent]:
    """Open the decompressed content of any binary file; `integrity` has its name and receives damage.

    `on_progress` receives the number of bytes read from the file since its last call. Raises BadInput, on opening or
    while reading inside the `with` block, if the file is unreadable, of an unsupported type, or a decompression bomb.
    """
    name = integrity.name
    with ExitStack() as stack:
        try:
            file = stack.enter_context(open_file())
        except OSError as error:  # one in the `with` block of the caller is not an error of this file
            raise cannot_read_error(name, error) from error
        raw_file = RawFile(file, name, on_progress)
        stream, file_type = _open_buffered(raw_file, name)
        for _ in range(_MAX_LAYERS):
            if file_type in COMPRESSIONS:
                decompressed_stream = DecompressedStream(stream, file_type, integrity)
                stream, file_type = _open_buffered(_BoundedStream(decompressed_stream, raw_file, name), name)
        if file_type in COMPRESSIONS:
            raise BadInput(f"{name} is compressed more than {_MAX_LAYERS} times. Decompress it first.")
        yield OpenContent(stream, file_type, integrity)


@contextmanager
def open_seekable(stream: BinaryIO, integrity: Integrity) -> Iterator[BinaryIO]:
    """Open a seekable stream of the same bytes; a compressed stream is copied to a temporary file.

    Raises BadInput if the content is damaged or too long to copy.
    """
    if stream.seekable():
        yield stream
        return
    with TemporaryFile() as file:
        try:
            _copy_bounded(stream, cast("BinaryIO", file), integrity.name)
        except OSError as error:
            raise cannot_read_error(integrity.name, error) from error
        if integrity.damage is not None:
            raise integrity.build_error(0)
        file.seek(0)
        yield cast("BinaryIO", file)


def _copy_bounded(stream: BinaryIO, file: BinaryIO, name: str) -> None:
    while data := stream.read(_CHUNK_BYTES):
        file.write(data)
        if file.tell() > MAX_TEMPORARY_BYTES:
            raise BadInput(f"{name} is too long to read in compressed form. Decompress it first.")
    file.flush()


def _open_buffered(raw_stream: io.RawIOBase, name: str) -> tuple[BinaryIO, FileType]:
    stream = io.BufferedReader(raw_stream, _CHUNK_BYTES)
    head = stream.peek(HEAD_BYTES)[:HEAD_BYTES]
    return cast("BinaryIO", stream), detect_file_type(head, name)


class _BoundedStream(io.RawIOBase):
    """Stream that raises BadInput if its output grows out of proportion to the bytes read from `raw_file`."""

    def __init__(self, inner: io.RawIOBase, raw_file: RawFile, name: str) -> None:
        self._inner, self._raw_file, self._name, self._output_bytes = inner, raw_file, name, 0

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]  # any buffer; this is the one that comes
        count = self._inner.readinto(target) or 0
        self._output_bytes += count
        if (
            self._output_bytes > ALWAYS_ALLOWED_BYTES
            and self._output_bytes > MAX_EXPANSION_RATIO * self._raw_file.byte_count
        ):
            raise BadInput(
                f"{self._name} decompresses to more than {MAX_EXPANSION_RATIO} times its size, "
                "so reading stopped. Check the file."
            )
        return count

"""Open files as streams of their decompressed content (gzip or zstd).

Rule: decompression is lazy and bounded. A decompression bomb or a truncated file raises an error.
"""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from briefings.errors import BadInput
from briefings.ingest.formats.file_type import HEAD_BYTES, FileType, detect_file_type
from briefings.ingest.text_file import cannot_read_error

#: maximum ratio of decompressed to compressed size; text has 3 to 5, repeated lines 50
MAX_EXPANSION_RATIO = 200
#: decompressed size in bytes up to which the ratio is not checked
ALWAYS_ALLOWED_BYTES = 20_000_000
#: maximum number of nested compressions
_MAX_LAYERS = 2
#: maximum window of zstd in bytes; files made with `--long` need more
_MAX_ZSTD_WINDOW_BYTES = 1 << 26
#: bytes passed to zstd at a time; four bytes of input can produce a block of 128 KiB
_ZSTD_INPUT_BYTES = 1_024

_DECOMPRESSION_ERRORS = (gzip.BadGzipFile, zlib.error, EOFError, zstandard.ZstdError)


@contextmanager
def open_decompressed(path: Path) -> Iterator[tuple[BinaryIO, FileType]]:
    """Open a file; return a stream of its decompressed content and the type of that content.

    Raises BadInput, on opening or while reading inside the `with` block, if the file is unreadable, damaged, of an
    unsupported type, or a decompression bomb.
    """
    with open_decompressed_stream(lambda: path.open("rb"), str(path)) as stream_and_type:
        yield stream_and_type


@contextmanager
def open_decompressed_stream(open_file: Callable[[], BinaryIO], name: str) -> Iterator[tuple[BinaryIO, FileType]]:
    """Do the same for any binary stream that `open_file` opens; `name` identifies it in error messages."""
    compression = ""
    try:
        with open_file() as file:
            stream, file_type = _open_buffered(file, name)
            for _ in range(_MAX_LAYERS):
                if file_type in _DECOMPRESSORS:
                    compression = file_type
                    stream, file_type = _open_buffered(
                        _BoundedStream(_DECOMPRESSORS[file_type](stream), file, name), name
                    )
            if file_type in _DECOMPRESSORS:
                raise BadInput(f"{name} is compressed more than {_MAX_LAYERS} times. Decompress it first.")
            yield stream, file_type
    except _DECOMPRESSION_ERRORS as error:
        raise BadInput(
            f"{name} is a damaged or incomplete {compression or 'gzip'} file. Download or create it again."
        ) from error
    except OSError as error:
        raise cannot_read_error(name, error) from error


def _open_buffered(raw_stream: io.RawIOBase | BinaryIO, name: str) -> tuple[BinaryIO, FileType]:
    stream = io.BufferedReader(cast("io.RawIOBase", raw_stream), 1 << 16)
    head = stream.peek(HEAD_BYTES)[:HEAD_BYTES]
    return cast("BinaryIO", stream), detect_file_type(head, name)


class _BoundedStream(io.RawIOBase):
    """Stream that raises BadInput if its output grows out of proportion to the bytes read from `file`."""

    def __init__(self, inner: BinaryIO, file: BinaryIO, name: str) -> None:
        self._inner, self._file, self._name, self._output_bytes = inner, file, name, 0

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]  # any buffer; this is the one that comes
        data = self._inner.read(len(target))
        target[: len(data)] = data
        self._output_bytes += len(data)
        if self._output_bytes > ALWAYS_ALLOWED_BYTES and self._output_bytes > MAX_EXPANSION_RATIO * self._file.tell():
            raise BadInput(
                f"{self._name} decompresses to more than {MAX_EXPANSION_RATIO} times its size, "
                "so reading stopped. Check the file."
            )
        return len(data)


class _ZstdStream(io.RawIOBase):
    """Stream of decompressed zstd frames. Unlike the library's own reader, it raises EOFError for a truncated frame."""

    def __init__(self, compressed_file: BinaryIO) -> None:
        self._compressed_file, self._output_buffer, self._input_buffer = compressed_file, b"", b""
        self._frame: zstandard.ZstdDecompressionObj | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]  # any buffer; this is the one that comes
        while not self._output_buffer:
            data = self._input_buffer or self._compressed_file.read(_ZSTD_INPUT_BYTES)
            if not data:
                if self._frame is not None:
                    raise EOFError
                return 0
            self._output_buffer, self._input_buffer = self._decompress(data)
        output = self._output_buffer[: len(target)]
        target[: len(output)] = output
        self._output_buffer = self._output_buffer[len(output) :]
        return len(output)

    def _decompress(self, data: bytes) -> tuple[bytes, bytes]:
        if self._frame is None:
            self._frame = zstandard.ZstdDecompressor(max_window_size=_MAX_ZSTD_WINDOW_BYTES).decompressobj()
        output = self._frame.decompress(data)
        unused_data = self._frame.unused_data if self._frame.eof else b""
        if self._frame.eof:
            self._frame = None
        return output, unused_data


_DECOMPRESSORS: dict[FileType, Callable[[BinaryIO], BinaryIO]] = {
    FileType.GZIP: lambda compressed_file: cast("BinaryIO", gzip.GzipFile(fileobj=compressed_file)),
    FileType.ZSTD: lambda compressed_file: cast("BinaryIO", io.BufferedReader(_ZstdStream(compressed_file))),
}

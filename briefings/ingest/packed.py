"""Files as streams of what they hold, whether gzip or zstd packed them.

Rule: nothing is unpacked further than it is read, and nothing that unpacks to far more than any text does. A file that
ends in the middle says so.
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
from briefings.ingest.files import cannot_read
from briefings.ingest.kind import LOOKED_AT, Kind, kind_of

#: how much larger than packed something may be; text is 3 to 5 times, repeated lines 50
MOST_LARGER = 200
#: bytes that anything may unpack to
ALWAYS = 20_000_000
#: packings inside each other
_LAYERS = 2
#: bytes of window that zstd may ask for; `--long` asks for more
_WINDOW = 1 << 26
#: bytes that zstd is handed at a time: of one a block of 128 KiB may come for every four
_HANDED = 1_024

_DAMAGED = (gzip.BadGzipFile, zlib.error, EOFError, zstandard.ZstdError)


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[BinaryIO, Kind]]:
    """The stream of what a file holds, at its beginning, and the kind of that.

    Raises BadInput, here or while the stream is read inside the `with`, when the file cannot be read or is damaged,
    holds nothing known, or unpacks to more than it should.
    """
    with unpacked_from(lambda: path.open("rb"), str(path)) as found:
        yield found


@contextmanager
def unpacked_from(opened: Callable[[], BinaryIO], name: str) -> Iterator[tuple[BinaryIO, Kind]]:
    """The same of whatever `opened` opens, wherever it lies; `name` names it in sentences."""
    packing = ""
    try:
        with opened() as file:
            stream, kind = _begun(file, name)
            for _ in range(_LAYERS):
                if kind in _OPENERS:
                    packing = kind
                    stream, kind = _begun(_Bounded(_OPENERS[kind](stream), file, name), name)
            if kind in _OPENERS:
                raise BadInput(f"{name} is packed over and over: unpack it first.")
            yield stream, kind
    except _DAMAGED as error:
        raise BadInput(f"{name} is not a whole {packing or 'gzip'} file. Fetch or pack it again.") from error
    except OSError as error:
        raise cannot_read(name, error) from error


def _begun(raw: io.RawIOBase | BinaryIO, name: str) -> tuple[BinaryIO, Kind]:
    stream = io.BufferedReader(cast("io.RawIOBase", raw), 1 << 16)
    head = stream.peek(LOOKED_AT)[:LOOKED_AT]
    return cast("BinaryIO", stream), kind_of(head, name)


class _Bounded(io.RawIOBase):
    """What another stream unpacks, as long as it is in proportion to what was taken from `file`."""

    def __init__(self, inner: BinaryIO, file: BinaryIO, name: str) -> None:
        self._inner, self._file, self._name, self._given = inner, file, name, 0

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]  # any buffer; this is the one that comes
        data = self._inner.read(len(target))
        target[: len(data)] = data
        self._given += len(data)
        if self._given > ALWAYS and self._given > MOST_LARGER * self._file.tell():
            raise BadInput(
                f"{self._name} unpacks to over {MOST_LARGER} times its size: no text does. It is not read on."
            )
        return len(data)


class _Zstd(io.RawIOBase):
    """What zstd packed, frame after frame; the library's own reader keeps silent about a frame that is cut off."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed, self._waiting, self._left = packed, b"", b""
        self._frame: zstandard.ZstdDecompressionObj | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]  # any buffer; this is the one that comes
        while not self._waiting:
            data = self._left or self._packed.read(_HANDED)
            if not data:
                if self._frame is not None:
                    raise EOFError
                return 0
            self._waiting, self._left = self._unpack(data)
        given = self._waiting[: len(target)]
        target[: len(given)] = given
        self._waiting = self._waiting[len(given) :]
        return len(given)

    def _unpack(self, data: bytes) -> tuple[bytes, bytes]:
        if self._frame is None:
            self._frame = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
        found = self._frame.decompress(data)
        rest = self._frame.unused_data if self._frame.eof else b""
        if self._frame.eof:
            self._frame = None
        return found, rest


_OPENERS: dict[Kind, Callable[[BinaryIO], BinaryIO]] = {
    Kind.GZIP: lambda packed: cast("BinaryIO", gzip.GzipFile(fileobj=packed)),
    Kind.ZSTD: lambda packed: cast("BinaryIO", io.BufferedReader(_Zstd(packed))),
}

"""Decompress gzip, zstd, bzip2 and xz as a stream, member by member, with every byte before damage.

Rule: each step has a bounded output, so a decompression bomb cannot fill the memory.
Rule: damage ends the stream like the end of the file, and is reported. It is known only when a reader asks for bytes
beyond it, so what a reader has received until then is whole.
"""

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from briefings.distribution import Extra, explain_missing
from briefings.errors import BadInput
from briefings.ingest.formats.file_type import FileType
from briefings.ingest.formats.integrity import Damage, Integrity

#: maximum bytes that one step returns
_OUTPUT_BYTES = 1 << 16
#: maximum window of zstd in bytes; files made with `--long` need more
_MAX_ZSTD_WINDOW_BYTES = 1 << 26
#: memory that xz may use, in bytes; its highest preset needs 65 million
_MAX_XZ_MEMORY = 100_000_000
_ERRORS = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)


class _Decoder(Protocol):
    """Decoder of one member (gzip), frame (zstd) or stream (bzip2, xz)."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class _Codec:
    create_decoder: Callable[[], _Decoder]
    #: bytes passed to a decoder at a time
    input_bytes: int


class DecompressedStream(io.RawIOBase):
    """Stream of the decompressed members of a compressed file."""

    def __init__(self, source: BinaryIO, compression: FileType, integrity: Integrity) -> None:
        """Raises BadInput if a package is missing that this compression needs."""
        if compression is FileType.ZSTD:
            _require_zstandard(integrity.name)
        self._source, self._compression, self._integrity = source, compression, integrity
        self._codec = _CODECS[compression]
        self._decoder: _Decoder | None = None
        self._input, self._output = b"", b""
        self._has_members = self._is_finished = False

    def readable(self) -> bool:
        """Return True: the stream can be read."""
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]  # any buffer; this is the one that comes
        """Fill a buffer; return the number of bytes, which is 0 at the end."""
        if not self._output:
            self._output = self._decompress_next()
        output = self._output[: len(target)]
        self._output = self._output[len(output) :]
        target[: len(output)] = output
        return len(output)

    def _decompress_next(self) -> bytes:
        """Return the next bytes of the content; none at its end and at damage."""
        while not self._is_finished:
            if self._decoder is None and not self._start_member():
                self._is_finished = True
                break
            output = self._step()
            if output:
                return output
        return b""

    def _start_member(self) -> bool:
        """Create the decoder of the next member; return whether there is one. Zeros between members are padding."""
        while data := self._take_input():
            self._input = data.lstrip(b"\0") if self._has_members else data
            if self._input:
                self._decoder = self._codec.create_decoder()
                return True
        return False

    def _step(self) -> bytes:
        decoder = self._decoder
        if decoder is None:
            return b""
        data = self._take_input() if decoder.needs_input else b""
        if decoder.needs_input and not data:
            return self._end(Damage.CUT_OFF)
        try:
            output = decoder.decompress(data, _OUTPUT_BYTES)
        except _ERRORS as error:
            if "memory" in str(error).lower():
                raise BadInput(
                    f"{self._integrity.name} needs too much memory to decompress. Decompress it first."
                ) from error
            return self._end(Damage.CORRUPT)
        if decoder.eof:
            self._input, self._decoder, self._has_members = decoder.unused_data, None, True
        return output

    def _take_input(self) -> bytes:
        data, self._input = self._input, b""
        return data or self._source.read(self._codec.input_bytes)

    def _end(self, damage: Damage) -> bytes:
        self._is_finished = True
        self._integrity.report(damage, self._compression)
        return b""


class _GzipDecoder:
    """Decoder of one gzip member, with its check sum."""

    def __init__(self) -> None:
        self._object = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._has_more_output = False

    @property
    def eof(self) -> bool:
        return self._object.eof

    @property
    def needs_input(self) -> bool:
        return not self._has_more_output

    @property
    def unused_data(self) -> bytes:
        return self._object.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        output = self._object.decompress(self._object.unconsumed_tail + data, max_length)
        self._has_more_output = len(output) == max_length or bool(self._object.unconsumed_tail)
        return output


class _ZstdDecoder:
    """Decoder of one zstd frame. Its output per step is bounded by the small input: 4 bytes give at most 128 KiB."""

    needs_input = True

    def __init__(self) -> None:
        import zstandard  # in the extra `archives`

        self._error = zstandard.ZstdError
        self._frame = zstandard.ZstdDecompressor(max_window_size=_MAX_ZSTD_WINDOW_BYTES).decompressobj()

    @property
    def eof(self) -> bool:
        return self._frame.eof

    @property
    def unused_data(self) -> bytes:
        return self._frame.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:  # noqa: ARG002 - see the class
        try:
            return self._frame.decompress(data)
        except self._error as error:
            raise ValueError(str(error)) from error


def _require_zstandard(name: str) -> None:
    try:
        import zstandard  # noqa: F401  # only whether it is there
    except ImportError as error:
        raise BadInput(f"{name}: {explain_missing('Files compressed with zstd', Extra.ARCHIVES)}") from error


_CODECS: dict[FileType, _Codec] = {
    FileType.GZIP: _Codec(_GzipDecoder, 4_096),
    FileType.ZSTD: _Codec(_ZstdDecoder, 1_024),
    FileType.BZIP2: _Codec(bz2.BZ2Decompressor, 16_384),
    FileType.XZ: _Codec(lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MAX_XZ_MEMORY), 16_384),
}

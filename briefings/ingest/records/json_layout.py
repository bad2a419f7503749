"""Find how a JSON file is laid out: one object per line, or arrays and objects over several lines."""

import codecs
import io
import json
from typing import BinaryIO, cast

from briefings.errors import BadInput
from briefings.ingest.text_file import MAX_BYTES

_UTF16_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_CHUNK_BYTES = 1 << 16
#: number of blank lines at the start after which a file counts as one object per line
_MAX_BLANK_LINES = 1_000


def open_json(stream: BinaryIO, name: str) -> tuple[BinaryIO, bool]:
    """Return the stream from its beginning, as UTF-8, and whether it has one object per line.

    `name` starts the message if it is not valid UTF-16, which some tools write with a byte order mark.
    """
    lines = [stream.readline(MAX_BYTES + 1)]
    if encoding := _UTF16_MARKS.get(lines[0][:2]):
        prefix = _Prefixed(lines, stream)
        stream = cast("BinaryIO", io.BufferedReader(_Utf16Stream(cast("BinaryIO", prefix), encoding, name)))
        lines = [stream.readline(MAX_BYTES + 1)]
    while lines[-1] and not _strip(lines[-1]) and len(lines) < _MAX_BLANK_LINES:
        lines.append(stream.readline(MAX_BYTES + 1))
    first_line = _strip(lines[-1])
    is_one_per_line = not first_line.startswith(b"[")
    if first_line.startswith(b"{") and not _is_json(first_line):
        lines.append(stream.readline(MAX_BYTES + 1))
        is_one_per_line = not _is_opening(first_line, _strip(lines[-1]))
    return cast("BinaryIO", _Prefixed(lines, stream)), is_one_per_line


def _is_opening(first_line: bytes, second_line: bytes) -> bool:
    """Tell whether an incomplete first line is the beginning of an object over several lines."""
    if len(first_line) >= MAX_BYTES or not second_line:
        return True
    # an object over several lines has a name or a bracket in its second line; JSON lines have the next object
    return not second_line.startswith(b"{") or first_line.endswith((b"[", b":"))


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line.removesuffix(b","))
    except (ValueError, RecursionError):
        return False
    return True


def _strip(line: bytes) -> bytes:
    return line.removeprefix(codecs.BOM_UTF8).strip()


class _Prefixed:
    """Stream that begins with lines that were read from it already. It reads lines and blocks, nothing else."""

    def __init__(self, lines: list[bytes], stream: BinaryIO) -> None:
        self._lines, self._stream = lines, stream

    def readline(self, size: int = -1) -> bytes:
        return self._lines.pop(0) if self._lines else self._stream.readline(size)

    def read(self, size: int = -1) -> bytes:
        return self._lines.pop(0) if self._lines else self._stream.read(size)


class _Utf16Stream(io.RawIOBase):
    """Stream that converts UTF-16 to UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str, name: str) -> None:
        self._stream, self._name, self._output = stream, name, b""
        self._decoder = codecs.getincrementaldecoder(encoding)()

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]  # any buffer; this is the one that comes
        while not self._output:
            data = self._stream.read(_CHUNK_BYTES)
            try:
                self._output = self._decoder.decode(data, final=not data).encode("utf-8", "replace")
            except UnicodeDecodeError as error:
                raise BadInput(
                    f"{self._name}: this is not valid UTF-16. Save the file as UTF-8 and try again."
                ) from error
            if not data:
                break
        output = self._output[: len(target)]
        target[: len(output)] = output
        self._output = self._output[len(output) :]
        return len(output)

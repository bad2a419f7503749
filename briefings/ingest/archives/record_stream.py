"""Split a WARC (ISO 28500, also WET) or ARC archive into records, and find out where it ends early.

Rule: a damaged record ends the archive, because the start of the next record is unknown.
Rule: header lines are bounded, so a file without line ends cannot fill the memory.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from briefings.ingest.formats.integrity import Damage, Integrity

logging.getLogger("warcio").setLevel(logging.CRITICAL)  # it prints addresses of the archive
#: maximum bytes of one header line, and of the headers and blank lines between two bodies
_MAX_LINE_BYTES, _MAX_HEAD_BYTES = 65_536, 1_000_000
_CHUNK_BYTES = 1 << 16
_LENGTH = re.compile(r"[0-9]{1,15}")
#: maximum characters of a wrong length that are shown
_MAX_SHOWN = 40


@dataclass(slots=True)
class Record:
    """One record. Its body can be read until the next record is requested."""

    #: WARC-Type; "response" for the records of an ARC archive
    kind: str
    address: str
    #: content type of the whole record, which is application/http for a recorded response
    content_type: str
    #: whether the crawler recorded only the beginning
    is_truncated: bool
    #: the stated length, if it is not one number; then the end of the record is unknown
    wrong_length: str | None
    _stream: BinaryIO = field(repr=False)
    _iterator: ArchiveIterator = field(repr=False)
    _integrity: Integrity = field(repr=False)
    _format_name: str = field(repr=False)

    def read(self, max_bytes: int) -> bytes:
        """Return up to `max_bytes` of the rest of the body."""
        data = bytearray()
        while len(data) < max_bytes and (chunk := self._stream.read(min(_CHUNK_BYTES, max_bytes - len(data)))):
            data += chunk
        return bytes(data)

    def finish(self) -> bool:
        """Skip the rest of the record up to the next one; return whether it was whole. Damage is reported.

        Reading up to the next record also verifies the check sum of a record that is compressed on its own.
        """
        while self._stream.read(_CHUNK_BYTES):
            pass
        if getattr(self._stream, "limit", 0):
            self._integrity.report(Damage.CUT_OFF, self._format_name)
            return False
        error_count = self._iterator.err_count
        try:
            self._iterator.read_to_end()
        except ArchiveLoadFailed:
            self._integrity.report(Damage.CORRUPT, self._format_name)
        has_right_length = self._iterator.err_count == error_count
        return has_right_length and self._integrity.damage is not Damage.CORRUPT


def iterate_records(stream: BinaryIO, integrity: Integrity, format_name: str) -> Iterator[Record]:
    """Yield the records of a decompressed archive. Damage ends the iteration and is reported to `integrity`.

    The caller has to `finish` each record.
    """
    iterator = ArchiveIterator(stream, no_record_parse=True)
    iterator.INC_RECORD = ""  # the library prints this on standard error
    reader = _BoundedReader(stream)
    iterator.reader = reader
    try:
        for record in iterator:
            yield _convert_record(record, iterator, integrity, format_name)
    except (ArchiveLoadFailed, ValueError, EOFError, AttributeError, TypeError, IndexError):
        # the library fails in these ways on malformed headers
        integrity.report(Damage.CORRUPT if stream.read(1) else Damage.CUT_OFF, format_name)


def _convert_record(record: ArcWarcRecord, iterator: ArchiveIterator, integrity: Integrity, format_name: str) -> Record:
    if record.length is None:
        raise ArchiveLoadFailed("A record has no length.")
    headers = record.rec_headers
    rest = (_find_wrong_length(record), record.raw_stream, iterator, integrity, format_name)
    if record.format == "arc":
        # version 2 of ARC has more fields between the address and the length, which the library leaves in the address
        address = (headers.get_header("uri") or "").split(" ")[0]
        return Record(record.rec_type, _clean_address(address), record.content_type or "", False, *rest)
    return Record(
        (record.rec_type or "").strip().lower(),
        _clean_address((headers.get_header("WARC-Target-URI") or "").strip().strip("<>")),
        record.content_type or "",
        bool(headers.get_header("WARC-Truncated") or headers.get_header("WARC-Segment-Number")),
        *rest,
    )


def _find_wrong_length(record: ArcWarcRecord) -> str | None:
    """Return the length that a record states, if it is not one number of bytes.

    The library takes it for 0 then, or reads it as Python does: "+5", "1_0".
    """
    name = "length" if record.format == "arc" else "content-length"
    lengths = [value.strip() for key, value in record.rec_headers.headers if key.strip().lower() == name]
    is_right = len(lengths) == 1 and _LENGTH.fullmatch(lengths[0])
    return None if is_right else _clean_address(", ".join(lengths))[:_MAX_SHOWN]


def _clean_address(address: str) -> str:
    """Return an address as it may be shown, without control characters."""
    return address if address.isprintable() else "".join(filter(str.isprintable, address))


class _BoundedReader:
    """Reader for the library that bounds header lines. The content is already decompressed."""

    decompressor = None

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._head_bytes, self._offset = stream, 0, 0

    def read(self, length: int | None = None) -> bytes:
        data = self._stream.read(_CHUNK_BYTES if length is None else length)
        self._head_bytes, self._offset = 0, self._offset + len(data)
        return data

    def readline(self, length: int | None = None) -> bytes:
        line = self._stream.readline(_MAX_LINE_BYTES if length is None else min(length, _MAX_LINE_BYTES))
        self._head_bytes, self._offset = self._head_bytes + len(line), self._offset + len(line)
        if len(line) == _MAX_LINE_BYTES or self._head_bytes > _MAX_HEAD_BYTES:
            raise ArchiveLoadFailed("A header is too long.")
        return line

    def tell(self) -> int:
        return self._offset

    def rem_length(self) -> int:
        return 0

    def read_next_member(self) -> bool:
        return False

    def close_decompressor(self) -> None:
        """Do nothing: the content is already decompressed."""

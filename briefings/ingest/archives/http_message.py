"""Parse a recorded HTTP response: status, headers, and the body without transfer chunks and compression.

Rule: crawlers often store a decoded body under its old headers. So a header is believed only if the body can be decoded
with it; otherwise the body is used as it is.
"""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from briefings.distribution import Extra, explain_missing
from briefings.errors import BadInput
from briefings.ingest.formats.encoding import is_binary

#: maximum size of a status line and headers
MAX_HEAD_BYTES = 65_536
_HEAD = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})[^\r\n]{0,1000}\r?\n", re.IGNORECASE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHUNK_HEADER = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r\n")
#: prefix of the original headers, in captures that were copied from another archive
_COPIED_PREFIXES = ("x-archive-orig-", "x-orig-")
_GZIP, _ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
_SAMPLE_BYTES = 4_096
_MAX_DIGITS = 18
_INCOMPLETE = "only the beginning of its body was recorded."


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """Status and headers of a response; names are in lower case."""

    status: str
    headers: Mapping[str, str]
    #: number of bytes before the body
    length: int

    @property
    def content_type(self) -> str:
        """The Content-Type header; empty if there is none."""
        return self.headers.get("content-type", "")


def parse_head(data: bytes) -> ResponseHead | None:
    """Parse the beginning of a response, of which `data` has at most `MAX_HEAD_BYTES`; None if it is not HTTP."""
    status = _HEAD.match(data)
    if status is None:
        return None
    end = _HEAD_END.search(data, status.end() - 2)
    if end is None:
        raise BadInput("its HTTP headers are too long or incomplete.")
    headers: dict[str, str] = {}
    for line in data[status.end() : end.start()].decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    for name in list(headers):
        for prefix in _COPIED_PREFIXES:
            headers.setdefault(name.removeprefix(prefix), headers[name])
    return ResponseHead(status[1].decode("ascii"), headers, end.end())


def decode_body(body: bytes, headers: Mapping[str, str], max_bytes: int) -> bytes:
    """Return a body without chunks and compression.

    Raises BadInput, with a message that goes after the address, if the body is incomplete or longer than `max_bytes`.
    """
    stated_length = headers.get("content-length", "")
    if stated_length.isascii() and stated_length.isdigit() and len(body) < int(stated_length[:_MAX_DIGITS]):
        raise BadInput(_INCOMPLETE)
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _join_chunks(body)
    encoding = headers.get("content-encoding", "").lower()
    if body.startswith(_GZIP):
        return _inflate(body, zlib.MAX_WBITS | 16, max_bytes)
    if body.startswith(_ZSTD):
        return _decode_zstd(body, max_bytes)
    if not is_binary(body[:_SAMPLE_BYTES]):
        return body
    if "deflate" in encoding:
        has_header = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] * 256 + body[1]) % 31 == 0
        return _inflate(body, zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS, max_bytes)
    if encoding in {"br", "compress", "x-compress"}:
        raise BadInput(f"it is compressed with {encoding!r}, which can't be read.")
    return body


def _join_chunks(body: bytes) -> bytes:
    """Return the data of the chunks; the body itself if it does not begin with a chunk."""
    if _CHUNK_HEADER.match(body) is None:
        return body
    data, offset = bytearray(), 0
    while header := _CHUNK_HEADER.match(body, offset):
        size = int(header[1], 16)
        if not size:
            return bytes(data)
        end = header.end() + size
        if body[end : end + 2] != b"\r\n":
            break
        data += body[header.end() : end]
        offset = end + 2
    raise BadInput(_INCOMPLETE)


def _inflate(body: bytes, window_bits: int, max_bytes: int) -> bytes:
    data = bytearray()
    while body:
        decoder = zlib.decompressobj(window_bits)
        try:
            data += decoder.decompress(body, max_bytes + 1 - len(data))
        except zlib.error as error:
            raise BadInput("its body is compressed and damaged.") from error
        if len(data) > max_bytes:
            raise BadInput(f"it is longer than {max_bytes:,} bytes, the limit for one page.")
        if not decoder.eof:
            raise BadInput(_INCOMPLETE)
        body = decoder.unused_data.lstrip(b"\0")
        if not body.startswith(_GZIP):
            break
    return bytes(data)


def _decode_zstd(body: bytes, max_bytes: int) -> bytes:
    try:
        import zstandard  # in the extra `archives`
    except ImportError as error:
        raise BadInput(f"it is compressed. {explain_missing('Pages compressed with zstd', Extra.ARCHIVES)}") from error
    try:
        with zstandard.ZstdDecompressor(max_window_size=1 << 26).stream_reader(BytesIO(body)) as reader:
            data = reader.read(max_bytes + 1)
    except zstandard.ZstdError as error:
        raise BadInput("its body is compressed and damaged.") from error
    if len(data) > max_bytes:
        raise BadInput(f"it is longer than {max_bytes:,} bytes, the limit for one page.")
    return data

"""Read and decompress a response body as it arrives, up to a maximum size.

Rule: the limit counts decompressed bytes, so a decompression bomb stops at the limit. A body whose end is missing is a
failure, because the missing part would later look like a correction.
"""

import zlib
from collections.abc import AsyncIterable, Iterable, Iterator

from briefings.ingest.http.failures import Failure, FetchError

#: value of the Accept-Encoding header; any other encoding is refused
ACCEPTED_ENCODINGS = "gzip, deflate"
#: bytes decompressed in one step
_CHUNK_BYTES = 65_536
#: first bytes of every member of a gzip body
_GZIP_MEMBER = b"\x1f\x8b\x08"


def join_encodings(values: Iterable[str]) -> str:
    """Return how a body is compressed, from all its Content-Encoding and Transfer-Encoding headers.

    Chunks are already joined, and "identity" says nothing.
    """
    encodings = (encoding.strip().lower() for value in values for encoding in value.split(","))
    return ", ".join(encoding for encoding in encodings if encoding not in ("", "identity", "chunked"))


async def read_body(chunks: AsyncIterable[bytes], encoding: str, max_bytes: int, location: str) -> bytes:
    """Return the whole decompressed body. `encoding` is from `join_encodings`; `location` appears in errors.

    Raises FetchError if the body is longer than `max_bytes`, damaged, incomplete, or in an encoding that is not
    accepted.
    """
    decoder = _select_decoder(encoding.strip().lower(), location)
    body = bytearray()

    def extend(parts: Iterator[bytes]) -> None:
        for part in parts:
            body.extend(part)
            if len(body) > max_bytes:
                raise too_large_error(location, max_bytes)

    try:
        async for chunk in chunks:
            extend(decoder.decode(chunk))
        extend(decoder.decode(b"", is_last=True))
    except zlib.error as error:
        raise FetchError(Failure.NETWORK, f"{location} arrived damaged and cannot be decompressed.") from error
    if not decoder.is_complete:
        raise incomplete_error(location)
    return bytes(body)


def incomplete_error(location: str) -> FetchError:
    """Build the error for content that ends too early."""
    return FetchError(Failure.NETWORK, f"{location} arrived incomplete: its end is missing. Try again later.")


def too_large_error(location: str, max_bytes: int) -> FetchError:
    """Build the error for content longer than `max_bytes` bytes."""
    return FetchError(Failure.LARGE, f"{location} is larger than the limit of {max_bytes:,} bytes.")


class _IdentityDecoder:
    """Decoder for an uncompressed body."""

    is_complete = True

    def decode(self, chunk: bytes, *, is_last: bool = False) -> Iterator[bytes]:
        """Yield the chunk unchanged."""
        del is_last
        yield chunk


class _ZlibDecoder:
    """Decoder for gzip (one or several members), zlib and raw deflate; servers use "deflate" for the last two.

    Bytes after the end that are not another gzip member are ignored, as browsers do. The first bytes of a member are
    not ignored: the rest of it is missing.
    """

    def __init__(self) -> None:
        self._decompressor: zlib._Decompress | None = None
        self._pending = b""
        self._ended_members = 0
        self._is_ignoring = False

    @property
    def is_complete(self) -> bool:
        """Whether the end of the compressed data has arrived, and no other member has begun."""
        return self._decompressor is None and self._ended_members > 0 and not self._pending

    def decode(self, chunk: bytes, *, is_last: bool = False) -> Iterator[bytes]:
        """Yield the decompressed parts of a chunk, so that the size is checked before the next part exists."""
        if self._is_ignoring:
            return
        data, self._pending = self._pending + chunk, b""
        part = b""
        while data or len(part) == _CHUNK_BYTES:  # a full part can leave output inside the decompressor
            if self._decompressor is None:
                if self._ended_members and not _GZIP_MEMBER.startswith(data[: len(_GZIP_MEMBER)]):
                    self._is_ignoring = True
                    return
                if len(data) < len(_GZIP_MEMBER) and not (is_last and not self._ended_members):
                    self._pending = data
                    return
                self._decompressor = zlib.decompressobj(zlib.MAX_WBITS | 32 if _has_header(data) else -zlib.MAX_WBITS)
            part = self._decompressor.decompress(data, _CHUNK_BYTES)
            yield part
            data = self._decompressor.unconsumed_tail
            if self._decompressor.eof:
                data, part = self._decompressor.unused_data, b""
                self._decompressor = None
                self._ended_members += 1


def _select_decoder(encoding: str, location: str) -> "_IdentityDecoder | _ZlibDecoder":
    if encoding in ("", "identity"):
        return _IdentityDecoder()
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _ZlibDecoder()
    raise FetchError(Failure.KIND, f"{location} uses a compression that isn't supported.")


def _has_header(chunk: bytes) -> bool:
    return chunk[:1] == b"\x1f" or (len(chunk) > 1 and chunk[0] & 0x0F == 8 and (chunk[0] * 256 + chunk[1]) % 31 == 0)

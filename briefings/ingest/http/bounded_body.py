"""Read and decompress a response body as it arrives, up to a maximum size.

Rule: the limit counts decompressed bytes, so a decompression bomb stops at the limit.
"""

import zlib
from collections.abc import AsyncIterable

from briefings.ingest.http.failures import Failure, FetchError

#: value of the Accept-Encoding header; any other encoding is refused
ACCEPTED_ENCODINGS = "gzip, deflate"
#: bytes decompressed in one step
_CHUNK_BYTES = 65_536


async def read_body(chunks: AsyncIterable[bytes], encoding: str, max_bytes: int, location: str) -> bytes:
    """Return the whole decompressed body. `encoding` is the Content-Encoding header; `location` appears in errors.

    Raises FetchError if the body is longer than `max_bytes`, damaged, or in an encoding that is not accepted.
    """
    decode = _select_decoder(encoding.strip().lower(), location)
    body = bytearray()
    try:
        async for chunk in chunks:
            for part in decode(chunk):
                body += part
                if len(body) > max_bytes:
                    raise too_large_error(location, max_bytes)
    except zlib.error as error:
        raise FetchError(Failure.NETWORK, f"{location} arrived damaged and cannot be decompressed.") from error
    return bytes(body)


def too_large_error(location: str, max_bytes: int) -> FetchError:
    """Build the error for content longer than `max_bytes` bytes."""
    return FetchError(Failure.LARGE, f"{location} is larger than the limit of {max_bytes:,} bytes.")


class _IdentityDecoder:
    def __call__(self, chunk: bytes) -> list[bytes]:
        return [chunk]


class _ZlibDecoder:
    """Decoder for gzip, zlib and raw deflate; servers use the name "deflate" for the last two."""

    def __init__(self) -> None:
        self._window_bits = zlib.MAX_WBITS | 32
        self._decompressor = zlib.decompressobj(self._window_bits)
        self._has_started = False

    def __call__(self, chunk: bytes) -> "_DecompressedChunks":
        if chunk and not self._has_started:
            self._has_started = True
            if not _has_header(chunk):
                self._decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
        return _DecompressedChunks(self._decompressor, chunk)


class _DecompressedChunks:
    """Iterator over the decompressed parts of a chunk, so the size is checked before the next part exists."""

    def __init__(self, decompressor: "zlib._Decompress", chunk: bytes) -> None:
        self._decompressor = decompressor
        self._remaining = chunk

    def __iter__(self) -> "_DecompressedChunks":
        return self

    def __next__(self) -> bytes:
        if not self._remaining or self._decompressor.eof:
            raise StopIteration
        part = self._decompressor.decompress(self._remaining, _CHUNK_BYTES)
        self._remaining = self._decompressor.unconsumed_tail
        return part


def _select_decoder(encoding: str, location: str) -> "_IdentityDecoder | _ZlibDecoder":
    if encoding in ("", "identity"):
        return _IdentityDecoder()
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _ZlibDecoder()
    raise FetchError(Failure.KIND, f"{location} uses a compression that isn't supported.")


def _has_header(chunk: bytes) -> bool:
    return chunk[:1] == b"\x1f" or (len(chunk) > 1 and chunk[0] & 0x0F == 8 and (chunk[0] * 256 + chunk[1]) % 31 == 0)

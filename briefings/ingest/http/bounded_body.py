"""The body of an answer, unpacked as it comes, and never more of it than is allowed.

Rule: what is counted is what comes out, so that a small body that unpacks to a large one ends where its size ends.
"""

import zlib
from collections.abc import AsyncIterable

from briefings.ingest.http.failures import Failure, FetchError

#: what a server is asked for; what it sends all the same is refused
ACCEPTED_ENCODINGS = "gzip, deflate"
#: bytes that are unpacked at a time
_CHUNK_BYTES = 65_536


async def read_body(chunks: AsyncIterable[bytes], encoding: str, max_bytes: int, location: str) -> bytes:
    """All of a body, unpacked, of at most `most` bytes; `encoding` is the header Content-Encoding.

    Raises CannotFetch when it is larger, packed in another way, or damaged.
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
        raise FetchError(Failure.NETWORK, f"{location} is damaged on its way: it cannot be unpacked.") from error
    return bytes(body)


def too_large_error(location: str, max_bytes: int) -> FetchError:
    """The failure of what is longer than `most` bytes."""
    return FetchError(Failure.LARGE, f"{location} is longer than {max_bytes:,} bytes, the most that is read.")


class _IdentityDecoder:
    def __call__(self, chunk: bytes) -> list[bytes]:
        return [chunk]


class _ZlibDecoder:
    """Unpacks gzip and zlib, which some servers call deflate and others send bare."""

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
    """What comes out of a chunk, a step at a time: nobody need hold all of it to count it."""

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
    raise FetchError(Failure.KIND, f"{location} comes packed in a way that was not asked for.")


def _has_header(chunk: bytes) -> bool:
    return chunk[:1] == b"\x1f" or (len(chunk) > 1 and chunk[0] & 0x0F == 8 and (chunk[0] * 256 + chunk[1]) % 31 == 0)

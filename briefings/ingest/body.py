"""The body of an answer, unpacked as it comes, and never more of it than is allowed.

Rule: what is counted is what comes out, so that a small body that unpacks to a large one ends where its size ends.
"""

import zlib
from collections.abc import AsyncIterable

from briefings.ingest.failures import CannotFetch, Failure

#: what a server is asked for; what it sends all the same is refused
ENCODINGS = "gzip, deflate"
#: bytes that are unpacked at a time
_STEP = 65_536


async def read_body(chunks: AsyncIterable[bytes], encoding: str, most: int, where: str) -> bytes:
    """All of a body, unpacked, of at most `most` bytes; `encoding` is the header Content-Encoding.

    Raises CannotFetch when it is larger, packed in another way, or damaged.
    """
    unpack = _unpacker(encoding.strip().lower(), where)
    body = bytearray()
    try:
        async for chunk in chunks:
            for part in unpack(chunk):
                body += part
                if len(body) > most:
                    raise too_large(where, most)
    except zlib.error as error:
        raise CannotFetch(Failure.NETWORK, f"{where} is damaged on its way: it cannot be unpacked.") from error
    return bytes(body)


def too_large(where: str, most: int) -> CannotFetch:
    """The failure of what is longer than `most` bytes."""
    return CannotFetch(Failure.LARGE, f"{where} is longer than {most:,} bytes, the most that is read.")


class _Plain:
    def __call__(self, chunk: bytes) -> list[bytes]:
        return [chunk]


class _Zlib:
    """Unpacks gzip and zlib, which some servers call deflate and others send bare."""

    def __init__(self) -> None:
        self._bits = zlib.MAX_WBITS | 32
        self._inside = zlib.decompressobj(self._bits)
        self._begun = False

    def __call__(self, chunk: bytes) -> "_Steps":
        if chunk and not self._begun:
            self._begun = True
            if not _has_header(chunk):
                self._inside = zlib.decompressobj(-zlib.MAX_WBITS)
        return _Steps(self._inside, chunk)


class _Steps:
    """What comes out of a chunk, a step at a time: nobody need hold all of it to count it."""

    def __init__(self, inside: "zlib._Decompress", chunk: bytes) -> None:
        self._inside = inside
        self._rest = chunk

    def __iter__(self) -> "_Steps":
        return self

    def __next__(self) -> bytes:
        if not self._rest or self._inside.eof:
            raise StopIteration
        part = self._inside.decompress(self._rest, _STEP)
        self._rest = self._inside.unconsumed_tail
        return part


def _unpacker(encoding: str, where: str) -> "_Plain | _Zlib":
    if encoding in ("", "identity"):
        return _Plain()
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _Zlib()
    raise CannotFetch(Failure.KIND, f"{where} comes packed in a way that was not asked for.")


def _has_header(chunk: bytes) -> bool:
    return chunk[:1] == b"\x1f" or (len(chunk) > 1 and chunk[0] & 0x0F == 8 and (chunk[0] * 256 + chunk[1]) % 31 == 0)

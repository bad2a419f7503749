"""Bodies of any size and compression are read within the limits; one that is cut off is never a page."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from briefings.ingest.http.bounded_body import join_encodings, read_body
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.http.fetcher import FetchLimits, open_fetcher
from tests.unit.briefings.ingest.http.small_site import chunked_body, fetch_failure, fetch_page, fixed_body, skip_sleep


async def test_page_of_200_megabytes_is_not_read() -> None:
    """The limit applies with and without a content length."""
    assert (await fetch_failure(chunked_body(b"x", 1, **{"Content-Length": "200000000"}))).failure is Failure.LARGE
    assert (await fetch_failure(chunked_body(b"x" * 1_000_000, 200))).failure is Failure.LARGE


async def test_endless_body_is_not_read() -> None:
    assert (await fetch_failure(chunked_body(b"x" * 1_000, 1_000_000))).failure is Failure.LARGE


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress])
async def test_decompression_bomb_is_not_decompressed(compress: Callable[[bytes], bytes]) -> None:
    bomb = compress(b"\0" * 50_000_000)
    name = "gzip" if compress is gzip.compress else "deflate"
    error = await fetch_failure(fixed_body(bomb, **{"Content-Encoding": name}), limits=FetchLimits(max_bytes=1_000_000))
    assert error.failure is Failure.LARGE


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "x" * 500])
async def test_unsupported_compressions_are_refused(encoding: str) -> None:
    assert (await fetch_failure(fixed_body(b"x", **{"Content-Encoding": encoding}))).failure is Failure.KIND


async def test_invalid_compressed_data_is_a_network_failure() -> None:
    assert (await fetch_failure(fixed_body(b"not gzip", **{"Content-Encoding": "gzip"}))).failure is Failure.NETWORK


@given(st.binary(max_size=5_000), st.integers(1, 2_000), st.sampled_from(["", "gzip", "deflate", "raw"]))
async def test_any_body_is_decompressed_for_any_chunk_size(data: bytes, size: int, how: str) -> None:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    bodies = {"": data, "gzip": gzip.compress(data, mtime=0), "deflate": zlib.compress(data)}
    body = bodies[how] if how != "raw" else compressor.compress(data) + compressor.flush()

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), size):
            yield body[start : start + size]

    encoding = "deflate" if how == "raw" else how
    if how == "deflate" or (how == "raw" and size < 2):
        size = max(size, 2)  # the decoder needs two bytes to recognise raw deflate
    assert await read_body(chunks(), encoding, 10_000, "x") == data


def gzip_parts(*parts: bytes) -> bytes:
    return b"".join(gzip.compress(part, mtime=0) for part in parts)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(b"Words. " * 500, mtime=0)[:-20], "gzip"),
        (gzip.compress(b"Words. " * 500, mtime=0)[:-1], "gzip"),
        (gzip.compress(b"Words.", mtime=0)[:2], "gzip"),
        (zlib.compress(b"Words. " * 500)[:-5], "deflate"),
        (gzip_parts(b"Words. ", b"More words.")[:-9], "gzip"),
        (gzip_parts(b"Words. ") + b"\x1f", "gzip"),
        (gzip_parts(b"Words. ") + b"\x1f\x8b", "gzip"),
        (gzip_parts(b"Words. ") + b"\x1f\x8b\x08", "gzip"),
        (b"", "gzip"),
        (b"", "deflate"),
        (gzip.compress(b"Words. " * 500, mtime=0)[:-20], "identity, GZIP"),
    ],
)
async def test_cut_off_body_is_a_failure_and_never_a_page(body: bytes, encoding: str) -> None:
    failure = await fetch_failure(fixed_body(body, **{"Content-Encoding": encoding}))
    assert failure.failure is Failure.NETWORK
    assert "incomplete" in str(failure) or "damaged" in str(failure)


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw"])
async def test_no_beginning_of_a_compressed_body_is_a_page(encoding: str, size: int) -> None:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    text = b"Jane Roe said no. " * 9
    raw_body = compressor.compress(text) + compressor.flush()
    body = {"gzip": gzip.compress(text, mtime=0), "deflate": zlib.compress(text), "raw": raw_body}[encoding]

    async def chunks(length: int) -> AsyncIterator[bytes]:
        for start in range(0, length, size):
            yield body[start : min(start + size, length)]

    for length in range(len(body)):
        with pytest.raises(FetchError, match=r"incomplete|damaged"):
            await read_body(chunks(length), encoding.replace("raw", "deflate"), 10_000, "x")


@pytest.mark.parametrize(
    "names", [("identity", "gzip"), ("gzip", "chunked"), ("", "GZip"), ("gzip, identity",), ("x-gzip",)]
)
async def test_compression_is_found_in_any_header_that_names_it(names: tuple[str, ...]) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield gzip.compress(b"Words.", mtime=0)

    assert await read_body(chunks(), join_encodings(names), 10_000, "x") == b"Words."


@pytest.mark.parametrize(
    "header", ["Content-Encoding: identity\r\nContent-Encoding: gzip", "Transfer-Encoding: gzip, chunked"]
)
async def test_cut_off_body_is_a_failure_whichever_header_names_the_compression(header: str) -> None:
    body = gzip.compress(b"Words. " * 500, mtime=0)[:-20]
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if "chunked" in header else body
    length = "" if "chunked" in header else f"Content-Length: {len(body)}\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        is_page = b"/robots.txt" not in head
        status = (
            f"HTTP/1.1 200 OK\r\n{header}\r\n{length}" if is_page else "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n"
        )
        writer.write(f"{status}Connection: close\r\n\r\n".encode() + (body if is_page else b""))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x"
        async with open_fetcher("Test/1", lambda: 0.0, allowed_networks=["127.0.0.1"], sleep=skip_sleep) as fetcher:
            with pytest.raises(FetchError, match="incomplete"):
                await fetcher.fetch(address)


async def test_body_shorter_than_its_content_length_is_incomplete() -> None:
    async def close_early(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "5000"})
        await response.prepare(request)
        await response.write(b"The beginning")
        assert request.transport is not None
        request.transport.close()
        return response

    failure = await fetch_failure(close_early)
    assert (failure.failure, "incomplete" in str(failure)) == (Failure.NETWORK, True)


@pytest.mark.parametrize("tail", [b"", b"\0" * 20, b"\r\n", b"garbage", b"\x1f\x8bx", b"\0\x1f\x8b"])
async def test_bytes_after_the_end_of_a_gzip_body_are_ignored(tail: bytes) -> None:
    response = await fetch_page(fixed_body(gzip_parts(b"First. ", b"Second.") + tail, **{"Content-Encoding": "gzip"}))
    assert response.data == b"First. Second."

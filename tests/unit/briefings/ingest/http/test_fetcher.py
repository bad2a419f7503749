"""Slow, failed and unchanged responses: every failure has a kind, and unchanged content is not sent again."""

import asyncio

import pytest
from aiohttp import web

from briefings.ingest.http.failures import Failure
from briefings.ingest.http.fetcher import FetchLimits
from tests.unit.briefings.ingest.http.small_site import chunked_body, fetch_failure, fetch_page

SHORT_TIMEOUT = FetchLimits(max_bytes=10_000, timeout_seconds=0.3, max_redirects=10)


@pytest.mark.parametrize("ends", ["headers", "body"])
async def test_slow_response_times_out(ends: str) -> None:
    async def never_respond(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    page = never_respond if ends == "headers" else chunked_body(b"x", 3, ends=False)
    assert (await fetch_failure(page, limits=SHORT_TIMEOUT)).failure is Failure.SLOW


@pytest.mark.parametrize(
    ("status", "expected"),
    [(404, Failure.MISSING), (410, Failure.MISSING), (429, Failure.BUSY), (503, Failure.BUSY), (500, Failure.STATUS),
     (403, Failure.STATUS), (204, Failure.STATUS)],
)  # fmt: skip
async def test_each_error_status_has_its_failure(status: int, expected: Failure) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Retry-After": "120"})

    error = await fetch_failure(answer)
    assert error.failure is expected
    assert error.retry_after == (120 if expected is Failure.BUSY else None)


@pytest.mark.parametrize(
    ("header", "wait"),
    [("Wed, 21 Oct 2015 07:30:00 GMT", 120), ("999999999999", 86_400), ("soon", None), ("-5", None), ("", None)],
)
async def test_retry_after_is_respected_up_to_a_day(header: str, wait: float | None) -> None:
    async def answer(_: web.Request) -> web.Response:
        headers = {"Retry-After": header, "Date": "Wed, 21 Oct 2015 07:28:00 GMT"}
        return web.Response(status=503, headers=headers)

    assert (await fetch_failure(answer)).retry_after == wait


async def test_unchanged_content_is_not_sent_again() -> None:
    async def answer(request: web.Request) -> web.Response:
        validators = (request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since"))
        if validators == ('"a"', "Wed, 21 Oct 2015 07:28:00 GMT"):
            return web.Response(status=304)
        return web.Response(text="x", headers={"ETag": '"a"', "Last-Modified": "Wed, 21 Oct 2015 07:28:00 GMT"})

    first = await fetch_page(answer)
    second = await fetch_page(answer, validators=first.validators)
    assert (first.data, second.data, second.validators) == (b"x", None, first.validators)

"""The rules of robots.txt are obeyed, and the requests to one host are sequential with a pause."""

import asyncio

import pytest
from aiohttp import web

from briefings.ingest.http.failures import Failure
from briefings.ingest.http.robots import HostThrottle, RobotsCache
from tests.unit.briefings.ingest.http.small_site import ROBOTS, fetch_failure, fetch_page, fixed_body


async def test_the_rules_for_our_agent_override_the_general_ones() -> None:
    """The rules may contain wildcards and end marks (RFC 9309)."""
    rules = fixed_body(ROBOTS.encode())
    assert (await fetch_page(fixed_body(b"x"), robots=rules, path="private")).data == b"x"
    assert (await fetch_failure(fixed_body(b"x"), robots=rules, path="a/draft")).failure is Failure.ROBOTS


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_site_with_unavailable_robots_txt_is_not_fetched(status: int) -> None:
    async def serve_error(_: web.Request) -> web.Response:
        return web.Response(status=status)

    assert (await fetch_failure(fixed_body(b"x"), robots=serve_error)).failure is Failure.ROBOTS


@pytest.mark.parametrize("content", [b"\xff\xfe\0\0", b"User-agent\n" * 5_000, b"Crawl-delay: -1\nDisallow", b"<html>"])
async def test_malformed_robots_txt_allows_everything(content: bytes) -> None:
    assert (await fetch_page(fixed_body(b"x"), robots=fixed_body(content))).data == b"x"


async def test_robots_txt_is_fetched_once_a_day() -> None:
    now, requests = 0.0, []

    async def fetch_robots_txt(address: str) -> bytes:
        requests.append(address)
        return ROBOTS.encode()

    robots = RobotsCache("Other", lambda: now)
    for now in (0.0, 3600.0, 90_000.0):  # noqa: B007 - read by the clock
        assert await robots.get_crawl_delay("https://a.example", "https://a.example/x", fetch_robots_txt) == 7
    assert len(requests) == 2


async def test_requests_to_one_host_are_sequential_with_a_pause() -> None:
    now, waits, active = 100.0, [], 0

    async def sleep(seconds: float) -> None:
        nonlocal now
        waits.append(seconds)
        now += seconds

    throttle = HostThrottle(lambda: now, sleep, delay=2.0)

    async def send_request(host: str, delay: float | None = None) -> None:
        nonlocal active
        async with throttle.wait_turn(host, delay):
            active += 1
            assert active == 1 or host == "second"
            await asyncio.sleep(0)
            active -= 1

    await asyncio.gather(send_request("first"), send_request("first"), send_request("first", 5.0))
    assert waits == [2.0, 5.0]
    await send_request("second")
    assert len(waits) == 2

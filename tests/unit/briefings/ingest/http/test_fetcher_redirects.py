"""Addresses are fetched as written, and redirects, cookies and refreshes are followed within limits."""

import pytest
from aiohttp import web

from briefings.ingest.http.failures import Failure
from briefings.ingest.http.fetcher import open_fetcher
from tests.unit.briefings.ingest.http.small_site import (
    ROBOTS,
    SMALL,
    Handler,
    fetch_failure,
    fetch_page,
    fixed_body,
    serve_site,
    skip_sleep,
)


async def test_thirty_redirects_are_too_many() -> None:
    numbers = []

    async def redirect(request: web.Request) -> web.Response:
        number = int(request.match_info["path"])
        numbers.append(number)
        raise web.HTTPFound(f"/{number + 1}") if number < 30 else web.HTTPNotFound

    assert (await fetch_failure(redirect, path="0")).failure is Failure.REDIRECTS
    assert len(numbers) == SMALL.max_redirects + 1


async def test_ten_redirects_are_followed_and_permanent_ones_are_reported() -> None:
    async def redirect(request: web.Request) -> web.Response:
        number = int(request.match_info["path"])
        if number < 3:
            raise web.HTTPMovedPermanently(f"/{number + 1}")
        if number < 10:
            raise web.HTTPFound(f"/{number + 1}")
        return web.Response(text="there")

    response = await fetch_page(redirect, path="0")
    assert response.data == b"there"
    assert response.address.endswith("/10")
    assert (response.permanent_address or "").endswith("/3")


async def test_address_is_fetched_exactly_as_written() -> None:
    paths = []

    async def answer(request: web.Request) -> web.Response:
        paths.append(request.raw_path)
        return web.Response(body=b"x")

    written = ["hall;art12,34", "news//8", "login?redirect=http://other.example/x", "a%7eb%2fc?q=a+b%20c&&d=e=f&"]
    for path in written:
        await fetch_page(answer, path=path)
    assert paths == [f"/{path}" for path in written]


async def test_redirect_target_is_fetched_as_written_and_dots_do_not_evade_robots_txt() -> None:
    paths = []

    async def answer(request: web.Request) -> web.Response:
        paths.append(request.raw_path)
        return web.Response(status=302, headers={"Location": "/n//1;2?x=%2f"}) if "n" not in request.path else ok

    ok = web.Response(body=b"x")
    await fetch_page(answer)
    assert paths == ["/x", "/n//1;2?x=%2f"]
    failure = await fetch_failure(answer, robots=fixed_body(ROBOTS.encode()), path="a/b/%2e%2E/draft")
    assert failure.failure is Failure.ROBOTS


async def test_site_that_redirects_until_its_cookie_comes_back_is_read() -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.cookies.get("seen") == "1":
            return web.Response(body=b"The page")
        response = web.Response(status=302, headers={"Location": str(request.rel_url)})
        response.set_cookie("seen", "1")
        return response

    assert (await fetch_page(answer)).data == b"The page"


async def test_cookies_are_not_kept_after_a_fetch_or_sent_to_another_host() -> None:
    received = []

    async def answer(request: web.Request) -> web.Response:
        received.append(request.headers.get("Cookie"))
        response = web.Response(body=b"x")
        response.set_cookie("seen", "1")
        return response

    async def leave(request: web.Request) -> web.Response:
        response = web.Response(status=302, headers={"Location": f"http://localhost:{request.url.port}/there"})
        response.set_cookie("seen", "1")
        return response if request.path == "/x" else await answer(request)

    async with (
        serve_site(answer) as address,
        open_fetcher("Test/1", lambda: 0.0, allowed_networks=["127.0.0.1", "::1"], sleep=skip_sleep) as fetcher,
    ):
        await fetcher.fetch(address)
        await fetcher.fetch(address)
    await fetch_page(leave)
    assert set(received) == {None}


@pytest.mark.parametrize(
    ("markup", "path"),
    [
        ("<meta http-equiv='refresh' content='0;URL=there?a=1;b'>", "/there?a=1;b"),
        (
            "<html><head><noscript><META http-equiv=refresh content=\"0; url='/n//there'\"></noscript></head></html>",
            "/n//there",
        ),
    ],
)
async def test_page_that_only_refreshes_is_followed_like_a_redirect(markup: str, path: str) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=markup if request.path == "/x" else request.raw_path, content_type="text/html")

    response = await fetch_page(answer)
    assert (response.data, response.permanent_address) == (path.encode(), None)
    assert response.address.endswith(path)


@pytest.mark.parametrize(
    ("header", "path"), [("0;url=/there", "/there"), ("3; URL='/n//1;2'", "/n//1;2"), ("300;url=/there", "/x")]
)
async def test_refresh_header_is_a_redirect_only_if_it_is_immediate(header: str, path: str) -> None:
    async def answer(request: web.Request) -> web.Response:
        headers = {"Refresh": header} if request.path == "/x" else {}
        return web.Response(text=request.raw_path, headers=headers)

    assert (await fetch_page(answer)).data == path.encode()


async def test_refreshes_count_as_redirects_and_obey_robots_txt_and_the_guard() -> None:
    def refresh_to(target: str) -> Handler:
        return fixed_body(
            f"<meta http-equiv=refresh content='0;url={target}'>".encode(), **{"Content-Type": "text/html"}
        )

    async def count(request: web.Request) -> web.Response:
        markup = f"<meta http-equiv=refresh content='0;url=/x{len(request.path)}{request.path[1:]}'>"
        return web.Response(text=markup, content_type="text/html")

    assert (await fetch_failure(count)).failure is Failure.REDIRECTS
    assert (await fetch_failure(refresh_to("http://192.168.0.1/"))).failure is Failure.FORBIDDEN
    forbidden = refresh_to("/a/draft")
    assert (await fetch_failure(forbidden, robots=fixed_body(ROBOTS.encode()))).failure is Failure.ROBOTS
    for target in ("file:///etc/passwd", "javascript:1", "http://user:pw@x.example/", ""):
        assert b"refresh" in ((await fetch_page(refresh_to(target))).data or b"")

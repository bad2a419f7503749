"""Files are served from memory: whole, once, and nothing else of the disk."""

from collections.abc import AsyncIterator
from importlib.resources import files as of_package

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.core import http


@pytest.fixture
async def home() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_routes(http.build_routes("/static", "bot.web"))
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/static"))


async def test_a_file_is_served_as_it_is_and_once(home: str) -> None:
    async with ClientSession() as session:
        first = await session.get(f"{home}/record.css")
        assert await first.read() == (of_package("bot.web") / "static" / "record.css").read_bytes()
        assert first.headers["Content-Type"] == "text/css; charset=utf-8"
        again = await session.get(f"{home}/record.css", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status, await again.read()) == (304, b"")


@pytest.mark.parametrize("path", ["", "/", "/../mount.py", "/..%2Fmount.py", "/record.css/", "/%2e%2e/mount.py"])
async def test_nothing_else_is(home: str, path: str) -> None:
    async with ClientSession() as session:
        assert (await session.get(f"{home}{path}")).status == 404

"""Static files are served from memory, with caching; nothing else on the disk is served."""

from collections.abc import AsyncIterator
from importlib.resources import files

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.core import http


@pytest.fixture
async def static_url() -> AsyncIterator[str]:
    """Serve the static files of `bot.web`, and yield their base URL."""
    app = web.Application()
    app.router.add_routes(http.build_routes("/static", "bot.web"))
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/static"))


async def test_a_file_is_served_unchanged_and_cached(static_url: str) -> None:
    async with ClientSession() as session:
        first_response = await session.get(f"{static_url}/record.css")
        assert await first_response.read() == (files("bot.web") / "static" / "record.css").read_bytes()
        assert first_response.headers["Content-Type"] == "text/css; charset=utf-8"
        second_response = await session.get(
            f"{static_url}/record.css", headers={"If-None-Match": first_response.headers["ETag"]}
        )
        assert (second_response.status, await second_response.read()) == (304, b"")


@pytest.mark.parametrize("path", ["", "/", "/../mount.py", "/..%2Fmount.py", "/record.css/", "/%2e%2e/mount.py"])
async def test_other_paths_are_not_found(static_url: str, path: str) -> None:
    async with ClientSession() as session:
        assert (await session.get(f"{static_url}{path}")).status == 404

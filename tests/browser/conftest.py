"""Fixture with the system's Chromium for the browser tests: one browser per process, a fresh context per visit.

Rule: a browser belongs to the event loop that started it, so all tests and fixtures here run in the session's loop.
"""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

_FOLDER = Path(__file__).parent
#: milliseconds to wait for a page, even on a busy machine
_PATIENCE = 60_000
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_PLAIN = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# Chromium's sandbox does not work for root, and tests in a container run as root
FLAGS = [*_PLAIN, "--no-sandbox"] if os.geteuid() == 0 else _PLAIN


def find_chromium() -> str | None:
    """Return the path of the system's Chromium, or None."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of this folder in the session's loop."""
    for item in items:
        if item.path.is_relative_to(_FOLDER) and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _session_chromium() -> AsyncIterator[Browser]:
    """Start a headless Chromium. If none is installed, skip, or fail when REQUIRE_ALL=1."""
    path = find_chromium()
    if path is None:
        reason = f"no Chromium found: none of {', '.join(_NAMES)} is on the PATH"
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=_PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def chromium(_session_chromium: Browser) -> AsyncIterator[Browser]:
    """Return the browser, and close what a test leaves open: no test sees pages, cookies or storage of another."""
    yield _session_chromium
    for context in _session_chromium.contexts:
        await context.close()

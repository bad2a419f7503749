"""The system's Chromium for the browser tests: one browser a test, nothing of it leaves this machine."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright, expect

#: milliseconds that a page is waited for, however busy the machine is
_PATIENCE = 60_000
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_PLAIN = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# Chromium refuses its sandbox to root, which is who runs the tests in a container
FLAGS = [*_PLAIN, "--no-sandbox"] if os.geteuid() == 0 else _PLAIN


def find_chromium() -> str | None:
    """The path of the system's Chromium."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A headless Chromium. Without one the test is skipped, or fails when REQUIRE_ALL=1."""
    path = find_chromium()
    if path is None:
        reason = f"no Chromium here: none of {', '.join(_NAMES)} is on the PATH"
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=_PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()

"""The system's Chromium for the browser tests: one browser a test, nothing of it leaves this machine."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright, expect

#: milliseconds that a page is waited for, however busy the machine is
_PATIENCE = 60_000
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A headless Chromium. Without one the test is skipped, or fails when REQUIRE_ALL=1."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        reason = f"no Chromium here: none of {', '.join(_NAMES)} is on the PATH"
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    # Chromium refuses its sandbox to root, which is who runs the tests in a container
    flags = [*_FLAGS, "--no-sandbox"] if os.geteuid() == 0 else _FLAGS
    expect.set_options(timeout=_PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        await browser.close()

"""Fixture with the system's Chromium for the browser tests: one browser per test, without external requests."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright, expect

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


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
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

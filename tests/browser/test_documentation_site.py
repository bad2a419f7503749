"""The documentation site in Chromium: readable on a phone, accessible, and complete without other hosts."""

import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.axe import find_violations
from tests.browser.visit import LOOK_NAMES, LOOKS
from tests.docs.site_build import get_shared_base, get_site

pytestmark = pytest.mark.browser

#: one page of each kind, and those with the widest tables and code
PAGES = (
    "index.html",
    "tutorial/first-digest.html",
    "how-to/install.html",
    "reference/commands.html",
    "reference/settings.html",
    "reference/python.html",
    "explanation/design.html",
)


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return get_site(get_shared_base(tmp_path_factory))


@pytest.fixture(scope="session")
def home(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_QuietHandler, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Browser, home: str, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """Open a blank page. A message in the console, or a request to another host, fails the test at the end."""
    context = await chromium.new_context(**getattr(request, "param", LOOKS[0]))
    messages: list[str] = []
    requests: list[str] = []
    context.on("console", lambda line: messages.append(line.text) if line.type in ("error", "warning") else None)
    context.on("request", lambda sent: requests.append(sent.url))
    yield await context.new_page()
    await context.close()
    assert messages == []
    assert [url for url in requests if not url.startswith((home, "data:", "blob:"))] == []


@pytest.mark.parametrize("page", LOOKS, ids=LOOK_NAMES, indirect=True)
@pytest.mark.parametrize("name", PAGES)
async def test_page_is_accessible_and_fits_its_window(page: Page, home: str, name: str) -> None:
    await page.goto(f"{home}/{name}")
    await expect(page.locator("h1")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert await find_violations(page) == []


async def test_search_finds_a_setting(page: Page, home: str) -> None:
    await page.goto(f"{home}/index.html")
    # Keys, because the theme searches when one comes up: it does not notice words that are filled in.
    await page.get_by_role("textbox", name="Search").press_sequentially("PAGES_SECRET")
    results = page.locator(".md-search-result__item")
    await expect(results.filter(has_text="Settings").first).to_be_visible()


async def test_colours_follow_the_system_and_can_be_switched(page: Page, home: str) -> None:
    await page.goto(f"{home}/index.html")
    await expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")
    await page.locator("label[title='Switch to dark colours']").click()
    await expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    await page.goto(f"{home}/how-to/ask.html")
    await expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


async def test_pages_open_from_the_disk_too(chromium: Browser, site: Path) -> None:
    page = await chromium.new_page()
    failures: list[Any] = []
    page.on("requestfailed", lambda failed: failures.append(failed.url))
    await page.goto((site / "index.html").as_uri())
    await page.get_by_role("link", name="Your first digest").first.click()
    await expect(page.locator("h1")).to_contain_text("Your first digest")
    assert [url for url in failures if "search_index" not in url and "sitemap" not in url] == []
    await page.close()

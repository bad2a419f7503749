"""The article pages in Chromium: accessible, without console errors, and without external requests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from bot.core.settings import ReaderMode, Settings
from bot.links import urls
from bot.server.server import build_web_app
from tests.browser.axe import find_violations
from tests.browser.visit import LOOK_NAMES, LOOKS, Visit, visiting
from tests.stand_ins.briefing_service import GUARDIAN, RALLY, UNDATED, load_seed_text
from tests.support.seed_service import open_seed_service

pytestmark = pytest.mark.browser

QUOTE = "Yes, I’m here."
START = load_seed_text(GUARDIAN).index(QUOTE)
QUOTE_URL = urls.article(GUARDIAN, START, START + len(QUOTE))
#: pages that every look is checked with
PAGES = [urls.index(), QUOTE_URL, urls.article(RALLY)]
MISSING = urls.article("nope")


@asynccontextmanager
async def visit_pages(chromium: Browser, folder: Path, look: dict[str, Any], **more: Any) -> AsyncIterator[Visit]:
    """Open the pages of the seed articles."""
    settings = Settings(**more)  # without tokens, the pages are open to this machine
    with open_seed_service(f"sqlite:///{folder / 'record.db'}") as service:
        async with TestServer(build_web_app(settings, service), host="127.0.0.1") as server:
            home = str(server.make_url("/")).rstrip("/")
            async with visiting(chromium, home + urls.index(), look) as visit:
                visit.home = home
                yield visit


async def check_width(page: Page) -> None:
    """Check that the page does not scroll sideways."""
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("look", LOOKS, ids=LOOK_NAMES)
async def test_every_page_is_accessible_and_fits(chromium: Browser, tmp_path: Path, look: dict[str, Any]) -> None:
    """This holds at both widths and in both colour schemes, without external requests."""
    async with visit_pages(chromium, tmp_path, look) as visit:
        for address in PAGES:
            await visit.page.goto(visit.home + address)
            assert await find_violations(visit.page) == []
            await check_width(visit.page)
        assert visit.external_requests == []


@pytest.mark.parametrize("look", LOOKS, ids=LOOK_NAMES)
async def test_error_page_is_accessible_and_links_to_index(
    chromium: Browser, tmp_path: Path, look: dict[str, Any]
) -> None:
    """The console shows only the page's status."""
    async with visit_pages(chromium, tmp_path, look) as visit:
        await visit.page.goto(visit.home + MISSING)
        assert await find_violations(visit.page) == []
        await check_width(visit.page)
        await visit.page.get_by_role("link", name="Browse stories and articles").click()
        await expect(visit.page.get_by_role("heading", level=1)).to_have_text("Stories and articles")
        (message,) = visit.console_errors
        assert "404" in message
        visit.console_errors.clear()


@pytest.mark.parametrize("look", LOOKS, ids=LOOK_NAMES)
async def test_cited_words_are_visible_without_script(chromium: Browser, tmp_path: Path, look: dict[str, Any]) -> None:
    """The document contains the article's text, character by character."""
    async with visit_pages(chromium, tmp_path, look) as visit:
        await visit.page.goto(visit.home + QUOTE_URL)
        await expect(visit.page.locator("#at")).to_be_in_viewport()
        await expect(visit.page.locator("#at")).to_have_text(QUOTE)
        assert await visit.page.locator(".text").evaluate("text => text.textContent") == load_seed_text(GUARDIAN)
        scripts = [await script.get_attribute("src") for script in await visit.page.locator("script").all()]
        assert scripts == [urls.static("copy.js")]


@pytest.mark.parametrize("look", LOOKS, ids=LOOK_NAMES)
async def test_quote_note_opens_and_closes_by_keyboard(chromium: Browser, tmp_path: Path, look: dict[str, Any]) -> None:
    """Enter on a quote shows its note, on a phone above the text. Enter on its number goes back."""
    async with visit_pages(chromium, tmp_path, look) as visit:
        page = visit.page
        await page.goto(visit.home + QUOTE_URL)
        await page.locator("#q12").focus()
        await page.keyboard.press("Enter")
        note = page.locator("#said-12")
        await expect(note).to_be_in_viewport()
        for words in ("Jeremy Corbyn", "How we know", "“said”", "named in the article", "thank you"):
            await expect(note).to_contain_text(words)
        assert await find_violations(page) == []
        await page.keyboard.press("Tab")
        await expect(note.get_by_role("link", name="Quote 12 in the text")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("#q12")).to_be_in_viewport()


async def test_other_wording_opens_at_its_words(chromium: Browser, tmp_path: Path) -> None:
    async with visit_pages(chromium, tmp_path, LOOKS[0]) as visit:
        await visit.page.goto(visit.home + QUOTE_URL)
        await visit.page.locator("#said-12").get_by_role("link", name="International Business Times UK").click()
        await expect(visit.page.locator("#at")).to_have_text("Yes, I'm here, thank you.")
        await expect(visit.page.locator("#at")).to_be_in_viewport()
        assert visit.page.url.startswith(visit.home + urls.article(UNDATED))


async def test_only_publisher_link_is_external_and_sends_no_referrer(chromium: Browser, tmp_path: Path) -> None:
    """It is the first link of the main content."""
    async with visit_pages(chromium, tmp_path, LOOKS[0]) as visit:
        await visit.page.goto(visit.home + QUOTE_URL)
        link = visit.page.locator("main a").first
        await expect(link).to_have_text("Read at The Guardian")
        async with visit.page.expect_request(lambda request: "theguardian" in request.url) as request:
            await link.click()
        assert "referer" not in (await request.value).headers
        assert len(visit.external_requests) == 1


async def test_first_tab_stop_skips_to_content(chromium: Browser, tmp_path: Path) -> None:
    async with visit_pages(chromium, tmp_path, LOOKS[0]) as visit:
        await visit.page.keyboard.press("Tab")
        await expect(visit.page.get_by_role("link", name="Skip to content")).to_be_focused()
        await visit.page.keyboard.press("Enter")
        await expect(visit.page.get_by_role("main")).to_be_focused()


async def test_quotes_mode_is_accessible(chromium: Browser, tmp_path: Path) -> None:
    async with visit_pages(chromium, tmp_path, LOOKS[-1], reader=ReaderMode.QUOTES) as visit:
        await visit.page.goto(visit.home + QUOTE_URL)
        await expect(visit.page.locator("#at")).to_be_in_viewport()
        assert await find_violations(visit.page) == []
        await check_width(visit.page)

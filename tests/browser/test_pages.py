"""A reader opens pages of the record in Chromium: readable, accessible, silent, and nothing asked of another host."""

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
from tests.stand_ins.briefing_service import GUARDIAN, RALLY, UNDATED, seed
from tests.support.seed_service import seeded_desk

pytestmark = pytest.mark.browser

QUOTE = "Yes, I’m here."
START = seed(GUARDIAN).index(QUOTE)
QUOTE_URL = urls.article(GUARDIAN, START, START + len(QUOTE))
#: every page that this file looks at; the last ones are error pages
PAGES = [urls.index(), QUOTE_URL, urls.article(RALLY)]
MISSING = urls.article("nope")


@asynccontextmanager
async def visit_pages(chromium: Browser, folder: Path, look: dict[str, Any], **more: Any) -> AsyncIterator[Visit]:
    """A visit to the pages over the seeds."""
    settings = Settings(**more)  # without tokens: the pages are open to this machine
    with seeded_desk(f"sqlite:///{folder / 'record.db'}") as service:
        async with TestServer(build_web_app(settings, service), host="127.0.0.1") as server:
            home = str(server.make_url("/")).rstrip("/")
            async with visiting(chromium, home + urls.index(), look) as visit:
                visit.home = home
                yield visit


async def check_width(page: Page) -> None:
    """Nothing runs out of the page sideways."""
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("look", LOOKS, ids=LOOK_NAMES)
async def test_every_page_is_accessible_and_fits(chromium: Browser, tmp_path: Path, look: dict[str, Any]) -> None:
    """At either width, in either scheme: nothing for axe to find, nothing cut off, no other host asked."""
    async with visit_pages(chromium, tmp_path, look) as visit:
        for address in PAGES:
            await visit.page.goto(visit.home + address)
            assert await find_violations(visit.page) == []
            await check_width(visit.page)
        assert visit.external_requests == []


@pytest.mark.parametrize("look", LOOKS[::3], ids=LOOK_NAMES[::3])
async def test_an_error_page_is_accessible_and_leads_on(
    chromium: Browser, tmp_path: Path, look: dict[str, Any]
) -> None:
    """The browser notes the status itself; nothing else is wrong with the page."""
    async with visit_pages(chromium, tmp_path, look) as visit:
        await visit.page.goto(visit.home + MISSING)
        assert await find_violations(visit.page) == []
        await check_width(visit.page)
        await visit.page.get_by_role("link", name="What the record holds").click()
        await expect(visit.page.get_by_role("heading", level=1)).to_have_text("What the record holds")
        (noted,) = visit.complaints
        assert "404" in noted
        visit.complaints.clear()


@pytest.mark.parametrize("look", LOOKS[::3], ids=LOOK_NAMES[::3])
async def test_the_words_asked_for_are_in_sight_at_once(
    chromium: Browser, tmp_path: Path, look: dict[str, Any]
) -> None:
    """Without script; and the text is in the document to the character."""
    async with visit_pages(chromium, tmp_path, look) as visit:
        await visit.page.goto(visit.home + QUOTE_URL)
        await expect(visit.page.locator("#at")).to_be_in_viewport()
        await expect(visit.page.locator("#at")).to_have_text(QUOTE)
        assert await visit.page.locator(".text").evaluate("text => text.textContent") == seed(GUARDIAN)
        assert await visit.page.locator("script").count() == 0


@pytest.mark.parametrize("look", LOOKS[::3], ids=LOOK_NAMES[::3])
async def test_a_quotation_leads_to_who_said_it_and_back_by_keyboard(
    chromium: Browser, tmp_path: Path, look: dict[str, Any]
) -> None:
    """Enter on a quotation shows its note, on a phone over the text; Enter on its number leads back."""
    async with visit_pages(chromium, tmp_path, look) as visit:
        page = visit.page
        await page.goto(visit.home + QUOTE_URL)
        await page.locator("#q12").focus()
        await page.keyboard.press("Enter")
        note = page.locator("#said-12")
        await expect(note).to_be_in_viewport()
        for words in ("Jeremy Corbyn", "How the name was found", "“said”", "99 in 100", "thank you"):
            await expect(note).to_contain_text(words)
        assert await find_violations(page) == []
        await page.keyboard.press("Tab")
        await expect(note.get_by_role("link", name="Quotation 12, in the text")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("#q12")).to_be_in_viewport()


async def test_the_other_wording_opens_at_its_own_words(chromium: Browser, tmp_path: Path) -> None:
    async with visit_pages(chromium, tmp_path, LOOKS[0]) as visit:
        await visit.page.goto(visit.home + QUOTE_URL)
        await visit.page.locator("#said-12").get_by_role("link", name="International Business Times UK").click()
        await expect(visit.page.locator("#at")).to_have_text("Yes, I'm here, thank you.")
        await expect(visit.page.locator("#at")).to_be_in_viewport()
        assert visit.page.url.startswith(visit.home + urls.article(UNDATED))


async def test_only_the_publishers_link_asks_another_host_and_says_not_from_where(
    chromium: Browser, tmp_path: Path
) -> None:
    """The first link of the page's own."""
    async with visit_pages(chromium, tmp_path, LOOKS[0]) as visit:
        await visit.page.goto(visit.home + QUOTE_URL)
        link = visit.page.locator("main a").first
        await expect(link).to_have_text("Read it at The Guardian")
        async with visit.page.expect_request(lambda request: "theguardian" in request.url) as request:
            await link.click()
        assert "referer" not in (await request.value).headers
        assert len(visit.external_requests) == 1


async def test_the_first_tab_skips_to_the_page(chromium: Browser, tmp_path: Path) -> None:
    async with visit_pages(chromium, tmp_path, LOOKS[0]) as visit:
        await visit.page.keyboard.press("Tab")
        await expect(visit.page.get_by_role("link", name="Skip to the page")).to_be_focused()
        await visit.page.keyboard.press("Enter")
        await expect(visit.page.get_by_role("main")).to_be_focused()


async def test_with_full_texts_off_the_page_is_accessible_too(chromium: Browser, tmp_path: Path) -> None:
    async with visit_pages(chromium, tmp_path, LOOKS[2], reader=ReaderMode.QUOTES) as visit:
        await visit.page.goto(visit.home + QUOTE_URL)
        await expect(visit.page.locator("#at")).to_be_in_viewport()
        assert await find_violations(visit.page) == []
        await check_width(visit.page)

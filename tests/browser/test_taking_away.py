"""Copied quotations and downloads of the pages in Chromium: by keyboard, on a phone, and without a script."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect

from bot.core.settings import Settings
from bot.links import urls
from bot.server.server import build_web_app
from briefings.model import Article
from briefings.service.service import BriefingService
from tests.browser.axe import find_violations
from tests.browser.visit import LOOK_NAMES, LOOKS, PHONE, Visit, visiting
from tests.browser.workspaces import real_bot
from tests.stand_ins.briefing_service import RALLY
from tests.support.export_readers import read_word_quotes
from tests.support.seed_service import open_seed_service

pytestmark = pytest.mark.browser

#: an article whose headline has a word that no phone is wide enough for
LONG = Article("long", "“We are ready,” said Jane Roe, the mayor.", "The Tribune", date(2016, 7, 1), title="x" * 90)
PAGES = [
    urls.story("labour-crisis"),
    urls.search("lynch-mob"),
    urls.person("Jeremy Corbyn"),
    urls.article(RALLY),
    urls.article("long"),
    urls.timeline("Jeremy Corbyn", about="vote"),
    urls.index(),
]
IDS = ["story", "search", "person", "article", "long headline", "timeline", "first page"]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BriefingService]:
    with open_seed_service(f"sqlite:///{tmp_path_factory.mktemp('pages') / 'record.db'}") as service:
        service.add([LONG])
        yield service


@asynccontextmanager
async def visit_pages(chromium: Browser, service: BriefingService, **look: Any) -> AsyncIterator[Visit]:
    async with TestServer(build_web_app(Settings(), service), host="127.0.0.1") as server:
        home = str(server.make_url("/")).rstrip("/")
        async with visiting(chromium, home + urls.index(), look) as visit:
            visit.home = home
            yield visit


@pytest.mark.parametrize("path", PAGES, ids=IDS)
async def test_a_quotation_is_copied_by_keyboard(chromium: Browser, service: BriefingService, path: str) -> None:
    async with visit_pages(chromium, service, permissions=["clipboard-read", "clipboard-write"]) as visit:
        await visit.page.goto(visit.home + path)
        copy = visit.page.locator("details.copy").first
        await copy.locator("summary").focus()
        await visit.page.keyboard.press("Enter")
        await expect(copy.get_by_role("status")).to_have_text("Copied.")
        text = await copy.locator(".copyable").text_content()
        assert text
        assert " — " in text
        assert await visit.page.evaluate("navigator.clipboard.readText()") == text
        assert visit.external_requests == []


async def test_without_the_clipboard_the_text_is_selected_to_copy(chromium: Browser, service: BriefingService) -> None:
    async with visit_pages(chromium, service) as visit:
        await visit.page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
        await visit.page.goto(visit.home + PAGES[1])
        copy = visit.page.locator("details.copy").first
        await copy.locator("summary").click()
        await expect(copy.get_by_role("status")).to_contain_text("Selected. Press Ctrl+C")
        assert await visit.page.evaluate("String(getSelection())") == await copy.locator(".copyable").inner_text()


async def test_without_a_script_the_text_is_shown(chromium: Browser, service: BriefingService) -> None:
    async with visit_pages(chromium, service, java_script_enabled=False, viewport=PHONE) as visit:
        await visit.page.goto(visit.home + PAGES[1])
        copy = visit.page.locator("details.copy").first
        await expect(copy.locator(".copyable")).to_be_hidden()
        await copy.locator("summary").click()
        await expect(copy.locator(".copyable")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS, ids=LOOK_NAMES)
async def test_menus_and_copied_texts_are_accessible_and_fit(
    chromium: Browser, service: BriefingService, look: dict[str, Any]
) -> None:
    async with visit_pages(chromium, service, **look) as visit:
        for path in PAGES:
            await visit.page.goto(visit.home + path)
            for folded in await visit.page.locator("details.saving, details.copy").all():
                await folded.evaluate("element => element.open = true")
            assert await find_violations(visit.page) == []
            assert await visit.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("look", LOOKS, ids=LOOK_NAMES)
async def test_answers_are_saved_and_links_previewed_in_the_local_workspace(
    chromium: Browser, tmp_path: Path, look: dict[str, Any]
) -> None:
    async with real_bot(chromium, tmp_path, look) as visit:
        await visit.type("/whosaid lynch-mob")
        await visit.answer().get_by_role("button", name="Save as canvas or file").click()
        modal = visit.page.get_by_role("dialog")
        await expect(modal).to_contain_text("Save as")
        assert await find_violations(visit.page) == []
        await modal.get_by_label("Save as").select_option("md")
        await modal.get_by_role("button", name="Save").click()
        await expect(modal).to_contain_text("Saved. The file is in your direct messages")
        await modal.get_by_role("button", name="Close").first.click()
        await visit.type(f"Look: {visit.home}{PAGES[1]}")
        await expect(visit.page.locator(".unfurl")).to_contain_text("John McDonnell (shadow chancellor)")
        assert await find_violations(visit.page) == []
        await visit.check_layout()


@pytest.mark.parametrize("path", PAGES, ids=IDS)
async def test_a_page_is_saved_as_a_word_file(
    chromium: Browser, service: BriefingService, path: str, tmp_path: Path
) -> None:
    async with visit_pages(chromium, service) as visit:
        await visit.page.goto(visit.home + path)
        await visit.page.get_by_text("Download", exact=True).click()
        async with visit.page.expect_download() as download_event:
            await visit.page.get_by_role("link", name="Word", exact=True).click()
        download = await download_event.value
        assert download.suggested_filename.endswith(".docx")
        await download.save_as(tmp_path / "answer.docx")
        assert read_word_quotes((tmp_path / "answer.docx").read_bytes())

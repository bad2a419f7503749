"""Topics in the local workspace, and the news there and on the pages, in Chromium: usable and accessible."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.links import urls
from tests.browser.axe import find_violations
from tests.browser.test_pages import check_width, visit_pages
from tests.browser.test_real_bot import visit as visit  # makes the fixture available here
from tests.browser.visit import LOOK_NAMES, LOOKS, Visit

pytestmark = pytest.mark.browser


async def save_picture(page: Page, name: str) -> None:
    """Save a screenshot to look at, if TOPIC_PICTURES names a folder."""
    if folder := os.environ.get("TOPIC_PICTURES"):
        size = page.viewport_size or {"width": 0}
        scheme = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
        await page.screenshot(path=Path(folder) / f"{name}-{size['width']}-{scheme}.png")


@pytest.mark.parametrize("visit", LOOKS, ids=LOOK_NAMES, indirect=True)
async def test_topic_is_made_changed_and_removed_in_the_workspace(visit: Visit) -> None:
    page = visit.page
    await visit.type("/topic new Momentum rally: Momentum")
    await expect(visit.answer()).to_contain_text("Made the topic Momentum rally")
    assert await find_violations(page) == []
    await visit.type("/topic")
    await expect(visit.answer()).to_contain_text("momentum-rally")
    await save_picture(page, "topics")
    assert await find_violations(page) == []
    await visit.check_layout()
    await visit.type("/topic edit momentum-rally")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Name")).to_have_value("Momentum rally")
    assert await find_violations(page) == []
    await save_picture(page, "form")
    await dialog.get_by_label("Name").fill("The rally")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_contain_text("Renamed “Momentum rally” to The rally")
    await dialog.get_by_role("button", name="Close").click()
    await visit.type("/briefing momentum-rally")
    await expect(visit.answer()).to_contain_text("The rally")
    await visit.type("/topic remove The rally")
    await expect(visit.answer()).to_contain_text("Removed the topic The rally")


@pytest.mark.parametrize("visit", LOOKS, ids=LOOK_NAMES, indirect=True)
async def test_news_and_suggestions_are_shown_in_the_workspace(visit: Visit) -> None:
    page = visit.page
    await visit.type("/briefing today")
    await expect(visit.answer()).to_contain_text("The newest are from Thu 30 Jun 2016")
    await visit.answer().get_by_role("button", name="News of").click()
    await expect(visit.answer()).to_contain_text("Labour's leadership crisis")
    await visit.type("/briefing june 2016")
    await expect(visit.answer()).to_contain_text("3 independent outlets")
    await save_picture(page, "news")
    assert await find_violations(page) == []
    await visit.check_layout()
    await visit.type("/topic remove labour-crisis")
    await visit.type("/topic suggest")
    await expect(visit.answer()).to_contain_text("Suggested topics")
    await save_picture(page, "suggestions")
    assert await find_violations(page) == []


@pytest.mark.parametrize("look", LOOKS, ids=LOOK_NAMES)
async def test_pages_of_the_news_are_accessible_and_fit(
    chromium: Browser, tmp_path: Path, look: dict[str, Any]
) -> None:
    async with visit_pages(chromium, tmp_path, look) as visit:
        for name, address in (
            ("front", urls.index()),
            ("page", urls.news(since="2016-06-20", until="2016-06-30")),
            ("empty", urls.news(days="this week")),
        ):
            await visit.page.goto(visit.home + address)
            await save_picture(visit.page, f"news-{name}")
            assert await find_violations(visit.page) == []
            await check_width(visit.page)
        await visit.page.get_by_role("link", name="News of Thu 30 Jun 2016").click()
        await visit.page.get_by_role("link", name="Labour's leadership crisis").click()
        await expect(visit.page.get_by_role("heading", level=1)).to_have_text("Labour's leadership crisis")
        assert visit.external_requests == []

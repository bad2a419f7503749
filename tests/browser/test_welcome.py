"""The welcome of a channel and of the workspace, its forms, and App Home, in Chromium."""

import os
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.axe import find_violations
from tests.browser.test_real_bot import visit as visit  # makes the fixture available here
from tests.browser.visit import LOOK_NAMES, LOOKS, Visit

pytestmark = pytest.mark.browser


async def save_picture(visit: Visit, name: str) -> None:
    """Save a screenshot to look at, if WELCOME_PICTURES names a folder."""
    if folder := os.environ.get("WELCOME_PICTURES"):
        size = visit.page.viewport_size or {"width": 0}
        scheme = await visit.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
        await visit.page.screenshot(path=Path(folder) / f"{name}-{size['width']}-{scheme}.png")


@pytest.mark.parametrize("visit", LOOKS, ids=LOOK_NAMES, indirect=True)
async def test_invited_bot_says_hello_and_its_buttons_work(visit: Visit) -> None:
    """The first button answers at once, and the second opens a form whose answer replaces it."""
    page = visit.page
    await page.get_by_role("link", name="politics").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("#politics")
    await visit.type("/invite @On the Record")
    welcome = page.get_by_role("article", name="On the Record").first.locator(".blocks")
    await expect(welcome).to_contain_text("quotes copied word for word from articles")
    await expect(welcome.get_by_role("button")).to_have_text(
        ["Brief me: Labour's leadership crisis", "Who said it?", "Add your first feed"]
    )
    assert await find_violations(page) == []
    await visit.check_layout()
    await save_picture(visit, "channel")
    await welcome.get_by_role("button", name="Who said it?").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Words").fill("lynch-mob")
    await save_picture(visit, "who-said")
    assert await find_violations(page) == []
    await dialog.get_by_role("button", name="Search").click()
    await expect(dialog).to_contain_text("John McDonnell")
    await dialog.get_by_role("button", name="Close").click()
    await welcome.get_by_role("button", name="Brief me").click()
    await expect(visit.answer()).to_contain_text("Latest")
    await visit.type("/invite @On the Record")
    await expect(page.get_by_text("quotes copied word for word from articles")).to_have_count(1)


@pytest.mark.parametrize("visit", LOOKS, ids=LOOK_NAMES, indirect=True)
async def test_home_leads_with_what_to_do_and_chat_has_a_welcome(visit: Visit) -> None:
    """The workspace is welcomed in its chat once, and suggested prompts look like buttons."""
    page = visit.page
    await page.get_by_role("link", name="On the Record").click()
    await expect(page.locator("#log")).to_contain_text("On the Record is ready")
    prompt = page.get_by_role("list", name="Suggestions").get_by_role("button").first
    # asks again when the log is drawn anew: a style read once may be that of an element which has just been replaced
    await expect(prompt).to_have_css("border-top-width", "1px")
    assert await find_violations(page) == []
    await visit.check_layout()
    await save_picture(visit, "chat")
    await page.get_by_role("link", name="Home", exact=True).click()
    home = page.locator("#home")
    await expect(home).to_contain_text("Topics, newest first")
    assert await find_violations(page) == []
    await save_picture(visit, "home")
    await home.get_by_role("button", name="Get a briefing").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Topic")).to_be_visible()
    await save_picture(visit, "briefing")
    assert await find_violations(page) == []
    await dialog.get_by_role("button", name="Show").click()
    await expect(dialog).to_contain_text("Latest")
    await dialog.get_by_role("button", name="Close").click()
    await page.get_by_role("link", name="Chat").click()
    await expect(page.get_by_text("On the Record is ready")).to_have_count(1)

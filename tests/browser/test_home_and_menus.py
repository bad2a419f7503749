"""App Home, questions in plain words and message menus in the local workspace, in Chromium."""

import pytest
from playwright.async_api import expect

from tests.browser.axe import find_violations
from tests.browser.test_real_bot import visit as visit  # makes the fixture available here
from tests.browser.visit import LOOK_NAMES, LOOKS, Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("visit", LOOKS, ids=LOOK_NAMES, indirect=True)
async def test_home_suggestions_and_message_menu(visit: Visit) -> None:
    """A suggestion is answered, a topic opens in a modal, and a message's quotes are checked."""
    page = visit.page
    await page.get_by_role("link", name="On the Record").click()
    suggestion = page.get_by_role("list", name="Suggestions").get_by_role("button", name="What can I ask?")
    await suggestion.click()
    await expect(visit.answer()).to_contain_text("Ask me in plain words")
    await page.get_by_role("link", name="Home", exact=True).click()
    await expect(page.locator("#home")).to_contain_text("4 articles and 45 quotes")
    assert await find_violations(page) == []
    await page.locator("#home").get_by_role("button").first.click()
    await expect(page.get_by_role("dialog")).to_contain_text("Latest")
    await page.get_by_role("dialog").get_by_role("button", name="Close").click()
    await page.get_by_role("link", name="newsroom").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("#newsroom")
    await visit.type("McDonnell said it was “like a lynch-mob without a noose”.")
    message = page.get_by_role("article", name="You").last
    await message.get_by_label("More actions on this message").click()
    await message.get_by_role("button", name="Check the quotes").click()
    await message.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread).to_contain_text("the draft has “noose”, the article has “rope”")
    await thread.get_by_role("button", name="Close thread").click()
    await visit.check_layout()

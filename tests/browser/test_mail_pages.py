"""A digest by e-mail in the local workspace, in Chromium: asked, confirmed, received and stopped."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.simulator.state.clock import TurnableClock
from tests.browser.axe import find_violations
from tests.browser.visit import LOOK_NAMES, LOOKS, Visit
from tests.browser.workspaces import real_bot

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("look", LOOKS, ids=LOOK_NAMES)
async def test_a_digest_by_e_mail_is_confirmed_read_and_stopped(
    chromium: Browser, look: dict[str, Any], tmp_path: Path
) -> None:
    # e-mails are sent every few seconds of the workspace's clock, so it runs
    async with real_bot(chromium, tmp_path, look, TurnableClock()) as visit:
        page = visit.page
        await page.get_by_role("link", name="E-mails").click()
        await expect(page.get_by_role("heading", name="No e-mails yet")).to_be_visible()
        await check_page(page)
        await page.goto(visit.home)
        await page.get_by_role("link", name="politics").click()
        await visit.type("/invite @On the Record")
        await visit.type("/digest labour-crisis weekdays at 8:30 by e-mail to desk@example.com")
        await expect(visit.answer()).to_contain_text("I've sent an e-mail to desk@example.com to confirm")

        mail = await wait_for_mail(visit, "Confirm the digest “Labour's leadership crisis”")
        await check_page(page)
        confirm_page = await open_link(page, mail.get_by_role("link", name="/mail/confirm"))
        await expect(confirm_page.get_by_role("heading", level=1)).to_have_text("Confirm your address")
        await check_page(confirm_page)
        await confirm_page.get_by_role("button", name="Confirm").click()
        await expect(confirm_page.get_by_role("heading", level=1)).to_have_text("Confirmed")
        await check_page(confirm_page)

        await page.goto(visit.home)
        await page.get_by_role("link", name="politics").click()
        await visit.type("/digest now 1")
        mail = await wait_for_mail(visit, "Labour's leadership crisis:")
        html_page = await open_link(page, mail.get_by_role("link", name="Show as HTML"))
        await expect(html_page.get_by_role("heading", level=1)).to_have_text("Labour's leadership crisis")
        await expect(html_page.locator("blockquote").first).to_be_visible()
        await check_page(html_page)
        await html_page.get_by_role("link", name="Stop these e-mails").click()
        await html_page.get_by_role("button", name="Stop these e-mails").click()
        await expect(html_page.get_by_role("heading", level=1)).to_have_text("Stopped")
        await check_page(html_page)
        await html_page.goto(f"{visit.home}/mail/unsubscribe?token=nonsense")
        await expect(html_page.get_by_role("heading", level=1)).to_have_text("This link doesn't work")
        await check_page(html_page)
        assert visit.external_requests == []
        assert all("400" in message for message in visit.console_errors)
        visit.console_errors.clear()


async def check_page(page: Page) -> None:
    """Check accessibility, and that nothing is wider than the screen."""
    assert await find_violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


async def wait_for_mail(visit: Visit, subject: str) -> Locator:
    """Open the e-mails until one with this subject came, and return it."""
    await visit.page.goto(f"{visit.home}/local/mails")
    mail = visit.page.get_by_role("article", name=re.compile(re.escape(subject))).first
    for _ in range(60):
        if await mail.count():
            break
        await visit.page.wait_for_timeout(1_000)
        await visit.page.get_by_role("link", name="Refresh").click()
    await expect(mail).to_be_visible()
    return mail


async def open_link(page: Page, link: Locator) -> Page:
    """Click a link and return the page that it opens."""
    async with page.context.expect_page() as page_event:
        await link.click()
    return await page_event.value

"""Opening a page with a signed link and signing out, in Chromium."""

import time
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from bot.core.settings import Settings
from bot.links.signing import LinkSigner
from bot.links.urls import add_key
from tests.browser.axe import find_violations
from tests.browser.visit import LOOK_NAMES, LOOKS, visiting
from tests.scenarios.conftest import SECRET, run_bot
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.page_access import SIGN_IN_SETTINGS, get_key

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("look", LOOKS, ids=LOOK_NAMES)
async def test_link_opens_page_and_leaves_no_key_in_browser(chromium: Browser, look: dict[str, Any]) -> None:
    """The key is not in the address, the history or the document. Signing out ends access."""
    async with run_bot(FakeBriefingService(), **SIGN_IN_SETTINGS) as slack:
        home = str(slack.bot.make_url("")).rstrip("/")
        key = get_key(LinkSigner(Settings(bot_token="x", signing_secret=SECRET, **SIGN_IN_SETTINGS), time.time))
        async with visiting(chromium, home + "/record/", look) as visit:
            page = visit.page
            await expect(page.get_by_role("heading", level=1)).to_have_text("This page is for your workspace")
            await expect(page.get_by_role("link", name="Sign in with Slack")).to_be_visible()
            assert await find_violations(page) == []
            await page.goto(home + add_key("/record/", key))
            assert page.url == home + "/record/"
            await expect(page.get_by_role("heading", level=1)).to_have_text("Stories and articles")
            visible = await page.evaluate("document.cookie + document.referrer + document.body.innerHTML")
            assert key not in visible
            await page.go_back()
            assert key not in page.url
            await page.goto(home + "/record/")
            await page.get_by_role("link", name="Sign out").click()
            assert await find_violations(page) == []
            await page.get_by_role("button", name="Sign out").click()
            await expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
            await page.goto(home + "/record/")
            await expect(page.get_by_role("heading", level=1)).to_have_text("This page is for your workspace")
            assert visit.external_requests == []
            assert all("403" in message for message in visit.console_errors)
            visit.console_errors.clear()

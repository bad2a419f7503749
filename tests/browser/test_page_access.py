"""A reader in Chromium is let in by a link from Slack, and leaves: the key is nowhere to be seen."""

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
from tests.stand_ins.page_access import SIGNS_IN, key_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("look", LOOKS[::3], ids=LOOK_NAMES[::3])
async def test_a_link_opens_the_page_and_leaves_no_key_behind(chromium: Browser, look: dict[str, Any]) -> None:
    """Not in the address, not in the history, not where script could read it; signing out closes the door again."""
    async with run_bot(FakeBriefingService(), **SIGNS_IN) as slack:
        home = str(slack.bot.make_url("")).rstrip("/")
        key = key_of(LinkSigner(Settings(bot_token="x", signing_secret=SECRET, **SIGNS_IN), time.time))
        async with visiting(chromium, home + "/record/", look) as visit:
            page = visit.page
            await expect(page.get_by_role("heading", level=1)).to_have_text("This page is for your workspace")
            await expect(page.get_by_role("link", name="Sign in with Slack")).to_be_visible()
            assert await find_violations(page) == []
            await page.goto(home + add_key("/record/", key))
            assert page.url == home + "/record/"
            await expect(page.get_by_role("heading", level=1)).to_have_text("What the record holds")
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
            assert all("403" in complaint for complaint in visit.complaints)
            visit.complaints.clear()

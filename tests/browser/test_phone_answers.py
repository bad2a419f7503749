"""Answers on a phone, in the local workspace: the short briefing fits one and a half screens, and menus work."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.axe import find_violations
from tests.browser.visit import PHONE
from tests.browser.workspaces import real_bot

#: one and a half screens of a phone, in CSS pixels
MAX_HEIGHT = 1266

pytestmark = pytest.mark.browser


async def test_short_briefing_fits_one_and_a_half_screens(tmp_path: Path, chromium: Browser) -> None:
    async with real_bot(chromium, tmp_path, {"viewport": PHONE, "color_scheme": "light"}) as visit:
        await visit.type("/briefing labour-crisis")
        answer = visit.answer()
        await expect(answer.get_by_role("heading", name="Labour's leadership crisis")).to_be_visible()
        box = await answer.bounding_box()
        assert box
        assert box["height"] <= MAX_HEIGHT
        assert await find_violations(visit.page) == []


async def test_report_form_shows_the_line_of_its_menu(tmp_path: Path, chromium: Browser) -> None:
    """The menu shows no choice afterwards, so that the same action can be chosen again."""
    async with real_bot(chromium, tmp_path, {"viewport": PHONE, "color_scheme": "dark"}) as visit:
        await visit.type('/whosaid "lynch-mob"')
        menu = visit.answer().get_by_role("combobox", name="More actions").first
        await menu.select_option("This looks wrong")
        dialog = visit.page.get_by_role("dialog", name="This looks wrong")
        await expect(dialog).to_contain_text("lynch-mob without the rope")
        await expect(dialog.get_by_label("Which passage?")).to_have_count(0)
        await expect(dialog.get_by_label("What is wrong?")).to_be_visible()
        assert await find_violations(visit.page) == []
        await expect(menu).to_have_value("")

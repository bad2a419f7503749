"""Setting up and previewing a digest in the local workspace, in Chromium."""

import pytest
from playwright.async_api import expect

from tests.browser.test_real_bot import visit as visit  # makes the fixture available here
from tests.browser.visit import LOOK_NAMES, LOOKS, Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("visit", LOOKS, ids=LOOK_NAMES, indirect=True)
async def test_digest_is_set_up_previewed_and_paused(visit: Visit) -> None:
    """The form has topic, time zone and channel filled in. A schedule in words is checked at its field."""
    page = visit.page
    await page.get_by_role("link", name="politics").click()
    await visit.type("/invite @On the Record")
    await visit.type("/digest labour-crisis")
    form = page.get_by_role("dialog")
    await expect(form.get_by_label("Time zone")).to_have_value("UTC")
    await form.get_by_label("Or the schedule in words").fill("weekdays at 25:99")
    await form.get_by_role("button", name="Schedule").click()
    await expect(form).to_contain_text("“25:99” isn't a time")
    await form.get_by_label("Or the schedule in words").fill("")
    await form.get_by_label("Time (optional)", exact=True).fill("12:00")
    await form.get_by_label("Time zone").fill("delhi")
    await expect(form.locator("datalist option[data-key='Asia/Kolkata']")).to_have_count(1)
    await form.get_by_label("Time zone").fill("Asia/Kolkata")
    await form.get_by_role("button", name="Schedule").click()
    await expect(form).to_contain_text("every weekday at 12:00 (Asia/Kolkata)")
    await form.get_by_role("button", name="Close").click()
    await visit.type("/digest preview 1")
    await expect(visit.answer()).to_contain_text("Latest")
    await visit.type("/digest edit 1")
    await expect(form.get_by_label("Monday")).to_be_checked()
    await expect(form.get_by_label("Saturday")).not_to_be_checked()
    await form.get_by_label("Time (optional)", exact=True).fill("13:15")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_contain_text("now comes every weekday at 13:15 (Asia/Kolkata)")
    await form.get_by_role("button", name="Close").click()
    await visit.type("/digest list")
    await visit.answer().get_by_role("button", name="Pause").click()
    await expect(visit.answer()).to_contain_text("Paused digest 1")
    await visit.check_layout()

"""A person sets up a digest in the form and looks at what it would say, in Chromium, over the real desk."""

import pytest
from playwright.async_api import expect

from tests.browser.test_real_bot import visit as visit  # the fixture, for this file too
from tests.browser.visit import LOOK_NAMES, LOOKS, Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("visit", LOOKS[::3], ids=LOOK_NAMES[::3], indirect=True)
async def test_a_digest_is_set_up_listed_and_previewed(visit: Visit) -> None:
    """The form knows the topic, the zone and the channel; a time that is none is said beside its field."""
    page = visit.page
    await page.get_by_role("link", name="politics").click()
    await visit.type("/invite @On the Record")
    await visit.type("/digest labour-crisis")
    form = page.get_by_role("dialog")
    await expect(form.get_by_label("Time zone")).to_have_value("Etc/UTC")
    await form.get_by_label("Time", exact=True).fill("25:99")
    await form.get_by_role("button", name="Schedule").click()
    await expect(form).to_contain_text("“25:99” is no time of day")
    await form.get_by_label("Time", exact=True).fill("noon")
    await form.get_by_role("button", name="Schedule").click()
    await expect(form).to_contain_text("weekdays at 12:00, Etc/UTC time")
    await form.get_by_role("button", name="Close").click()
    await visit.type("/digest preview 1")
    await expect(visit.answer()).to_contain_text("Where it stands")
    await visit.type("/digest list")
    await visit.answer().get_by_role("button", name="Pause").click()
    await expect(visit.answer()).to_contain_text("is paused")
    await visit.check_layout()

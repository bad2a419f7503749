"""A person turns the workspace's clock, in Chromium, and the real bot's digests come: in time, late, or not at all."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect

from bot.simulator.state.clock import TurnableClock
from tests.browser.axe import find_violations
from tests.browser.visit import DESKTOP, LOOK_NAMES, LOOKS, Visit
from tests.browser.workspaces import real_bot

pytestmark = pytest.mark.browser


@pytest.fixture
async def visit(chromium: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    """The workspace on a Sunday at noon, by a clock that moves only when it is turned."""
    sunday = datetime(2026, 11, 22, 12, tzinfo=UTC)
    look = getattr(request, "param", {"viewport": DESKTOP})
    async with real_bot(chromium, tmp_path, look, TurnableClock(lambda: sunday)) as visit:
        yield visit


async def _schedule_digest(visit: Visit) -> None:
    await visit.type("/digest labour-crisis weekdays at 8:30")
    await expect(visit.answer()).to_contain_text("weekdays at 08:30, Etc/UTC time")


async def _open_controls(visit: Visit) -> Locator:
    await visit.page.locator("#clock").click()
    return visit.page.get_by_role("dialog", name="The workspace's time")


@pytest.mark.parametrize("visit", LOOKS, ids=LOOK_NAMES, indirect=True)
async def test_a_digest_arrives_on_the_next_morning(visit: Visit) -> None:
    """Scheduled on Sunday, it comes on Monday at 08:30, its details in its thread; the clock says what it did."""
    page = visit.page
    await _schedule_digest(visit)
    controls = await _open_controls(visit)
    await expect(controls).to_contain_text("Next: Mon 23 Nov 2026, 08:30 (UTC), the first to come")
    await controls.get_by_role("button", name="To the next digest").click()
    await expect(controls).to_contain_text(
        re.compile(r"Mon 23 Nov 2026, 08:3\d \(UTC\), 20 h 30 min ahead of this mac")
    )
    await expect(controls.locator(".run")).to_have_text("Mon 23 Nov 2026, 08:30: sent")
    await expect(controls).to_contain_text("Next: Tue 24 Nov 2026, 08:30")
    assert await find_violations(page) == []
    await controls.get_by_role("button", name="Done").click()
    await expect(page.locator("#clock")).to_be_focused()
    digest = page.get_by_role("article", name="On the Record, 08:30").last
    await expect(digest).to_contain_text("5 new facts, 5 new quotes")
    await expect(digest).not_to_contain_text("late")
    await visit.check_layout()
    await digest.get_by_role("button", name=re.compile("repl")).click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_role("article", name="On the Record")).not_to_have_count(1)
    assert await find_violations(page) == []


async def test_a_late_digest_says_so_and_one_that_was_missed_is_listed(visit: Visit) -> None:
    """Two days on at 09:00: Tuesday's comes half an hour late, Monday's does not come any more."""
    await _schedule_digest(visit)
    controls = await _open_controls(visit)
    await controls.get_by_label("Day and time (UTC)").fill("2026-11-24T09:00")
    await controls.get_by_role("button", name="Turn to it").click()
    runs = controls.locator(".run")
    await expect(runs.first).to_have_text(re.compile("^Tue 24 Nov 2026, 08:30: sent late"))
    await expect(runs.nth(1)).to_have_text(re.compile("^Mon 23 Nov 2026, 08:30: skipped: "))
    await controls.get_by_role("button", name="Done").click()
    await expect(visit.answer()).to_contain_text("This was due at 08:30 on 24 November (Etc/UTC)")


async def test_the_bot_still_takes_what_is_signed_after_the_clock_was_turned(visit: Visit) -> None:
    """Guard, triggers and response_urls go by the same clock; backwards it cannot be turned."""
    controls = await _open_controls(visit)
    await controls.get_by_label("Day and time (UTC)").fill("2026-11-21T09:00")
    await controls.get_by_role("button", name="Turn to it").click()
    await expect(controls).to_contain_text("The clock goes forwards only, and it is Sun 22 Nov 2026, 12:00 already.")
    for _ in range(2):
        await controls.get_by_role("button", name="1 day on").click()
    await expect(controls).to_contain_text("2 days ahead of this machine")
    await controls.get_by_role("button", name="Done").click()
    await visit.type("/digest labour-crisis")
    form = visit.page.get_by_role("dialog")
    await form.get_by_role("button", name="Schedule").click()
    await expect(form).to_contain_text("Wed 25 Nov 2026 at 08:30")
    await form.get_by_role("button", name="Close").click()
    await expect(visit.page.locator("#clock")).to_contain_text("Tue 24 Nov 2026, 12:")
    visit.complaints.remove("Failed to load resource: the server responded with a status of 400 (Bad Request)")


async def test_a_digest_whose_answer_is_lost_is_posted_once(visit: Visit) -> None:
    """Slack takes the message and answers with an error of its own: the bot looks before it posts again."""
    await _schedule_digest(visit)
    controls = await _open_controls(visit)
    await controls.get_by_label("What goes wrong").select_option("dropped")
    await controls.get_by_role("button", name="To the next digest").click()
    await expect(controls.locator(".run")).to_have_text("Mon 23 Nov 2026, 08:30: sent")
    await expect(controls.get_by_label("What goes wrong")).to_have_value("")
    await controls.get_by_role("button", name="Done").click()
    message = visit.page.get_by_role("article", name="On the Record, 08:30").get_by_text("5 new facts")
    await expect(message).to_have_count(1)

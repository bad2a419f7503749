"""Digests of the real bot as the local workspace's clock is moved, in Chromium."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from bot.simulator.state.clock import TurnableClock
from tests.browser.axe import find_violations
from tests.browser.visit import DESKTOP, LOOK_NAMES, LOOKS, Visit
from tests.browser.workspaces import real_bot

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    """Open the workspace on a Sunday at noon, with a clock that moves only when it is set."""
    sunday = datetime(2026, 11, 22, 12, tzinfo=UTC)
    look = getattr(request, "param", {"viewport": DESKTOP})
    async with real_bot(chromium, tmp_path, look, TurnableClock(lambda: sunday)) as visit:
        yield visit


async def _schedule_digest(visit: Visit) -> None:
    await visit.type("/digest labour-crisis weekdays at 8:30")
    await expect(visit.answer()).to_contain_text("every weekday at 08:30 (UTC)")


async def _open_controls(visit: Visit) -> Locator:
    await visit.page.locator("#clock").click()
    return visit.page.get_by_role("dialog", name="Workspace clock")


@pytest.mark.parametrize("visit", LOOKS, ids=LOOK_NAMES, indirect=True)
async def test_digest_arrives_next_morning(visit: Visit) -> None:
    """A digest scheduled on Sunday is posted on Monday at 08:30, with a thread. The clock panel lists the run."""
    page = visit.page
    await _schedule_digest(visit)
    controls = await _open_controls(visit)
    await expect(controls).to_contain_text("Next: Mon 23 Nov 2026, 08:30 (UTC), the next to run")
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
    await expect(digest).to_contain_text(re.compile(r"\d+ new facts, \d+ new quotes"))
    await expect(digest).not_to_contain_text("late")
    await visit.check_layout()
    await digest.get_by_role("button", name=re.compile("repl")).click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_role("article", name="On the Record")).not_to_have_count(1)
    assert await find_violations(page) == []


async def test_late_digest_is_marked_and_missed_run_is_listed(visit: Visit) -> None:
    """After two days, at 09:00, Tuesday's digest is half an hour late and Monday's is skipped."""
    await _schedule_digest(visit)
    controls = await _open_controls(visit)
    await controls.get_by_label("Day and time (UTC)").fill("2026-11-24T09:00")
    await controls.get_by_role("button", name="Set").click()
    runs = controls.locator(".run")
    await expect(runs.first).to_have_text(re.compile("^Tue 24 Nov 2026, 08:30: sent late"))
    await expect(runs.nth(1)).to_have_text(re.compile("^Mon 23 Nov 2026, 08:30: skipped: "))
    await controls.get_by_role("button", name="Done").click()
    await expect(visit.answer()).to_contain_text("This digest is late: it was due at 08:30 on 24 November (UTC)")


async def test_bot_accepts_requests_after_clock_moves(visit: Visit) -> None:
    """Signatures, triggers and response_urls use the same clock. It cannot move backwards."""
    controls = await _open_controls(visit)
    await controls.get_by_label("Day and time (UTC)").fill("2026-11-21T09:00")
    await controls.get_by_role("button", name="Set").click()
    await expect(controls).to_contain_text("The clock can only go forward. It is already Sun 22 Nov 2026, 12:00.")
    for _ in range(2):
        await controls.get_by_role("button", name="+1 day").click()
    await expect(controls).to_contain_text("2 days ahead of this machine")
    await controls.get_by_role("button", name="Done").click()
    await visit.type("/digest labour-crisis")
    form = visit.page.get_by_role("dialog")
    await form.get_by_role("button", name="Schedule").click()
    await expect(form).to_contain_text("Wed 25 Nov 2026 at 08:30")
    await form.get_by_role("button", name="Close").click()
    await expect(visit.page.locator("#clock")).to_contain_text("Tue 24 Nov 2026, 12:")
    visit.console_errors.remove("Failed to load resource: the server responded with a status of 400 (Bad Request)")


async def test_digest_with_lost_reply_is_posted_once(visit: Visit) -> None:
    """Slack stores the message but replies with an error. The bot checks the channel before it posts again."""
    await _schedule_digest(visit)
    controls = await _open_controls(visit)
    await controls.get_by_label("Error for the bot’s next message").select_option("dropped")
    await controls.get_by_role("button", name="To the next digest").click()
    await expect(controls.locator(".run")).to_have_text("Mon 23 Nov 2026, 08:30: sent")
    await expect(controls.get_by_label("Error for the bot’s next message")).to_have_value("")
    await controls.get_by_role("button", name="Done").click()
    message = visit.page.get_by_role("article", name="On the Record, 08:30").get_by_text(re.compile(r"\d+ new facts"))
    await expect(message).to_have_count(1)

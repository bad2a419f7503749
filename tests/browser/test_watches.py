"""Setting up a watch in the local workspace, and the message of an article that arrives, in Chromium."""

from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.simulator.state.clock import TurnableClock
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.browser.axe import find_violations
from tests.browser.visit import LOOK_NAMES, LOOKS, Visit
from tests.browser.workspaces import real_bot
from tests.stand_ins.watch_world import make_article

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    """A workspace whose clock runs, so that the bot looks for arrivals."""
    async with real_bot(chromium, tmp_path, request.param, TurnableClock()) as visit:
        yield visit


def add_article(folder: Path) -> None:
    """Let an article arrive in the database of the bot."""
    with closing(open_repository(f"sqlite:///{folder / 'record.db'}", lambda: datetime.now(UTC))) as repository:
        BriefingService(repository).add([make_article("harbour")])


@pytest.mark.parametrize("visit", LOOKS, ids=LOOK_NAMES, indirect=True)
async def test_watch_is_set_up_listed_and_posts_an_article(visit: Visit, tmp_path: Path) -> None:
    """The form has the channel filled in, and shows an error at its field. A match is posted by itself."""
    page = visit.page
    await page.get_by_role("link", name="politics").click()
    await visit.type("/invite @On the Record")
    await visit.type("/watch")
    form = page.get_by_role("dialog")
    await form.get_by_label("Words").fill("the of")
    await form.get_by_role("button", name="Watch").click()
    await expect(form).to_contain_text("is in nearly every article")
    await form.get_by_label("Words").fill('"hand the harbour"')
    await form.get_by_role("button", name="Watch").click()
    await expect(form).to_contain_text("Watch 1:")
    await expect(form).to_contain_text("Nothing in the last 7 days")
    assert await find_violations(page) == []
    await form.get_by_role("button", name="Close").click()
    add_article(tmp_path)
    await expect(visit.answer()).to_contain_text("Jane Roe, mayor of Easton", timeout=20_000)
    await expect(visit.answer().locator("blockquote").first).to_contain_text("We will not hand the harbour")
    await visit.check_layout()
    await visit.type("/watch list")
    await expect(visit.answer()).to_contain_text("“hand the harbour”")
    await visit.check_layout()
    assert await find_violations(page) == []
    await visit.type("/watch pause 1")
    await expect(visit.answer()).to_contain_text("Watch 1 is paused.")

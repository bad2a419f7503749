"""A reader who follows docs/tutorial/first-digest.md step by step gets what the page says."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.simulator.state.clock import TurnableClock
from tests.browser.visit import DESKTOP, Visit
from tests.browser.workspaces import real_bot
from tests.docs.blocks import DOCS, SHELLS, Block, matches_output, read_blocks, read_steps
from tests.docs.sandbox import Sandbox, make_sandbox

pytestmark = pytest.mark.browser

PAGE = DOCS / "tutorial/first-digest.md"
#: what the bot answers to each line that the page says to type
ANSWERS = {
    "/briefing labour-crisis": "Labour's leadership crisis",
    '/whosaid "lynch-mob"': "John McDonnell",
    '/whosaid "without a vote"': "We will not close the library without a vote",
    "/digest Easton library weekdays at 8:30": "every weekday at 08:30",
    "/digest stop 1": "Stopped digest 1",
}
#: what each digest has, and what it does not repeat
DIGESTS = [
    ("The council of Easton will vote on Thursday", "by 12 to 3"),
    ("voted by 12 to 3", "will vote on Thursday on whether"),
]


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser, tmp_path: Path) -> AsyncIterator[Visit]:
    sunday = datetime(2026, 11, 22, 12, tzinfo=UTC)
    async with real_bot(chromium, tmp_path, {"viewport": DESKTOP}, TurnableClock(lambda: sunday)) as visit:
        yield visit


async def _run_commands(sandbox: Sandbox, block: Block) -> None:
    for step in read_steps(block):
        command = step.command.replace("make run\n", "")
        ran = await asyncio.to_thread(sandbox.run, command)
        is_expected = ran.returncode == 0 if step.output is None else matches_output(step.output, ran.stdout)
        assert is_expected, f"{command}\n{ran.stdout}"


async def _read_next_digest(visit: Visit) -> str:
    page = visit.page
    await page.locator("#clock").click()
    controls = page.get_by_role("dialog", name="Workspace clock")
    run_count = await controls.locator(".run").count()
    await controls.get_by_role("button", name="To the next digest").click()
    await expect(controls.locator(".run")).to_have_count(run_count + 1)
    await expect(controls.locator(".run").first).to_have_text(re.compile("sent$"))
    await controls.get_by_role("button", name="Done").click()
    digest = page.get_by_role("article", name="On the Record, 08:30").filter(has_text="Easton library").last
    return await digest.inner_text()


async def test_tutorial_works_as_written(visit: Visit, tmp_path: Path) -> None:
    sandbox = make_sandbox(tmp_path / "reader", database_url=f"sqlite:///{tmp_path / 'record.db'}")
    answers, digests = dict(ANSWERS), list(DIGESTS)
    for block in read_blocks(PAGE):
        if block.language in SHELLS:
            await _run_commands(sandbox, block)
        elif block.language == "slack":
            line = block.content.strip()
            await visit.type(line)
            await expect(visit.answer()).to_contain_text(answers.pop(line))
        if "*To the next digest*" in block.prose:
            shown, left_out = digests.pop(0)
            digest = await _read_next_digest(visit)
            assert shown in digest
            assert left_out not in digest
    assert (answers, digests) == ({}, [])

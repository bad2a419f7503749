"""`python -m tests.browser.screenshots FOLDER`: pictures of the workspace, an article and a story, of the seeds alone.

Rule: what the README shows is what the program draws; nothing is retouched, and a page that is not there is no picture.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp.test_utils import TestServer, get_unused_port_socket
from playwright.async_api import Page, async_playwright, expect

from bot.core.settings import Settings
from bot.links import urls
from bot.simulator.mount import build_with_workspace
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from tests.browser.conftest import FLAGS, found
from tests.stand_ins.briefing_service import GUARDIAN, seed
from tests.support.seed_service import seeded_desk

_SIZE = {"width": 1080, "height": 640}
#: letters smoothed in greys alone, which a PNG packs far better
_FEW_COLOURS = ("--disable-lcd-text", "--font-render-hinting=none")
#: bytes; a larger picture weighs on whoever clones the project
MOST = 200_000


async def draw(folder: Path) -> list[Path]:
    """Writes the pictures; gives their files."""
    async with _served() as home, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found(), args=[*FLAGS, *_FEW_COLOURS])
        context = await browser.new_context(viewport=_SIZE, color_scheme="light")
        page = await context.new_page()
        drawn = [await _workspace(page, home, folder), await _article(page, home, folder)]
        answered = await page.goto(home + urls.story("labour-crisis"))
        if answered and answered.ok:
            drawn.append(await _picture(page, folder / "story.png"))
        await browser.close()
    return drawn


@asynccontextmanager
async def _served() -> AsyncIterator[str]:
    """The address of the bot with its local workspace, over the seeds."""
    socket = get_unused_port_socket("127.0.0.1")
    port = socket.getsockname()[1]
    with TemporaryDirectory() as folder, seeded_desk(f"sqlite:///{folder}/record.db") as desk:
        store = open_store(f"sqlite:///{folder}/record.db", RateLimit(60), time.time)
        app, _ = build_with_workspace(Settings(port=port), desk, store=store)
        async with TestServer(app, socket_factory=lambda *_: socket):
            yield f"http://127.0.0.1:{port}"
        store.close()


async def _workspace(page: Page, home: str, folder: Path) -> Path:
    await page.goto(f"{home}/")
    await page.locator("#line").fill("/briefing labour-crisis")
    await page.keyboard.press("Enter")
    answer = page.get_by_role("article", name="On the Record").last
    await expect(answer.get_by_role("heading", name="Labour's leadership crisis")).to_be_visible(timeout=60_000)
    await answer.evaluate("answer => answer.scrollIntoView({block: 'start'})")
    return await _picture(page, folder / "workspace.png")


async def _article(page: Page, home: str, folder: Path) -> Path:
    said = "“I did all I could”"
    start = seed(GUARDIAN).index(said)
    # from its top, where the publisher's link and the headline are
    await page.goto((home + urls.article(GUARDIAN, start, start + len(said))).partition("#")[0])
    await expect(page.locator("#at")).to_be_in_viewport()
    return await _picture(page, folder / "article.png")


async def _picture(page: Page, file: Path) -> Path:
    await page.evaluate("document.fonts.ready")
    drawn = await page.screenshot(path=file, animations="disabled")
    if len(drawn) > MOST:
        raise ValueError(f"{file} has {len(drawn):,} bytes, over {MOST:,}")
    return file


def main(arguments: list[str]) -> int:
    """Draws into the folder that is named."""
    if len(arguments) != 1:
        sys.stderr.write("screenshots: name one folder\n")
        return 2
    for file in asyncio.run(draw(Path(arguments[0]))):
        sys.stdout.write(f"{file} {file.stat().st_size / 1000:.0f} KB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

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
from tests.browser.conftest import FLAGS, find_chromium
from tests.stand_ins.briefing_service import GUARDIAN, seed
from tests.support.seed_service import seeded_desk

_SIZE = {"width": 1080, "height": 640}
#: letters smoothed in greys alone, which a PNG packs far better
_FEW_COLOURS = ("--disable-lcd-text", "--font-render-hinting=none")
#: bytes; a larger picture weighs on whoever clones the project
MAX_BYTES = 200_000


async def draw(folder: Path) -> list[Path]:
    """Writes the pictures; gives their files."""
    async with _serve_seeds() as home, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=[*FLAGS, *_FEW_COLOURS])
        context = await browser.new_context(viewport=_SIZE, color_scheme="light")
        page = await context.new_page()
        files = [await _draw_workspace(page, home, folder), await _draw_article(page, home, folder)]
        response = await page.goto(home + urls.story("labour-crisis"))
        if response and response.ok:
            files.append(await _save_picture(page, folder / "story.png"))
        await browser.close()
    return files


@asynccontextmanager
async def _serve_seeds() -> AsyncIterator[str]:
    """The address of the bot with its local workspace, over the seeds."""
    socket = get_unused_port_socket("127.0.0.1")
    port = socket.getsockname()[1]
    with TemporaryDirectory() as folder, seeded_desk(f"sqlite:///{folder}/record.db") as service:
        store = open_store(f"sqlite:///{folder}/record.db", RateLimit(60), time.time)
        app, _ = build_with_workspace(Settings(port=port), service, store=store)
        async with TestServer(app, socket_factory=lambda *_: socket):
            yield f"http://127.0.0.1:{port}"
        store.close()


async def _draw_workspace(page: Page, home: str, folder: Path) -> Path:
    await page.goto(f"{home}/")
    await page.locator("#line").fill("/briefing labour-crisis")
    await page.keyboard.press("Enter")
    answer = page.get_by_role("article", name="On the Record").last
    await expect(answer.get_by_role("heading", name="Labour's leadership crisis")).to_be_visible(timeout=60_000)
    await answer.evaluate("answer => answer.scrollIntoView({block: 'start'})")
    return await _save_picture(page, folder / "workspace.png")


async def _draw_article(page: Page, home: str, folder: Path) -> Path:
    quote = "“I did all I could”"
    start = seed(GUARDIAN).index(quote)
    # from its top, where the publisher's link and the headline are
    await page.goto((home + urls.article(GUARDIAN, start, start + len(quote))).partition("#")[0])
    await expect(page.locator("#at")).to_be_in_viewport()
    return await _save_picture(page, folder / "article.png")


async def _save_picture(page: Page, file: Path) -> Path:
    await page.evaluate("document.fonts.ready")
    picture = await page.screenshot(path=file, animations="disabled")
    if len(picture) > MAX_BYTES:
        raise ValueError(f"{file} has {len(picture):,} bytes, over {MAX_BYTES:,}")
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

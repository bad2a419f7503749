"""When a browser first paints a page: the system's Chromium, told by its own clock from the start of the navigation."""

import os
import shutil
from statistics import median

from playwright.async_api import Browser, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
#: loads of each page that are measured, after one that is not
_LOADS = 15
_PAINTED = """() => new Promise(done => {
  const look = () => {
    const seen = performance.getEntriesByName('first-contentful-paint')[0];
    seen ? done(seen.startTime) : requestAnimationFrame(look);
  };
  look();
})"""


class Missing(Exception):
    """There is no browser here."""


async def first_paints(ours: str, raw: str) -> list[tuple[str, float, float]]:
    """("p50", ours, raw) and ("max", ours, raw): milliseconds to the first contentful paint. Raises Missing."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        raise Missing(f"no Chromium here: none of {', '.join(_NAMES)} is on the PATH")
    flags = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=flags)
        both = [(await _painted(browser, ours), await _painted(browser, raw)) for _ in range(_LOADS + 1)][1:]
        await browser.close()
    one, other = zip(*both, strict=True)
    return [("p50", median(one), median(other)), ("max", max(one), max(other))]


async def _painted(browser: Browser, address: str) -> float:
    """In a context of its own, so that nothing is remembered."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(address)
    taken: float = await page.evaluate(_PAINTED)
    await context.close()
    return taken

"""Measure the first contentful paint of a page in the system's Chromium, from the start of the navigation."""

import os
import shutil
from statistics import median

from playwright.async_api import Browser, async_playwright

_BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome")
#: number of measured loads of each page, after one warm-up load
_LOADS = 15
_FIRST_PAINT_SCRIPT = """() => new Promise(done => {
  const look = () => {
    const seen = performance.getEntriesByName('first-contentful-paint')[0];
    seen ? done(seen.startTime) : requestAnimationFrame(look);
  };
  look();
})"""


class BrowserMissing(Exception):
    """No browser is installed."""


async def measure_first_paints(ours: str, raw: str) -> list[tuple[str, float, float]]:
    """Return ("p50", ours, raw) and ("max", ours, raw) of two URLs: milliseconds to the first contentful paint.

    Raises BrowserMissing without a browser.
    """
    path = next(filter(None, map(shutil.which, _BROWSER_NAMES)), None)
    if path is None:
        raise BrowserMissing(f"Chromium not found: none of {', '.join(_BROWSER_NAMES)} is on the PATH")
    flags = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=flags)
        pairs = [
            (await _measure_first_paint(browser, ours), await _measure_first_paint(browser, raw))
            for _ in range(_LOADS + 1)
        ][1:]
        await browser.close()
    our_times, their_times = zip(*pairs, strict=True)
    return [("p50", median(our_times), median(their_times)), ("max", max(our_times), max(their_times))]


async def _measure_first_paint(browser: Browser, address: str) -> float:
    """Measure in a new browser context, so that nothing is cached."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(address)
    milliseconds: float = await page.evaluate(_FIRST_PAINT_SCRIPT)
    await context.close()
    return milliseconds

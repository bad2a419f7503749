"""A page of the local workspace in Chromium, and the watch over it: no console error, nothing asked of another host."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, Route, expect

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = [{"viewport": size, "color_scheme": scheme} for size in (DESKTOP, PHONE) for scheme in ("light", "dark")]
LOOK_NAMES = ["desktop light", "desktop dark", "phone light", "phone dark"]


@dataclass
class Visit:
    """A page, and what it must be free of: console errors, and requests to other hosts."""

    page: Page
    home: str
    complaints: list[str] = field(default_factory=list)
    external_requests: list[str] = field(default_factory=list)

    async def type(self, line: str) -> None:
        await expect(self.page.locator("dialog[open]")).to_have_count(0)  # below a modal nothing takes a letter
        await self.page.locator("#line").fill(line)
        await self.page.keyboard.press("Enter")

    def answer(self) -> Locator:
        """The bot's last answer, as drawn: without the payload that can be unfolded below it."""
        return self.page.get_by_role("article", name="On the Record").last.locator(".blocks")

    async def follow(self, link: Locator) -> Page:
        """The page that a click on `link` opens."""
        async with self.page.context.expect_page() as page_event:
            await link.click()
        page = await page_event.value
        await expect(page).to_have_title("A publisher's page")
        return page

    async def check_layout(self) -> None:
        """Nothing runs out of the page, the composer and the channels stay in sight."""
        await expect(self.page.locator("#line")).to_be_in_viewport()
        await expect(self.page.get_by_role("link", name="politics")).to_be_in_viewport()
        overflow = (
            "(root => [root.scrollWidth - innerWidth, root.scrollHeight - innerHeight])(document.documentElement)"
        )
        assert await self.page.evaluate(overflow) == [0, 0]
        assert self.page.viewport_size
        for entry in await self.page.locator(".entry").all():
            box = await entry.bounding_box()
            assert box
            assert box["x"] + box["width"] <= self.page.viewport_size["width"]


@asynccontextmanager
async def visiting(chromium: Browser, home: str, look: dict[str, Any]) -> AsyncIterator[Visit]:
    """A visit to `home`. Whatever the console complained of by its end fails the test."""
    context = await chromium.new_context(**look)
    visit = Visit(await context.new_page(), home)
    await _watch(context, visit)
    await visit.page.goto(home)
    yield visit
    await context.close()
    assert not visit.complaints, visit.complaints


async def _watch(context: BrowserContext, visit: Visit) -> None:
    """Notes console errors, and answers every request to another host with a page of our own."""

    async def answer_external(route: Route) -> None:
        visit.external_requests.append(route.request.url)
        await route.fulfill(status=200, content_type="text/html", body="<title>A publisher's page</title>")

    await context.route(lambda url: not url.startswith(visit.home), answer_external)
    context.on(
        "console", lambda line: visit.complaints.append(line.text) if line.type in ("error", "warning") else None
    )
    context.on("weberror", lambda error: visit.complaints.append(str(error.error)))

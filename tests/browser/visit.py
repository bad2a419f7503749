"""Page of the bot in Chromium, with checks for console errors and external requests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.support.depth import choose

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
_ALL_LOOKS = {
    f"{name} {scheme}": {"viewport": size, "color_scheme": scheme}
    for name, size in (("desktop", DESKTOP), ("phone", PHONE))
    for scheme in ("light", "dark")
}
#: each width and each colour scheme at least once: a layout does not depend on the scheme, nor a contrast on the width
LOOK_NAMES = choose(["desktop light", "phone dark"], list(_ALL_LOOKS))
LOOKS = [_ALL_LOOKS[name] for name in LOOK_NAMES]


@dataclass
class Visit:
    """Open page, with its console errors and its requests to other hosts."""

    page: Page
    home: str
    console_errors: list[str] = field(default_factory=list)
    external_requests: list[str] = field(default_factory=list)

    async def type(self, line: str) -> None:
        await expect(self.page.locator("dialog[open]")).to_have_count(0)  # a modal blocks the message field
        await self.page.locator("#line").fill(line)
        await self.page.keyboard.press("Enter")

    def answer(self) -> Locator:
        """Return the bot's last answer as drawn, without its collapsed payload."""
        return self.page.get_by_role("article", name="On the Record").last.locator(".blocks")

    async def follow(self, link: Locator) -> Page:
        """Click a link and return the page it opens."""
        async with self.page.context.expect_page() as page_event:
            await link.click()
        page = await page_event.value
        await expect(page).to_have_title("A publisher's page")
        return page

    async def check_layout(self) -> None:
        """Check that nothing overflows and that the composer and the channels are visible."""
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
    """Open `home` in a new page. Console errors and warnings fail the test at the end."""
    context = await chromium.new_context(**look)
    visit = Visit(await context.new_page(), home)
    await _watch(context, visit)
    await visit.page.goto(home)
    yield visit
    await context.close()
    assert not visit.console_errors, visit.console_errors


async def _watch(context: BrowserContext, visit: Visit) -> None:
    """Record console errors, and answer every request to another host with a placeholder page."""

    async def answer_external(route: Route) -> None:
        visit.external_requests.append(route.request.url)
        await route.fulfill(status=200, content_type="text/html", body="<title>A publisher's page</title>")

    await context.route(lambda url: not url.startswith(visit.home), answer_external)
    context.on(
        "console", lambda line: visit.console_errors.append(line.text) if line.type in ("error", "warning") else None
    )
    context.on("weberror", lambda error: visit.console_errors.append(str(error.error)))

"""A reader opens a story, a person and the search in Chromium: on a desktop, a phone and paper, by keyboard."""

import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, get_unused_port_socket
from playwright.async_api import Browser, expect

from bot.core.settings import Settings
from bot.web.auth.middleware import AuthMiddleware
from bot.web.auth.throttle import PageThrottle
from bot.web.routes import add_pages
from briefings.model import Article
from briefings.service.service import BriefingService
from tests.browser.axe import find_violations
from tests.browser.visit import DESKTOP, LOOK_NAMES, LOOKS, PHONE, Visit, visiting
from tests.support.seed_service import seeded_desk

pytestmark = pytest.mark.browser

STORY, EVERYTHING = "stories/labour-crisis", "stories/%2A"
#: every kind of page, and what stands on it
PAGES = [
    (STORY, "Where the sources differ"),
    (EVERYTHING, "Articles and quotations a"),
    ("people/Jeremy%20Corbyn", "What they are called"),
    ("people/Roe", "More than one speaker may be meant"),
    ("people/Jeremy%20Corbin", "Nobody is quoted as"),
    ("search", "Type some of what was said"),
    ("search?q=lynch-mob", "John McDonnell"),
    ("search?by=Corbyn&page=2", "Newer"),
    ("search?q=linch%20mob", "Did you mean"),
    ("search?q=harbour&since=whenever", "is no day that can be told"),
]
_ERROR_STATUS = re.compile(r"Failed to load resource: .*\b40[04]\b")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BriefingService]:
    """The seeds, and sixty articles of 400 days in thirty outlets."""
    with seeded_desk(f"sqlite:///{tmp_path_factory.mktemp('pages') / 'record.db'}") as service:
        service.add(_make_article(at) for at in range(60))
        yield service


def _make_article(at: int) -> Article:
    name = ("Jane Roe", "Peter Roe")[at % 2]
    text = f"The bridge at the old mill was closed for the day. “We will wait for it, day {at},” said {name}."
    day = None if at % 20 == 3 else date(2015, 1, 1) + timedelta(days=at * 7 % 400)
    return Article(f"bridge-{at}", text, publisher=f"Paper {at % 30}", published=day, title=f"Bridge, report {at}")


@asynccontextmanager
async def visit_pages(chromium: Browser, service: BriefingService, look: dict[str, object]) -> AsyncIterator[Visit]:
    socket = get_unused_port_socket("127.0.0.1")
    app = web.Application()
    add_pages(app, Settings(), service, auth_middleware=AuthMiddleware(Settings(), PageThrottle(time.time), None))
    home = f"http://127.0.0.1:{socket.getsockname()[1]}"
    async with TestServer(app, socket_factory=lambda *_: socket), visiting(chromium, f"{home}/record/", look) as visit:
        yield visit
        # Chromium itself notes a page whose status is an error
        visit.complaints[:] = [line for line in visit.complaints if not _ERROR_STATUS.match(line)]


@pytest.fixture
async def visit(chromium: Browser, service: BriefingService, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    async with visit_pages(chromium, service, getattr(request, "param", {"viewport": DESKTOP})) as visit:
        yield visit


@pytest.mark.parametrize("visit", LOOKS, indirect=True, ids=LOOK_NAMES)
async def test_every_page_is_accessible_and_fits(visit: Visit) -> None:
    """axe-core finds nothing, nothing runs out of the page, no other host is asked."""
    for path, words in PAGES:
        await visit.page.goto(visit.home + path)
        await expect(visit.page.get_by_role("main")).to_contain_text(words)
        for folded in await visit.page.locator("main details").all():
            await folded.evaluate("element => element.open = true")
        assert await find_violations(visit.page) == [], path
        assert await visit.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    assert visit.external_requests == []


@pytest.mark.parametrize("visit", [{"viewport": DESKTOP}, {"viewport": PHONE}], indirect=True, ids=["desktop", "phone"])
async def test_the_days_are_drawn_once_and_told_to_who_listens(visit: Visit) -> None:
    """One drawing in sight at either width, with a name and every number in the table beside it."""
    await visit.page.goto(visit.home + EVERYTHING)
    drawings = visit.page.get_by_role("img", name="Articles and quotations a")
    await expect(drawings).to_have_count(1)
    await expect(drawings).to_be_visible()
    await visit.page.get_by_text("The numbers as a table").click()
    rows = visit.page.locator("table.numbers tbody tr")
    counts = [int(text) for text in await rows.locator("td:nth-last-child(2)").all_inner_texts()]
    assert sum(counts) == 64
    await expect(visit.page.get_by_text("4 articles without a date are not drawn")).to_be_visible()


async def test_a_value_is_followed_to_its_sentence_by_keyboard(visit: Visit) -> None:
    """A dot of the chart takes the focus, says what it is, and opens the article where the figure stands."""
    await visit.page.goto(visit.home + STORY)
    dot = visit.page.get_by_role("link", name="close to 150,000: International Business Times UK, undated")
    await dot.focus()
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.locator("mark").first).to_be_in_viewport()
    await expect(visit.page.locator("#main")).to_contain_text("close to 150,000")


async def test_a_line_leads_to_its_publisher_which_learns_nothing(visit: Visit) -> None:
    """The publisher's link of a line is the briefing's own."""
    await visit.page.goto(visit.home + STORY)
    link = visit.page.locator("#said ~ ul").get_by_role("link", name="The Guardian").first
    assert "#:~:text=" in (await link.get_attribute("href") or "")
    async with visit.page.expect_navigation():
        await link.click()
    assert await visit.page.evaluate("document.referrer") == ""
    assert len(visit.external_requests) == 1


async def test_who_is_quoted_leads_to_the_person_and_on_to_older_quotations(visit: Visit) -> None:
    """By keyboard alone: from the story's table to the person, from there to the next page."""
    await visit.page.goto(visit.home + STORY)
    await visit.page.locator("table.heard").get_by_role("link", name="Jeremy Corbyn").focus()
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_role("heading", level=1)).to_have_text("Jeremy Corbyn")
    await visit.page.get_by_role("link", name="Older").focus()
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_role("navigation", name="Pages")).to_contain_text("Page 2 of 2")


async def test_a_search_is_typed_and_narrowed(visit: Visit) -> None:
    """The form keeps what was typed; a filter is added; what may be meant is one press away."""
    await visit.page.goto(visit.home + "search")
    form = visit.page.get_by_role("form", name="Look up quotations")
    await form.get_by_label("Words that were said").fill("linch mob")
    await visit.page.keyboard.press("Enter")
    await visit.page.get_by_role("link", name="lynch mob", exact=True).click()
    await expect(visit.page.get_by_role("main")).to_contain_text("John McDonnell")
    await form.get_by_label("Outlet").fill("Guardian")
    await form.get_by_role("button", name="Look up").click()
    await expect(visit.page.get_by_role("main")).to_contain_text("in Guardian")
    await expect(form.get_by_label("Words that were said")).to_have_value("lynch mob")


async def test_on_paper_there_is_no_navigation_and_the_addresses_of_the_sources_are_printed(visit: Visit) -> None:
    """Printed: the lines, the drawings, the sources' addresses; no form, no page turning."""
    await visit.page.goto(visit.home + STORY)
    await visit.page.emulate_media(media="print")
    await expect(visit.page.locator("header.site form")).to_be_hidden()
    await expect(visit.page.get_by_text("Other days, one outlet")).to_be_hidden()
    await expect(visit.page.get_by_role("img", name="Articles and quotations a")).to_be_visible()
    printed = await visit.page.locator(".sources .out").first.evaluate("e => getComputedStyle(e, '::after').content")
    assert "https://" in printed
    assert (await visit.page.pdf(format="A4")).startswith(b"%PDF")


async def test_a_story_of_the_seeds_is_small(visit: Visit) -> None:
    """All that is sent for it, its files included, is below 100 KB."""
    sizes: list[int] = []

    async def weigh() -> None:
        async with visit.page.expect_response(lambda response: response.url.endswith("story.css")):
            await visit.page.goto(visit.home + STORY)

    visit.page.on("response", lambda response: sizes.append(int(response.headers.get("content-length", "0"))))
    await weigh()
    assert 0 < sum(sizes) < 100_000

"""The story, person and search pages in Chromium: desktop, phone, print and keyboard."""

import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date, timedelta

import pytest
import pytest_asyncio
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
from tests.support.seed_service import open_seed_service

pytestmark = pytest.mark.browser

STORY, EVERYTHING = "stories/labour-crisis", "stories/%2A"
#: every kind of page, and words it contains
PAGES = [
    (STORY, "Where the sources differ"),
    (EVERYTHING, "Articles and quotes per"),
    ("people/Jeremy%20Corbyn", "Roles"),
    ("people/Roe", "Several speakers match this name."),
    ("people/Jeremy%20Corbin", "No quotes from"),
    ("people/Jeremy%20Corbyn/timeline", "In other words"),
    ("people/Jeremy%20Corbyn/timeline?about=vote", "What they said, by day"),
    ("people/Jeremy%20Corbyn/timeline?about=zebras", "On all subjects"),
    ("people/Jane%20Roe/timeline", "Quotes per"),
    ("people/Roe/timeline?about=mill", "Several speakers match this name."),
    ("compare", "First person"),
    ("compare?first=Corbyn&second=McDonnell", "Nothing here says whether they agree."),
    ("compare?first=Corbyn&second=Roe", "Which one?"),
    ("compare?first=Corbyn&second=Jeremy%20Corbyn", "Both names mean"),
    ("compare?first=Corbyn&second=McDonnell&since=whenever", "as a date. Try"),
    ("search", "Enter words from a quote"),
    ("search?q=lynch-mob", "John McDonnell"),
    ("people/Jane%20Roe?page=2", "Newer"),
    ("search?q=linch%20mob", "Did you mean"),
    ("search?q=harbour&since=whenever", "as a date. Try"),
]
_ERROR_STATUS = re.compile(r"Failed to load resource: .*\b40[04]\b")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BriefingService]:
    """Return a service with the seeds and sixty articles from 400 days and thirty outlets."""
    with open_seed_service(f"sqlite:///{tmp_path_factory.mktemp('pages') / 'record.db'}") as service:
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
        # Chromium logs pages with an error status
        visit.console_errors[:] = [line for line in visit.console_errors if not _ERROR_STATUS.match(line)]


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser, service: BriefingService, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    async with visit_pages(chromium, service, getattr(request, "param", {"viewport": DESKTOP})) as visit:
        yield visit


@pytest.mark.parametrize("visit", LOOKS, indirect=True, ids=LOOK_NAMES)
async def test_every_page_is_accessible_and_fits(visit: Visit) -> None:
    """axe-core finds no violations, nothing overflows, and no external request is sent."""
    for path, words in PAGES:
        await visit.page.goto(visit.home + path)
        await expect(visit.page.get_by_role("main")).to_contain_text(words)
        for folded in await visit.page.locator("main details").all():
            await folded.evaluate("element => element.open = true")
        assert await find_violations(visit.page) == [], path
        assert await visit.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    assert visit.external_requests == []


@pytest.mark.parametrize("visit", [{"viewport": DESKTOP}, {"viewport": PHONE}], indirect=True, ids=["desktop", "phone"])
async def test_timeline_chart_has_a_name_and_a_table(visit: Visit) -> None:
    """One chart is visible at each width. It has an accessible name, and a table lists every number."""
    await visit.page.goto(visit.home + EVERYTHING)
    charts = visit.page.get_by_role("img", name="Articles and quotes per")
    await expect(charts).to_have_count(1)
    await expect(charts).to_be_visible()
    await visit.page.get_by_text("Show as a table").click()
    rows = visit.page.locator("table.numbers tbody tr")
    counts = [int(text) for text in await rows.locator("td:nth-last-child(2)").all_inner_texts()]
    assert sum(counts) == 64
    await expect(visit.page.get_by_text("4 undated articles are not in the chart")).to_be_visible()


@pytest.mark.parametrize(
    ("visit", "is_stacked"),
    [({"viewport": DESKTOP}, False), ({"viewport": PHONE}, True)],
    indirect=["visit"],
    ids=["desktop", "phone"],
)
async def test_two_people_are_in_two_columns_or_one_below_the_other(visit: Visit, is_stacked: bool) -> None:
    await visit.page.goto(f"{visit.home}compare?first=Corbyn&second=McDonnell")
    boxes = [await column.bounding_box() for column in await visit.page.locator(".people-columns > section").all()]
    first, second = (box for box in boxes if box)
    assert (second["y"] >= first["y"] + first["height"]) is is_stacked
    assert (second["x"] >= first["x"] + first["width"]) is not is_stacked


async def test_form_on_a_person_page_opens_the_timeline_by_keyboard(visit: Visit) -> None:
    await visit.page.goto(visit.home + "people/Jeremy%20Corbyn")
    await visit.page.get_by_label("On a subject").focus()
    await visit.page.keyboard.type("vote")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_role("heading", level=1)).to_have_text("Jeremy Corbyn on “vote”")
    await expect(visit.page.get_by_role("img", name="Quotes per day, by outlet")).to_be_visible()


async def test_chart_value_opens_its_sentence_by_keyboard(visit: Visit) -> None:
    """A dot can be focused, has an accessible name, and opens the article at the figure."""
    await visit.page.goto(visit.home + STORY)
    dot = visit.page.get_by_role("link", name="close to 150,000: International Business Times UK, undated")
    await dot.focus()
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.locator("mark").first).to_be_in_viewport()
    await expect(visit.page.locator("#main")).to_contain_text("close to 150,000")


async def test_publisher_link_sends_no_referrer(visit: Visit) -> None:
    """The publisher link of a line has the text fragment of its evidence."""
    await visit.page.goto(visit.home + STORY)
    link = visit.page.locator("#said ~ ul").get_by_role("link", name="The Guardian").first
    assert "#:~:text=" in (await link.get_attribute("href") or "")
    async with visit.page.expect_navigation():
        await link.click()
    assert await visit.page.evaluate("document.referrer") == ""
    assert len(visit.external_requests) == 1


async def test_speaker_link_leads_to_person_and_older_quotes(visit: Visit) -> None:
    """All steps use the keyboard."""
    await visit.page.goto(visit.home + STORY)
    await visit.page.locator("table.heard").get_by_role("link", name="Jeremy Corbyn").focus()
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_role("heading", level=1)).to_have_text("Jeremy Corbyn")
    await visit.page.goto(visit.home + "people/Jane%20Roe")
    await visit.page.get_by_role("link", name="Older").focus()
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_role("navigation", name="Pages")).to_contain_text("Page 2 of 2")


async def test_search_is_corrected_and_filtered(visit: Visit) -> None:
    """The form keeps its input, and a suggested correction is one click away."""
    await visit.page.goto(visit.home + "search")
    form = visit.page.get_by_role("form", name="Search quotes")
    await form.get_by_label("Words", exact=True).fill("linch mob")
    await visit.page.keyboard.press("Enter")
    await visit.page.get_by_role("link", name="lynch mob", exact=True).click()
    await expect(visit.page.get_by_role("main")).to_contain_text("John McDonnell")
    await form.get_by_label("Outlet").fill("Guardian")
    await form.get_by_role("button", name="Search").click()
    await expect(visit.page.get_by_role("main")).to_contain_text("in Guardian")
    await expect(form.get_by_label("Words", exact=True)).to_have_value("lynch mob")


async def test_print_shows_source_urls_without_navigation(visit: Visit) -> None:
    """The printed page has lines, charts and source URLs, but no forms."""
    await visit.page.goto(visit.home + STORY)
    await visit.page.emulate_media(media="print")
    await expect(visit.page.locator("header.site form")).to_be_hidden()
    await expect(visit.page.get_by_text("Filter", exact=True)).to_be_hidden()
    await expect(visit.page.get_by_role("img", name="Articles and quotes per")).to_be_visible()
    printed = await visit.page.locator(".sources .out").first.evaluate("e => getComputedStyle(e, '::after').content")
    assert "https://" in printed
    assert (await visit.page.pdf(format="A4")).startswith(b"%PDF")


async def test_story_page_is_below_100_kb(visit: Visit) -> None:
    """The size includes its stylesheets and other files."""
    sizes: list[int] = []

    async def weigh() -> None:
        async with visit.page.expect_response(lambda response: response.url.endswith("story.css")):
            await visit.page.goto(visit.home + STORY)

    visit.page.on("response", lambda response: sizes.append(int(response.headers.get("content-length", "0"))))
    await weigh()
    assert 0 < sum(sizes) < 100_000

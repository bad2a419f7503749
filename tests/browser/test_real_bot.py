"""The real bot in the local workspace, with the seed articles, in Chromium."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.visit import DESKTOP, LOOK_NAMES, LOOKS, Visit
from tests.browser.workspaces import real_bot

pytestmark = pytest.mark.browser

RALLY = "https://www.ibtimes.co.uk/jeremy-corbyn-rallies-his-momentum-troops-labour-leadership-challenge-looms-1568239"
HEADINGS = ("Latest", "Who said what", "Where the sources differ", "Sources")


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    async with real_bot(chromium, tmp_path, getattr(request, "param", {"viewport": DESKTOP})) as visit:
        yield visit


async def _ask_for_briefing(visit: Visit) -> None:
    await visit.type("/briefing labour-crisis")
    await expect(visit.answer().get_by_role("heading", name="Labour's leadership crisis")).to_be_visible()


@pytest.mark.parametrize("visit", LOOKS, indirect=True, ids=LOOK_NAMES)
async def test_answers_fit_and_are_complete(visit: Visit) -> None:
    """Both widths and colour schemes show the short and full briefing and whosaid, without external requests."""
    await _ask_for_briefing(visit)
    short = visit.answer()
    for heading in HEADINGS:
        await expect(short.get_by_text(heading, exact=True)).to_have_count(1)
    await expect(short.locator("strong", has_text="Tue 28 Jun 2016")).to_be_visible()
    await expect(short.get_by_text("Expected — not confirmed yet")).to_be_visible()
    await visit.check_layout()
    lines = await short.locator("blockquote").count()
    await short.get_by_role("button", name=re.compile(r"Full briefing \(\d+ more\)")).click()
    await expect(visit.answer().get_by_text("Day by day", exact=True)).to_be_visible()
    await expect(visit.answer().get_by_text("Not in these articles", exact=True)).to_be_visible()
    await expect(visit.page.get_by_role("article", name="On the Record")).to_have_count(1)
    assert await visit.answer().locator("blockquote").count() > lines
    await visit.check_layout()
    await visit.type('/whosaid "lynch-mob"')
    await expect(visit.answer()).to_contain_text("John McDonnell, shadow chancellor")
    await expect(visit.answer().locator("blockquote")).to_contain_text(["without the rope", "without a rope"])
    await visit.check_layout()
    assert visit.external_requests == []


async def test_source_link_opens_at_its_sentence(visit: Visit) -> None:
    """A quote links to the publisher's page with a text fragment and without a referrer."""
    await visit.type('/whosaid "lynch-mob"')
    link = visit.answer().get_by_role("link", name="International Business Times UK").first
    href = await link.get_attribute("href") or ""
    assert href.startswith(f"{RALLY}#:~:text=")
    assert "-,On%20Monday%20night" in href
    source = await visit.follow(link)
    assert visit.external_requests == [RALLY]
    assert await source.evaluate("[document.referrer, window.opener]") == ["", None]


async def test_only_quotes_have_quotation_marks(visit: Visit) -> None:
    """Under "Who said what", every line has quotation marks; elsewhere none has."""
    await _ask_for_briefing(visit)
    is_quotes_part = False
    for part in await visit.answer().locator(".b-text").all():
        text = await part.inner_text()
        if any(heading in text for heading in HEADINGS):
            is_quotes_part = "Who said what" in text
        for words in await part.locator("blockquote").all_inner_texts():
            assert (words[0] == "“" and words[-1] == "”") is is_quotes_part


async def test_misspelt_topic_offers_button_for_topic(visit: Visit) -> None:
    """The button of the suggested topic shows its briefing."""
    await visit.type("/briefing labour-crysis")
    await expect(visit.answer()).to_contain_text("Did you mean: labour-crisis?")
    await visit.answer().get_by_role("button", name="labour-crisis").click()
    await expect(visit.answer().get_by_role("heading", name="Labour's leadership crisis")).to_be_visible()
    await expect(visit.page.get_by_role("article", name="On the Record")).to_have_count(2)


async def test_any_input_gets_an_answer(visit: Visit) -> None:
    """Help, empty input, nonsense and markup get an answer that Slack would accept."""
    cases = [
        ("/briefing help", "lists the topics"),
        ("/whosaid help", "finds who is quoted"),
        ("/briefing", "Topics, newest first"),
        ("/whosaid", "Which words?"),
        ("/whosaid never said by anybody", "No article contains"),
        ("/whosaid *<b>referendum</b>*", "“<b>referendum</b>”"),
    ]
    for count, (typed, expected) in enumerate(cases, start=1):
        await visit.type(typed)
        await expect(visit.page.get_by_role("article", name="On the Record")).to_have_count(count)
        await expect(visit.answer()).to_contain_text(expected)
    await expect(visit.page.locator(".refusal, .notice")).to_have_count(0)


async def test_answer_is_shared_and_read_in_context(visit: Visit) -> None:
    """The bot posts the answer once. The context modal marks the words and switches to another line."""
    await _ask_for_briefing(visit)
    await visit.answer().get_by_role("button", name="Share to the channel").click()
    await expect(visit.page.get_by_role("article", name="On the Record")).to_have_count(2)
    await expect(visit.answer()).to_contain_text("Shared by")
    await expect(visit.answer().get_by_role("button", name="Share to the channel")).to_have_count(0)
    private = visit.page.get_by_role("article", name="On the Record").first
    await expect(private).to_contain_text("Shared in this channel with your name.")
    await expect(visit.page.get_by_text("Only visible to you")).to_have_count(2)  # the command and the private answer

    await visit.answer().get_by_role("combobox", name="More actions").first.select_option("Read in context")
    modal = visit.page.get_by_role("dialog")
    marked_words = modal.locator("blockquote strong")
    await expect(marked_words.first).to_be_visible()
    await expect(modal.locator(".b-text").first.get_by_role("link")).to_have_attribute("href", re.compile("^https://"))
    first = await marked_words.first.inner_text()
    menu = modal.get_by_role("combobox").first
    await menu.select_option(index=4)
    await expect(marked_words.first).not_to_have_text(first)
    await modal.get_by_role("button", name="Close").click()
    await expect(modal).to_be_hidden()
    await expect(visit.page.locator(".refusal, .notice")).to_have_count(0)


async def test_wordings_are_compared_and_report_is_sent(visit: Visit) -> None:
    """The modal marks the differing word, and the report form confirms the report."""
    await visit.type('/whosaid "lynch-mob" by:McDonnell')
    await visit.answer().get_by_role("combobox", name="More actions").first.select_option("Compare the wordings")
    modal = visit.page.get_by_role("dialog")
    await expect(modal.locator("blockquote strong").first).to_have_text("a")
    await modal.get_by_role("button", name="Close").click()
    await visit.answer().get_by_role("combobox", name="More actions").first.select_option("This looks wrong")
    await modal.get_by_label("What is wrong?").select_option("wrong words")
    await modal.get_by_label("What should it be?").fill("like a lynch mob")
    await modal.get_by_role("button", name="Send").click()
    await expect(modal).to_contain_text("Thank you")
    assert visit.external_requests == []


async def test_share_works_after_inviting_the_bot(visit: Visit) -> None:
    """The reply says how to invite the bot. The same button then works."""
    await visit.page.get_by_role("link", name="politics").click()
    await _ask_for_briefing(visit)
    briefing = visit.page.get_by_role("article", name="On the Record").first
    await briefing.get_by_role("button", name="Share to the channel").click()
    await expect(visit.answer()).to_contain_text("/invite @On the Record")
    await visit.type("/invite @On the Record")
    await expect(visit.page.get_by_role("log").get_by_text("On the Record was added to politics.")).to_be_visible()
    await briefing.get_by_role("button", name="Share to the channel").click()
    await expect(briefing).to_contain_text("Shared in this channel with your name.")
    await expect(visit.answer()).to_contain_text("Shared by")

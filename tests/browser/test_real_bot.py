"""A person tries the real bot in the local workspace: the real desk over the seeds, every answer read in Chromium."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.visit import DESKTOP, LOOK_NAMES, LOOKS, Visit
from tests.browser.workspaces import real_bot

pytestmark = pytest.mark.browser

RALLY = "https://www.ibtimes.co.uk/jeremy-corbyn-rallies-his-momentum-troops-labour-leadership-challenge-looms-1568239"
HEADINGS = ("Where it stands", "Day by day", "Who said what", "Where the sources differ", "Sources")


@pytest.fixture
async def visit(chromium: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    async with real_bot(chromium, tmp_path, getattr(request, "param", {"viewport": DESKTOP})) as visit:
        yield visit


async def _ask_for_briefing(visit: Visit) -> None:
    await visit.type("/briefing labour-crisis")
    await expect(visit.answer().get_by_role("heading", name="Labour's leadership crisis")).to_be_visible()


@pytest.mark.parametrize("visit", LOOKS, indirect=True, ids=LOOK_NAMES)
async def test_every_answer_is_readable(visit: Visit) -> None:
    """At either width, in either scheme: a briefing, short and whole, and who said it; no other host is asked."""
    await _ask_for_briefing(visit)
    short = visit.answer()
    for heading in HEADINGS:
        await expect(short.get_by_text(heading, exact=True)).to_have_count(1)
    await expect(short.locator("strong", has_text="Tue 28 Jun 2016")).to_be_visible()
    await expect(short.get_by_text("Expected, not reported as done")).to_be_visible()
    await visit.check_layout()
    lines = await short.locator("blockquote").count()
    await short.get_by_role("button", name=re.compile(r"Whole briefing \(\d+ more lines\)")).click()
    await expect(visit.answer().get_by_text("Not in these articles", exact=True)).to_be_visible()
    await expect(visit.page.get_by_role("article", name="On the Record")).to_have_count(1)
    assert await visit.answer().locator("blockquote").count() > lines
    await visit.check_layout()
    await visit.type('/whosaid "lynch-mob"')
    await expect(visit.answer()).to_contain_text("John McDonnell, shadow chancellor")
    await expect(visit.answer().locator("blockquote")).to_contain_text(["without the rope", "without a rope"])
    await visit.check_layout()
    assert visit.external_requests == []


async def test_a_source_opens_at_its_sentence(visit: Visit) -> None:
    """The link of a quotation is the publisher's page with a text fragment; the page learns nothing of us."""
    await visit.type('/whosaid "lynch-mob"')
    link = visit.answer().get_by_role("link", name="International Business Times UK").first
    href = await link.get_attribute("href") or ""
    assert href.startswith(f"{RALLY}#:~:text=On%20Monday%20night")
    source = await visit.follow(link)
    assert visit.external_requests == [RALLY]
    assert await source.evaluate("[document.referrer, window.opener]") == ["", None]


async def test_spoken_words_and_narrative_are_told_apart(visit: Visit) -> None:
    """Under "Who said what" all stands in quotation marks below a name, elsewhere nothing does."""
    await _ask_for_briefing(visit)
    for part in await visit.answer().locator(".b-text").all():
        is_quotes_part = "Who said what" in await part.inner_text()
        for words in await part.locator("blockquote").all_inner_texts():
            assert (words[0] == "“" and words[-1] == "”") is is_quotes_part


async def test_an_unknown_topic_offers_the_known_one(visit: Visit) -> None:
    """A slip of the keys: the sentence says what was meant, and its button briefs on it."""
    await visit.type("/briefing labour-crysis")
    await expect(visit.answer()).to_contain_text("Did you mean: labour-crisis?")
    await visit.answer().get_by_role("button", name="labour-crisis").click()
    await expect(visit.answer().get_by_role("heading", name="Labour's leadership crisis")).to_be_visible()
    await expect(visit.page.get_by_role("article", name="On the Record")).to_have_count(2)


async def test_whatever_is_typed_is_answered(visit: Visit) -> None:
    """Help, nothing, nonsense, markup: one plain answer each, and nothing Slack would refuse."""
    cases = [
        ("/briefing help", "lists the topics"),
        ("/whosaid help", "finds who is quoted"),
        ("/briefing", "Topics, newest first"),
        ("/whosaid", "Which words?"),
        ("/whosaid never said by anybody", "stands nowhere in the record"),
        ("/whosaid *<b>referendum</b>*", re.compile(r"\*\W*<b>referendum</b>\W*\*")),
    ]
    for count, (typed, expected) in enumerate(cases, start=1):
        await visit.type(typed)
        await expect(visit.page.get_by_role("article", name="On the Record")).to_have_count(count)
        await expect(visit.answer()).to_contain_text(expected)
    await expect(visit.page.locator(".refusal, .notice")).to_have_count(0)


async def test_an_answer_is_shared_and_its_words_read_in_context(visit: Visit) -> None:
    """Share: the bot's message stands in the channel, once. In context: the article's words, marked; another line."""
    await _ask_for_briefing(visit)
    await visit.answer().get_by_role("button", name="Share to the channel").click()
    await expect(visit.page.get_by_role("article", name="On the Record")).to_have_count(2)
    await expect(visit.answer()).to_contain_text("Shared by")
    await expect(visit.answer().get_by_role("button", name="Share to the channel")).to_have_count(0)
    private = visit.page.get_by_role("article", name="On the Record").first
    await expect(private).to_contain_text("Shared in this channel, with your name.")
    await expect(visit.page.get_by_text("Only visible to you")).to_have_count(2)  # the command and the private answer

    await visit.answer().get_by_role("button", name="Read in context").click()
    modal = visit.page.get_by_role("dialog")
    marked_words = modal.locator("blockquote strong")
    await expect(marked_words.first).to_be_visible()
    await expect(modal.locator(".b-text").first.get_by_role("link")).to_have_attribute("href", re.compile("^https://"))
    first = await marked_words.first.inner_text()
    menu = modal.get_by_role("combobox")
    await menu.select_option(index=4)
    await expect(marked_words.first).not_to_have_text(first)
    await modal.get_by_role("button", name="Close").click()
    await expect(modal).to_be_hidden()
    await expect(visit.page.locator(".refusal, .notice")).to_have_count(0)


async def test_what_looks_wrong_is_sent_and_thanked_for(visit: Visit) -> None:
    """The form opens, and the wordings of a quotation stand side by side."""
    await visit.type('/whosaid "lynch-mob" by:McDonnell')
    await visit.answer().get_by_role("button", name="Compare the wordings").click()
    modal = visit.page.get_by_role("dialog")
    await expect(modal.locator("blockquote strong").first).to_have_text("a")
    await modal.get_by_role("button", name="Close").click()
    await visit.answer().get_by_role("button", name="This looks wrong").first.click()
    await modal.get_by_label("What is wrong?").select_option("wrong words")
    await modal.get_by_label("What should it be?").fill("like a lynch mob")
    await modal.get_by_role("button", name="Send").click()
    await expect(modal).to_contain_text("Thank you")
    assert visit.external_requests == []


async def test_a_channel_without_the_bot_says_how_to_invite_it(visit: Visit) -> None:
    """The sentence is followed, and the same button then shares."""
    await visit.page.get_by_role("link", name="politics").click()
    await _ask_for_briefing(visit)
    briefing = visit.page.get_by_role("article", name="On the Record").first
    await briefing.get_by_role("button", name="Share to the channel").click()
    await expect(visit.answer()).to_contain_text("/invite @On the Record")
    await visit.type("/invite @On the Record")
    await expect(visit.page.get_by_role("log").get_by_text("On the Record was added to politics.")).to_be_visible()
    await briefing.get_by_role("button", name="Share to the channel").click()
    await expect(briefing).to_contain_text("Shared in this channel, with your name.")
    await expect(visit.answer()).to_contain_text("Shared by")

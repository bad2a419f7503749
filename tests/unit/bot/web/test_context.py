"""Tests of the page context, its text filters, and the error pages."""

import asyncio
import html
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.settings import Settings
from bot.web import context
from bot.web.context import Busy, Site, escape_exactly, pluralize, shorten, take_first_words
from bot.web.error_pages import PageForbidden, PageGone, error_page, get_status
from briefings.errors import BadQuestion, DatabaseUnavailable, NothingFound
from tests.stand_ins.briefing_service import FakeBriefingService


async def test_full_queue_refuses_new_readers_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers already in the queue get their page."""
    monkeypatch.setattr(context, "MAX_WAITING", 2)
    site, release = Site(Settings(), FakeBriefingService()), threading.Event()
    tasks = [asyncio.create_task(site.run_in_thread(lambda _: release.wait(60))) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Busy, match="try again"):
        await site.run_in_thread(lambda _: True)
    release.set()
    assert await asyncio.gather(*tasks) == [True, True]
    assert await site.run_in_thread(lambda service: isinstance(service, FakeBriefingService))
    site.close()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NothingFound(""), 404),
        (BadQuestion(""), 400),
        (DatabaseUnavailable(""), 503),
        (Busy(""), 503),
        (PageGone(""), 410),
        (PageForbidden(""), 403),
    ],
)
def test_error_class_sets_the_status(error: Exception, status: int) -> None:
    assert get_status(error) == status  # type: ignore[arg-type]  # each is a BriefingsError


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 418, 429, 500, 503, 599])
def test_every_status_has_a_page_with_one_heading(status: int) -> None:
    """The page has links to suggestions. Statuses 429 and 503 have a Retry-After header."""
    site = Site(Settings(), FakeBriefingService())
    page = error_page(site, status, suggestions=("labour-crisis",))
    assert page.status == status
    assert page.text
    assert page.text.count("<h1>") == 1
    assert "/record/stories/labour-crisis" in page.text
    assert ("Retry-After" in page.headers) == (status in (429, 503))
    site.close()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40))
def test_escaped_text_is_unchanged_in_the_browser(text: str) -> None:
    """Carriage returns too, which browsers would otherwise turn into line feeds."""
    markup = str(escape_exactly(text))
    assert not {"<", ">", '"', "\r"} & set(markup)
    assert html.unescape(markup.replace("&#13;", "\r")) == text


def test_counts_and_cuts_are_formatted() -> None:
    assert (pluralize(1, "article"), pluralize(2_000, "article"), pluralize(0, "story", "stories")) == (
        "1 article", "2,000 articles", "0 stories",
    )  # fmt: skip
    assert (shorten("abc", 3), shorten("abcd", 3)) == ("abc", "ab…")
    assert take_first_words("one two three", 2) == "one two"

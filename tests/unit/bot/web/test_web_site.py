"""What pages have at hand: the desk on other threads, bounded; text that comes out of HTML as it went in."""

import asyncio
import html
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import Settings
from bot.web import site as site_module
from bot.web.drawing import brief, exact, opening, plural
from bot.web.errors import Forbidden, Gone, error_page, status_of
from bot.web.site import Busy, Site
from briefings.errors import BadQuestion, NothingFound, RecordUnavailable
from tests.fakes import FakeDesk


async def test_more_readers_than_may_wait_are_sent_away_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who were there before get their page."""
    monkeypatch.setattr(site_module, "MOST_WAITING", 2)
    site, hold = Site(Settings(), FakeDesk()), threading.Event()
    waiting = [asyncio.create_task(site.ask(lambda _: hold.wait(60))) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Busy, match="try again"):
        await site.ask(lambda _: True)
    hold.set()
    assert await asyncio.gather(*waiting) == [True, True]
    assert await site.ask(lambda desk: isinstance(desk, FakeDesk))
    site.close()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NothingFound(""), 404),
        (BadQuestion(""), 400),
        (RecordUnavailable(""), 503),
        (Busy(""), 503),
        (Gone(""), 410),
        (Forbidden(""), 403),
    ],
)
def test_each_error_has_its_status(error: Exception, status: int) -> None:
    assert status_of(error) == status  # type: ignore[arg-type]  # each is a BriefingsError


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 418, 429, 500, 503, 599])
def test_every_status_has_a_page(status: int) -> None:
    """With a heading and a way on; whoever should wait is told how long."""
    site = Site(Settings(), FakeDesk())
    page = error_page(site, status, near=("labour-crisis",))
    assert page.status == status
    assert page.text
    assert page.text.count("<h1>") == 1
    assert "/record/stories/labour-crisis" in page.text
    assert ("Retry-After" in page.headers) == (status in (429, 503))
    site.close()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40))
def test_text_comes_back_out_of_html(text: str) -> None:
    """Carriage returns too, which a browser would else take for line feeds."""
    drawn = str(exact(text))
    assert not {"<", ">", '"', "\r"} & set(drawn)
    assert html.unescape(drawn.replace("&#13;", "\r")) == text


def test_small_words() -> None:
    assert (plural(1, "article"), plural(2_000, "article"), plural(0, "story", "stories")) == (
        "1 article", "2,000 articles", "0 stories",
    )  # fmt: skip
    assert (brief("abc", 3), brief("abcd", 3)) == ("abc", "ab…")
    assert opening("one two three", 2) == "one two"

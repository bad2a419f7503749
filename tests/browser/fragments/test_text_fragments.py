"""Links mark the cited passage, and nothing else, in Chromium."""

import re

import pytest
from playwright.async_api import Browser

from briefings.article import build_link
from tests.browser.fragments.marks import MarkReader
from tests.browser.fragments.pages import CitedPage, build_cited_pages

pytestmark = pytest.mark.browser


async def test_220_links_mark_the_cited_words_only(chromium: Browser) -> None:
    """Captions, pull quotes, standfirsts, headlines and other sentences repeat the words."""
    context = await chromium.new_context(viewport={"width": 800, "height": 600})
    reader = MarkReader(await context.new_page(), await context.new_page())
    faults = []
    for name, page in build_cited_pages():
        link = build_link(page.article, page.passage) or ""
        marked = await reader.find_marked(page.html, link)
        if _find_letters(page, marked) != _find_letters(page, [index in page.cited for index in range(len(marked))]):
            words = "".join(char if is_marked else "·" for char, is_marked in zip(page.characters, marked, strict=True))
            faults.append(f"{name}\n  {link}\n  {words}")
    assert not faults, "\n".join(faults)


def _find_letters(page: CitedPage, marked: list[bool]) -> list[int]:
    """Return the indexes of the marked letters and digits. A quotation mark at an end may be marked too."""
    return [
        index
        for index, (char, is_marked) in enumerate(zip(page.characters, marked, strict=True))
        if is_marked and re.match(r"\w", char)
    ]

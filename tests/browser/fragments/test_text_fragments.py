"""Links mark the cited passage, and nothing else, in Chromium."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html
from playwright.async_api import Browser

from briefings.article import build_link
from briefings.ingest import read_raw_articles
from briefings.model import Span
from tests.browser.fragments.marks import MarkReader
from tests.browser.fragments.pages import CitedPage, build_cited_pages

pytestmark = pytest.mark.browser

#: the words are in the standfirst, a caption, two pull quotes, a paragraph of their own, and a sentence
_PAGE = """<html><head><title>Pier to open | The Tribune</title></head><body><nav>News</nav><main><article>
<h1>Pier to open before winter</h1>
<p class="standfirst">We will rebuild the pier before winter, says the mayor.</p>
<figure><img src="data:,"><figcaption>Jane Roe: “We will rebuild the pier before winter.”</figcaption></figure>
<p>The mayor of Easton, <a href="#roe">Jane Roe</a>, spoke to reporters on Monday and said: “<em>We will rebuild</em>
the pier before winter,” adding that nobody would be left out of the work.</p>
<aside>“We will rebuild the pier before winter”</aside>
<p>She said: <q>We paid for it twice.</q> The council said the caf&eacute; at the pier would open <b>again</b> in the
coming summer, as planned.<br>The next meeting is on Friday, when the council votes about the money.</p>
<blockquote class="pullquote"><p>“We will rebuild the pier before winter”</p></blockquote>
<p>The pier closed in March after a storm, and nobody in Easton knew when it would open again.</p>
<p>“We will rebuild the pier before winter.”</p>
<p>The harbour&nbsp;master said 30&nbsp;boats were moved. “It was like a storm at sea,” he said of the night.</p>
</article></main></body></html>"""
#: cited words, with those directly before and after them on the page
_PLACES = (
    ("", "We will rebuild the pier before winter", ", says the mayor"),
    ("on Monday and said: “", "We will rebuild the pier before winter", ",” adding"),
    ("would open again. “", "We will rebuild the pier before winter", ".” The harbour"),
    ("She said: ", "We paid for it twice.", " The council"),
    (
        "We paid for it twice. ",
        "The council said the café at the pier would open again in the coming summer, as planned.",
        "",
    ),
    ("as planned. ", "The next meeting is on Friday, when the council votes about the money.", ""),
    ("", "The harbour master said 30 boats were moved.", ""),
    ("were moved. “", "It was like a storm at sea", ",” he said"),
    ("moved. “It was ", "like a storm at sea", ",” he said"),
)


async def test_links_mark_the_cited_words_only(chromium: Browser) -> None:
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


async def test_links_of_a_page_as_it_is_read(chromium: Browser, tmp_path: Path) -> None:
    """The text lacks the caption and the pull quotes, which come before the cited words on the page."""
    file = tmp_path / "page.html"
    file.write_text(_PAGE, encoding="utf-8")
    (article,) = read_raw_articles(file)
    context = await chromium.new_context(viewport={"width": 800, "height": 600})
    reader = MarkReader(await context.new_page(), await context.new_page())
    text, article = article.text.replace("\n", " "), replace(article, url="https://tribune.example/pier")
    assert text.count("We will rebuild the pier before winter") == 3
    for before, words, after in _PLACES:
        assert text.count(before + words + after) == 1
        start = text.index(before + words + after) + len(before)
        link = build_link(article, Span(start, start + len(words))) or ""
        page = CitedPage(_PAGE, article, Span(0, 0), *_locate(before + words + after, len(before), len(words)))
        marked = await reader.find_marked(_PAGE, link)
        assert _find_letters(page, marked) == _find_letters(page, [i in page.cited for i in range(len(marked))]), link


def _locate(context: str, start: int, length: int) -> tuple[str, range]:
    """Return the page's non-blank characters, and which of them are the cited ones."""
    characters = _squeeze("".join(html.fromstring(_PAGE).find("body").itertext()))
    assert characters.count(_squeeze(context)) == 1
    first = characters.index(_squeeze(context)) + len(_squeeze(context[:start]))
    return characters, range(first, first + len(_squeeze(context[start : start + length])))


def _squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)


def _find_letters(page: CitedPage, marked: list[bool]) -> list[int]:
    """Return the indexes of the marked letters and digits. A quotation mark at an end may be marked too."""
    return [
        index
        for index, (char, is_marked) in enumerate(zip(page.characters, marked, strict=True))
        if is_marked and re.match(r"\w", char)
    ]

"""Title, byline, outlet and day of a page come from its own article."""

import pytest
from lxml.html import document_fromstring

from briefings.ingest.pages.page_metadata import extract_metadata
from tests.support.article_page import JUNE_30, TEXT, read_metadata
from tests.support.shared_data import CASE_FILES


@pytest.mark.parametrize(
    ("head", "outlet"),
    [
        ('<meta property="og:site_name" content="The Tribune">', "The Tribune"),
        ('<meta name="publisher" content="The Tribune">', "The Tribune"),
        ('<meta property="article:publisher" content="https://www.facebook.com/tribune">', None),
        ('<meta property="article:publisher" content="www.facebook.com/tribune">', None),
        ('<meta name="twitter:site" content="@tribune">', None),
        ('<script type="application/ld+json">{"@type": "WebSite", "name": "The Tribune"}</script>', "The Tribune"),
        ('<meta property="og:url" content="https://tribune.example/count">', None),
    ],
)
def test_outlet_is_a_stated_name_and_never_an_address(head: str, outlet: str | None) -> None:
    assert read_metadata(head, base="https://tribune.example/count").publisher == outlet


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("", "The count goes on"),
        ('<meta property="og:title" content="The count goes on">', "The count goes on"),
        ('<meta property="og:title" content="The count goes on | The Tribune">', "The count goes on"),
        ('<meta property="og:title" content="The count goes on - The Tribune">', "The count goes on"),
        ('<meta property="og:title" content="The Tribune | The count goes on">', "The count goes on"),
        ('<meta property="og:title" content="The Tribune :: The count goes on">', "The count goes on"),
        ('<meta property="og:title" content="The count goes on: what we know">', "The count goes on: what we know"),
        ('<meta property="og:title" content="Town hall: The count goes on">', "Town hall: The count goes on"),
        ('<meta property="og:title" content="The count goes on-line">', "The count goes on-line"),
        (
            '<meta property="og:title" content="The Tribune: The count goes on"><meta property="og:site_name" '
            'content="The Tribune">',
            "The count goes on",
        ),
        (
            '<meta property="og:title" content="The count goes on – The Tribune"><meta property="og:site_name" '
            'content="The Tribune">',
            "The count goes on",
        ),
        ('<meta property="og:title" content="Town counts on">', "Town counts on"),
        ('<meta property="og:title" content="">', "The count goes on"),
        (
            '<meta property="og:title" content="The Tribune"><meta property="og:site_name" content="The Tribune">',
            "The count goes on",
        ),
    ],
)
def test_title_is_the_headline_without_the_outlet(head: str, title: str) -> None:
    assert read_metadata(head).title == title


def test_title_without_a_headline_is_that_of_the_page_unchanged() -> None:
    tree = document_fromstring(f"<html><head><title>The count - The Tribune</title></head><body>{TEXT}</body></html>")
    assert extract_metadata(tree, None).title == "The count - The Tribune"


@pytest.mark.parametrize(
    ("mark", "byline"),
    [
        ('<meta name="author" content="Jane Roe"><meta name="author" content="Sam Poe">', "Jane Roe, Sam Poe"),
        (
            '<meta property="article:author" content="https://facebook.com/j"><meta name="byl" content="By JANE ROE">',
            "JANE ROE",
        ),
        ('<meta name="author" content="admin"><p class="byline">By Jane Roe</p>', "Jane Roe"),
        (
            '<meta property="og:site_name" content="The Tribune"><meta name="author" content="The Tribune">'
            '<p class="byline">By Jane Roe</p>',
            "Jane Roe",
        ),
        (
            '<meta property="og:site_name" content="The Tribune"><meta name="author" content="The Tribune">',
            "The Tribune",
        ),
        (
            '<p class="byline">By <a rel="author" href="/j">Jane Roe</a> and <a rel="author" href="/s">Sam Poe</a></p>',
            "Jane Roe, Sam Poe",
        ),
        ('<p class="byline">By Jane Roe and Sam Poe</p>', "Jane Roe and Sam Poe"),
        ('<p class="byline"><a href="/j">Jane Roe</a> <a href="/s">Sam Poe</a></p>', "Jane Roe, Sam Poe"),
        ('<ul class="authors"><li>Jane Roe</li><li>Sam Poe</li></ul>', "Jane Roe, Sam Poe"),
        ('<p class="byline">By <a href="/j">Jane Roe</a> and Sam Poe</p>', "Jane Roe and Sam Poe"),
        ('<p class="byline">By <a href="/j">Jane Roe</a>, Political Editor</p>', "Jane Roe, Political Editor"),
        (
            '<p class="byline">By <b class="author">Jane Roe</b> and <b class="author">Sam Poe</b></p>',
            "Jane Roe, Sam Poe",
        ),
        ('<p class="byline">By <b class="author">Jane Roe</b> and Sam Poe</p>', "Jane Roe and Sam Poe"),
        (
            '<div class="byline"><span class="byline__name">By Jane Roe</span><span>Political Editor</span></div>',
            "Jane Roe",
        ),
        ('<p class="byline">By <a href="/j">Jane Roe</a> <a href="https://x.example/j">@janeroe</a></p>', "Jane Roe"),
        ('<p class="byline">Words: Jane Roe<script>x()</script> @janeroe</p>', "Jane Roe"),
        ('<p class="byline">Jane Roe, Political Editor</p>', "Jane Roe, Political Editor"),
        ('<p class="byline">By Jane Roe<br>30 June 2016</p>', "Jane Roe"),
        ('<div class="article-author">Jane Roe</div>', "Jane Roe"),
        (
            '<div itemprop="author" itemscope itemtype="https://schema.org/Person">'
            '<span itemprop="name">Jane Roe</span> Editor</div>',
            "Jane Roe",
        ),
        ('<meta itemprop="author" content="Jane Roe">', "Jane Roe"),
        ('<span itemprop="author creator">Jane Roe</span>', "Jane Roe"),
        ("<p>By Jane Roe / 30 June 2016</p>", "Jane Roe"),
        ('<aside><p class="byline">By Olaf Older</p></aside>', None),
        ('<article><h2>Quay</h2><p class="byline">By Olaf Older</p></article>', None),
        ('<div class="comments"><p class="author">Olaf Older</p></div>', None),
        ('<figure><span itemprop="author">Pia Photo</span></figure>', None),
        ('<p class="byline">admin</p>', None),
        ('<p class="byline">30 June 2016</p>', None),
        ("<p>By the harbour, people waited.</p>", None),
    ],
)
def test_bylines_of_the_article_are_read_and_those_of_neighbours_are_not(mark: str, byline: str | None) -> None:
    assert read_metadata(top=mark).byline == byline


def test_the_shared_pages_with_dates_give_their_day() -> None:
    paths = sorted((CASE_FILES / "02-page-dates").glob("*.html"))
    if not paths:
        pytest.skip("the shared case files are not on this computer")
    days = {path.name: extract_metadata(document_fromstring(path.read_bytes()), None).published for path in paths}
    assert days == dict.fromkeys(days, JUNE_30)


def test_the_shared_page_with_a_related_story_first_gives_its_own_metadata() -> None:
    path = CASE_FILES / "15-html" / "related-first.html"
    if not path.exists():
        pytest.skip("the shared case files are not on this computer")
    metadata = extract_metadata(document_fromstring(path.read_bytes()), None)
    assert (metadata.title, metadata.byline, metadata.published) == ("Harbour plan agreed", "Ann Writer", JUNE_30)

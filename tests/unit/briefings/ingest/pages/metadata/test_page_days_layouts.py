"""The day of a page is that of its own article in any layout and markup, and never that of a neighbour."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from briefings.ingest.pages.page_metadata import extract_metadata
from tests.support.article_page import JUNE_30, TEXT, find_day

LINKED = '{"@type": "NewsArticle", "headline": "The count goes on", "datePublished": %s}'
NEIGHBOURS = [
    '<ul><li><h3><a href="/old">Old</a></h3><span class="published">1 January 2011</span></li></ul>',
    '<ul><li><a href="/old"><h4>Old</h4></a><time datetime="2011-01-01" pubdate>x</time></li></ul>',
    '<aside><time class="entry-date published" datetime="2011-01-01">1 Jan 2011</time></aside>',
    '<aside><article itemscope itemtype="http://schema.org/NewsArticle"><h3>Old</h3><time itemprop="datePublished" '
    'datetime="2011-01-01">1 Jan 2011</time></article></aside>',
    '<article itemscope itemtype="https://schema.org/NewsArticle"><h2>Old story of the quay</h2><meta '
    'itemprop="datePublished" content="2011-01-01"></article>',
    '<div itemscope itemtype="https://schema.org/NewsArticle"><h2>Old story of the quay</h2><meta '
    'itemprop="datePublished" content="2011-01-01"></div>',
    '<div class="related-stories"><div class="story-date">1 January 2011</div></div>',
    '<ul class="most-read"><li><span class="published">1 January 2011</span></li></ul>',
    '<section id="comments"><time class="published" datetime="2011-01-01">x</time></section>',
    '<footer><p>Published: 1 January 2011</p><time pubdate datetime="2011-01-01">x</time></footer>',
    '<nav><time datetime="2011-01-01">1 January 2011</time></nav>',
    '<header><p class="date">1 January 2011</p></header>',
    '<div class="today">Saturday, 1 January 2011</div>',
    '<div class="teaser"><a href="/old">Old</a> <abbr class="published" title="2011-01-01">x</abbr></div>',
    '<article><h2>Old</h2><time class="entry-date published" datetime="2011-01-01">x</time></article>',
    '<aside><script type="application/ld+json">' + LINKED % '"2011-01-01"' + "</script></aside>",
]


@pytest.mark.parametrize("neighbour", NEIGHBOURS)
@pytest.mark.parametrize("mark", ["", '<p class="date">30 June 2016</p>', '<time datetime="2016-06-30">x</time>'])
def test_days_of_neighbours_never_count(neighbour: str, mark: str) -> None:
    expected = JUNE_30 if mark else None
    assert find_day(top=mark, before=neighbour) == expected
    assert find_day(top=mark, after=neighbour) == expected


@pytest.mark.parametrize(
    "neighbour", [markup for markup in NEIGHBOURS if "<header" not in markup and '"today"' not in markup]
)
def test_days_of_neighbours_inside_the_article_never_count(neighbour: str) -> None:
    assert find_day(below=neighbour) is None


@pytest.mark.parametrize(
    ("page", "day"),
    [
        # the whole page is the scope of the article
        (
            '<body itemscope itemtype="http://schema.org/NewsArticle"><meta itemprop="datePublished" '
            'content="2016-06-30">'
            f"<main><h1>The count goes on</h1>{TEXT}</main></body>",
            JUNE_30,
        ),
        # a page without main or article
        (f'<h1>The count goes on</h1><p class="date">30 June 2016</p>{TEXT}', JUNE_30),
        (f'<div class="top">1 January 2011</div><h1>The count goes on</h1>{TEXT}', None),
        # the name of the site is an h1, too
        (
            '<html><head><title>The count goes on | The Paper</title></head><header><h1><a href="/">The Paper</a></h1>'
            f"1 January 2011</header><div><h2>The count goes on</h2><p>30 June 2016</p>{TEXT}</div></html>",
            JUNE_30,
        ),
        # the day of the visit is above the article
        (
            '<main><p class="date">Monday, 4 July 2016</p><article><h1>The count goes on</h1>'
            f'<p class="date">30 June 2016</p>{TEXT}</article></main>',
            JUNE_30,
        ),
        (f"<main><p>Monday, 4 July 2016</p><article><h1>The count goes on</h1>{TEXT}</article></main>", None),
        (f"<main><p>30 June 2016</p><h1>The count goes on</h1>{TEXT}</main>", JUNE_30),
        # press releases without a headline
        (f"<table><tr><td>NEWS RELEASE<br>30 June 2016</td></tr><tr><td>{TEXT}</td></tr></table>", JUNE_30),
        (f"<p>For immediate release</p><p>June 30, 2016</p>{TEXT}", JUNE_30),
        (f"<p>Harbour news</p><p>June 30, 2016</p>{TEXT}", None),
        # the scope of the article is not around its headline
        (
            f"<main><h1>The count goes on</h1>{TEXT}</main>"
            '<div itemscope itemtype="https://schema.org/NewsArticle"><meta itemprop="headline" '
            'content="The count goes on"><meta itemprop="datePublished" content="2016-06-30"></div>',
            JUNE_30,
        ),
        # a list of stories has no day
        (
            '<h1>News</h1><article><h2>One</h2><time pubdate datetime="2016-06-30">x</time></article>'
            '<article><h2>Two</h2><time pubdate datetime="2016-06-29">x</time></article>',
            None,
        ),
        # updates of a live blog
        (
            '<main><h1>The count: live</h1><article itemprop="liveBlogUpdate" itemscope itemtype='
            '"http://schema.org/BlogPosting"><time itemprop="datePublished" datetime="2016-06-30">x</time>'
            f"{TEXT}</article></main>",
            None,
        ),
    ],
)
def test_pages_of_other_structures_give_their_own_day_or_none(page: str, day: date | None) -> None:
    assert extract_metadata(document_fromstring(page), None).published == day


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<time datetime='2016-06-30'>",
                "</time>",
                "30 June 2016",
                "Published: ",
                "<aside>",
                "</aside>",
                "<div class=date>",
                "</div>",
                "<h1>The count goes on</h1>",
                "<article>",
                "</article>",
                "Updated ",
                " | ",
                "<main>",
                "<header>",
                "</header>",
                "<span itemprop=datePublished>",
                "</span>",
                "<div itemscope>",
                "<!-- x -->",
            ]
        ),
        max_size=40,
    )
)
def test_any_markup_gives_the_day_it_states_or_none(pieces: list[str]) -> None:
    tree = document_fromstring("<html><body>" + "".join(pieces) + "</body></html>")
    assert extract_metadata(tree, None).published in (JUNE_30, None)


@pytest.mark.parametrize(
    "markup",
    [
        '<time class="entry-date" datetime="2016-06-30">x</time>' * 20_000,
        '<div class="date">' * 200 + '<p itemprop="datePublished">x</p>' * 20_000,
        "30 June 2016 | 1 - 2<br>" * 20_000,
        '<div itemscope itemtype="http://schema.org/NewsArticle"><h2>x</h2></div>' * 10_000,
        f'<p class="{"date " * 5_000}">x</p>' * 20,
        '<a rel="author" class="byline">x y</a>' * 20_000,
    ],
)
def test_pages_with_many_marks_are_read_in_bounded_time(markup: str) -> None:
    tree = document_fromstring(f"<html><body><h1>The count goes on</h1>{markup}</body></html>")
    assert extract_metadata(tree, None).published in (JUNE_30, None)

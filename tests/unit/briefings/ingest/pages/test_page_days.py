"""The day of a page is that of its own article's publication: never a change, a neighbour, or one of two."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from briefings.ingest.pages.page_metadata import extract_metadata
from tests.stand_ins.pages import make_paragraphs

TEXT = make_paragraphs(3)
JUNE_30 = date(2016, 6, 30)
LINKED = '{"@type": "NewsArticle", "headline": "The count goes on", "datePublished": %s}'


def find_day(head: str = "", top: str = "", *, before: str = "", below: str = "", after: str = "") -> date | None:
    """Return the day of a page with markup in its head, below the headline, before and after the article."""
    page = (
        f"<html><head><title>The count goes on | The Paper</title>{head}</head><body>{before}<main><article>"
        f"<h1>The count goes on</h1>{top}{TEXT}{below}</article></main>{after}</body></html>"
    )
    return extract_metadata(document_fromstring(page), None).published


@pytest.mark.parametrize(
    "tag",
    [
        '<meta name="date" content="2016-06-30">',
        '<META NAME="DATE" CONTENT="30 JUNE 2016">',
        '<meta name="publish-date" content="2016-06-30T10:00:00">',
        '<meta name="publish_date" content="2016-06-30">',
        '<meta name="publishdate" content="20160630">',
        '<meta name="pubdate" content="20160630">',
        '<meta name="publication_date" content="2016/06/30">',
        '<meta name="publication-date" content="30 June 2016">',
        '<meta name="OriginalPublicationDate" content="2016/06/30 10:00:00">',
        '<meta name="sailthru.date" content="2016-06-30 10:00:00">',
        '<meta property="rnews:datePublished" content="2016-06-30">',
        '<meta name="DC.date.issued" content="2016-06-30">',
        '<meta name="DC.Date" content="2016-06-30">',
        '<meta name="dcterms.issued" content="2016-06-30">',
        '<meta name="dcterms.created" content="2016-06-30">',
        '<meta name="DC.date.created" content="2016-06-30">',
        '<meta property="article.published" content="2016-06-30T10:00:00Z">',
        '<meta property="article:published" content="2016-06-30T10:00:00Z">',
        '<meta property="article:published_time" content="1467280800">',
        '<meta property="og:article:published_time" content="Thu Jun 30 2016 10:00:00 GMT+0100 (BST)">',
        '<meta name="article:published_time" content="30.06.2016">',
        '<meta name="cXenseParse:recs:publishtime" content="2016-06-30T10:00:00Z">',
        '<meta name="cXenseParse:pubdate" content="2016-06-30T10:00:00Z">',
        '<meta name="parsely-pub-date" content="2016-06-30T23:59:59-05:00">',
        '<meta name="pdate" content="20160630">',
        '<meta name="citation_publication_date" content="2016/06/30">',
        '<meta name="tribune:published_time" content="2016-06-30">',
        '<meta name="govuk:first-published-at" content="2016-06-30T09:30:00.000+01:00">',
        '<meta http-equiv="publication-date" content="2016-06-30">',
        '<meta http-equiv="date" content="2016-06-30">',
        '<meta itemprop="datePublished" content="2016-06-30">',
        '<meta name="date" content="June 2016"><meta name="dc.date" content="2016-06-30">',
        '<meta property="article:published_time" content="2016-06-30"><meta property="article:modified_time" '
        'content="2016-07-04"><meta name="date" content="2016-07-04">',
    ],
)
def test_meta_tags_of_publication_give_the_day(tag: str) -> None:
    assert find_day(tag) == JUNE_30


@pytest.mark.parametrize(
    "tag",
    [
        '<meta property="article:modified_time" content="2016-06-30">',
        '<meta property="og:updated_time" content="2016-06-30">',
        '<meta name="last-modified" content="2016-06-30">',
        '<meta http-equiv="last-modified" content="Thu, 30 Jun 2016 10:00:00 GMT">',
        '<meta http-equiv="date" content="Thu, 30 Jun 2016 10:00:00 GMT">',
        '<meta http-equiv="expires" content="Thu, 30 Jun 2016 10:00:00 GMT">',
        '<meta name="revised" content="2016-06-30">',
        '<meta name="dcterms.modified" content="2016-06-30">',
        '<meta name="created" content="2016-06-30">',
        '<meta name="video:published_time" content="2016-06-30">',
        '<meta name="unpublishdate" content="2016-06-30">',
        '<meta name="copyright" content="2016">',
        '<meta name="date" content="05/06/2016">',
        '<meta name="date" content="2016">',
        '<meta name="date" content="2016-06-30"><meta name="date" content="2016-06-29">',
        '<meta name="date" content="1970-01-01T00:00:00Z">',
        '<link rel="canonical" href="https://paper.example/2016/06/30/count">',
    ],
)
def test_other_meta_tags_give_no_day(tag: str) -> None:
    assert find_day(tag) is None


@pytest.mark.parametrize(
    "mark",
    [
        '<time datetime="2016-06-30T10:00:00+01:00">Thursday</time>',
        '<time datetime="2016-06-30" pubdate>30 June</time>',
        "<time pubdate>30 June 2016</time>",
        '<time class="entry-date published updated" datetime="2016-06-30T10:00:00+01:00">June 30, 2016</time>',
        '<span class="posted-on">Posted on <a href="/x" rel="bookmark"><time class="entry-date published" '
        'datetime="2016-06-30">30 June</time><time class="updated" datetime="2016-07-04">4 July</time></a></span>',
        '<time class="timeago" datetime="Thu Jun 30 2016 15:21:41 GMT+0000">yesterday</time>',
        '<time itemprop="datePublished dateCreated" datetime="2016-06-30">30 June 2016</time>',
        '<time itemprop="datePublished">30 June 2016</time>',
        '<span itemprop="datePublished">Published 30 June 2016</span>',
        '<span itemprop="datePublished" content="2016-06-30T10:00:00">today</span>',
        '<meta itemprop="datePublished" content="2016-06-30"><meta itemprop="dateModified" content="2016-07-04">',
        '<span property="dc:date dc:created" content="2016-06-30T10:00:00+01:00">Thu</span>',
        '<span property="schema:datePublished" content="2016-06-30">Thu</span>',
        '<abbr class="published" title="2016-06-30T10:00:00+01:00">Thursday</abbr>',
        '<abbr class="date published" title="2016-06-30">30/6</abbr>',
        '<span class="published">30 June 2016</span>',
        '<div class="article-date">30 June 2016</div>',
        '<div class="articleDate">June 30, 2016</div>',
        '<div class="article__date">Published: 30 June 2016</div>',
        '<span class="ArticlePublishedDate">30/06/2016</span>',
        '<p class="date">30 June 2016</p>',
        '<p class="dateline">Thursday 30 June 2016 10.15 BST</p>',
        '<span class="timestamp">June 30, 2016, 10:15 a.m.</span>',
        "<p>Published: 30 June 2016</p>",
        "<p>First published 30 June 2016 10:15</p>",
        "<div>Published <span>30 June 2016</span></div>",
        "<dl><dt>Published</dt><dd>30 June 2016</dd><dt>Last updated</dt><dd>4 July 2016</dd></dl>",
        "<p>Published 30 June 2016 | Updated 4 July 2016</p>",
        "<p>Updated 4 July 2016 | Published 30 June 2016</p>",
        "<p>Published: 30 June 2016, last updated: 4 July 2016</p>",
        "<p>Publié le 30 juin 2016 à 10h15</p>",
        "<p>Veröffentlicht am 30. Juni 2016</p>",
        "<p>By Jane Roe, 30 June 2016</p>",
        "<p>By Jane Roe / 30 June 2016</p>",
        "<p>Jane Roe | 30 June 2016</p>",
        "<p>Posted on June 30, 2016 by Jane Roe</p>",
        "<p>Posted by Jane Roe on June 30, 2016 at 10:15</p>",
        "<p>By Jane Roe on 30 June 2016</p>",
        "<p>30 June 2016 by Jane Roe</p>",
        "<p>Published June 30, 2016 in Politics</p>",
        '<span class="timestamp" data-timestamp="1467280800">today</span>',
        "<table><tr><td>Date:</td><td>30 June 2016</td></tr></table>",
        "<p>30 June 2016</p>",
        '<p class="standfirst">'
        + "The hall had filled with people since the morning. " * 4
        + "</p><p>30 June 2016</p>",
        "<header><span>Thursday, June 30, 2016 - 10:15</span></header>",
        'Published <time datetime="2016-06-30">30 June</time> Updated <time datetime="2016-07-04">4 July</time>',
        'Updated <time datetime="2016-07-04">4 July</time> Published <time datetime="2016-06-30">30 June</time>',
        '<time datetime="10:15">10:15</time><time datetime="2016-06-30">30 June</time>',
    ],
)
def test_marks_below_the_headline_give_the_day(mark: str) -> None:
    assert find_day(top=mark) == JUNE_30


@pytest.mark.parametrize(
    "mark",
    [
        '<time class="updated" datetime="2016-06-30">30 June</time>',
        '<time class="modified-date" datetime="2016-06-30">30 June</time>',
        '<time itemprop="dateModified" datetime="2016-06-30">Updated 30 June 2016</time>',
        'Updated <time datetime="2016-06-30">30 June</time>',
        '<p>Last updated: <time datetime="2016-06-30">30 June</time></p>',
        '<p class="date">Updated: 30 June 2016</p>',
        "<p>Updated 30 June 2016</p>",
        "<p>Last modified on 30 June 2016</p>",
        "<p>Updated</p><p>30 June 2016</p>",
        '<p class="date">30 June 2016</p><p class="date">29 June 2016</p>',
        '<time datetime="2016-06-30">a</time><time datetime="2016-06-29">b</time>',
        '<span itemprop="datePublished">30 June 2016</span><span itemprop="datePublished">29 June 2016</span>',
        "<p>28 June - 30 June 2016</p>",
        "<p>28 – 30 June 2016</p>",
        "<p>The hall opens on 30 June 2016</p>",
        '<p class="date">05/06/2016</p>',
        '<p class="date">June 2016</p>',
        "<p>3 hours ago</p>",
        "<p>Updated June 30, 2016 by Jane Roe</p>",
        "<p>By Jane Roe, updated 30 June 2016</p>",
        "<p>Updated: 10:15, 30 June 2016</p>",
        "<p>Embargoed until 30 June 2016</p>",
        "<p>Event date: 30 June 2016</p>",
        "<p>Deadline | 30 June 2016</p>",
        "<p>When: 30 June 2016</p>",
        "<dl><dt>When</dt><dd>30 June 2016</dd><dt>Where</dt><dd>Town hall</dd></dl>",
        "<dl><dt>Date of the vote:</dt><dd>30 June 2016</dd></dl>",
        "<p>Expires 30 June 2016</p>",
        '<time datetime="P3D">3 days</time>',
        '<figure><time datetime="2016-06-30">30 June</time><figcaption>30 June 2016</figcaption></figure>',
        '<blockquote class="tweet"><p>Yes.</p><a href="/1">June 30, 2016</a></blockquote>',
        '<aside><time itemprop="datePublished" datetime="2016-06-30">30 June 2016</time></aside>',
        '<div itemscope itemtype="http://schema.org/VideoObject"><meta itemprop="datePublished" content="2016-06-30">'
        "</div>",
    ],
)
def test_changes_ranges_and_parts_below_the_headline_give_no_day(mark: str) -> None:
    assert find_day(top=mark) is None


NEIGHBOURS = [
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

"""Pages in the layouts of usual publishing systems give the day and byline of their own article."""

from datetime import date

import pytest
from lxml.html import document_fromstring

from briefings.ingest.pages.page_metadata import extract_metadata
from tests.stand_ins.pages import make_paragraphs

JUNE_30 = date(2016, 6, 30)


@pytest.mark.parametrize(
    ("page", "day", "byline"),
    [
        pytest.param(
            '<html><head><title>Quay news: Count goes on</title></head><body><div class="main section">'
            '<div class="widget Blog" id="Blog1"><div class="date-outer">'
            '<h2 class="date-header"><span>Thursday, June 30, 2016</span></h2><div class="date-posts">'
            '<div class="post hentry" itemscope itemtype="http://schema.org/BlogPosting"><h3 class="post-title'
            ' entry-title" itemprop="name">Count goes on</h3>'
            '<div class="post-body entry-content">{TEXT}</div><div class="post-footer">'
            '<span class="post-author vcard">Posted by '
            '<span class="fn" itemprop="author" itemscope itemtype="http://schema.org/Person"><a rel="author"'
            ' href="x"><span itemprop="name">Jane Roe</span></a></span></span> at <a class="timestamp-link"'
            ' href="x"><abbr class="published" itemprop="datePublished" title="2016-06-30T10:00:00-07:00">10:00'
            " AM</abbr></a></div></div></div></div></div></div>"
            '<div class="sidebar"><h2 class="date-header">1 January 2011</h2></div></body></html>',
            JUNE_30,
            "Jane Roe",
            id="a blog with the date above the post",
        ),
        pytest.param(
            '<html><head><title>Fund announced - Easton Portal</title><meta property="og:site_name"'
            ' content="Easton Portal"></head>'
            '<body><header role="banner"><a>Easton</a></header><div id="wrapper"><main role="main" id="content">'
            '<div><span>Press release</span><h1>Fund announced</h1></div><p class="lead">The fund is open.</p>'
            '<div class="metadata"><dl><dt>From:</dt><dd><a>Harbour Office</a></dd><dt>Published</dt>'
            "<dd>30 June 2016</dd><dt>Last updated</dt><dd>4 July 2016</dd></dl></div>"
            '<div class="body">{TEXT}{TEXT}{TEXT}</div>'
            '<div class="published-dates">Published 30 June 2016<br>Last updated 4 July'
            " 2016</div></main></div></body></html>",
            JUNE_30,
            None,
            id="a press release of an office",
        ),
        pytest.param(
            '<html><head><title>Count goes on | Tribune</title></head><body><div id="page"><header>'
            '<h1 id="site-name"><a href="/">Tribune</a></h1></header><div id="main">'
            '<h1 class="title" id="page-title">Count goes on</h1><div class="node node-article">'
            '<div class="submitted"><span property="dc:date dc:created" content="2016-06-30T10:00:00+01:00"'
            ' datatype="xsd:dateTime">Submitted by '
            '<span class="username">jroe</span> on Thu, 06/30/2016 -'
            " 10:00</span></div>{TEXT}</div></div></div></body></html>",
            JUNE_30,
            None,
            id="a node with RDFa",
        ),
        pytest.param(
            '<body><div class="item-page" itemscope itemtype="https://schema.org/Article">'
            '<h2 itemprop="headline">Count goes on</h2><dl class="article-info">'
            '<dd class="createdby" itemprop="author" itemscope itemtype="https://schema.org/Person">Written by'
            ' <span itemprop="name">Jane Roe</span></dd>'
            '<dd class="published">'
            '<time datetime="2016-06-30T10:00:00+01:00" itemprop="datePublished">Published: 30 June 2016</time></dd>'
            '<dd class="modified">'
            '<time datetime="2016-07-04" itemprop="dateModified">Last Updated: 4'
            " July</time></dd></dl>{TEXT}</div></body>",
            JUNE_30,
            "Jane Roe",
            id="an item with microdata and no h1",
        ),
        pytest.param(
            "<html><head><title>Harbour Corp Opens Quay</title></head><body>"
            '<div class="nav"><span>July 4, 2016</span></div><article class="news-release"><header>'
            '<h1>Harbour Corp Opens Quay</h1><div class="col">'
            '<p class="mb-no">Jun 30, 2016, 10:00 ET</p></div></header>{TEXT}</article><div class="more-from">'
            '<div class="card"><h3>Jan 1, 2011, 09:00 ET Other</h3></div></div></body></html>',
            JUNE_30,
            None,
            id="a release of a news wire",
        ),
        pytest.param(
            '<html><head><title>Count goes on – Tribune</title></head><body class="single has-sidebar">'
            '<header class="site-header"><p class="site-title"><a href="/" rel="home">Tribune</a></p></header>'
            '<div id="primary"><main><article class="post hentry"><header class="entry-header">'
            '<h1 class="entry-title">Count goes on</h1><div class="entry-meta"><span class="posted-on">'
            '<span class="screen-reader-text">Posted on</span> <a href="x">'
            '<time class="entry-date published" datetime="2016-06-30T10:00:00+01:00">June 30, 2016</time>'
            '<time class="updated" datetime="2016-07-04T10:00:00">July 4, 2016</time></a></span>'
            '<span class="byline"> by '
            '<span class="author vcard"><a class="url fn n" href="x">Jane Roe</a></span></span></div></header>'
            '<div class="entry-content">{TEXT}</div></article>'
            '<nav class="post-navigation"><a rel="prev">1 January 2011</a></nav><div id="comments">'
            '<article class="comment"><b class="fn">Olaf</b>'
            '<time datetime="2016-07-05">x</time></article></div></main></div><aside><ul><li><a>Old</a>'
            '<span class="post-date">January 1, 2011</span></li></ul></aside></body></html>',
            JUNE_30,
            "Jane Roe",
            id="a post with comments, a sidebar and a later change",
        ),
        pytest.param(
            "<html><head><title>Count goes on | Tribune Online</title></head><body>"
            '<div class="article-text wide"><h2>Count goes on</h2>'
            '<p class="author-section byline-plain">By <a class="author" rel="nofollow">Jane Roe</a></p>'
            '<p class="byline-section"><span class="article-timestamp article-timestamp-published">'
            '<span class="article-timestamp-label">Published:</span>'
            '<time datetime="2016-06-30T10:00:00+0100">10:00 BST, 30 June 2016</time></span> | '
            '<span class="article-timestamp article-timestamp-updated">'
            '<span class="article-timestamp-label">Updated:</span>'
            '<time datetime="2016-07-01T10:00:00+0100">10:00 BST, 1 July'
            " 2016</time></span></p>{TEXT}</div></body></html>",
            JUNE_30,
            "Jane Roe",
            id="a story with two stamps",
        ),
        pytest.param(
            "<html><head><title>Count goes on - Easton Live</title></head><body><main>"
            '<article class="article-main"><h1 class="section-theme">Count goes on</h1>'
            '<p class="sub-title">The hall had filled with people since the morning and many had come. The hall'
            " had filled with people since the morning and many had come. </p>"
            '<div class="byline"><div class="author">By<a class="publication-theme" href="x">Jane Roe</a></div>'
            '<ul class="time-info"><li>'
            '<span class="time-container">16:02, 30 JUN 2016</span></li><li>UPDATED<span>10:00, 1 JUL'
            " 2016</span></li></ul></div>{TEXT}</article></main></body></html>",
            JUNE_30,
            "Jane Roe",
            id="a story with its time before its day",
        ),
        pytest.param(
            "<html><head><title>Count goes on</title></head><body><table>"
            "<tr><td>Tribune</td><td>Monday, July 4, 2016</td></tr><tr><td colspan=2>"
            "<h1>Count goes on</h1><font size=2>By Jane Roe<br>June 30, 2016</font>"
            "<p>{TEXT}</td></tr></table></body></html>",
            JUNE_30,
            "Jane Roe",
            id="a table with the day of the visit",
        ),
        pytest.param(
            "<html><head><title>Harbour open day</title></head><body><main><h1>Harbour open day</h1>"
            "<p>When: 30 June 2016, 10am</p><p>Where: Easton</p>{TEXT}</main></body></html>",
            None,
            None,
            id="an event",
        ),
        pytest.param(
            "<html><head><title>News</title></head><body><main><h1>News</h1><ul><li><a href=1><h2>One</h2></a>"
            '<span class="date">30 June 2016</span></li><li><a href=2><h2>Two</h2></a>'
            '<span class="date">29 June 2016</span></li></ul></main></body></html>',
            None,
            None,
            id="a list of stories",
        ),
        pytest.param(
            '<html><head><title>Count goes on - Tribune</title><link rel="canonical" href="https://t.example/count/">'
            '<script type="application/ld+json"'
            ' class="yoast-schema-graph">{"@context":"https://schema.org","@graph":[{"@type":"Article","@id":"htt'
            'ps://t.example/count/#article","isPartOf":{"@id":"https://t.example/count/"},"author":[{"@id":"https'
            '://t.example/#/schema/person/1"}],"headline":"Count goes'
            ' on","datePublished":"2016-06-30T10:00:00+00:00","mainEntityOfPage":{"@id":"https://t.example/count/'
            '"},"publisher":{"@id":"https://t.example/#organization"}},{"@type":"WebPage","@id":"https://t.exampl'
            'e/count/","datePublished":"2016-06-30T10:00:00+00:00"},{"@type":"WebSite","@id":"https://t.example/#'
            'website","name":"Tribune'
            ' site"},{"@type":"Organization","@id":"https://t.example/#organization","name":"Tribune"},{"@type":['
            '"Person"],"@id":"https://t.example/#/schema/person/1","name":"Jane Roe"}]}</script></head>'
            "<body><article><h1>Count goes on</h1>{TEXT}</article></body></html>",
            JUNE_30,
            "Jane Roe",
            id="a graph of objects with references",
        ),
        pytest.param(
            '<html><head><title>Count goes on</title><meta property="og:site_name" content="Tribune">'
            "<script"
            ' type="application/ld+json">{"@context":"https://schema.org","@type":"Article","publisher":{"@type":'
            '"Organization","name":"Tribune","url":"https://t.example/"},"author":{"@type":"Person","name":"Jane'
            ' Roe","url":"https://t.example/author/jane/"},"headline":"Count goes'
            ' on","url":"https://t.example/count/","datePublished":"2016-06-30T10:00:00.000Z","dateModified":"201'
            '6-07-04T10:00:00.000Z","mainEntityOfPage":"https://t.example/count/"}</script></head>'
            "<body><article><h1>Count goes on</h1>{TEXT}</article></body></html>",
            JUNE_30,
            "Jane Roe",
            id="an object with the URL of the page",
        ),
    ],
)
def test_each_layout_gives_its_own_day_and_byline_or_none(page: str, day: date | None, byline: str | None) -> None:
    metadata = extract_metadata(document_fromstring(page.replace("{TEXT}", make_paragraphs(3))), None)
    assert (metadata.published, metadata.byline) == (day, byline)

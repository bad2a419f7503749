"""Tags, and marks below the headline, give the day of publication, and never that of a change."""

import pytest

from tests.support.article_page import JUNE_30, find_day


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
        '<meta itemprop="datepublished" content="2016-06-30">',
        '<meta name="prism.publicationDate" content="2016-06-30">',
        '<meta name="publishedAtDate" content="2016-06-30">',
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
        '<div class="date" data-seconds="1467280800" data-datetime="30 June 2016">30 June 2016</div>',
        '<span class="stamp-published"><b>Published:</b> <time datetime="2016-06-30T10:00:00+0100">10:00 BST, 30 June '
        '2016</time></span> | <span class="stamp-updated">Updated: <time datetime="2016-07-04">4/7</time></span>',
        "<p>June 30, 2016 10:00 AM Eastern Daylight Time</p>",
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
        '<time itemprop="dateModified" datetime="2016-06-30">10:15</time>',
        '<time itemprop="dateModified" datetime="2016-06-30">30 June 2016</time>',
        '<span class="updated">30 June 2016</span>',
        '<p>Updated: <span class="date">30 June 2016</span></p>',
        '<p>Updated <span class="post-date">30 June 2016</span></p>',
        '<p>Event date: <span class="date">30 June 2016</span></p>',
        '<p>When: <time datetime="2016-06-30">30 June</time></p>',
        '<dl><dt>When:</dt><dd class="date">30 June 2016</dd></dl>',
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

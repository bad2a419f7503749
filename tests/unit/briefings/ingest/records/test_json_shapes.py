"""What interfaces, crawlers and data sets write as JSON becomes articles, whatever their fields are called."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefings.errors import BadInput
from briefings.ingest.reader import read_raw_articles
from briefings.model import Article
from tests.support.shared_data import CASE_FILES
from tests.unit.briefings.ingest.records.json_records import ARTICLE, DAY, MARKUP, MARKUP_TEXT, OWN_ID, TEXT, URL, read

GUARDIAN = {
    "id": "n1",
    "type": "article",
    "sectionName": "Politics",
    "webPublicationDate": "2016-06-30T22:10:00Z",
    "webTitle": "Bridge shut",
    "webUrl": URL,
    "fields": {"bodyText": TEXT, "body": MARKUP, "byline": "Jane Roe", "trailText": "x", "publication": "The Tribune"},
}
SHAPES: dict[str, tuple[object, Article]] = {
    "guardian list": ({"response": {"status": "ok", "results": [GUARDIAN]}}, OWN_ID),
    "guardian item": ({"response": {"status": "ok", "content": GUARDIAN}}, OWN_ID),
    "guardian blocks": (
        {"response": {"results": [{**GUARDIAN, "fields": {}, "blocks": {"body": [{"id": "b", "bodyHtml": MARKUP}]}}]}},
        Article("n1", MARKUP_TEXT, None, DAY, URL, "Bridge shut"),
    ),
    "event registry": (
        {
            "articles": {
                "results": [
                    {
                        "uri": "n1",
                        "dateTimePub": "2016-06-30T10:00:00Z",
                        "url": URL,
                        "title": "Bridge shut",
                        "body": TEXT,
                        "source": {"uri": "tribune.example", "dataType": "news", "title": "The Tribune"},
                        "authors": [{"uri": "jane@tribune.example", "name": "Jane Roe"}],
                    }
                ],
                "totalResults": 1,
            }
        },
        OWN_ID,
    ),
    "new york times with texts": (
        {
            "status": "OK",
            "response": {
                "docs": [
                    {
                        "abstract": "x",
                        "web_url": URL,
                        "body": TEXT,
                        "source": "The Tribune",
                        "headline": {"main": "Bridge shut", "kicker": None},
                        "keywords": [{"name": "subject", "value": "Bridges"}],
                        "pub_date": "2016-06-30T10:00:00+0000",
                        "byline": {"original": "By Jane Roe", "person": []},
                        "_id": "n1",
                    }
                ],
                "meta": {"hits": 1},
            },
        },
        OWN_ID,
    ),
    "newsapi": (
        {
            "status": "ok",
            "articles": [
                {
                    "source": {"id": None, "name": "The Tribune"},
                    "author": "Jane Roe",
                    "title": "Bridge shut",
                    "description": "x",
                    "url": URL,
                    "publishedAt": "2016-06-30T10:00:00Z",
                    "content": TEXT,
                }
            ],
        },
        ARTICLE,
    ),
    "news-please": (
        {
            "authors": ["Jane Roe"],
            "date_publish": "2016-06-30 10:00:00",
            "date_download": "2017-01-01 10:00:00",
            "date_modify": "2017-01-01 10:00:00",
            "description": "x",
            "maintext": TEXT,
            "source_domain": "tribune.example",
            "title": "Bridge shut",
            "title_page": None,
            "url": URL,
            "publisher": "The Tribune",
        },
        ARTICLE,
    ),
    "scrapy": (
        [{"link": [URL], "headline": ["Bridge shut"], "body": TEXT.split("\n"), "pubdate": ["30 June 2016"]}],
        Article(URL, TEXT, None, DAY, URL, "Bridge shut"),
    ),
    "newspaper": (
        [
            {
                "url": URL,
                "title": "Bridge shut",
                "text": TEXT,
                "authors": ["Jane Roe"],
                "publish_date": "Thu, 30 Jun 2016 10:00:00 GMT",
                "summary": "x",
                "meta_site_name": "The Tribune",
                "html": "<html>",
            }
        ],
        ARTICLE,
    ),
    "trafilatura": (
        {
            "title": "Bridge shut",
            "author": "Jane Roe",
            "hostname": "tribune.example",
            "date": "2016-06-30",
            "fingerprint": "abc",
            "id": None,
            "raw_text": "x",
            "source": URL,
            "source-hostname": "The Tribune",
            "excerpt": "x",
            "text": TEXT,
        },
        ARTICLE,
    ),
    "media cloud": (
        {
            "stories": [
                {
                    "id": "n1",
                    "indexed_date": "2020-01-01",
                    "media_name": "The Tribune",
                    "media_url": "tribune.example",
                    "publish_date": "2016-06-30",
                    "title": "Bridge shut",
                    "url": URL,
                    "text": TEXT,
                    "author": "Jane Roe",
                }
            ]
        },
        OWN_ID,
    ),
    "wordpress": (
        [
            {
                "id": 533,
                "date": "2016-06-30T10:00:00",
                "modified": "2017-01-01T00:00:00",
                "guid": {"rendered": "https://tribune.example/?p=533"},
                "link": URL,
                "title": {"rendered": "Bridge &#8220;shut&#8221;"},
                "content": {"rendered": MARKUP, "protected": False},
                "excerpt": {"rendered": "<p>x</p>"},
                "author": 12,
                "_embedded": {"author": [{"id": 12, "name": "Jane Roe"}]},
            }
        ],
        Article(URL, MARKUP_TEXT, None, DAY, URL, "Bridge “shut”", "Jane Roe"),
    ),
    "json feed": (
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "The Tribune",
            "description": "x",
            "items": [
                {
                    "id": URL,
                    "url": URL,
                    "title": "Bridge shut",
                    "content_html": MARKUP,
                    "date_published": "2016-06-30T10:00:00Z",
                    "authors": [{"name": "Jane Roe"}],
                }
            ],
        },
        Article(URL, MARKUP_TEXT, None, DAY, URL, "Bridge shut", "Jane Roe"),
    ),
    "ninjs 1": (
        {
            "uri": "n1",
            "type": "text",
            "firstcreated": "2016-06-30T09:00:00Z",
            "versioncreated": "2016-07-02T09:00:00Z",
            "headline": "Bridge shut",
            "byline": "By Jane Roe",
            "body_text": TEXT,
            "body_xhtml": MARKUP,
            "description_text": "x",
            "provider": "The Tribune",
        },
        Article("n1", TEXT, "The Tribune", DAY, None, "Bridge shut", "Jane Roe"),
    ),
    "ninjs 2": (
        {
            "uri": "n1",
            "firstCreated": "2016-06-30T09:00:00Z",
            "versionCreated": "2016-07-02T09:00:00Z",
            "headlines": [{"role": "short", "value": "Short"}, {"role": "main", "value": "Bridge shut"}],
            "bodies": [
                {"contenttype": "text/html", "value": MARKUP + MARKUP},
                {"contenttype": "text/plain", "value": TEXT},
            ],
            "by": "By Jane Roe",
            "infosources": [{"name": "The Tribune", "uri": "x"}],
        },
        Article("n1", TEXT, "The Tribune", DAY, None, "Bridge shut", "Jane Roe"),
    ),
    "schema.org": (
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": "Bridge shut",
            "articleBody": TEXT,
            "datePublished": "2016-06-30T10:00:00Z",
            "dateModified": "2017-06-30T10:00:00Z",
            "author": [{"@type": "Person", "name": "Jane Roe"}],
            "publisher": {"@type": "Organization", "name": "The Tribune"},
            "url": URL,
        },
        ARTICLE,
    ),
    "elasticsearch": (
        {
            "took": 1,
            "hits": {
                "total": {"value": 1},
                "hits": [
                    {
                        "_index": "news",
                        "_id": "n1",
                        "_score": 1.0,
                        "_source": {
                            "headline": "Bridge shut",
                            "content": TEXT,
                            "outlet": "The Tribune",
                            "published_at": 1467280800000,
                            "url": URL,
                            "author": {"name": "Jane Roe"},
                        },
                    }
                ],
            },
        },
        OWN_ID,
    ),
    "mongodb": (
        {
            "_id": {"$oid": "n1"},
            "title": "Bridge shut",
            "content": TEXT,
            "date": {"$date": "2016-06-30T10:00:00Z"},
            "author": ["Jane Roe"],
            "newspaper": "The Tribune",
            "url": URL,
        },
        OWN_ID,
    ),
    "rows of a data set": (
        {
            "features": [{"name": "article"}],
            "rows": [{"row_idx": 0, "row": {"article": TEXT, "highlights": "x", "id": "n1"}, "truncated_cells": []}],
        },
        Article("n1", TEXT),
    ),
    "columns of a data frame": (
        {"title": {"0": "Bridge shut"}, "text": {"0": TEXT}, "date": {"0": 1467280800000}, "url": {"0": URL}},
        Article(URL, TEXT, None, DAY, URL, "Bridge shut"),
    ),
    "columns as lists": (
        {"title": ["Bridge shut", "Other"], "text": [TEXT, ""], "url": [URL, None]},
        Article(URL, TEXT, None, None, URL, "Bridge shut"),
    ),
    "split data frame": (
        {"columns": ["title", "text", "url"], "index": [0], "data": [["Bridge shut", TEXT, URL]]},
        Article(URL, TEXT, None, None, URL, "Bridge shut"),
    ),
    "paragraphs with types": (
        {
            "id": "n1",
            "article_url": URL,
            "title": "Bridge shut",
            "author": "Jane Roe",
            "published_date": 1467280800000,
            "source": "The Tribune",
            "contents": [
                {"type": "kicker", "content": "Local"},
                {"type": "title", "content": "Bridge shut"},
                *({"type": "sanitized_html", "subtype": "paragraph", "content": line} for line in TEXT.split("\n")),
                {"type": "image", "fullcaption": "A bridge"},
            ],
        },
        OWN_ID,
    ),
}


@pytest.mark.parametrize(("value", "article"), SHAPES.values(), ids=SHAPES)
def test_known_shapes_are_read(tmp_path: Path, value: object, article: Article) -> None:
    articles, observer = read(tmp_path, value)
    assert articles[:1] == [article]
    assert not observer.errors
    assert not observer.warnings


def test_json_of_any_shape_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "news.json"
    path.write_text(json.dumps(SHAPES["guardian list"][0], indent=2), "utf-8")
    assert list(read_raw_articles(path)) == [OWN_ID]


def _iterate_case_files() -> Iterator[Path]:
    yield from (CASE_FILES / "10-files").glob("*.json*")


def test_case_files_give_articles_and_no_errors() -> None:
    paths = sorted(_iterate_case_files())
    if not paths:
        pytest.skip("the shared case files are missing")
    for path in paths:
        errors: list[BadInput] = []
        articles = list(read_raw_articles(path, on_error=errors.append))
        assert articles, path.name
        assert not errors, path.name

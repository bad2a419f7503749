"""A page that shows no text without scripts is read from its JSON-LD, paragraph by paragraph."""

import json

import pytest

from briefings.ingest.pages.html import read_page
from tests.stand_ins.articles import REPORT, write_paragraphs


def _read(*json_ld: object, body: str = "<h1>Harbour plan</h1><div id=app></div>") -> str:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(value)}</script>' for value in json_ld)
    return read_page(
        f"<html><head><title>Harbour plan</title>{scripts}</head><body>{body}</body></html>".encode(), None
    ).text


def _make(body: str, **fields: object) -> dict[str, object]:
    return {"@type": "NewsArticle", "headline": "Harbour plan", "articleBody": body, **fields}


@pytest.mark.parametrize(
    "body",
    [
        "\n\n".join(REPORT),
        "\r\n".join(REPORT),
        write_paragraphs(REPORT),
        "<div>" + "<br/>".join(REPORT) + "</div>",
        write_paragraphs(REPORT).replace("<", "&lt;").replace(">", "&gt;"),
        "\n".join(REPORT).replace("“", "&ldquo;").replace("”", "&#8221;"),
        write_paragraphs(REPORT).replace("Jane Roe", "<a href='/roe'>Jane Roe</a>"),
        "\n".join(REPORT).replace("Jane Roe", "<b>Jane Roe</b>"),
    ],
)
def test_paragraphs_of_the_json_are_lines(body: str) -> None:
    assert _read(_make(body)).split("\n") == list(REPORT)


def test_article_is_found_in_lists_and_graphs() -> None:
    article = _make("\n".join(REPORT))
    for value in (
        [{"@type": "WebSite"}, article],
        {"@graph": [{"@type": "WebPage"}, article]},
        {"mainEntity": article},
    ):
        assert _read(value).split("\n") == list(REPORT)


def test_of_several_articles_the_one_with_the_headline_of_the_page_is_read() -> None:
    other = _make("Another story of another town. " * 20, headline="Another story")
    assert _read(other, _make("\n".join(REPORT))).split("\n") == list(REPORT)


def test_updates_of_a_live_blog_are_joined() -> None:
    updates = [{"@type": "BlogPosting", "articleBody": line} for line in REPORT]
    assert _read({"@type": "LiveBlogPosting", "headline": "Harbour plan", "liveBlogUpdate": updates}).split(
        "\n"
    ) == list(REPORT)


def test_text_that_the_page_shows_is_not_replaced() -> None:
    assert _read(_make("Other words."), body=f"<article>{write_paragraphs(REPORT)}</article>").split("\n") == list(
        REPORT
    )


def test_quotation_elements_of_the_json_are_kept() -> None:
    words = "No one should have to wait for a boat in the rain."
    script = json.dumps(_make(f"<p>{REPORT[0]}</p><blockquote><p>{words}</p></blockquote><p>{REPORT[2]}</p>"))
    page = f"<html><head><script type='application/ld+json'>{script}</script></head><body></body></html>"
    article = read_page(page.encode(), None)
    assert [span.of(article.text) for span in article.quotation_elements] == [words]


@pytest.mark.parametrize(
    "script", ["{", "[" * 100_000, '{"articleBody": 5}', '{"articleBody": {"articleBody": []}}', ""]
)
def test_malformed_json_is_ignored(script: str) -> None:
    head = f"<head><script type='application/ld+json'>{script} </script></head>"
    assert read_page(f"<html>{head}<body><p>{REPORT[0]}</p></body></html>".encode(), None).text == REPORT[0]

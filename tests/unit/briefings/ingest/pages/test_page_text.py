"""The text of a page has every paragraph of its article, in order, and nothing of the page around it."""

import textwrap
from contextlib import suppress

import pytest

from briefings.errors import BadInput
from briefings.ingest.pages.html import read_page
from tests.stand_ins.articles import AUTUMN, HALE, PLACES, PLAN, REPORT, ROE, VOTE, read_lines, write_paragraphs
from tests.support.depth import choose

_WRAPPED = "\n\n".join(textwrap.fill(line, 60) for line in REPORT)
_FIGURE = "<figure><img src=a.jpg><figcaption>Roe: “Menu of disgrace.” Photo: Ann Poe</figcaption></figure>"
_COMMENTS = '<div id="comments"><p>“Menu hate,” said a reader, in a comment that goes on and on and on.</p></div>'


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "part",
    [
        write_paragraphs(REPORT),
        "".join(f"<div class='para'>{line}</div>" for line in REPORT),
        "".join(f"<div><div><span>{line}</span></div></div>" for line in REPORT),
        "<div>" + "<br><br>".join(REPORT) + "</div>",
        "<p>" + "<br>\n".join(REPORT) + "</p>",
        "<div>" + "<br/>&nbsp;<br/>".join(REPORT) + "</div>",
        "".join(f"<section><p>{line}</p></section>" for line in REPORT),
        write_paragraphs(REPORT).replace("Jane Roe", "<a href='/roe'>Jane Roe</a>").replace("lasted", "<b>las</b>ted"),
        write_paragraphs(REPORT).replace("<p>", "<p><span style='color: red'>").replace("</p>", "</span></p>"),
        write_paragraphs(REPORT).replace("council", "coun&shy;cil").replace("harbour", "har&#8203;bour"),
        "<ul>" + "".join(f"<li>{line}</li>" for line in REPORT) + "</ul>" + "<p>The end of it came at ten.</p>",
        _FIGURE + write_paragraphs(REPORT) + _COMMENTS,
        "<aside><p>“Menu teaser,” said another, in another story of the day.</p></aside>" + write_paragraphs(REPORT),
    ],
)
def test_each_paragraph_of_an_article_is_one_line_wherever_it_is(part: str, place: str) -> None:
    lines = read_lines(part, place)
    assert [line for line in lines if line in REPORT] == list(REPORT)
    assert not [line for line in lines if "Menu" in line]


@pytest.mark.parametrize("place", PLACES)
def test_short_release_has_no_menu(place: str) -> None:
    assert read_lines(f"<p>{HALE}</p>", place) == [HALE]


@pytest.mark.parametrize("place", PLACES)
def test_wrapped_preformatted_text_gives_its_paragraphs(place: str) -> None:
    lines = read_lines(f"<pre>{_WRAPPED}</pre>", place)
    assert lines == [" ".join(paragraph.split()) for paragraph in _WRAPPED.split("\n\n")]


def test_preformatted_text_that_is_not_wrapped_keeps_its_lines() -> None:
    lines = [f"MS ROE: The road stays open for reason {number}." for number in range(9)]
    assert read_lines("<pre>" + "\n".join(lines) + "</pre>") == lines


def test_teaser_before_the_article_is_no_article() -> None:
    teaser = "<article><h3>Old story</h3><p>An old story about an old wall in the town of Weston.</p></article>"
    page = f"<html><body><div>{teaser}</div><article><h1>New</h1>{write_paragraphs(REPORT)}</article></body></html>"
    assert read_page(page.encode(), None).text == "\n".join(["New", *REPORT])


def test_page_in_windows_references_has_quotation_marks() -> None:
    assert read_lines("<p>&#147;We wait,&#148; said Jane Roe&#146;s son.</p>") == ["“We wait,” said Jane Roe’s son."]


@pytest.mark.parametrize("reference", ["&#1;", "&#x0E;", "&#14", "&#127;", "&#xFFFE;", "&#65535;", "\ufffe", "\x08"])
def test_control_characters_are_dropped(reference: str) -> None:
    part = f"<p>We{reference} wait, said Jane Roe.</p><blockquote>It{reference} is late.</blockquote>"
    assert read_lines(part) == ["We wait, said Jane Roe.", "It is late."]


def test_references_to_other_characters_are_kept() -> None:
    assert read_lines("<p>Jane&#160;Roe&#8217;s &#39;wall&#39; &#38; &#233;t&#xe9;.</p>") == [
        "Jane Roe’s 'wall' & été."
    ]


def test_mojibake_is_mended_in_all_forms_of_a_page() -> None:
    parts = [
        "â€œWe wait,â€\ufffd said Jane Roe. Itâ€™s late.",
        "&acirc;&#128;&#156;We wait,&acirc;&#128;&#157; said Jane Roe. It&acirc;€™s late.",
        "&acirc;&euro;&oelig;We wait,&acirc;&euro; said Jane Roe. Itâ€™s late.",
    ]
    for part in parts:
        assert read_lines(f"<p>{part}</p>") == ["“We wait,” said Jane Roe. It’s late."]


def test_page_with_damaged_characters_is_refused() -> None:
    with pytest.raises(BadInput, match="damaged characters"):
        read_lines(f"<p>{VOTE}</p><p>We wait,â€\ufffd said Jane Roe.</p>")


def test_page_of_a_headline_alone_has_no_text() -> None:
    with pytest.raises(BadInput, match="contains no article text"):
        read_lines("<div id='app'></div>")


@pytest.mark.parametrize("tag", ["div", "span", "b", "table", "blockquote", "li", "article", "section", "pre", "time"])
def test_deep_and_wide_pages_are_read_or_refused(tag: str) -> None:
    for markup in (
        f"<{tag}>" * 50_000,
        f"<{tag}>C</{tag}>\n" * choose(10_000, 30_000),
        f"<div><h2>a</h2><{tag} class=live>" * 200,
    ):
        with suppress(BadInput):
            assert read_page(f"<body>{markup}<p>{PLAN}</p><p>{AUTUMN}</p><p>{ROE}</p>".encode(), None).text

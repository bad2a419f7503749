"""<q> and <blockquote> of a page count as quotation marks, and the article's text is what the page prints."""

import pytest

from briefings.article import parse_article
from briefings.attribution.analysis import extract_quotes
from briefings.ingest.pages.html import read_page
from briefings.model import Article

_PROSE = (
    "<p>The council of Easton voted on Monday to close the harbour road for the winter, after a debate of four "
    "hours.</p><p>Traders who rent the kiosks near the slipway had asked for time, and "
    "the county had offered to pay for a second crossing if the town would share the cost of the wall.</p><p>Tom Hale, "
    "the engineer of the county, had warned in the spring that the wall would not last another storm.</p>"
)
_WORDS = "No one should have to wait for a boat in the rain while the county counts its money."


def _read(part: str) -> Article:
    page = (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Harbour road</title></head><body><article>"
        f"<h1>Harbour road to close</h1>{_PROSE}{part}<p>The work starts in the autumn.</p></article></body></html>"
    )
    return parse_article(read_page(page.encode(), None))


def _find_elements(part: str) -> list[str]:
    article = _read(part)
    return [span.of(article.text) for span in article.quotation_elements]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (f"<blockquote><p>{_WORDS}</p></blockquote>", [_WORDS]),
        (f"<blockquote>{_WORDS}</blockquote>", [_WORDS]),
        (f"<blockquote><p>{_WORDS}</p><cite>Jane Roe, mayor</cite></blockquote>", [_WORDS]),
        (f"<blockquote><p>{_WORDS}</p><footer>— Jane Roe</footer></blockquote>", [_WORDS]),
        (f"<blockquote>{_WORDS}<br>— Jane Roe</blockquote>", [_WORDS]),
        (f"<blockquote><p>{_WORDS}</p><p>We <b>will</b> wait.</p></blockquote>", [_WORDS, "We will wait."]),
        ("<p>She said <q>we <em>will</em> wait</q>, and left.</p>", ["we will wait"]),
        ("<p>It was <q>late</q> and <q lang=en>very cold</q>.</p>", ["late", "very cold"]),
        (f"<blockquote><p>“{_WORDS}”</p></blockquote>", []),
        (f"<blockquote><p>“{_WORDS}</p><p>We will wait.”</p></blockquote>", []),
        ("<p>She said “<q>“we will wait”</q>” and left.</p>", []),
    ],
)
def test_words_of_an_element_without_printed_marks_are_spans_of_the_text(part: str, expected: list[str]) -> None:
    assert _find_elements(part) == expected


def test_text_has_neither_marks_nor_signs_that_the_page_does_not_print() -> None:
    text = _read(f"<p>Jane Roe said <q>we will wait</q>, twice.</p><blockquote><p>{_WORDS}</p></blockquote>").text
    assert "Jane Roe said we will wait, twice." in text.splitlines()
    assert _WORDS in text.splitlines()


def test_page_that_prints_the_signs_itself_is_read_unchanged() -> None:
    article = _read(f"<p>The set ⟦0, 1⟧ is closed.</p><blockquote><p>{_WORDS}</p></blockquote>")
    assert "The set ⟦0, 1⟧ is closed." in article.text
    assert [span.of(article.text) for span in article.quotation_elements] == [_WORDS]


@pytest.mark.parametrize(
    "part",
    [
        f"<p>Jane Roe, the mayor, told the council on Tuesday:</p><blockquote>{_WORDS}</blockquote>",
        f"<blockquote><p>{_WORDS}</p><cite>Jane Roe, mayor of Easton</cite></blockquote><p>It was cold.</p>",
        f"<blockquote><p>{_WORDS}</p><footer>— Jane Roe, mayor</footer></blockquote><p>It was cold.</p>",
        f"<blockquote><p>{_WORDS}</p></blockquote><p>— Jane Roe</p><p>It was cold.</p>",
        f"<blockquote><p>{_WORDS}</p></blockquote><p>said Jane Roe, the mayor, on Tuesday.</p>",
        f"<p>The mayor, Jane Roe, said <q>{_WORDS[:-1]}</q> on Tuesday.</p>",
        f"<p><q>{_WORDS[:-1]}</q>, said Jane Roe, the mayor.</p>",
    ],
)
def test_speaker_stands_before_the_element_or_signs_it(part: str) -> None:
    article = _read(part)
    quote = next(q for q in extract_quotes(article) if q.content[0].of(article.text).startswith("No one should"))
    assert quote.speaker is not None
    assert quote.speaker.name == "Jane Roe"
    assert " ".join(span.of(article.text) for span in quote.content).rstrip(".") == _WORDS.rstrip(".")


def test_paragraphs_of_one_element_are_one_quotation() -> None:
    article = _read(f"<p>Jane Roe said:</p><blockquote><p>{_WORDS}</p><p>We will wait for it.</p></blockquote>")
    quote = next(q for q in extract_quotes(article) if q.content[0].of(article.text) == _WORDS)
    assert [span.of(article.text) for span in quote.content] == [_WORDS, "We will wait for it."]

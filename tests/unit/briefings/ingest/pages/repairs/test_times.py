"""A <time> in a sentence is words of the article, and never its day of publication."""

from datetime import date

import pytest

from briefings.ingest.pages.html import read_page
from tests.stand_ins.articles import REPORT, write_paragraphs

_DAY = "<time datetime='2016-06-28'>Tuesday</time>"


def _read(markup: str, head: str = "") -> tuple[str, date | None, list[str]]:
    page = f"<html><body><article><h1>The wall</h1>{head}{markup}{write_paragraphs(REPORT)}</article></body></html>"
    article = read_page(page.encode(), None)
    return article.text, article.published, [span.of(article.text) for span in article.quotation_elements]


@pytest.mark.parametrize(
    ("markup", "line"),
    [
        (
            f"<p>The minister announced on {_DAY} that it goes on.</p>",
            "The minister announced on Tuesday that it goes on.",
        ),
        (f"<p>“We meet on {_DAY},” said Jane Roe.</p>", "“We meet on Tuesday,” said Jane Roe."),
        (f"<p>{_DAY} was the last day, said Jane Roe.</p>", "Tuesday was the last day, said Jane Roe."),
        (f"<p>Jane Roe said on <b>{_DAY}</b> that it goes on.</p>", "Jane Roe said on Tuesday that it goes on."),
        (f"<p>Jane Roe said it <i>on</i> {_DAY}.</p>", "Jane Roe said it on Tuesday."),
        (f"<p>Jane Roe said:<br>it ends on {_DAY}, in Easton.</p>", "it ends on Tuesday, in Easton."),
    ],
)
def test_words_of_a_time_stay_in_their_sentence(markup: str, line: str) -> None:
    text, day, _ = _read(markup)
    assert line in text.split("\n")
    assert day is None


def test_words_of_a_time_stay_in_a_quotation_element() -> None:
    text, _, quotations = _read(
        f"<p>Jane Roe said:</p><blockquote><p>We start on {_DAY} with the works.</p></blockquote>"
    )
    assert quotations == ["We start on Tuesday with the works."]
    assert "We start on Tuesday with the works." in text


@pytest.mark.parametrize(
    "head",
    [
        "<time datetime='2016-06-30'>30 June 2016</time>",
        "<p>Published <time datetime='2016-06-30'>30 June 2016</time></p>",
        "<p>By Jane Roe, <time datetime='2016-06-30'>30 June 2016</time></p>",
        "<p>Posted on <time datetime='2016-06-30'>30 June 2016</time> by Jane Roe</p>",
    ],
)
def test_time_in_a_byline_is_the_day_of_publication(head: str) -> None:
    assert _read("", head)[1] == date(2016, 6, 30)


@pytest.mark.parametrize(
    "head",
    [
        "<div class='event-date'>12 August 2016</div>",
        "<div class='deadline'>12 August 2016</div>",
        "<time class='start-date' datetime='2016-08-12'>12 August 2016</time>",
        "<p>Inquiry into the events of</p><p>12 August 2015</p>",
    ],
)
def test_day_of_something_else_is_not_the_day_of_publication(head: str) -> None:
    assert _read("", head)[1] is None

"""Headline, byline and publication date are read from an article's text, and nothing else is mistaken for them."""

from datetime import date

import pytest

from briefings.article import find_headline, parse_article
from briefings.article.metadata import parse_byline, parse_publication_date
from briefings.model import Article

CREDIT = "This article was written by Ann O'Neill-Example Political editor, on Saturday 25th June 2016 16.55 © 2010"


def test_missing_title_byline_and_date_are_read_from_the_text() -> None:
    parsed = parse_article(Article("a", f"Leader stays in his post\n\nHe said so.\n\n{CREDIT}"))
    assert (parsed.title, parsed.byline, parsed.published) == (
        "Leader stays in his post",
        "Ann O'Neill-Example",
        date(2016, 6, 25),
    )


def test_given_metadata_is_kept() -> None:
    raw = Article("a", f"Head\n\nHe said so.\n\n{CREDIT}", title="T", byline="B", published=date(2016, 7, 1))
    parsed = parse_article(raw)
    assert (parsed.title, parsed.byline, parsed.published) == ("T", "B", date(2016, 7, 1))


@pytest.mark.parametrize(
    "line",
    [
        "© Guardian News and Media Limited 2010",
        "Related: what happened on 23 June 2016",
        "The leader at a rally on 14 May 2015",
        "Photo: taken on 3 May 2014",
        "This article was amended on 26 June 2016",
        "First published in 1851",
        "",
    ],
)
def test_unrelated_date_is_not_the_publication_date(line: str) -> None:
    """Captions, links, corrections and copyright years do not say when the article appeared."""
    assert parse_publication_date(line) is None


@pytest.mark.parametrize(
    "line", ["First published on 28 June 2016", "Posted: 2016-06-28 10:00", CREDIT.replace("25th", "28")]
)
def test_credit_line_gives_the_publication_date(line: str) -> None:
    assert parse_publication_date(line) == date(2016, 6, 28)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("This article was written by Heather Stewart Political editor, for on", "Heather Stewart"),
        ("Written by Zoë Example, staff", "Zoë Example"),
        ("article was written by a machine", None),
        ("The Example Agency", None),
    ],
)
def test_byline_is_read_without_the_job_title(line: str, name: str | None) -> None:
    assert parse_byline(line) == name


@pytest.mark.parametrize(
    ("text", "title", "headline"),
    [
        ("Leader stays\nHe said so.", None, "Leader stays"),
        ("Will he stay?\nHe said so.", None, None),
        ("Will he stay?\nHe said so.", "Will he stay?", "Will he stay?"),
        ("“Will he stay?”\nHe said so.", '"Will he stay?" ', "“Will he stay?”"),
        ("He said so.\nThey did not.", None, None),
        ("Leader stays", None, None),
        ("word " * 31 + "\nHe said so.", None, None),
        ("", None, None),
    ],
)
def test_headline_is_a_first_line_that_is_not_a_sentence(text: str, title: str | None, headline: str | None) -> None:
    span = find_headline(Article("a", text, title=title))
    assert (span.of(text) if span else None) == headline

"""A source is named by its outlet, or by what else tells readers which article it is."""

import pytest

from briefings.article import describe_source, name_source, parse_article
from briefings.model import Article

TEXT = "“We will count every vote,” said Anna Berg, the mayor of Easton."


@pytest.mark.parametrize(
    ("article", "name"),
    [
        (Article("194", TEXT, "The Tribune", title="The count"), "The Tribune"),
        (Article("194", TEXT, "The\n Tribune "), "The Tribune"),
        (Article("notes", TEXT, title="The count"), "“The count”"),
        (Article("notes", TEXT, "  ", title=" "), "notes"),
        (Article("press/2016/harbour release", TEXT), "harbour release"),
        (Article("notes.docx", TEXT), "notes.docx"),
        (Article("memo2", TEXT), "memo2"),
        (Article("nexis/2", TEXT), "nexis (2)"),
        (Article("release~3", TEXT), "release (3)"),
        (Article("Gemeinderat für Ostdorf", TEXT), "Gemeinderat für Ostdorf"),
        (Article("港口", TEXT), "港口"),
    ],
)
def test_an_outlet_a_title_or_a_file_name_names_a_source(article: Article, name: str) -> None:
    assert name_source(article) == describe_source(article).source_name == name


@pytest.mark.parametrize(
    "article_id",
    [
        "194",
        "194~2",
        "2016/06/30",
        "n17",
        "494a08902a45e5b0",
        "002_494a08902a45e5b0",
        "a3bb189e-8bf9-3888-9912-ace4e6543002",
        "0f1e2d3c4b/7",
        "https://paper.example/easton/count",
        "<1234.abcd@mail.paper.example>",
        "urn:newsml:paper.example:1234",
        "x" * 200,
    ],
)
def test_an_article_whose_id_is_not_a_name_is_named_by_its_first_words(article_id: str) -> None:
    assert name_source(Article(article_id, TEXT)) == "“We will count every vote,” said…”"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Short.", "“Short.”"),
        ("\n\n  The hall \n was full of\tpeople today\n", "“The hall was full of people…”"),
        ("x" * 5_000, f"“{'x' * 80}…”"),
        ("", "untitled article"),
        (" \n", "untitled article"),
        ("““”", "untitled article"),
    ],
)
def test_first_words_are_on_one_line_and_short(text: str, name: str) -> None:
    assert name_source(Article("17", text)) == name


def test_first_words_are_not_boilerplate() -> None:
    article = parse_article(Article("17", f'<iframe src="https://video.example/1">\n\n{TEXT} The hall was full.'))
    assert article.boilerplate
    assert "iframe" not in name_source(article)

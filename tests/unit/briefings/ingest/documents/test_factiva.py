"""A Factiva export is split into its articles, in its display layout and its layout of fields."""

from datetime import date

import pytest

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents import factiva
from briefings.model import Article

CODE = "TRIB000020160630ec6u00001"
TEXT = "The library in Easton stays open.\n“We listened,” said Ann Poe."
PARAGRAPHS = "".join(f'<p class="articleParagraph enarticleParagraph">{line}</p>' for line in TEXT.split("\n"))


def display(head: str, code: str = CODE) -> str:
    return f'<div class="article enArticle"><div>News</div>{head}{PARAGRAPHS}<p>Document {code}</p></div>'


def divs(*lines: str) -> str:
    return '<div id="hd"><span class="enHeadline">Library stays open</span></div>' + "".join(
        line if line.startswith("<") else f"<div>{line}</div>" for line in lines
    )


def fields(code: str = CODE) -> str:
    values = {
        "HD": "<span class='enHeadline'>Library stays open</span>",
        "BY": "By Jane Roe",
        "WC": "120 words",
        "PD": "30 June 2016",
        "SN": "The Tribune",
        "SC": "TRIB",
        "LP": PARAGRAPHS.partition("</p>")[0] + "</p>",
        "TD": PARAGRAPHS.partition("</p>")[2],
        "CO": "easco : Easton Council",
        "PUB": "Tribune Media",
        "AN": f"Document {code}",
    }
    rows = "".join(f"<tr><td><b>{name}</b>&nbsp;</td><td>{value}</td></tr>" for name, value in values.items())
    return f'<div class="article enArticle"><table>{rows}</table></div>'


def plain(code: str = CODE) -> str:
    first, second = TEXT.split("\n")
    return (
        f"HD\tLibrary stays open\nBY\tJane Roe\nWC\t120 words\nPD\t30 June 2016\nSN\tThe Tribune\nSC\tTRIB\n\nLP\n"
        f"{first}\n"
        f"\nTD\n{second}\n\nCO\teasco : Easton Council\nPUB\tTribune Media\nAN\tDocument {code}\n\n"
    )


def page(*articles: str) -> str:
    return f"<html><head><title>Factiva</title><meta charset='utf-8'></head><body>{''.join(articles)}</body></html>"


def read(text: str) -> list[Article | BadInput]:
    return list(factiva.read(text.encode(), "f.html", "f", ReadOptions()))


@pytest.mark.parametrize(
    "text",
    [
        page(
            display(
                divs(
                    '<div class="author">Jane Roe</div>', "120 words", "30 June 2016", "The Tribune", "TRIB", "English"
                )
            )
        ),
        page(display(divs("By Jane Roe", "1,120 words", "30 June 2016", "10:15 PM", "The Tribune", "(c) 2016 T"))),
        page(fields()),
        plain(),
        plain().replace("\t", "\n").replace("\n", "\r\n"),
        plain().replace("\t", "    "),
    ],
)
def test_each_layout_gives_the_parts_of_the_article(text: str) -> None:
    [article] = read(text)
    assert isinstance(article, Article)
    assert (article.id, article.text, article.title) == (CODE, TEXT, "Library stays open")
    assert (article.publisher, article.byline, article.published) == ("The Tribune", "Jane Roe", date(2016, 6, 30))


@pytest.mark.parametrize(
    "lines",
    [
        ("120 words", "30 June 2016", "Copyright 2016 Tribune Media"),
        ("120 words", "June 2016", "The Tribune"),
        ("The Tribune",),
    ],
)
def test_without_the_usual_order_there_is_no_outlet(lines: tuple[str, ...]) -> None:
    [article] = read(page(display(divs(*lines))))
    assert isinstance(article, Article)
    assert (article.publisher, article.byline, article.text) == (None, None, TEXT)


def test_several_articles_keep_their_own_ids_and_others_get_numbers() -> None:
    articles = read(page(fields(), fields("COUR000020160630ec6u00002"), fields(""), fields()))
    assert [article.id for article in articles if isinstance(article, Article)] == [
        CODE,
        "COUR000020160630ec6u00002",
        "f/3",
        "f/4",
    ]
    assert len(read(plain() + plain("COUR000020160630ec6u00002"))) == 2


def test_an_article_without_text_is_one_error() -> None:
    empty = '<div class="article enArticle"><div id="hd">No text</div></div>'
    items = read(page(fields(), empty))
    assert isinstance(items[0], Article)
    assert str(items[1]) == "f.html, article 2 contains no text. Export it again with the full text."


@pytest.mark.parametrize("text", ["<html><title>Factiva</title></html>", "HD\n", "<html>" + "<div>" * 9_000, "x"])
def test_a_file_without_articles_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadInput, match=r"^f.html"):
        read(text)


def test_a_page_that_only_looks_like_an_export_is_read_as_a_page() -> None:
    sentence = "The library in Easton stays open, said Ann Poe, who has worked in it for thirty years. " * 4
    [article] = read(f"<html><title>Factiva opens an office</title><article><p>{sentence}</p></article></html>")
    assert isinstance(article, Article)
    assert (article.id, article.text) == ("f", sentence.strip())

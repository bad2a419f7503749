"""A Nexis download is split into its articles, with outlet, day, headline and byline, and nothing but the text."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.nexis import reader, split_nexis
from briefings.model import Article

BODY = "The library in Easton stays open.\n\n“We listened,” said Ann Poe.\n\nSECTION: that is not a label here."
CLASSIC = """


                               {number} of {count} DOCUMENTS


                            {outlet}

                             {day}

{head}


{body}

LOAD-DATE: July 9, 2016

LANGUAGE: ENGLISH

GRAPHIC: The library, by Bob Coe

Picture two

PUBLICATION-TYPE: Newspaper


                     Copyright 2016 Tribune Media Limited
                              All Rights Reserved
"""
HEAD = "Library stays open\n\nBYLINE: Jane Roe\n\nSECTION: NEWS; Pg. 4\n\nLENGTH: 280 words"
UNI = """Library stays open
The Tribune (Easton)
{day}
Final Edition

Copyright 2016 Tribune Media Limited All Rights Reserved

Section: NEWS; Pg. 4
Length: 280 words
Byline: Jane Roe
Highlight: It stays.

Body

{body}

Graphic

The library

Classification

Language: ENGLISH
Publication-Type: Newspaper

Load-Date: July 9, 2016

End of Document
"""
COVER = (
    "User Name: Jane Roe\nDate and Time: Friday, July 1, 2016 10:00 AM BST\nJob Number: 123\n"
    "Documents ({count})\n1. Library stays open\n\n"
)


def classic(number: int = 1, count: int = 1, **parts: str) -> str:
    values = {"outlet": "The Tribune (Easton)", "day": "June 29, 2016 Wednesday", "head": HEAD, "body": BODY, **parts}
    return CLASSIC.format(number=number, count=count, **values)


def uni(day: str = "June 29, 2016 Wednesday", body: str = BODY) -> str:
    return UNI.format(day=day, body=body)


def split(text: str) -> tuple[list[Article], list[str]]:
    items = split_nexis(text, "n.txt", "n")
    assert items is not None
    return [item for item in items if isinstance(item, Article)], [
        str(item) for item in items if isinstance(item, BadInput)
    ]


@pytest.mark.parametrize("text", [classic(), uni(), COVER.format(count=1) + uni(), "\n\n".join(uni().split("\n"))])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_each_layout_gives_the_parts_of_the_article(text: str, line_end: str) -> None:
    [article], errors = split(text.replace("\n", line_end))
    assert " ".join(article.text.split()) == " ".join(BODY.split())
    assert (article.id, article.title, article.publisher) == ("n", "Library stays open", "The Tribune (Easton)")
    assert (article.published, article.byline, errors) == (date(2016, 6, 29), "Jane Roe", [])


def test_the_text_is_not_changed() -> None:
    assert split(classic())[0][0].text == split(uni())[0][0].text == BODY


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("June 29, 2016 Wednesday", date(2016, 6, 29)),
        ("June 29, 2016, Wednesday", date(2016, 6, 29)),
        ("Wednesday, June 29, 2016", date(2016, 6, 29)),
        ("June 29, 2016 Wednesday 10:15 AM GMT", date(2016, 6, 29)),
        ("June 29, 2016 10:15 PM EST", date(2016, 6, 29)),
        ("June 29, 2016 Wednesday  Late Edition - Final", date(2016, 6, 29)),
        ("June 29, 2016 Wednesday, First Edition", date(2016, 6, 29)),
        ("29 June 2016", date(2016, 6, 29)),
        ("29. Juni 2016 Mittwoch", date(2016, 6, 29)),
        ("June 2016", None),
        ("Summer 2016", None),
    ],
)
def test_the_day_is_the_line_below_the_outlet(day: str, expected: date | None) -> None:
    for text in (classic(day=day), uni(day)):
        [article], _ = split(text)
        assert (article.published, article.publisher) == (expected, "The Tribune (Easton)")
        assert article.title == "Library stays open"


def test_editions_and_copyrights_around_the_outlet_are_dropped() -> None:
    text = classic(
        outlet="Copyright 2016 Tribune Media\n                    All Rights Reserved\n                    The Tribune",
        day="June 29, 2016 Wednesday\n                              First Edition\n",
    )
    [article], _ = split(text)
    assert (article.publisher, article.title, article.text) == ("The Tribune", "Library stays open", BODY)


def test_centred_lines_below_the_day_are_an_edition() -> None:
    [article], _ = split(classic(day="June 29, 2016 Wednesday\n            Edition 1;\n             Scotland"))
    assert (article.title, article.published) == ("Library stays open", date(2016, 6, 29))
    [article], _ = split(classic(day="June 29, 2016 Wednesday\nLibrary stays open", head=HEAD.partition("\n")[2]))
    assert article.title == "Library stays open"


def test_german_and_french_downloads_are_read() -> None:
    german = (
        "Dokument 1 von 1\n\nDer Bote (Easton)\n\n29. Juni 2016 Mittwoch\n\n"
        "Bücherei bleibt\n\nAUTOR: Jane Roe\n\nRUBRIK: Stadt"
        "\n\nLÄNGE: 20 Wörter\n\nSie bleibt offen.\n\nUPDATE: 9. Juli 2016\n\nSPRACHE: GERMAN; DEUTSCH\n"
    )
    [article], _ = split(german)
    assert (article.text, article.title, article.byline) == ("Sie bleibt offen.", "Bücherei bleibt", "Jane Roe")
    assert (article.publisher, article.published) == ("Der Bote (Easton)", date(2016, 6, 29))


def test_without_a_line_of_a_day_there_is_no_outlet() -> None:
    [article], _ = split(classic(day="").replace("The Tribune (Easton)", ""))
    assert (article.publisher, article.published, article.text) == (None, None, BODY)


def test_a_headline_and_labels_of_several_lines_are_joined() -> None:
    head = "Library stays\nopen\n\nBYLINE: Jane Roe and\nJohn Doe\n\nHIGHLIGHT: It stays\nopen.\n\nDATELINE: EASTON"
    [article], _ = split(classic(head=head))
    assert (article.title, article.byline, article.text) == ("Library stays open", "Jane Roe and John Doe", BODY)


def test_a_speaker_in_capitals_is_text() -> None:
    body = "JANE ROE: We listened.\n\nANN POE: Good."
    [article], _ = split(classic(body=body))
    assert article.text == body


def test_several_documents_get_the_numbers_of_their_places() -> None:
    articles, errors = split("Print Request\n" + classic(1, 2) + classic(2, 2))
    assert ([article.id for article in articles], errors) == (["n/1", "n/2"], [])
    articles, errors = split(COVER.format(count=2) + uni() + uni())
    assert ([article.id for article in articles], errors) == (["n/1", "n/2"], [])


def test_missing_documents_are_reported() -> None:
    for text in (classic(1, 3) + classic(2, 3), COVER.format(count=3) + uni() + uni()):
        articles, errors = split(text)
        assert len(articles) == 2
        assert errors == ["n.txt announces 3 documents but contains 2. Download the rest again."]


def test_a_document_without_text_is_one_error() -> None:
    articles, errors = split(classic(1, 2, body="") + classic(2, 2))
    assert [article.id for article in articles] == ["n/2"]
    assert errors == ["n.txt, document 1 contains no text. Download it again with the full text."]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Body\n\nThe library stays open.",
        "1 of 3\n\nA list of slides",
        "End of Document",
        BODY,
        "Copyright 2016\nBody\nText",
    ],
)
def test_any_other_text_is_not_a_download(text: str) -> None:
    assert split_nexis(text, "n.txt", "n") is None
    if text:
        [article] = reader.read(text.encode(), "n.txt", "n", ReadOptions())
        assert isinstance(article, Article)
        assert article.text == text


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_damage_gives_articles_or_plain_errors(data: st.DataObject) -> None:
    good = data.draw(st.sampled_from([classic(1, 2) + classic(2, 2), COVER.format(count=1) + uni()]))
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, len(good)))
    for item in split_nexis(good[:start] + data.draw(st.text(max_size=20)) + good[end:], "n.txt", "n") or []:
        assert isinstance(item, Article) or "\n" not in str(item)

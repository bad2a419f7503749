"""`--columns` names the columns of a table, and the mapping is shown in words."""

import pytest

from bot.cli.add.columns import list_columns, parse_columns


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("text=body", {"text": "body"}),
        ("text=body,date=day", {"text": "body", "published": "day"}),
        (" Text = Full text , OUTLET=Source ", {"text": "Full text", "publisher": "Source"}),
        ("text=Text, cleaned,author=By", {"text": "Text, cleaned", "byline": "By"}),
        ("text=a=b", {"text": "a=b"}),
        ("id=nr,title=head,url=link,published=d", {"id": "nr", "title": "head", "url": "link", "published": "d"}),
    ],
)
def test_columns_are_parsed(text: str, columns: dict[str, str]) -> None:
    assert parse_columns(text) == columns


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no column"),
        ("body", "names no column"),
        ("text=", "names no column"),
        ("words=body", "unknown field 'words': use text, title, date, outlet, byline, url or id"),
        ("text=a,text=b", "given twice"),
        ("date=a,published=b", "given twice"),
    ],
)
def test_a_wrong_mapping_is_refused_with_an_example(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_columns(text)


def test_a_mapping_is_listed_with_the_text_first() -> None:
    assert list_columns({"byline": "who", "text": "body"}) == "text from “body”, byline from “who”"

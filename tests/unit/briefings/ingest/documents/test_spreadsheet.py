"""The rows of a spreadsheet are articles; what is missing, damaged or too large is refused by name."""

from datetime import date

import pytest

from briefings.errors import BadInput
from briefings.ingest.context import ReadNote, ReadOptions
from briefings.ingest.documents import spreadsheet
from briefings.ingest.formats.file_type import FileType
from briefings.ingest.sandbox import DocumentReader
from briefings.model import Article
from tests.support.spreadsheets import make_ods, make_xlsx, make_zip

TEXT = "The bridge is shut.\n“We waited too long,” said Jane Roe."
HEADER = ["No", "Headline", "Body", "Newspaper", "Date", "Author"]


def read(data: bytes, **columns: str) -> tuple[list[Article], list[str]]:
    items = spreadsheet.read(data, "news.xlsx", "news", ReadOptions(columns=columns))
    articles = [item for item in items if isinstance(item, Article)]
    return articles, [str(item) for item in items if isinstance(item, BadInput)]


def test_each_row_is_an_article_with_typed_days() -> None:
    rows = [HEADER, [1, "Bridge shut", TEXT, "The Tribune", date(2016, 6, 30), "By Jane Roe"]]
    articles, errors = read(make_xlsx({"Sheet1": rows}))
    assert articles == [
        Article(
            articles[0].id,
            TEXT,
            publisher="The Tribune",
            published=date(2016, 6, 30),
            title="Bridge shut",
            byline="Jane Roe",
        )
    ]
    assert not errors


def test_whole_numbers_are_ids_without_a_decimal_point() -> None:
    articles, _ = read(make_xlsx({"Sheet1": [["ID", "Text"], [518, TEXT]]}))
    assert articles[0].id == "518"


def test_the_first_sheet_with_texts_is_read_and_named() -> None:
    sheets = {"Notes": [["made by", "Jane Roe"]], "Articles": [["Title", "Text"], ["a", TEXT], ["b", None]]}
    items = spreadsheet.read(make_xlsx(sheets), "news.xlsx", "news", ReadOptions())
    notes = [item for item in items if isinstance(item, ReadNote)]
    errors = [str(item) for item in items if isinstance(item, BadInput)]
    assert (notes[0].name, notes[0].columns) == ('news.xlsx, sheet "Articles"', {"text": "Text", "title": "Title"})
    assert errors == ['news.xlsx, sheet "Articles", row 3 has no text in column "Text", so it was left out.']


def test_title_rows_before_the_header_are_skipped_and_rows_are_counted_from_the_top() -> None:
    rows = [["Export of The Tribune"], [], ["Title", "Text"], ["a", TEXT], ["b", None]]
    articles, errors = read(make_xlsx({"Sheet1": rows}))
    assert [article.title for article in articles] == ["a"]
    assert "row 5 has no text" in errors[0]


def test_numeric_days_need_proof_of_their_order() -> None:
    rows = [["Text", "Date"], ["One two.", "05/06/2016"], ["Three four.", "30/06/2016"]]
    assert [article.published for article in read(make_xlsx({"S": rows}))[0]] == [date(2016, 6, 5), date(2016, 6, 30)]
    assert read(make_xlsx({"S": rows[:2]}))[0][0].published is None


def test_opendocument_spreadsheet_is_read() -> None:
    articles, _ = read(make_ods([["Title", "Text"], ["a", "One two."]]))
    assert [(article.title, article.text) for article in articles] == [("a", "One two.")]


def test_user_names_the_columns() -> None:
    articles, _ = read(make_xlsx({"S": [["a", "b"], ["One two.", "x"]]}), text="a", title="b")
    assert (articles[0].text, articles[0].title) == ("One two.", "x")


def test_text_that_excel_cut_off_is_named() -> None:
    items = spreadsheet.read(make_xlsx({"S": [["Text"], ["word " * 6_553 + "xx"]]}), "a.xlsx", "a", ReadOptions())
    assert any(isinstance(item, ReadNote) and item.warning and "cut off by Excel" in item.warning for item in items)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04 no", "a damaged spreadsheet"),
        (make_zip({"xl/workbook.xml": "<no"}), "damaged or protected"),
        (make_xlsx({"S": []}), "an empty spreadsheet"),
        (make_xlsx({"S": [["a", "b"], [1, 2]]}), 'no column with article texts. Its columns are "a", "b"'),
        (make_zip({"bomb.xml": "a" * 30_000_000}), "unpacks to 30,000,000 bytes"),
    ],
)
def test_what_is_no_table_of_articles_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(BadInput, match=r"news\.xlsx") as error:
        read(data)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_mutated_spreadsheets_give_articles_or_one_error() -> None:
    whole = make_xlsx({"S": [["Title", "Text"], ["a", TEXT]]})
    with DocumentReader() as reader:
        for position in range(0, len(whole), 41):
            data = whole[:position] + b"\xff\x00" + whole[position + 2 :]
            try:
                reader.read(data, FileType.SPREADSHEET, "a.xlsx", "a", ReadOptions())
            except BadInput as error:
                assert str(error).startswith("a.xlsx")  # noqa: PT017 - both outcomes are correct

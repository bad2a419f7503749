"""The rows of a CSV file are articles: columns are found by name, and rows that do not fit are left out by name."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest.context import Content, ReadContext, ReadObserver, ReadOptions
from briefings.ingest.formats.file_type import FileType
from briefings.ingest.reader import read_raw_articles
from briefings.ingest.records.tables import text_table
from briefings.ingest.records.tables.text_table import read_table
from briefings.model import Article
from tests.support.shared_data import CASE_FILES

TEXT = "The bridge, they say; is shut.\n“We have waited | too long,” said Jane Roe."
URL = "https://tribune.example/a"
HEADER = ["Headline", "Full Text", "Newspaper", "Date", "Author", "Link"]
ROW = ["Bridge, shut", TEXT, "The Tribune", "2016-06-30", "By Jane Roe", URL]
ARTICLE = Article(URL, TEXT, "The Tribune", date(2016, 6, 30), URL, "Bridge, shut", "Jane Roe")


class Observer(ReadObserver):
    """Observer that collects everything."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.warnings: list[str] = []
        self.columns: dict[str, str] = {}

    def on_error(self, error: BadInput) -> None:
        self.errors.append(str(error))

    def on_warning(self, sentence: str) -> None:
        self.warnings.append(sentence)

    def on_columns(self, name: str, columns: object) -> None:
        assert name == "news.csv"
        assert isinstance(columns, dict)
        self.columns = columns


def read_page(_data: bytes, _url: str | None, _content_type: str | None) -> Article:
    raise BadInput("no page")


def read(data: str | bytes, **columns: str) -> tuple[list[Article], Observer]:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    observer = Observer()
    context = ReadContext(read_page, lambda *_: (), observer, ReadOptions(columns=columns))
    return list(read_table(Content(stream, FileType.TABLE, "news.csv", "news"), context)), observer


def write(rows: list[list[str]], separator: str = ",", **options: object) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, **options).writerows(rows)  # type: ignore[arg-type]  # options of csv
    return file.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separator_and_encoding_are_found(separator: str, encoding: str) -> None:
    articles, observer = read(write([HEADER, ROW, ROW], separator).encode(encoding))
    assert articles == [ARTICLE, ARTICLE]
    assert not observer.errors
    assert observer.columns == {
        "text": "Full Text",
        "title": "Headline",
        "publisher": "Newspaper",
        "published": "Date",
        "url": "Link",
        "byline": "Author",
    }


@pytest.mark.parametrize(
    "notes", [[["Export of The Tribune"]], [["Search:", "bridge"], [], ["2 results"]], [["sep=,"]]]
)
def test_header_is_found_after_titles_and_blank_lines(notes: list[list[str]]) -> None:
    assert read(write([*notes, HEADER, ROW]))[0] == [ARTICLE]


def test_mapping_is_adjusted_by_the_user() -> None:
    data = write([["A", "b", "text", "when"], [TEXT, "The Tribune", "x", "2016-06-30"]])
    (article,), observer = read(data, text="a", outlet="b", date="when")
    assert (article.text, article.publisher, article.published) == (TEXT, "The Tribune", date(2016, 6, 30))
    assert observer.columns["text"] == "A"


def test_the_longest_of_several_texts_is_taken_and_named() -> None:
    (article,), observer = read(
        write([["content", "body", "summary"], ["A short one.", TEXT, "A very long summary" * 9]])
    )
    assert article.text == TEXT
    assert observer.warnings == [
        'news.csv: the texts come from the column "body", because its texts are the longest. '
        'To take another one: --columns "text=content"'
    ]


def test_the_column_text_comes_first() -> None:
    (article,), observer = read(write([["body", "text"], [TEXT, "Short one."]]))
    assert article.text == "Short one."
    assert not observer.warnings


def test_row_numbers_and_empty_columns_of_a_data_frame_are_ignored() -> None:
    articles, observer = read(
        ",title,text,date,author\n0,A,One two,2016-06-30,\"['Ann Roe', 'Bo Poe']\"\n1,B,Three,,nan\n"
    )
    assert [article.byline for article in articles] == ["Ann Roe, Bo Poe", None]
    assert all(article.id.startswith("news/") for article in articles)
    assert not observer.warnings


def test_cells_that_look_like_formulas_are_plain_text() -> None:
    (article,), _ = read('title,text\n=1+1,"=HYPERLINK(""x"") he said"\n')
    assert (article.title, article.text) == ("=1+1", '=HYPERLINK("x") he said')


def test_quotation_marks_may_be_escaped() -> None:
    articles, observer = read('id,text\n1,"He said \\"no, never\\" to us"\n2,"Fine, yes"\n')
    assert [article.text for article in articles] == ['He said "no, never" to us', "Fine, yes"]
    assert not observer.errors


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        (["05/06/2016", "30/06/2016"], [date(2016, 6, 5), date(2016, 6, 30)]),
        (["05/06/2016 10:00", "06/30/2016 10:00"], [date(2016, 5, 6), date(2016, 6, 30)]),
        (["05.06.2016", "30.06.2016"], [date(2016, 6, 5), date(2016, 6, 30)]),
        (["05/06/2016", "06/07/2016"], [None, None]),
        (["05/06/2016", "30/06/2016", "06/30/2016"], [None, date(2016, 6, 30), date(2016, 6, 30)]),
        (["30 June 2016", "05/06/2016"], [date(2016, 6, 30), None]),
    ],
)
def test_the_whole_column_decides_whether_the_day_comes_first(dates: list[str], days: list[date | None]) -> None:
    articles, observer = read(write([["text", "date"], *(["One two.", day] for day in dates)]))
    assert [article.published for article in articles] == days
    assert len(observer.warnings) == days.count(None)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("id,text\n1,\n2,One two\n", 'row 2 has no text in column "text"'),
        ("id,text\n1,NaN\n2,One two\n", 'row 2 has no text in column "text"'),
        ("id,text,title\n1,One, two,x\n2,One two,x\n", "row 2 has 4 cells, but the table has 3 columns"),
        ("id,title,text,date\n1,x,One\nand two,2016-06-30\n2,x,One two,\n", "row 2 has 3 cells"),
        ('id,text\n1,"He said "no" to us"\n2,One two\n', "row 2 has a quotation mark inside a text"),
        ('id,text\n2,One two\n1,"He said no\n3,x\n', "row 3 has a quotation mark that is not closed"),
        ("id,text\n2,“One” two\n".encode() + b"1,caf\xe9 x\n", "row 3 has bytes that are not UTF-8"),
        ("id,text\n1,One\x00two\n2,One two\n", "row 2 holds a NUL"),
    ],
)
def test_a_row_that_does_not_fit_is_left_out_by_number(data: str | bytes, message: str) -> None:
    articles, observer = read(data)
    assert [(article.id, article.text.replace("“One”", "One")) for article in articles] == [("2", "One two")]
    assert message in observer.errors[0]
    assert all("\n" not in error for error in observer.errors)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("a,b\n1,2\n3,4\n", 'no column with article texts. Its columns are "a", "b"'),
        ("article,price\n1,2\n3,4\n", "no column with article texts"),
        ("title,summary\nA,One two three\n", 'has only summaries (column "summary")'),
        ("", "has no header"),
        ("\n\n\n", "has no header"),
        (b"\xff\xfe\x00", "news.csv"),
        (b"\x00" * 100, "news.csv"),
    ],
)
def test_a_table_without_texts_is_refused_in_one_line(data: str | bytes, message: str) -> None:
    with pytest.raises(BadInput) as error:
        read(data)
    assert message in str(error.value)
    assert str(error.value).startswith("news.csv")
    assert "\n" not in str(error.value)


def test_a_column_that_is_missing_is_refused_with_the_names_of_the_others() -> None:
    with pytest.raises(BadInput, match=r'has no column "bodi"\. Its columns are "title", "text"'):
        read("title,text\nA,One two\n", text="bodi")


def test_a_row_that_does_not_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_table, "_MAX_ROW_LENGTH", 10_000)
    with pytest.raises(BadInput, match=r"news\.csv has a row longer than"):
        read('id,text\n1,One two\n2,"' + "word\n" * 5_000)


def test_a_table_over_the_size_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_table, "MAX_TABLE_BYTES", 1_000)
    with pytest.raises(BadInput, match="the limit for one table"):
        read("id,text\n" + "1,One two\n" * 500)


@given(st.lists(st.text().filter(lambda text: text.strip() and "\0" not in text), min_size=1, max_size=5))
def test_any_text_is_read_unchanged(texts: list[str]) -> None:
    texts = [f"a b {text}".encode("utf-8", "ignore").decode() for text in texts]
    data = write([["id", "text", "title"], *([str(number), text, "x"] for number, text in enumerate(texts))])
    articles, observer = read(data)
    assert [article.text for article in articles] == texts
    assert not observer.errors


@given(st.binary(max_size=300), st.sampled_from([b"", b"id,text\n1,", b'text;date\n"', b"\xff\xfe", b"\xef\xbb\xbf"]))
def test_any_bytes_are_articles_or_errors_of_one_line(data: bytes, head: bytes) -> None:
    try:
        errors = read(head + data)[1].errors
    except BadInput as error:
        errors = [str(error)]
    assert all("\n" not in error and error.startswith("news.csv") for error in errors)


def test_a_table_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_text(write([HEADER, ROW]), "utf-8")
    assert list(read_raw_articles(path)) == [ARTICLE]


def test_case_file_gives_its_articles() -> None:
    path = CASE_FILES / "10-files/articles.csv"
    if not path.exists():
        pytest.skip("the shared case files are missing")
    assert [article.id for article in read_raw_articles(path)] == ["533", "534"]
